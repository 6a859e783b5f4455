"""Sendable: the one predicate that says whether a post may go out now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from desk.models import Article, Channel, Hold, Post


def sendable(now: datetime) -> ColumnElement[bool]:
    """No hold, embargo, triage, channel wait or class deadline stands in the way.

    Stands in the claim, and again in the intent.
    """
    return and_(
        Post.next_at <= now,
        Post.expires_at > now,
        Post.triage.is_(None),
        ~held(),
        _channel_open(now),
        ~_embargoed(now),
    )


def held() -> ColumnElement[bool]:
    """A hold that has not ended covers the post."""
    hold, article = aliased(Hold), aliased(Article)
    word = func.lower(hold.target)
    about = select(article.id).where(article.id == Post.article_id)
    return exists().where(
        hold.ended_at.is_(None),
        or_(
            hold.scope == "desk",
            and_(hold.scope == "channel", hold.target == cast(Post.channel_id, String)),
            and_(hold.scope == "post", hold.target == cast(Post.id, String)),
            and_(
                hold.scope == "section",
                about.where(func.lower(article.section) == word).exists(),
            ),
            and_(
                hold.scope == "keyword",
                or_(
                    func.lower(Post.text).contains(word),
                    about.where(func.lower(article.headline).contains(word)).exists(),
                ),
            ),
        ),
    )


def _channel_open(now: datetime) -> ColumnElement[bool]:
    channel = aliased(Channel)
    return exists().where(
        channel.id == Post.channel_id,
        channel.stopped_at.is_(None),
        channel.retired_at.is_(None),
        or_(channel.not_before.is_(None), channel.not_before <= now),
    )


def _embargoed(now: datetime) -> ColumnElement[bool]:
    article = aliased(Article)
    return exists().where(article.id == Post.article_id, article.embargo_at > now)
