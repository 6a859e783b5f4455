"""Illustrating: shares show their article's picture, until they show another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from desk import db, pictures, shares
from desk.desk import Desk
from desk.models import Post, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.picturing import accept
from desk.posts import following
from desk.shares import fitting
from desk.shares.editing import Change, Saved, Shown, Typed, put_in, save_share
from desk.shares.rendering import Field


def upload(
    desk: Desk, share_id: int, data: bytes, revision: int, *, by: Actor
) -> Saved:
    """An editor's own picture on every channel that shows the share's.

    Hostile until proven, then made to fit each of them, which takes a while. Raises
    `BadPicture`, `Conflict`, `NotYours`.
    """
    desk.pictures.refuse_full()
    whole = accept(data)
    desk.pictures.put(whole.data)
    with desk.db.writing() as session:
        rights.refuse(session, by, Permission.WRITE)
        kept = pictures.keep(session, desk.pictures, whole, db.now(session)).id
    return show(desk, share_id, (Shown(kept),), revision, by=by)


def show(
    desk: Desk, share_id: int, shown: tuple[Shown, ...], revision: int, *, by: Actor
) -> Saved:
    """Pictures on record, on all that follow. Raises `Conflict`, `NotYours`."""
    fitted = fitting.NOTHING
    if shown:
        fitted = fitting.for_share(desk, share_id, shown[0].picture_id)
    typed = Typed(Change(pictures=shown), revision)
    with desk.db.writing() as session:
        now = db.now(session)
        return save_share(desk, session, share_id, typed, now=now, by=by, fitted=fitted)


def take_over(
    session: Session,
    article_id: int,
    former: int | None,
    shown: Shown,
    *,
    now: datetime,
    by: Actor,
) -> list[Share]:
    """The article's shares show this in the place of its `former` picture.

    Not where a person has described that. Their posts go on showing what they show,
    which is their own then: a post that takes the new picture follows again.
    """
    found = []
    for share in _showing(session, article_id, former):
        if not share.pictures[0].alt_is_draft:
            continue
        put_in(session, share, {Field.PICTURES: (shown,)}, now, by)
        for post in following.posts_of(session, share):
            post.own_pictures |= post.picture_id is not None
        found.append(share)
    return found


def credit_picture(
    session: Session,
    article_id: int,
    picture_id: int | None,
    new: str,
    *,
    now: datetime,
    by: Actor,
) -> None:
    """The article's picture has another source line, in its shares as well."""
    for share in _showing(session, article_id, picture_id):
        shown = replace(Shown.of(share.pictures[0]), credit=new)
        put_in(session, share, {Field.PICTURES: (shown,)}, now, by)


def settle_picture(desk: Desk, session: Session, post: Post, picture_id: int) -> None:
    """The locked post took this picture, whole on record, as its channel takes it."""
    share = following.share_of(session, post)
    same = [seen.picture_id for seen in share.pictures] == [picture_id]
    post.own_pictures = not (same and following.says_of_picture(desk, post, share))


def settle_credit(desk: Desk, session: Session, article_id: int) -> None:
    """Posts that were not given the new source line have one of their own."""
    for share in shares.of_article(session, article_id):
        for post in following.posts_of(session, share):
            if post.picture_id is not None and not post.own_pictures:
                post.own_pictures = not following.says_of_picture(desk, post, share)


def _showing(session: Session, article_id: int, picture_id: int | None) -> list[Share]:
    """The article's shares with this picture, locked in one order."""
    its = sorted(share.id for share in shares.of_article(session, article_id))
    locked = [following.locked_share(session, one) for one in its]
    return [
        share
        for share in locked
        if [seen.picture_id for seen in share.pictures] == [picture_id]
    ]
