"""Receipts: calls that went as they should, written down for many posts at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from connectors.base import ConnectorError, Receipt
from desk import transition
from desk.engine_settings import engine
from desk.history import note_all
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.models.posts import ReasonKind
from desk.publishing.outbox import Intent

Plain = tuple[Intent, Receipt]

AT_REST: dict[str, Any] = {
    "not_before": None,
    "triage": None,
    "reason": "",
    "reason_kind": ReasonKind.DESK,
}
ATTEMPTS, PARTS = Attempt.__table__, Part.__table__
OF_ATTEMPT = (
    update(ATTEMPTS)  # type: ignore[arg-type]  # a Table, declared as something wider
    .where(ATTEMPTS.c.part_id == bindparam("part"))
    .where(ATTEMPTS.c.number == bindparam("try"))
    .values(
        outcome=Outcome.PUBLISHED,
        reason="",
        remote_id=bindparam("remote_id"),
        url=bindparam("url"),
        replied_at=bindparam("now"),
        room_left=bindparam("room_left"),
        room_until=bindparam("room_until"),
    )
)
OF_PART = (
    update(PARTS)  # type: ignore[arg-type]  # a Table, declared as something wider
    .where(PARTS.c.id == bindparam("part"))
    .values(
        remote_id=bindparam("remote_id"),
        url=bindparam("url"),
        account_total=bindparam("total"),
        published_at=bindparam("now"),
    )
)


def plain_receipts(
    session: Session, answered: Sequence[tuple[Intent, Receipt | ConnectorError]]
) -> list[Plain]:
    """Receipts that came in time, for a post's only part, with nothing to be said.

    Locks every post of the group, in one order.
    """
    query = select(Post.id, Post.fence, Post.state).order_by(Post.id)
    numbers = [intent.post_id for intent, _ in answered]
    rows = session.execute(query.where(Post.id.in_(numbers)).with_for_update())
    sending = {(row.id, row.fence) for row in rows if row.state == State.SENDING}
    found = [
        (intent, outcome)
        for intent, outcome in answered
        if intent.whole
        and isinstance(outcome, Receipt)
        and not outcome.warnings
        and intent.number == 1  # else it may have been called absent before
        and (
            outcome.age is None
            or outcome.age < intent.read.age() + engine.looks.age_slack
        )
        and (intent.post_id, intent.fence) in sending
    ]
    return _new(session, found)


def _new(session: Session, found: Sequence[Plain]) -> list[Plain]:
    """Those whose remote id no other part of their channel has."""
    if not found:
        return []
    query = select(Part.channel_id, Part.remote_id).where(
        Part.channel_id.in_({intent.channel_id for intent, _ in found}),
        Part.remote_id.in_({receipt.remote_id for _, receipt in found}),
    )
    known = {(row.channel_id, row.remote_id) for row in session.execute(query)}
    counts = Counter((intent.channel_id, told.remote_id) for intent, told in found)
    fresh = {one for one, times in counts.items() if times == 1} - known
    return [one for one in found if (one[0].channel_id, one[1].remote_id) in fresh]


def record_receipts(session: Session, receipts: Sequence[Plain], now: datetime) -> None:
    """Each attempt has its receipt, each part is live, each post is published."""
    if not receipts:
        return
    rows = [
        {
            "part": intent.part_id,
            "try": intent.number,
            "remote_id": receipt.remote_id,
            "url": receipt.url,
            "total": receipt.total,
            "now": now,
            **rate_limit_values(receipt),
        }
        for intent, receipt in receipts
    ]
    connection = session.connection()
    connection.execute(OF_ATTEMPT, rows)
    connection.execute(OF_PART, rows)
    ids = [intent.post_id for intent, _ in receipts]
    live = {"published_at": func.coalesce(Post.published_at, now), **AT_REST}
    session.execute(transition.moving(ids, State.SENDING, State.PUBLISHED, also=live))
    note_all(session, _notes(receipts), State.PUBLISHED, now)


def rate_limit_values(receipt: Receipt) -> dict[str, Any]:
    """How many more posts the platform takes: of its limits, the nearest to its end."""
    limit = min(
        receipt.rate_limits, key=lambda one: (one.left, one.until), default=None
    )
    return {
        "room_left": limit.left if limit else None,
        "room_until": limit.until if limit else None,
    }


def _notes(receipts: Sequence[Plain]) -> list[tuple[int, int, str]]:
    """Each with the fence that it was sent under: nobody asks for the next one."""
    return [
        (intent.post_id, intent.fence, f"Published: {receipt.url}")
        for intent, receipt in receipts
    ]
