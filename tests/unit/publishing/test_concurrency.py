"""An account that takes few calls side by side gets no more of them."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from desk.engine_settings import engine
from desk.publishing import concurrency
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


class Narrow(Scripted):
    at_once = 1


def test_a_second_call_waits_for_the_first_and_other_channels_do_not() -> None:
    with concurrency.place_for_call(Narrow({}), 1) as first:
        with concurrency.place_for_call(Narrow({}), 1, patience_s=0) as second:
            pass
        with concurrency.place_for_call(Narrow({}), 2, patience_s=0) as elsewhere:
            pass
    with concurrency.place_for_call(Narrow({}), 1, patience_s=0) as after:
        pass

    assert (first, second, elsewhere, after) == (True, False, True, True)


def test_a_platform_that_says_nothing_of_it_is_not_bounded() -> None:
    with (
        concurrency.place_for_call(Scripted({}), 1),
        concurrency.place_for_call(Scripted({}), 1, 0) as second,
    ):
        assert second


def test_a_look_that_finds_no_place_is_made_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    channel_id = factories.look_up(desk, post_id).channel_id
    monkeypatch.setattr(Scripted, "at_once", 1)
    monkeypatch.setitem(vars(engine.slots), "place_awaited_s", 0.0)

    with concurrency.place_for_call(Narrow({}), channel_id):
        waiting = steps.look(desk, post_id)
    found = steps.look(desk, post_id)

    assert (waiting.state, waiting.looks) == ("unconfirmed", 0)
    assert waiting.look_at is not None
    assert found.state == "published"
