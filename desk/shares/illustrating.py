"""Illustrating: shares show their article's picture, until they show another."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from desk import shares
from desk.desk import Desk
from desk.models import Post, Share
from desk.posts import following
from desk.shares.editing import Shown, put_in
from desk.shares.rendering import Field


def take_over(
    session: Session, article_id: int, former: int | None, shown: Shown
) -> list[Share]:
    """The article's shares show this in the place of its `former` picture.

    Not where a person has described that. Their posts go on showing what they show,
    which is their own then: a post that takes the new picture follows again.
    """
    found = []
    for share in _showing(session, article_id, former):
        if not share.pictures[0].alt_is_draft:
            continue
        put_in(session, share, {Field.PICTURES: (shown,)})
        for post in following.posts_of(session, share):
            post.own_pictures |= post.picture_id is not None
        found.append(share)
    return found


def credit_picture(
    session: Session, article_id: int, picture_id: int | None, new: str
) -> None:
    """The article's picture has another source line, in its shares as well."""
    for share in _showing(session, article_id, picture_id):
        shown = replace(Shown.of(share.pictures[0]), credit=new)
        put_in(session, share, {Field.PICTURES: (shown,)})


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
