"""Working copies: what someone has typed over a post and not saved, kept for them.

A copy belongs to one person, and to the revision of the post that it began from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.lifecycle import EDITABLE
from desk.models import Post, WorkingCopy

TEXTS = ("text", "alt", "credit", "link")
WRITING = timedelta(hours=1)  # since the last letter: after that they have left it


class NoCopy(Exception):
    """This person has no working copy there; a sentence."""


@dataclass(frozen=True)
class Words:
    """All that can be typed over a post, and the revision that it began from."""

    text: str
    alt: str
    credit: str
    link: str
    revision: int

    def differs(self, post: Post) -> bool:
        return any(getattr(self, name) != said(post)[name] for name in TEXTS)


def said(post: Post) -> dict[str, str]:
    """What the post itself says now."""
    return {name: getattr(post, name) or "" for name in TEXTS}


def words(post: Post, copy: WorkingCopy | None) -> Words:
    """A person's words over a post: the post's own, where their copy has none."""
    typed = {name: getattr(copy, name) for name in TEXTS} if copy else {}
    typed = {name: value for name, value in typed.items() if value is not None}
    revision = copy.revision if copy else post.revision
    return Words(**said(post) | typed, revision=revision)


def found(session: Session, post_id: int, person_id: int) -> WorkingCopy | None:
    """What this person has typed there and not saved."""
    copy = _kept(session, post_id, person_id)
    return copy if copy and copy.discarded_at is None else None


def keep(
    session: Session,
    post: Post,
    person_id: int,
    typed: Mapping[str, str | None],
    revision: int,
    now: datetime,
) -> WorkingCopy:
    """In the place of what they had typed before. The post is locked.

    A field that `typed` doesn't name stays as it was kept; None: as the post has it.
    """
    copy = _kept(session, post.id, person_id)
    if copy is None or copy.discarded_at is not None:
        copy = _anew(session, copy, post.id, person_id)
    for name in set(TEXTS) & set(typed):
        setattr(copy, name, typed[name])
    others = any(getattr(copy, name) is not None for name in set(TEXTS) - set(typed))
    copy.revision = min(copy.revision, revision) if others else revision
    copy.saved_at = now
    session.flush()
    session.expire(post, ["copies"])
    return copy


def put_away(
    session: Session,
    post: Post,
    person_id: int | None,
    sent: Mapping[str, object | None],
) -> None:
    """The post says what was `sent` now, or something that this person chose instead.

    What they typed into other fields stays.
    """
    copy = _kept(session, post.id, person_id) if person_id else None
    if copy is None:
        return
    for name in TEXTS:
        if sent.get(name) is not None:
            setattr(copy, name, None)
    if all(getattr(copy, name) is None for name in TEXTS):
        session.delete(copy)
    session.flush()
    session.expire(post, ["copies"])


def discard(session: Session, post_id: int, person_id: int, now: datetime) -> None:
    """Their own, and nobody else's; it can be brought back. Raises `NoCopy`."""
    copy = found(session, post_id, person_id)
    if copy is None:
        raise NoCopy("You have no working copy of this post any more.")
    copy.discarded_at = now


def bring_back(session: Session, post_id: int, person_id: int) -> None:
    """Undo a discarding. Raises `NoCopy`."""
    copy = _kept(session, post_id, person_id)
    if copy is None:
        raise NoCopy("This working copy is gone: the post was saved since.")
    copy.discarded_at = None


def move_along(session: Session, post: Post, before: int, lost: set[str]) -> None:
    """The post changed from revision `before`, but not its words: copies still fit.

    What is `lost` belonged to a picture that the post shows no more.
    """
    session.execute(
        update(WorkingCopy)
        .where(WorkingCopy.post_id == post.id, WorkingCopy.revision == before)
        .values({"revision": post.revision} | dict.fromkeys(lost))
    )
    session.expire(post, ["copies"])


def is_writing(copy: WorkingCopy, now: datetime) -> bool:
    """Are they at it, or did they leave it a while ago?"""
    return now - copy.saved_at < WRITING


def writer(
    post: Post,
    copy: WorkingCopy,
    zone: ZoneInfo,
    now: datetime,
    reader: int | None = None,
) -> str:
    """Whose it is and since when, for this reader: "Anna is writing, 14:02".

    Nobody is writing any more where the words can't change.
    """
    mine = copy.person_id == reader
    who = "You" if mine else copy.person.name
    saved, today = copy.saved_at.astimezone(zone), now.astimezone(zone).date()
    at = f"{saved:%H:%M}" if saved.date() == today else f"{saved:%a %-d %b %H:%M}"
    if is_writing(copy, now) and post.state in EDITABLE:
        return f"{who} {'are' if mine else 'is'} writing, {at}"
    return f"{who} wrote and did not save, {at}"


def _anew(
    session: Session, discarded: WorkingCopy | None, post_id: int, person_id: int
) -> WorkingCopy:
    """Without a word of the one that they discarded."""
    if discarded is not None:
        session.delete(discarded)
        session.flush()
    copy = WorkingCopy(post_id=post_id, person_id=person_id)
    session.add(copy)
    return copy


def _kept(session: Session, post_id: int, person_id: int) -> WorkingCopy | None:
    return session.scalar(
        select(WorkingCopy).where(
            WorkingCopy.post_id == post_id, WorkingCopy.person_id == person_id
        )
    )
