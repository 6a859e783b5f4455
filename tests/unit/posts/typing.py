"""People who type over a post, save it, and look what the desk kept of it."""

from __future__ import annotations

from desk import db
from desk.desk import Desk
from desk.models import Post, User, WorkingCopy
from desk.posts import editing, working_copies
from desk.posts.editing import Change, Typed, Written
from tests.factories import actor, look_up


def type_in(
    desk: Desk, post_id: int, who: User, said: str | Change, revision: int = 1
) -> Written:
    """What autosave does with it."""
    with desk.db.writing() as session:
        return editing.autosave(
            desk,
            session,
            post_id,
            Typed(_change(said), revision),
            now=db.now(session),
            by=actor(who),
            person_id=who.id,
        )


def save(
    desk: Desk, post_id: int, who: User, said: str | Change, revision: int = 1
) -> Post:
    with desk.db.writing() as session:
        return editing.edit(
            desk,
            session,
            post_id,
            Typed(_change(said), revision),
            now=db.now(session),
            by=actor(who),
            person_id=who.id,
        )


def _change(said: str | Change) -> Change:
    return said if isinstance(said, Change) else Change(text=said)


def copy_of(desk: Desk, post_id: int, who: User) -> WorkingCopy | None:
    with desk.db.reading() as session:
        return working_copies.find_copy(session, post_id, who.id)


def writers(desk: Desk, post_id: int) -> list[str]:
    """Whose words wait there, the newest first."""
    return [copy.person.name for copy in look_up(desk, post_id).copies]
