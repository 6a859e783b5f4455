"""Plans: what pages ask reads what it asks for, and not all that there ever was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from desk import attention, channels, db, report, slots
from desk.articles import filters, inbox
from desk.articles.filters import Show, Which
from desk.attention import health
from desk.desk import Desk
from desk.models import Post
from desk.posts import repeats
from desk.report import boards
from desk.scheduling import calendar, queueing, queues
from tests import factories
from tests.asking import plans
from tests.conftest import UTC_ZONE
from tests.fakes.scripted import Scripted

Ask = Callable[[Desk, Session, datetime], object]
# indexes of some posts alone
FEW = "drafts|evergreen|aside|trouble|twice|look|lease|recheck"
ALL_POSTS = re.compile(rf"SCAN posts(?!.* INDEX ix_posts_(?:{FEW}))")
ALL_OF_A_CHANNEL = re.compile(r"posts\w* USING .*INDEX \w+ \(channel_id=\?\)$")
WEEK = timedelta(days=7)

ASKED: dict[str, Ask] = {
    "the board": lambda desk, s, now: boards.board(s, now, UTC_ZONE),
    "the shell": lambda desk, s, now: report.counts(s, now),
    "the inbox": lambda desk, s, now: inbox.page(s, Which(), now),
    "its counts": lambda desk, s, now: filters.counts(s, now),
    "needs you": lambda desk, s, now: attention.posts(s, now),
    "the queue": lambda desk, s, now: queues.list_queues(s, desk, now),
    "a queue to change": lambda desk, s, now: queues.lock(s, 1, now),
    "the channels": lambda desk, s, now: health.checkups(s, desk, now),
    "free slots": lambda desk, s, now: queueing.free_slots(s, desk, 1, now),
    "the calendar": lambda desk, s, now: calendar.between(s, now - WEEK, now + WEEK),
    "its drafts": lambda desk, s, now: calendar.unscheduled(s),
    "repeats": lambda desk, s, now: repeats.near(
        desk, s, s.get_one(Post, 1), "Dodge returns", now
    ),
}
FILTERED: dict[str, Callable[[Session], object]] = {
    "its sections": inbox.sections,
    "a section": lambda s: inbox.page(s, Which(section="Science"), db.now(s)),
    "what was dismissed": lambda s: inbox.page(s, Which(Show.DISMISSED), db.now(s)),
}


@pytest.mark.parametrize("page", ASKED)
def test_no_page_goes_through_all_that_there_ever_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(Scripted, "refuses_repeats", timedelta(hours=12))
    channel = factories.make_channel(desk)
    with desk.db.writing() as session:
        weekly = slots.parse("mon-sun 09:00")
        channels.set_slots(session, channel, set(weekly))
    factories.make_scheduled(desk, channel)

    with plans(desk) as made, desk.db.reading() as session:
        ASKED[page](desk, session, db.now(session))

    assert made
    assert [line for line in made if ALL_POSTS.search(line)] == []
    assert [line for line in made if ALL_OF_A_CHANNEL.search(line)] == []


@pytest.mark.parametrize("page", FILTERED)
def test_the_inbox_looks_up_what_it_is_filtered_by(desk: Desk, page: str) -> None:
    with plans(desk) as made, desk.db.reading() as session:
        FILTERED[page](session)

    assert made
    assert "SCAN articles" not in made
