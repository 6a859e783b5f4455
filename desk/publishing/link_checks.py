"""Link checks: a look at the story before its post, so that no reader meets a 404."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from desk import db, holds, moments, transition
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.links import same
from desk.models import Post
from desk.models.posts import Triage
from desk.reading import canonicals
from desk.reading.article import Unreached, Unreadable
from desk.reading.fetching import Page
from desk.sendable import SCHEDULED

log = structlog.get_logger(__name__)


def links_to_check(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Posts with a link that go out in minutes."""
    query = (
        select(Post.id)
        .where(SCHEDULED, Post.link.is_not(None))
        .where(Post.next_at > now, Post.next_at <= now + engine.staging.ahead)
        .order_by(Post.next_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def check_link(desk: Desk, post_id: int) -> None:
    """Fetch the story; where it is gone or shut, hold the post and say so."""
    with desk.db.reading() as session:
        post = session.get(Post, post_id, options=[joinedload(Post.article)])
    if post is None or not post.link:
        return
    try:
        page = desk.fetcher.page(post.link)
    except Unreached as error:  # a slow or unreachable CMS only warns
        log.warning("a link could not be looked at", post=post_id, reason=str(error))
    except Unreadable as error:
        _hold(desk, post, str(error))
    else:
        if other := _another_story(post, page):
            _hold(desk, post, f"The page now says that it is {other}.")


def _another_story(post: Post, page: Page) -> str:
    """Only of the article's own link is it known which story it should be."""
    article = post.article
    if article is None or not article.link or not same(post.link, article.link):
        return ""
    try:
        return canonicals.another(page, article.link)
    except Unreadable as error:  # it is there, whatever it says of itself
        log.warning("a page could not be read", post=post.id, reason=str(error))
        return ""


def _hold(desk: Desk, post: Post, why: str) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        row = session.get_one(Post, post.id, with_for_update=True)
        if row.state == State.SCHEDULED and row.link == post.link and row.due_at:
            due = moments.relative(row.due_at, now)
            reason = f"The story behind the link: {why} The post was due {due}."
            transition.raise_fence(row)
            holds.to_triage(session, row, Triage.LINK, reason, now)
