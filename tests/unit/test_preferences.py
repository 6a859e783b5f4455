"""The newsroom's zone and the desk's name, as an admin chose them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest

from desk import channels, preferences
from desk.desk import Desk
from desk.preferences import BadPreference
from desk.scheduling import queueing
from desk.slots import WeeklySlot
from tests import factories
from tests.conftest import NOON

IN_NEW_YORK = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def choose(desk: Desk, name: str) -> None:
    with desk.db.writing() as session:
        preferences.set_zone(session, name)


def test_a_new_desk_is_where_its_environment_says(any_desk: Desk) -> None:
    assert preferences.zone_of(any_desk) == ZoneInfo(any_desk.settings.zone_name)


def test_the_zone_that_was_chosen_wins_and_can_be_given_back(any_desk: Desk) -> None:
    choose(any_desk, "Asia/Tokyo")
    chosen = preferences.zone_of(any_desk)

    choose(any_desk, "")

    assert chosen == ZoneInfo("Asia/Tokyo")
    assert preferences.zone_of(any_desk) == ZoneInfo("UTC")


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", "localtime/x", "CET+1"])
def test_what_is_no_zone_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(BadPreference, match="no time zone"):
        choose(desk, name)


def test_slots_move_with_the_zone_and_posts_stay(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    now = factories.now_of(desk)
    post_id = factories.make_scheduled(desk, channel, due_at=now.replace(year=2027))
    before = factories.look_up(desk, post_id).due_at
    with desk.db.writing() as session:
        every = {WeeklySlot(time(9, 30), day) for day in range(7)}
        channels.set_slots(session, channel, every)

    choose(desk, "America/New_York")

    with desk.db.reading() as session:
        free = queueing.next_slot(session, desk, channel, NOON)
    assert free == IN_NEW_YORK
    assert factories.look_up(desk, post_id).due_at == before


def test_the_places_to_choose_are_real_and_told_with_their_time() -> None:
    regions = dict(preferences.places(NOON))
    every = [place for places in regions.values() for place in places]

    assert {place.zone for place in every} <= available_timezones()
    assert len(every) > 300
    (tokyo,) = [place for place in regions["Asia"] if place.zone == "Asia/Tokyo"]
    assert (tokyo.name, f"{tokyo.local:%H:%M}") == ("Tokyo", "21:00")
    assert "New York" in [place.name for place in regions["America"]]


def test_the_name_of_the_desk_is_kept_tidy(desk: Desk) -> None:
    with desk.db.writing() as session:
        preferences.set_desk_name(session, "  The  Gazette ")
        assert preferences.desk_name(session) == "The Gazette"
        with pytest.raises(BadPreference, match="60 characters at most"):
            preferences.set_desk_name(session, "x" * 61)
