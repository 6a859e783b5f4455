"""Working copies: what someone has typed over a post and not saved, kept for them.

A copy belongs to one person, and to the revision of the post that it began from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from desk.conflicts import refuse_changed
from desk.lifecycle import EDITABLE
from desk.models import Post, WorkingCopy
from desk.posts.marks import Mark
from desk.refusal import Refusal, RefusalKind

TEXTS = ("text", "alt", "credit", "link")
WRITING = timedelta(hours=1)  # since the last letter: after that they have left it
DISCARDED = timedelta(hours=1)  # so long one can be brought back, at the least

Fields = Mapping[str, str | None]


class NoCopy(Refusal):
    """This person has no working copy there; a sentence."""

    kind = RefusalKind.MISSING


@dataclass(frozen=True)
class Words:
    """All that can be typed over a post, and the revision that it began from."""

    text: str
    alt: str
    credit: str
    link: str
    revision: int

    def differs(self, post: Post) -> bool:
        return any(getattr(self, name) != post_words(post)[name] for name in TEXTS)


@dataclass(frozen=True)
class Page:
    """Where a person types: what it showed of their copy, and the name of its words.

    A field that is not among the shown: whatever the copy has there.
    """

    key: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)

    def wrote(self, copy: WorkingCopy, name: str) -> bool:
        return bool(self.key) and copy.pages.get(name) == self.key

    def of(self, names: Iterable[str]) -> Page:
        shown = {name: self.shown[name] for name in names if name in self.shown}
        return replace(self, shown=shown)


ANY = Page()  # that knows all of it


class OtherWords(Refusal):
    """A person wrote two texts over one post; holds both, and nothing was kept anew."""

    kind = RefusalKind.CONFLICT

    def __init__(self, sentence: str, post: Post, mine: Words, kept: Words) -> None:
        super().__init__(sentence)
        self.post_id = post.id
        self.mine = mine
        self.kept = kept


def post_words(post: Post) -> dict[str, str]:
    """What the post itself says now."""
    return {name: getattr(post, name) or "" for name in TEXTS}


def typed_words(post: Post, copy: WorkingCopy | None) -> Words:
    """A person's words over a post: the post's own, where their copy has none."""
    typed = {name: getattr(copy, name) for name in TEXTS} if copy else {}
    typed = {name: value for name, value in typed.items() if value is not None}
    revision = copy.revision if copy else post.revision
    return Words(**post_words(post) | typed, revision=revision)


def find_copy(session: Session, post_id: int, person_id: int) -> WorkingCopy | None:
    """What this person has typed there and not saved."""
    query = select(WorkingCopy).where(
        WorkingCopy.post_id == post_id,
        WorkingCopy.person_id == person_id,
        WorkingCopy.discarded_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def copy_of(post: Post, person_id: int) -> WorkingCopy | None:
    """The same of a post that was loaded with its copies."""
    return next((one for one in post.copies if one.person_id == person_id), None)


def unseen(
    post: Post, copy: WorkingCopy, sent: Mapping[str, object], page: Page
) -> set[str]:
    """The fields with words that this page neither showed nor sent: another tab's."""
    return {
        name
        for name, shown in page.shown.items()
        if not page.wrote(copy, name)
        and getattr(copy, name)
        not in {None, post_words(post)[name], sent.get(name), shown}
    }


def refuse_unseen(
    session: Session,
    post: Post,
    person_id: int,
    typed: Fields,
    revision: int,
    page: Page,
    untouched: frozenset[str] = frozenset(),
) -> set[str]:
    """The fields that another tab wrote in, and this page did not.

    Raises `OtherWords` where both did.
    """
    copy = find_copy(session, post.id, person_id)
    others = unseen(post, copy, typed, page) if copy else set()
    if others - untouched:
        new = {name: text for name, text in typed.items() if text is not None}
        raise OtherWords(
            "You wrote something else here in another tab.",
            post,
            Words(**post_words(post) | new, revision=revision),
            typed_words(post, copy),
        )
    return others


def keep(
    session: Session,
    post: Post,
    person_id: int,
    typed: Fields,
    revision: int,
    now: datetime,
    page: Page = ANY,
    untouched: frozenset[str] = frozenset(),
) -> WorkingCopy:
    """In the place of what they had typed before. The post is locked.

    A field that `typed` doesn't name stays as it was kept; None: as the post has it.
    So does an `untouched` one that another tab wrote in. Raises `OtherWords`.
    """
    its = page.of(typed)
    theirs = refuse_unseen(session, post, person_id, typed, revision, its, untouched)
    typed = {name: text for name, text in typed.items() if name not in theirs}
    copy = find_copy(session, post.id, person_id)
    if copy is None:
        copy = WorkingCopy(post_id=post.id, person_id=person_id, pages={}, began_at=now)
        session.add(copy)
    for name in set(TEXTS) & set(typed):
        setattr(copy, name, typed[name])
    copy.pages = copy.pages | dict.fromkeys(typed, page.key)
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
    page: Page = ANY,
) -> None:
    """The post says what was `sent` now, or something that this person chose instead.

    What they typed into other fields stays, or in another tab.
    """
    copy = find_copy(session, post.id, person_id) if person_id else None
    if copy is None:
        return
    for name in set(TEXTS) - unseen(post, copy, sent, page):
        if sent.get(name) is not None:
            setattr(copy, name, None)
    if all(getattr(copy, name) is None for name in TEXTS):
        session.delete(copy)
    session.flush()
    session.expire(post, ["copies"])


def discard(
    session: Session, post_id: int, person_id: int, now: datetime
) -> WorkingCopy:
    """Their own, and nobody else's; it can be brought back. Raises `NoCopy`."""
    copy = find_copy(session, post_id, person_id)
    if copy is None:
        raise NoCopy("You have no working copy of this post any more.")
    over = WorkingCopy.discarded_at < now - DISCARDED
    session.execute(delete(WorkingCopy).where(*_discarded(post_id, person_id), over))
    copy.discarded_at = now
    return copy


def bring_back(
    session: Session, post_id: int, person_id: int, over: str | None = None
) -> None:
    """Undo the last discarding. The post is locked.

    `over`: the mark of when that was. Raises `NoCopy`, `Overtaken`, and `OtherWords`
    where they have typed something else since.
    """
    copy = session.scalar(
        select(WorkingCopy)
        .where(*_discarded(post_id, person_id))
        .order_by(WorkingCopy.discarded_at.desc())
        .limit(1)
    )
    if copy is None:
        raise NoCopy("This working copy is gone.")
    refuse_changed(over, copy.discarded_at)
    if since := find_copy(session, post_id, person_id):
        post = session.get_one(Post, post_id)
        raise OtherWords(
            "You have typed something else since you discarded this.",
            post,
            typed_words(post, copy),
            typed_words(post, since),
        )
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
    post: Post | Mark,
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
    at = _clock(copy.saved_at, zone, now)
    if is_writing(copy, now) and post.state in EDITABLE:
        return f"{who} {'are' if mine else 'is'} writing, {at}"
    return f"{who} wrote and did not save, {at}"


def change_words(post: Post, copy: WorkingCopy, zone: ZoneInfo, now: datetime) -> str:
    """The same in a sentence, for a colleague who has the post before them."""
    who, began = copy.person.name, _clock(copy.began_at or copy.saved_at, zone, now)
    if is_writing(copy, now) and post.state in EDITABLE:
        return f"{who} has been changing this since {began}."
    return f"{who} changed this, last {_clock(copy.saved_at, zone, now)}."


def _clock(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a %-d %b %H:%M}"


def _discarded(post_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        WorkingCopy.post_id == post_id,
        WorkingCopy.person_id == person_id,
        WorkingCopy.discarded_at.is_not(None),
    )
