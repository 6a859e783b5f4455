"""What tests do to posts of a share, as their editors do it."""

from __future__ import annotations

from desk import db, pictures
from desk.desk import Desk
from desk.models import Post, Share
from desk.people.actors import Actor
from desk.picturing import accept
from desk.posts import editing
from desk.posts.editing import Change, Typed
from desk.shares import editing as shares
from desk.shares import fitting
from desk.shares.editing import Saved
from desk.shares.fitting import NOTHING
from desk.shares.rendering import Field
from tests.factories import look_up
from tests.unit.picturing.made import picture

INES = Actor("Ines")


def edit(desk: Desk, post_id: int, change: Change) -> Post:
    """Save it over what the post says now."""
    with desk.db.writing() as session:
        now, revision = db.now(session), look_up(desk, post_id).revision
        return editing.edit(
            desk, session, post_id, Typed(change, revision), now=now, by=INES
        )


def share_of(desk: Desk, post_id: int) -> Share:
    """With its pictures and labels."""
    with desk.db.reading() as session:
        share = session.get_one(Post, post_id).share
        assert share.pictures is not None
        assert share.labels is not None
        return share


def save(
    desk: Desk,
    share_id: int,
    change: shares.Change,
    revision: int | None = None,
    by: Actor = INES,
) -> Saved:
    """Over what the share says now, unless another revision was seen."""
    with desk.db.reading() as session:
        seen = session.get_one(Share, share_id).revision
    fitted = NOTHING
    if change.pictures:
        fitted = fitting.for_share(desk, share_id, change.pictures[0].picture_id)
    with desk.db.writing() as session:
        return shares.save_share(
            desk,
            session,
            share_id,
            shares.Typed(change, revision or seen),
            now=db.now(session),
            by=by,
            fitted=fitted,
        )


def follow(desk: Desk, post_id: int, *fields: Field) -> Post:
    fitted = fitting.for_share(desk, share_of(desk, post_id).id)
    with desk.db.writing() as session:
        now = db.now(session)
        return shares.follow_share(
            desk, session, post_id, fields, now=now, by=INES, fitted=fitted
        )


def own(desk: Desk, post_id: int) -> set[str]:
    """In what it does not follow."""
    post = look_up(desk, post_id)
    names = ("own_text", "own_pictures", "own_link", "own_time")
    return {name.removeprefix("own_") for name in names if getattr(post, name)}


def keep_picture(desk: Desk, colour: str = "navy") -> int:
    """Another picture on record."""
    accepted = accept(picture(size=(320, 240), colour=colour))
    with desk.db.writing() as session:
        return pictures.keep(session, desk.pictures, accepted, db.now(session)).id
