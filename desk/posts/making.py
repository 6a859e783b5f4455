"""Making: a new post for one channel, in a share or as a share of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import links
from desk.history import note
from desk.models import Channel, Part, Post, Share, SharePicture
from desk.writing.style import Style


def create(
    session: Session,
    channel_id: int,
    *,
    text: str,
    link: str | None = None,
    picture_id: int | None = None,
    alt: str = "",
    alt_is_draft: bool = False,
    credit: str = "",
    language: str = "",
    article_id: int | None = None,
    candidates: Sequence[Mapping[str, Any]] = (),
    warnings: Sequence[str] = (),
    not_offered: str = "",
    priority: str = "normal",
    idempotency_key: str | None = None,
    created_by: int | None = None,
    share: Share | None = None,
    now: datetime,
) -> Post:
    """A draft for one channel. The same key again gives the post that it made before.

    `share`: what it is one of; None: it is a share of its own. Raises `NoLink` for a
    link that a person gave; an article's was read where it stands.
    """
    if earlier := _made_with(session, idempotency_key):
        return earlier
    post = Post(
        share=share,
        channel_id=channel_id,
        text=text,
        link=(link if article_id else links.typed(link or "")) or None,
        picture_id=picture_id,
        alt=alt,
        alt_is_draft=alt_is_draft,
        credit=credit,
        language=language,
        article_id=article_id,
        candidates=[dict(candidate) for candidate in candidates],
        warnings=list(warnings),
        not_offered=not_offered,
        priority=priority,
        made_with=idempotency_key,
        created_by=created_by,
        created_at=now,
        parts=[Part(channel_id=channel_id, position=1, key=new_key())],
    )
    if share is None:
        post.share = _of_its_own(post)
        post.own_text = _is_styled(session, post)
    return _add(session, post, now)


def _of_its_own(post: Post) -> Share:
    """The share of a post that is made alone: it says the same."""
    share = Share(
        article_id=post.article_id,
        text=post.text,
        link=post.link,
        language=post.language,
        priority=post.priority,
        created_by=post.created_by,
        created_at=post.created_at,
    )
    if post.picture_id is not None:
        share.pictures = [
            SharePicture(
                picture_id=post.picture_id,
                alt=post.alt,
                alt_is_draft=post.alt_is_draft,
                credit=post.credit,
            )
        ]
    return share


def _is_styled(session: Session, post: Post) -> bool:
    """Would its channel put something around the words, which it does not say?"""
    channel = session.get(Channel, post.channel_id)
    return bool(channel and not Style.of(channel.style).leaves(post.text))


def _add(session: Session, post: Post, now: datetime) -> Post:
    """On record; or the post of the same form, sent twice at the same moment."""
    try:
        with session.begin_nested():
            session.add(post)
    except IntegrityError:
        if earlier := _made_with(session, post.made_with):
            return earlier
        raise
    note(session, post, "Drafted.", now)
    return post


def new_key() -> str:
    return uuid4().hex


def _made_with(session: Session, idempotency_key: str | None) -> Post | None:
    if not idempotency_key:
        return None
    return session.scalar(select(Post).where(Post.made_with == idempotency_key))
