"""Staging: uploads made before the one irreversible call, and kept for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from connectors.base import Connector, Message, Staged
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Part, Post
from desk.sendable import SCHEDULED, channel_open, held, reachable, waited_out


def stage(
    desk: Desk,
    connector: Connector,
    post: Post,
    part: Part,
    message: Message,
    now: datetime,
    *,
    ahead: bool = False,
) -> Staged:
    """What the platform holds for this part: kept from before, else uploaded now.

    Raises what the connector raises; nothing is published by it.
    """
    if known := kept_upload(post, part, now):
        return known
    staged = connector.stage(message)
    if not (staged.data or ahead):
        return staged  # words alone: there is nothing to keep
    with desk.db.writing() as session:
        row = session.get(Part, part.id)
        if row is not None and row.key == part.key:
            row.staged = dict(staged.data)
            row.staged_for = belongs_to(post)
            row.staged_until = staged.expires_at
    return staged


def belongs_to(post: Post) -> str:
    """Account, credential, revision and card that staged uploads are good for."""
    channel = post.channel
    account = f"{channel.remote_account_id}:{channel.credential_version}"
    return f"{account}:{post.revision}" + (f":{post.card_id}" if post.card_id else "")


def due_for_staging(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Posts that go out in minutes, with a part that is not staged yet.

    A picture is uploaded, or that of a link's card; whom an @ means is looked up.
    """
    shows = or_(Post.picture_id.is_not(None), Post.link.is_not(None))
    query = (
        select(Post.id)
        .where(
            SCHEDULED,
            Post.next_at > now,
            Post.next_at <= now + engine.staging.ahead,
            or_(shows, Post.text.contains("@")),
            Post.parts.any(and_(Part.staged.is_(None), Part.remote_id.is_(None))),
            ~held(),
            channel_open(),
            reachable(now),
            waited_out(now),
        )
        .order_by(Post.next_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def kept_upload(post: Post, part: Part, now: datetime) -> Staged | None:
    """What was staged before, where it is still good for this post as it is."""
    if part.staged is None or part.staged_for != belongs_to(post):
        return None
    if (
        part.staged_until is not None
        and part.staged_until < now + engine.staging.margin
    ):
        return None
    return Staged(part.staged, part.staged_until)
