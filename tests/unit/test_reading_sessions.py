"""Sessions that read: what they leave behind for the next."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from desk.desk import Desk
from desk.models import Post
from tests import factories

OFTEN = 12  # psycopg prepares what it has asked five times
COUNT = select(func.count()).select_from(Post)
PREPARED = text(
    "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM posts%'"
)


def read(desk: Desk, times: int = OFTEN) -> int:
    """How many statements the connection has ready afterwards."""
    for _ in range(times):
        with desk.db.reading() as session:
            session.scalar(COUNT)
    with desk.db.reading() as session:
        return session.scalar(PREPARED) or 0


def test_what_is_asked_again_and_again_is_planned_once(postgres_desk: Desk) -> None:
    assert read(postgres_desk) == 1


def test_a_reading_that_fails_leaves_the_next_a_good_connection(
    postgres_desk: Desk,
) -> None:
    with pytest.raises(DBAPIError), postgres_desk.db.reading() as session:
        session.execute(text("SELECT 1 / 0"))

    assert read(postgres_desk) == 1


def test_what_is_changed_on_a_record_that_was_only_read_stays_unwritten(
    any_desk: Desk,
) -> None:
    post_id = factories.make_post(any_desk, factories.make_channel(any_desk))

    with any_desk.db.reading() as session:
        session.get_one(Post, post_id).text = "Changed for a page alone"

    with any_desk.db.reading() as session:
        assert session.get_one(Post, post_id).text == "Dodge returns"


def test_no_reading_writes(any_desk: Desk) -> None:
    with pytest.raises(DBAPIError), any_desk.db.reading() as session:
        session.execute(text("DELETE FROM posts"))
