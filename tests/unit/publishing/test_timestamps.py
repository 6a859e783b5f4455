"""Dating: a post says the time that it goes out, and a repeat says it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from connectors.base import Found, Message, Staged
from connectors.bluesky import Bluesky
from desk import db, scheduling
from desk.desk import Desk
from desk.models import Attempt, Part
from desk.publishing import preparing
from tests import factories
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.platform import Kind, Trouble
from tests.unit.publishing import steps
from tests.unit.publishing.bluesky_desk import with_bluesky
from tests.unit.reading.site import Site

LATE = timedelta(minutes=40)
NEAR = timedelta(seconds=60)  # however slow the machine is
World = tuple[Desk, int]


@pytest.fixture
def server() -> Iterator[BlueskyFake]:
    with BlueskyFake() as fake:
        yield fake


@pytest.fixture
def world(any_desk: Desk, server: BlueskyFake) -> Iterator[World]:
    with Site() as site:
        yield with_bluesky(any_desk, server, site)


def said(server: BlueskyFake) -> dict[str, datetime]:
    """The time that each post says, by its text."""
    records = [one["value"] for one in server.repo.records.values()]
    return {
        one["text"]: datetime.fromisoformat(one["createdAt"].replace("Z", "+00:00"))
        for one in records
    }


def sent(desk: Desk, post_id: int) -> list[tuple[str, str]]:
    """The name and the time that each try sent."""
    query = select(Attempt.body).join(Part).where(Part.post_id == post_id)
    with desk.db.reading() as session:
        bodies = [json.loads(one) for one in session.scalars(query)]
    return [(one["rkey"], one["record"]["createdAt"]) for one in bodies]


def test_a_late_post_says_when_it_goes_out(world: World, server: BlueskyFake) -> None:
    desk, channel_id = world
    began = factories.now_of(desk)
    factories.make_scheduled(desk, channel_id, "Late", began - LATE)

    factories.run_due(desk)

    assert abs(said(server)["Late"] - began) < NEAR


def test_a_post_in_time_says_its_due_time(world: World, server: BlueskyFake) -> None:
    desk, channel_id = world
    due = factories.now_of(desk)
    factories.make_scheduled(desk, channel_id, "In time", due)

    factories.run_due(desk)

    assert said(server)["In time"] == due.replace(
        microsecond=due.microsecond // 1000 * 1000
    )


@pytest.mark.parametrize("late", [timedelta(0), LATE])
def test_posts_of_one_moment_keep_the_order_of_their_queue(
    world: World, server: BlueskyFake, late: timedelta
) -> None:
    desk, channel_id = world
    due = factories.now_of(desk) - late
    texts = [f"Post {number}" for number in range(9)]
    for text in texts:
        factories.make_scheduled(desk, channel_id, text, due)
    claims = factories.pick_up(desk, factories.claim(desk))

    works = preparing.load(desk, claims)

    dates = {one.post.text: one.date.at for one in works if one.date}
    assert sorted(texts, key=dates.__getitem__) == texts
    gaps = [dates[b] - dates[a] for a, b in pairwise(texts)]
    assert min(gaps) >= timedelta(milliseconds=1)
    assert max(dates.values()) - min(dates.values()) < timedelta(seconds=1)


def test_late_posts_of_two_moments_keep_the_order_of_their_times(
    world: World, server: BlueskyFake
) -> None:
    desk, channel_id = world
    now = factories.now_of(desk)
    factories.make_scheduled(desk, channel_id, "Second", now - LATE)
    factories.make_scheduled(desk, channel_id, "First", now - LATE - NEAR)
    claims = factories.pick_up(desk, factories.claim(desk))

    works = preparing.load(desk, claims)

    dates = {one.post.text: one.date.at for one in works if one.date}
    assert dates["First"] < dates["Second"]


def test_a_repeat_is_the_same_bytes(world: World, server: BlueskyFake) -> None:
    desk, channel_id = world
    due = factories.now_of(desk) - LATE
    post_id = factories.make_scheduled(desk, channel_id, "Again", due)
    server.expect(Trouble(Kind.CLOSED, accepted=True), Trouble(Kind.CLOSED))
    factories.run_due(desk)

    post = steps.look(desk, post_id, times=3)

    assert post.state == "published"
    first, *others = sent(desk, post_id)
    assert others
    assert set(others) == {first}
    assert len(server.repo.records) == 1
    assert server.repo.edits == 0


def test_what_was_surely_refused_says_when_it_goes_out_at_last(
    world: World, server: BlueskyFake
) -> None:
    desk, channel_id = world
    post_id = factories.make_scheduled(
        desk, channel_id, "At last", factories.now_of(desk) - LATE
    )
    server.expect(Trouble(Kind.STATUS, status=400, body='{"error": "InvalidRequest"}'))
    factories.run_due(desk)
    with desk.db.writing() as session:
        scheduling.retry(desk, session, post_id, now=db.now(session))

    factories.run_due(desk)

    (_, first), (_, at_last) = sent(desk, post_id)
    assert at_last > first


def test_a_post_that_waits_in_the_worker_says_when_it_leaves(
    world: World, server: BlueskyFake
) -> None:
    desk, channel_id = world
    now = factories.now_of(desk)
    factories.make_scheduled(desk, channel_id, "Waited", now)
    work = steps.load(desk, steps.claimed(desk))
    assert work is not None

    call = steps.call_for(desk, work, now + NEAR)

    assert call is not None
    body = json.loads(call.intent.prepared.body)
    assert body["record"]["createdAt"].startswith(f"{now + NEAR:%Y-%m-%dT%H:%M:%S}")
    with desk.db.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
    assert (attempt.body, attempt.public_at) == (
        call.intent.prepared.body,
        now + NEAR,
    )


def test_a_post_is_found_whatever_time_it_said(server: BlueskyFake) -> None:
    signing = Bluesky(server.credentials())
    connector = Bluesky({**server.credentials(), **signing.renew()})
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    first = connector.compose(Message("Hello"), Staged(), "k", at)
    late = connector.redated(first, at + LATE)
    receipt = connector.publish(late)

    found = connector.find(first, at)

    assert isinstance(found, Found)
    assert [one.remote_id for one in found.receipts] == [receipt.remote_id]
    assert connector.publish(first).remote_id == receipt.remote_id
    assert server.repo.edits == 0
    assert said(server)["Hello"] == at + LATE
