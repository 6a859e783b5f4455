"""The calendar's days and hours, and what stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from desk import calendar_days, scheduling
from desk.calendar_days import View, laid_out, span, too_close
from desk.desk import Desk
from desk.scheduling import At, calendar
from tests import factories
from tests.unit.publishing import steps
from tests.unit.scheduling.planning import HOUR, every_hour, plan

ROME = ZoneInfo("Europe/Rome")
ZONES = ("Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC")
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


@dataclass(frozen=True)
class Stone:
    at: datetime


def hours_of(day: date) -> list[calendar_days.Hour]:
    shown = span(View.DAY, day, ROME)
    (only,) = laid_out(shown, [], datetime(2026, 1, 1, tzinfo=UTC), ROME)
    return list(only.hours)


def test_a_week_begins_on_monday() -> None:
    shown = span(View.WEEK, date(2026, 11, 22), ROME)

    assert (shown.days[0], shown.days[-1]) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (shown.before, shown.after) == (date(2026, 11, 15), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 22), date(2026, 10, 26), date(2026, 12, 6)),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2026, 11, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_is_shown_in_whole_weeks(day: date, first: date, last: date) -> None:
    shown = span(View.MONTH, day, ROME)

    assert (shown.days[0], shown.days[-1]) == (first, last)


def test_the_month_after_the_31st_is_the_next_one() -> None:
    shown = span(View.MONTH, date(2027, 1, 31), ROME)

    assert (shown.before, shown.after) == (date(2026, 12, 1), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 22), 24)]
)
def test_a_day_is_as_long_as_its_clock(day: date, hours: int) -> None:
    shown = span(View.DAY, day, ROME)

    assert shown.until - shown.since == timedelta(hours=hours)


def test_the_skipped_hour_is_missing_and_the_repeated_one_comes_twice() -> None:
    assert [hour.number for hour in hours_of(SPRING) if hour.missing] == [2]
    assert [hour.number for hour in hours_of(AUTUMN) if hour.twice] == [2]
    assert not any(hour.missing or hour.twice for hour in hours_of(date(2026, 11, 22)))


def test_both_of_a_repeated_hour_stand_in_order() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    stones = [Stone(first + HOUR), Stone(first)]

    (day,) = laid_out(span(View.DAY, AUTUMN, ROME), stones, first - 99 * HOUR, ROME)

    assert day.hours[2].lines == [Stone(first), Stone(first + HOUR)]


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    view=st.sampled_from(View),
    at=st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
        datetime(2031, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_whatever_stands_in_the_range_stands_on_one_day(
    zone: ZoneInfo, view: View, at: datetime
) -> None:
    shown = span(view, at.astimezone(zone).date(), zone)

    days = laid_out(shown, [Stone(at)], at - timedelta(days=400), zone)

    assert shown.since <= at < shown.until
    assert [line for day in days for line in day.lines] == [Stone(at)]


def test_the_now_line_stands_between_before_and_after() -> None:
    now = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    before, after = Stone(now - HOUR / 4), Stone(now + HOUR / 4)

    (day,) = laid_out(
        span(View.DAY, date(2026, 11, 22), UTC_ZONE), [after, before], now, UTC_ZONE
    )

    assert day.lines == [before, calendar_days.Now(now), after]
    assert day.today


UTC_ZONE = ZoneInfo("UTC")


def test_only_posts_of_one_channel_are_too_close() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    minutes = [(1, 1, 0), (2, 1, 4), (3, 1, 9), (4, 2, 2), (5, 1, 60)]
    times = [(post, ch, at + timedelta(minutes=n)) for post, ch, n in minutes]

    assert too_close(times) == {1, 2}


def test_a_range_is_two_queries_however_many_posts_it_holds(desk: Desk) -> None:
    for name in ("One", "Other"):
        plan(desk, factories.make_channel(desk, name), "A", "B", "C")
    now = factories.now_of(desk)
    asked: list[str] = []
    event.listen(
        desk.db.engine,
        "before_cursor_execute",
        lambda _link, _cursor, said, *_: asked.append(said),
    )

    with desk.db.reading() as session:
        found = calendar.between(session, now, now + 9 * HOUR)
        names = {tile.post.channel.name for tile in calendar.tiles(found)}

    assert names == {"One", "Other"}
    assert len(found) == 6
    posts_and_who_writes = 2
    assert len([said for said in asked if "SELECT" in said]) == posts_and_who_writes


def test_a_published_post_stands_where_it_went_out(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)
    now = factories.now_of(desk)
    steps.alter(desk, post_id, due_at=now + 50 * HOUR)

    with desk.db.reading() as session:
        here = calendar.between(session, now - HOUR, now + HOUR)
        there = calendar.between(session, now + 49 * HOUR, now + 51 * HOUR)

    assert [post.id for post in here] == [post_id]
    assert there == []


def test_cancelled_posts_and_drafts_do_not_stand_in_it(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    made = plan(desk, channel, "Cancelled", "Drafted")
    steps.within(desk, scheduling.cancel, post_id=made[0])
    steps.within(desk, scheduling.to_draft, post_id=made[1])
    now = factories.now_of(desk)

    with desk.db.reading() as session:
        assert calendar.between(session, now, now + 9 * HOUR) == []
        assert [post.id for post in calendar.unscheduled(session)] == [made[1]]


def test_a_slot_is_free_until_a_post_holds_it(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    every_hour(desk, channel)
    now = factories.now_of(desk)
    day = (now + timedelta(days=2)).date()
    shown = span(View.DAY, day, UTC_ZONE)
    post_id = factories.make_post(desk, channel)
    noon = shown.since + 12 * HOUR
    steps.within(desk, scheduling.schedule, post_id=post_id, when=At(noon))

    with desk.db.reading() as session:
        found = calendar.between(session, shown.since, shown.until)
        free = calendar.free(session, desk, shown, found, now)

    assert len(free) == 23
    assert noon not in {one.at for one in free}
