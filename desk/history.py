"""History: what happened to a post, added in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.models import Event, Post
from desk.models.posts import EventKind
from desk.people.actors import DESK, Actor


def note(
    session: Session,
    post: Post,
    what: str,
    now: datetime,
    by: Actor = DESK,
    kind: EventKind = EventKind.NOTED,
) -> None:
    """Add a line to the post's history, as it stands after the change."""
    session.add(
        Event(
            post_id=post.id,
            at=now,
            fence=post.fence,
            state=post.state,
            kind=kind,
            what=what,
            by=by.name,
            person_id=by.person_id,
        )
    )


def note_all(
    session: Session, lines: Iterable[tuple[int, int, str]], state: str, now: datetime
) -> None:
    """The same for many posts at once: (post, fence, what), all in this state now."""
    rows = [
        {
            "post_id": post_id,
            "fence": fence,
            "kind": EventKind.NOTED,
            "what": what,
            "state": state,
            "at": now,
            "by": DESK.name,
            "person_id": DESK.person_id,
        }
        for post_id, fence, what in lines
    ]
    if rows:  # past the ORM, whose bulk insert costs as much again
        session.connection().execute(insert(Event.__table__), rows)  # type: ignore[arg-type]  # a Table, declared as something wider
