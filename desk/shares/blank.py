"""Blank: a share that says nothing yet. It is written on a page, and in no list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from desk import channels
from desk.desk import Desk
from desk.lifecycle import Priority, State
from desk.models import Comment, Post, Share, SharePicture
from desk.models.shares import share_labels
from desk.partial_indexes import IS_DRAFT
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.shares import posts_of
from desk.shares.making import New, make_share

NOTHING = New(text="")
Its = aliased(Post)
SAYS_ITS_OWN = or_(
    Its.state != State.DRAFT, Its.own_text, Its.own_pictures, Its.own_link
)
IS_BLANK = and_(
    Share.article_id.is_(None),
    func.trim(Share.text) == "",
    func.coalesce(Share.link, "") == "",
    Share.note == "",
    Share.priority == Priority.NORMAL,
    ~exists().where(SharePicture.share_id == Share.id),
    ~exists().where(share_labels.c.share_id == Share.id),
    ~exists().where(Comment.share_id == Share.id),
    ~exists().where(Its.share_id == Share.id, SAYS_ITS_OWN),
)
ON_BLANK = and_(
    Post.article_id.is_(None), exists().where(Share.id == Post.share_id, IS_BLANK)
)


def open_blank_share(
    desk: Desk, session: Session, *, now: datetime, by: Actor
) -> Share | None:
    """What this person writes a new post on: on each channel that there is by now.

    The one that was opened before, while nothing was put on it. None: the desk has no
    channel. Raises `NotYours`.
    """
    rights.refuse(session, by, Permission.WRITE)
    on = [channel.id for channel in channels.list_channels(session)]
    if not on:
        return None
    earlier = _opened_before(session, on, by)
    return earlier or make_share(desk, session, NOTHING, on, now=now, by=by)


def _opened_before(session: Session, on: Sequence[int], by: Actor) -> Share | None:
    drafts = select(Post.share_id).where(IS_DRAFT, Post.article_id.is_(None))
    own = select(Share).where(Share.created_by == by.person_id, IS_BLANK)
    own = own.where(Share.id.in_(drafts))
    last = session.scalars(own.order_by(Share.id.desc()).limit(1)).first()
    if last is None:
        return None
    its = {post.channel_id for post in posts_of(session, last.id)}
    return last if its == set(on) else None
