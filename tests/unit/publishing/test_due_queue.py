"""What is due comes in its order, and a full server keeps nobody else waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.base import Prepared
from desk.publishing.claiming import Claim
from desk.publishing.due_queue import PAST_DUE, DueQueue
from desk.publishing.limiter import Lane, Limiter
from desk.publishing.outbox import Ready
from desk.timekeeping import ClockReading, boot_seconds
from tests.fakes.scripted import Scripted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Other(Scripted):
    platform = "other"


class Narrow(Scripted):
    platform = "narrow"
    at_once = 1


def ready(
    number: int,
    due: datetime | None,
    kind: type[Scripted] = Scripted,
    channel_id: int = 1,
) -> Ready:
    claim = Claim(number, 1, due)
    connector = kind({})
    lane = Lane.of(connector, channel_id)
    return Ready(claim, channel_id, number, 1, Prepared("k", "{}"), connector, lane)


def queue(*ready: Ready, passed: timedelta = SECOND * 0) -> DueQueue:
    """`passed`: since the database's time was read as `NOW`."""
    made = DueQueue()
    made.set_time(ClockReading(NOW, boot_seconds() - passed.total_seconds()))
    for one in ready:
        made.add(one)
    return made


def due(made: DueQueue, shut: str = "") -> list[int]:
    found = made.take_due(lambda lane: lane.circuit != shut, limit=10)
    return [one.claim.post_id for one in found]


def test_the_earliest_comes_first_and_nothing_before_its_time() -> None:
    made = queue(
        ready(1, NOW - SECOND),
        ready(2, NOW - 2 * SECOND),
        ready(3, NOW + 2 * SECOND),
        passed=SECOND,
    )

    assert due(made) == [1, 2]  # both overdue when they came: in the order they came
    assert due(made) == []


def test_posts_of_one_moment_keep_the_order_they_came_in() -> None:
    made = queue(*(ready(n, NOW + SECOND) for n in (5, 4, 6)), passed=2 * SECOND)

    assert due(made) == [5, 4, 6]


def test_a_full_server_keeps_nobody_else_waiting() -> None:
    made = queue(ready(1, NOW), ready(2, NOW, Other), passed=SECOND)

    assert due(made, shut="scripted") == [2]
    assert due(made) == [1]


def test_it_sleeps_until_just_past_the_next_due_time() -> None:
    made = queue(ready(1, NOW + 2 * SECOND))
    wait = made.wait_s()

    assert wait is not None
    assert 1.5 < wait <= 2 + PAST_DUE.total_seconds()


def test_it_knows_how_many_fall_due_within_a_moment() -> None:
    soon = [ready(number, NOW + SECOND) for number in range(3)]
    made = queue(*soon, ready(4, NOW - SECOND), ready(5, NOW + 3 * SECOND))

    assert made.coming(0.1) == 0
    assert made.coming(1.5) == 3  # what is due already leaves now, and is not ahead


def test_a_clock_that_stood_wrong_at_the_pick_up_keeps_no_post_for_an_hour() -> None:
    wait = queue(ready(1, NOW + 3600 * SECOND)).wait_s()

    assert wait is not None
    assert wait <= 3


def test_with_nothing_ahead_it_sleeps_until_something_comes() -> None:
    assert queue().wait_s() is None


def test_an_account_that_takes_few_at_once_keeps_no_other_waiting() -> None:
    made = queue(
        ready(1, NOW, Narrow),
        ready(2, NOW, Narrow),
        ready(3, NOW, Narrow, channel_id=2),
        passed=SECOND,
    )
    room = Limiter(120, ["narrow"])

    found = made.take_due(room.enter, limit=10)

    assert [one.claim.post_id for one in found] == [1, 3]
