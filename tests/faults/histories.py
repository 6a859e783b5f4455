"""What the checker compares: the desk's records, and the platforms' own logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from desk import models
from desk.sendable import held
from tests.faults import checker
from tests.faults.checker import Asked, Violation, violations
from tests.faults.house import House
from tests.faults.sides import Side


@dataclass
class Wishes:
    """What the editors of a test gave the desk: each post's texts, and what they asked.

    Only what the desk said is done stands here.
    """

    texts: dict[int, list[str]] = field(default_factory=dict)
    asked: dict[int, list[Asked]] = field(default_factory=dict)

    def wrote(self, post_id: int, text: str) -> None:
        self.texts.setdefault(post_id, []).append(text)

    def told(self, post_id: int, asked: Asked) -> None:
        self.asked.setdefault(post_id, []).append(asked)


def check(house: House, sides: Sequence[Side], wishes: Wishes) -> list[Violation]:
    """Everything that is wrong with this desk by now."""
    accepted = [one for side in sides for one in side.accepted()]
    return violations(accepted, posts_of(house, wishes), house.now())


def explained(found: Sequence[Violation]) -> str:
    return "\n".join(map(str, found))


def posts_of(house: House, wishes: Wishes) -> list[checker.Post]:
    with house.desk.db.reading() as session:
        ids = sorted(wishes.texts)
        query = select(models.Post).where(models.Post.id.in_(ids))
        loaded = query.options(
            joinedload(models.Post.channel),
            selectinload(models.Post.parts).selectinload(models.Part.attempts),
        ).order_by(models.Post.id)
        events = _events(session, ids)
        stopped = set(
            session.scalars(query.with_only_columns(models.Post.id).where(held()))
        )
        return [
            _post(post, wishes, events.get(post.id, ()), post.id in stopped)
            for post in session.scalars(loaded)
        ]


def _events(
    session: Session, ids: Sequence[int]
) -> Mapping[int, tuple[checker.Event, ...]]:
    query = select(models.Event).where(models.Event.post_id.in_(ids))
    found: dict[int, tuple[checker.Event, ...]] = {}
    for one in session.scalars(query.order_by(models.Event.id)):
        told = checker.Event(one.at, one.fence, one.state, one.what)
        found[one.post_id] = (*found.get(one.post_id, ()), told)
    return found


def _post(
    post: models.Post,
    wishes: Wishes,
    events: tuple[checker.Event, ...],
    is_held: bool,
) -> checker.Post:
    (part,) = post.parts
    return checker.Post(
        post.id,
        post.channel.name,
        tuple(wishes.texts[post.id]),
        post.state,
        post.due_at,
        part.remote_id,
        post.needs_person,
        _waits(post, is_held),
        attempts=tuple(
            checker.Attempt(one.number, one.fence, one.intent_at, one.outcome)
            for one in part.attempts
        ),
        events=events,
        asked=tuple(wishes.asked.get(post.id, ())),
    )


def _waits(post: models.Post, is_held: bool) -> str:
    """What keeps it here that only a person can end; what is claimed is on its way."""
    if post.state != "scheduled":
        return ""
    if post.channel.stopped_at is not None:
        return "its channel is stopped"
    if post.triage is not None:
        return f"put aside: {post.triage}"
    return "held" if is_held else ""
