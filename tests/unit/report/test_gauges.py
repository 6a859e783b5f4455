"""Figures and tally: what monitors see, added up once and read by indexes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from desk import db, heartbeats, holds, overdue, readiness
from desk.desk import Desk
from desk.report import gauges
from desk.report.tally import Histogram, Tally
from tests import factories
from tests.asking import plans

LATER = timedelta(seconds=9)


def late(desk: Desk) -> timedelta | None:
    with desk.db.reading() as session:
        return overdue.oldest(session, db.now(session) + LATER)


def beat(desk: Desk, kind: str, **told: int) -> None:
    with desk.db.writing() as session:
        heartbeats.beat(session, kind, db.now(session), told)


def test_a_post_is_overdue_only_where_nothing_explains_it(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    factories.make_scheduled(any_desk, channel)

    waited = late(any_desk)
    with any_desk.db.writing() as session:
        holds.hold(session, why="election", now=db.now(session))

    assert waited is not None
    assert timedelta(seconds=9) <= waited < timedelta(seconds=30)
    assert late(any_desk) is None


def test_a_claimed_post_that_nobody_sends_is_overdue_too(any_desk: Desk) -> None:
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.claim(any_desk)

    assert late(any_desk) is not None


def test_a_desk_is_ready_once_clock_and_worker_beat(any_desk: Desk) -> None:
    before = readiness.reasons(any_desk)

    beat(any_desk, "clock,publish")

    assert len(before) == 2
    assert readiness.reasons(any_desk) == []


def test_tables_of_another_version_are_not_ready(any_desk: Desk) -> None:
    beat(any_desk, "clock,publish")
    with any_desk.db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert readiness.reasons(any_desk) == [
        "The database has the tables of another version."
    ]


def test_the_tally_counts_each_attempt_once(any_desk: Desk) -> None:
    tally, channel = Tally(), factories.make_channel(any_desk)
    factories.make_scheduled(any_desk, channel, "Before the tally began")
    factories.run_due(any_desk)
    with any_desk.db.reading() as session:
        tally.look(session)
    factories.make_scheduled(any_desk, channel, "After it")
    factories.run_due(any_desk)

    for _ in range(3):
        with any_desk.db.reading() as session:
            tally.look(session)

    assert dict(tally.outcomes) == {("scripted", "published"): 1}
    assert tally.lateness["scripted"].cumulated()[-1] == 1
    assert tally.answers["scripted"].cumulated()[-1] == 1
    assert tally.retries["scripted"] == 0


def test_an_outcome_counts_when_it_comes_after_its_intent(any_desk: Desk) -> None:
    tally, channel = Tally(), factories.make_channel(any_desk)
    with any_desk.db.reading() as session:
        tally.look(session)
    factories.make_scheduled(any_desk, channel)
    factories.run_due(any_desk)
    put_back = "UPDATE attempts SET outcome = NULL, replied_at = NULL"
    with any_desk.db.writing() as session:
        session.execute(text(put_back))
    with any_desk.db.reading() as session:
        tally.look(session)
    before = dict(tally.outcomes)

    with any_desk.db.writing() as session:
        session.execute(text("UPDATE attempts SET outcome = 'unknown'"))
    with any_desk.db.reading() as session:
        tally.look(session)

    assert before == {}
    assert tally.lateness["scripted"].cumulated()[-1] == 1
    assert dict(tally.outcomes) == {("scripted", "unknown"): 1}


def test_a_histogram_counts_what_took_no_longer_than_each_edge() -> None:
    histogram = Histogram()
    for seconds in (0.01, 0.05, 0.6, 7200):
        histogram.add(seconds)

    counted = histogram.cumulated()
    assert counted[0] == 1
    assert counted[1] == 2
    assert counted[6] == 3
    assert counted[-2:] == [3, 4]


def test_what_processes_count_comes_with_their_heartbeats(any_desk: Desk) -> None:
    beat(any_desk, "publish", busy=3, size=64)

    with any_desk.db.reading() as session:
        standing = gauges.standing(session, db.now(session))

    assert standing.alive == {"clock": 0, "publish": 1}
    assert standing.processes[0].figures == {"busy": 3, "size": 64}


def whole(plans_made: list[str]) -> list[str]:
    """Of these, who reads a whole table that grows."""
    growing = ("SCAN posts", "SCAN attempts", "SCAN parts", "SCAN events")
    return [
        plan for plan in plans_made if plan.startswith(growing) and "INDEX" not in plan
    ]


def test_a_count_of_cancelled_posts_would_read_all_posts(desk: Desk) -> None:
    with plans(desk) as made, desk.db.reading() as session:
        session.execute(text("SELECT count(*) FROM posts WHERE state = 'cancelled'"))

    assert len(whole(made)) == 1


def test_no_figure_reads_all_posts_or_attempts(desk: Desk) -> None:
    tally, channel = Tally(), factories.make_channel(desk)
    factories.make_scheduled(desk, channel)
    factories.run_due(desk)

    with plans(desk) as made, desk.db.reading() as session:
        tally.look(session)
        tally.look(session)
        gauges.standing(session, db.now(session))

    assert made
    assert whole(made) == []
