"""Commenting: what people say to each other about a share. It is never sent.

Whoever may see a share may say something about it. A comment is its writer's alone:
nobody else changes it, and it keeps what it said before its last edit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from desk import shares
from desk.conflicts import refuse_changed
from desk.models import Comment, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import NotYours, Permission
from desk.posts import following
from desk.refusal import Refusal, RefusalKind

LONGEST = 1_000  # letters
CHANGES = select(func.coalesce(func.max(Comment.change), 0)).scalar_subquery()


class BadComment(Refusal):
    """It says nothing, or far too much; says so in a sentence."""

    kind = RefusalKind.INVALID


class NoComment(Refusal):
    """There is none of that number, or its writer took it back."""

    kind = RefusalKind.MISSING


def find_commented(session: Session, share_id: int) -> Share:
    """A share with all that was ever said about it, in one question.

    Whoever holds it in hand finds it there again. Raises `NoSuchShare`.
    """
    query = select(Share).where(Share.id == share_id)
    found = session.scalars(query.options(joinedload(Share.comments))).unique().first()
    return found or shares.find_share(session, share_id)


def list_comments(session: Session, share_id: int) -> list[Comment]:
    """The oldest first, and without those that were taken back."""
    return standing(find_commented(session, share_id).comments)


def count_comments(session: Session, share_ids: Collection[int]) -> Mapping[int, int]:
    """How many stand on each of these shares; without those that have none."""
    query = (
        select(Comment.share_id, func.count())
        .where(Comment.share_id.in_(share_ids), Comment.removed_at.is_(None))
        .group_by(Comment.share_id)
    )
    return dict(session.execute(query).all())


def standing(its: Iterable[Comment]) -> list[Comment]:
    """Without those that were taken back."""
    return [one for one in its if one.removed_at is None]


def add_comment(
    session: Session,
    share_id: int,
    text: str,
    *,
    now: datetime,
    by: Actor,
    idempotency_key: str | None = None,
) -> Comment:
    """Say something. The same key again gives the comment that it made before.

    Raises `NoSuchShare`, `NotYours`, `BadComment`.
    """
    rights.refuse(session, by, Permission.COMMENT)
    text = _fitting(text)
    following.locked_share(session, shares.find_share(session, share_id).id)
    if idempotency_key:
        made = select(Comment).where(Comment.made_with == idempotency_key)
        if earlier := session.scalar(made):
            return earlier
    comment = Comment(
        share_id=share_id,
        person_id=by.person_id,
        by=by.name,
        made_with=idempotency_key,
        text=text,
        written_at=now,
    )
    session.add(comment)
    _changed(session, comment)
    return comment


def edit_comment(
    session: Session,
    comment_id: int,
    text: str,
    *,
    now: datetime,
    by: Actor,
    over: str | None = None,
) -> Comment:
    """Their own. `over`: the mark of how it was seen.

    Raises `NoComment`, `NotYours`, `BadComment`, `Overtaken`.
    """
    comment = _own(session, comment_id, by)
    refuse_changed(over, as_it_stands(comment))
    text = _fitting(text)
    if text != comment.text:
        comment.former, comment.text, comment.edited_at = comment.text, text, now
        _changed(session, comment)
    return comment


def undo_edit(
    session: Session, comment_id: int, *, now: datetime, by: Actor, over: str | None
) -> Comment:
    """What it said before. Raises `NoComment`, `NotYours`, `Overtaken`."""
    comment = _own(session, comment_id, by)
    refuse_changed(over, as_it_stands(comment))
    if comment.former is None:
        raise NoComment("This comment was never changed.")
    comment.text, comment.former, comment.edited_at = comment.former, None, now
    _changed(session, comment)
    return comment


def remove_comment(
    session: Session, comment_id: int, *, now: datetime, by: Actor, over: str | None
) -> Comment:
    """Take it back; it can be brought back. Raises as `undo_edit` does."""
    comment = _own(session, comment_id, by)
    refuse_changed(over, as_it_stands(comment))
    comment.removed_at = now
    _changed(session, comment)
    return comment


def bring_comment_back(
    session: Session, comment_id: int, *, by: Actor, over: str | None
) -> Comment:
    """Undo a taking back. Raises `NoComment`, `NotYours`, `Overtaken`."""
    comment = _own(session, comment_id, by, removed=True)
    refuse_changed(over, as_it_stands(comment))
    comment.removed_at = None
    _changed(session, comment)
    return comment


def as_it_stands(comment: Comment) -> list[str | int | None]:
    """For a mark: what it says, and whether it is there."""
    removed = comment.removed_at.isoformat() if comment.removed_at else None
    return [comment.id, comment.text, removed]


def _fitting(text: str) -> str:
    text = text.strip()
    if not text:
        raise BadComment("Write something first: this comment is empty.")
    if len(text) > LONGEST:
        raise BadComment(
            f"A comment has {LONGEST:,} letters at most, and this one has "
            f"{len(text):,}: shorten it."
        )
    return text


def _own(
    session: Session, comment_id: int, by: Actor, *, removed: bool = False
) -> Comment:
    """Locked, and this actor's."""
    rights.refuse(session, by, Permission.COMMENT)
    query = select(Comment).where(Comment.id == comment_id)
    comment = session.scalar(query.with_for_update(of=Comment))
    if comment is None or (comment.removed_at is not None) != removed:
        raise NoComment("This comment is not there any more.")
    if comment.person_id is None or comment.person_id != by.person_id:
        raise NotYours("Only whoever wrote a comment changes it, or takes it back.")
    return comment


def _changed(session: Session, comment: Comment) -> None:
    """Pages that are open hear of it: it is the last change of all comments."""
    with session.no_autoflush:
        comment.change = session.scalars(select(CHANGES + 1)).one()
    session.flush()
