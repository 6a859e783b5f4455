"""Limits that a platform says are used up: who waits, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import event

from connectors.base import Field, Prepared, RateLimited, Receipt, Room
from desk import db
from desk.desk import Desk
from desk.publishing import breakers, waits
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

MINUTE = timedelta(minutes=1)


class OfApp(Scripted):
    """Scripted, through one of several apps."""

    fields: ClassVar[tuple[Field, ...]] = (*Scripted.fields, Field("app", "App"))

    @property
    def app(self) -> str:
        return self.credentials["app"]


@pytest.fixture
def desk_(any_desk: Desk) -> Desk:
    return replace(any_desk, connectors={"scripted": OfApp})


def make_channel(desk: Desk, name: str, app: str = "one") -> int:
    return factories.make_channel(desk, name, app=app)


def waits_until(desk: Desk, channel: int) -> datetime | None:
    return steps.channel_of(desk, channel).not_before


def soon(desk: Desk, minutes: int = 7) -> datetime:
    return (factories.now_of(desk) + minutes * MINUTE).replace(microsecond=0)


def leaves(*rooms: Room) -> None:
    """What the next publish answers beside its receipt."""

    def answer(prepared: Prepared) -> Receipt:
        return replace(Scripted.take(prepared), rooms=rooms)

    Scripted.script.append(answer)


def test_a_channel_waits_when_nothing_is_left(desk_: Desk) -> None:
    until = soon(desk_)
    full, other = make_channel(desk_, "Full"), make_channel(desk_, "Other")
    first = factories.make_scheduled(desk_, full, "One")
    leaves(Room(0, until))

    factories.run_due(desk_)
    factories.make_scheduled(desk_, full, "Two")
    factories.make_scheduled(desk_, other, "Three")
    factories.run_due(desk_)

    assert factories.look_up(desk_, first).state == "published"
    assert waits_until(desk_, full) == until
    assert waits_until(desk_, other) is None
    assert Scripted.live() == ["One", "Three"]


def test_it_goes_on_when_the_platform_counts_anew(desk_: Desk) -> None:
    until = soon(desk_)
    channel = make_channel(desk_, "Full")
    factories.make_scheduled(desk_, channel, "One")
    leaves(Room(0, until))
    factories.run_due(desk_)
    factories.make_scheduled(desk_, channel, "Two")

    assert factories.claim(desk_, until - MINUTE) == []
    assert len(factories.claim(desk_, until)) == 1


def test_as_long_as_something_is_left_nobody_waits(desk_: Desk) -> None:
    channel = make_channel(desk_, "Desk")
    factories.make_scheduled(desk_, channel)
    leaves(Room(1, soon(desk_)), Room(300, soon(desk_), shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, channel) is None


def test_of_several_limits_the_longest_counts(desk_: Desk) -> None:
    channel = make_channel(desk_, "Desk")
    factories.make_scheduled(desk_, channel)
    long = soon(desk_, 90)
    leaves(Room(0, soon(desk_)), Room(0, long), Room(5, soon(desk_, 300)))

    factories.run_due(desk_)

    assert waits_until(desk_, channel) == long


def test_a_shorter_wait_ends_no_longer_one(desk_: Desk) -> None:
    channel, long = make_channel(desk_, "Desk"), soon(desk_, 90)
    factories.make_scheduled(desk_, channel)
    claim = steps.claimed(desk_)
    call = steps.call(desk_, claim)
    assert call is not None
    steps.alter_channel(desk_, channel, not_before=long)

    call.answer(desk_, replace(steps.receipt("1"), rooms=(Room(0, soon(desk_)),)))

    assert waits_until(desk_, channel) == long


def test_a_limit_of_the_app_makes_all_its_channels_wait(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    elsewhere = make_channel(desk_, "Elsewhere", app="another")
    factories.make_scheduled(desk_, one)
    leaves(Room(0, until, shared=True))

    factories.run_due(desk_)

    assert [waits_until(desk_, each) for each in (one, two, elsewhere)] == [
        until,
        until,
        None,
    ]


def test_so_does_a_refusal_by_a_limit_of_the_app(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.script.append(RateLimited("The app's day is used up.", until, shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == waits_until(desk_, two) == until


def test_so_does_one_met_by_an_upload(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.staging.append(RateLimited("No credit is left.", until, shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == waits_until(desk_, two) == until


def test_a_refusal_by_a_limit_of_the_account_is_its_own(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.script.append(RateLimited("Slow down.", until))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == until
    assert waits_until(desk_, two) is None


def test_channels_without_an_app_share_no_limit(desk_: Desk) -> None:
    desk = replace(desk_, connectors={"scripted": Scripted})
    one = factories.make_channel(desk, "One")
    two = factories.make_channel(desk, "Two")
    factories.make_scheduled(desk, one)
    leaves(Room(0, soon(desk), shared=True))

    factories.run_due(desk)

    assert waits_until(desk, one) is not None
    assert waits_until(desk, two) is None


@pytest.mark.parametrize(("app", "shared"), [("one", False), ("", True)])
def test_channels_recorded_together_do_not_wait_for_each_other(
    desk_: Desk, app: str, shared: bool
) -> None:
    channels = [make_channel(desk_, "One"), make_channel(desk_, "Two")]
    connector = OfApp({"account": "a", "token": "t", "app": app})
    full = replace(steps.receipt("1"), rooms=(Room(0, soon(desk_), shared),))
    said = [full, steps.receipt("2")]
    calls = [
        breakers.Call(connector, channel, 7, one)
        for channel, one in zip(channels, said, strict=True)
    ]
    for channel in channels:
        steps.alter_channel(desk_, channel, app=app)

    with desk_.db.writing() as session:
        waits.heed(session, calls)

    first, second = (waits_until(desk_, channel) for channel in channels)
    assert first is not None
    assert second is None


def test_a_channel_from_before_learns_its_app_by_the_way(desk_: Desk) -> None:
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    steps.alter_channel(desk_, one, app="")
    factories.make_scheduled(desk_, one)
    leaves(Room(0, soon(desk_), shared=True))

    factories.run_due(desk_)

    assert steps.channel_of(desk_, one).app == "one"
    assert waits_until(desk_, two) is not None


def test_hundreds_of_receipts_with_room_cost_nothing(desk_: Desk) -> None:
    connector = OfApp({"account": "a", "token": "t", "app": "one"})
    room = (Room(1, factories.now_of(desk_)),)
    calls = [
        breakers.Call(connector, 1, n, replace(steps.receipt(str(n)), rooms=room))
        for n in range(500)
    ]
    asked: list[str] = []

    with desk_.db.writing() as session:
        db.now(session)
        event.listen(
            desk_.db.engine,
            "before_cursor_execute",
            lambda *said: asked.append(said[2]),
        )
        waits.heed(session, calls)

    assert asked == []
