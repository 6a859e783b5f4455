"""Shares: one act of publishing, on several channels; finding one, and its labels."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from desk.lifecycle import State
from desk.models import Label, Post, Share, SharePicture
from desk.models.base import LARGEST_ID
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import following
from desk.refusal import Refusal, RefusalKind

LONGEST_LABEL = 60  # letters
STANDS = exists(
    select(Post.id).where(Post.share_id == Share.id, Post.state != State.CANCELLED)
)


class NoSuchShare(Refusal):
    """There is no share of that number."""

    kind = RefusalKind.MISSING


class BadLabel(Refusal):
    """It can't be read at a glance, so nobody would find anything by it."""

    kind = RefusalKind.INVALID


def find_share(session: Session, share_id: int) -> Share:
    share = session.get(Share, share_id) if 0 < share_id <= LARGEST_ID else None
    if share is None:
        raise _missing(share_id)
    return share


def _missing(share_id: int) -> NoSuchShare:
    return NoSuchShare(f"There is no share number {share_id}.")


def load_for_page(session: Session, share_id: int) -> Share:
    """One with its pictures, labels and the whole of its story, in one question."""
    query = select(Share).where(Share.id == min(share_id, LARGEST_ID))
    query = query.options(
        joinedload(Share.article),
        joinedload(Share.pictures).joinedload(SharePicture.picture),
        joinedload(Share.labels),
    )
    if (share := session.scalars(query).unique().one_or_none()) is None:
        raise _missing(share_id)
    return share


def locked(session: Session, share_id: int, by: Actor) -> Share:
    """For a change by this actor, before any of its posts. Raises `NotYours`."""
    rights.refuse(session, by, Permission.WRITE)
    return following.locked_share(session, find_share(session, share_id).id)


def of_article(session: Session, article_id: int) -> list[Share]:
    """The newest first."""
    query = select(Share).where(Share.article_id == article_id)
    return list(session.scalars(query.order_by(Share.id.desc())))


def newest_of(session: Session, article_id: int) -> Share | None:
    """The newest that stands; where every post of each was taken out, the newest."""
    query = select(Share).where(Share.article_id == article_id)
    query = query.order_by(STANDS.desc(), Share.id.desc())
    return session.scalars(query.limit(1)).first()


def standing_of(session: Session, article_id: int) -> list[Share]:
    """The newest first, without those of which every post was taken out."""
    query = select(Share).where(Share.article_id == article_id, STANDS)
    return list(session.scalars(query.order_by(Share.id.desc())))


def posts_of(session: Session, share_id: int) -> list[Post]:
    query = select(Post).where(Post.share_id == share_id).order_by(Post.id)
    return list(session.scalars(query))


def labels(session: Session, names: Iterable[str]) -> list[Label]:
    """The rows of these, by name; one that is new is made. Raises `BadLabel`."""
    wanted = sorted(set(filter(None, (" ".join(name.split()) for name in names))))
    if any(len(name) > LONGEST_LABEL for name in wanted):
        raise BadLabel(f"A label has {LONGEST_LABEL} letters at most.", "labels")
    if wanted:
        on = session.get_bind().dialect.name
        insert = sqlite.insert if on == "sqlite" else postgresql.insert
        rows = insert(Label).values([{"name": name} for name in wanted])
        session.execute(rows.on_conflict_do_nothing(index_elements=["name"]))
    named = select(Label).where(Label.name.in_(wanted)).order_by(Label.name)
    return list(session.scalars(named))
