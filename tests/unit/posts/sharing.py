"""What tests do to posts of a share, as their editors do it."""

from __future__ import annotations

from desk import db
from desk.desk import Desk
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import editing
from desk.posts.editing import Change
from tests.factories import look_up

INES = Actor("Ines")


def edit(desk: Desk, post_id: int, change: Change) -> Post:
    """Save it over what the post says now."""
    with desk.db.writing() as session:
        now, revision = db.now(session), look_up(desk, post_id).revision
        return editing.edit(desk, session, post_id, change, revision, now=now, by=INES)
