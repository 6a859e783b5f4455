"""Looking at servers that tell the time badly, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.base import Finding, Found, Message, NotThere, Sought
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import prepared
from tests.fakes import telling
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.redrawings import named
from tests.fakes.ways import Way

SAID = Message("Dodge returns to @ThePaper", "https://news.example/story?id=7")
HOURS = [timedelta(hours=one) for one in (-11, -5, -1, 0, 1, 5.5, 13)]
AGES = [timedelta(minutes=3), timedelta(hours=2), timedelta(days=2)]


@pytest.fixture
def keys() -> str:
    return "ignores"


def lost(mastodon: Mastodon, server: MastodonFake) -> Finding:
    """What a look finds of a post that is there, and whose answer was lost.

    It looks so late that the server's count of posts is believed.
    """
    ready, before = prepared(mastodon, SAID), datetime.now(UTC)
    server.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: mastodon.publish(ready))
    over = before - timedelta(minutes=2)
    [finding] = mastodon.find_all([Sought(ready, before, over)])
    return finding


def said_by_hand(server: MastodonFake, text: str, age: timedelta) -> None:
    """Before it, by someone who does not use the desk."""
    right = server.timeline.clock_ahead
    server.timeline.clock_ahead = right - age
    server.timeline.add({"status": text}, "")
    server.timeline.clock_ahead = right


def tells_local_time(server: MastodonFake, off: timedelta) -> None:
    """Its posts are told by the clock on its wall, without its zone."""
    wall = timezone(off)

    def without_zone(at: datetime) -> str:
        return telling.without_zone(at.astimezone(wall))

    usual, change = named("mastodon"), telling.timed(without_zone)
    server.become(way=Way("local", usual.kind, usual.draw, told=change, shown=change))


def is_ours(server: MastodonFake, finding: Finding) -> bool:
    [ours] = [one for one in server.published() if one.link]
    receipts = finding.receipts if isinstance(finding, Found) else ()
    return [one.remote_id for one in receipts] == [ours.remote_id]


@pytest.mark.parametrize("age", AGES, ids=str)
@pytest.mark.parametrize("ahead", HOURS, ids=str)
def test_finds_a_post_on_a_server_whose_clock_nobody_knows(
    mastodon: Mastodon, server: MastodonFake, ahead: timedelta, age: timedelta
) -> None:
    server.become(dates=False)
    server.timeline.clock_ahead = ahead
    said_by_hand(server, "By hand", age)

    assert is_ours(server, lost(mastodon, server))


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("off", HOURS, ids=str)
def test_finds_a_post_whose_time_is_local_and_says_no_zone(
    mastodon: Mastodon, server: MastodonFake, off: timedelta, dates: bool
) -> None:
    tells_local_time(server, off)
    server.become(dates=dates)
    said_by_hand(server, "By hand", timedelta(hours=3))

    assert is_ours(server, lost(mastodon, server))


@pytest.mark.parametrize("way", ["filtered", "blank", "mastodon"])
@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("off", HOURS, ids=str)
def test_a_post_whose_time_is_local_is_never_called_absent(
    mastodon: Mastodon, server: MastodonFake, off: timedelta, dates: bool, way: str
) -> None:
    tells_local_time(server, off)
    shown = named(way).shown
    local = server.timeline.way
    server.become(
        dates=dates,
        source=False,
        way=Way(
            "local",
            local.kind,
            named(way).draw,
            shown=lambda status: shown(local.shown(status)),
        ),
    )

    assert not isinstance(lost(mastodon, server), NotThere)


BEHIND = [timedelta(hours=16), timedelta(days=1), timedelta(days=400)]


@pytest.mark.parametrize("behind", BEHIND, ids=str)
def test_a_post_that_says_our_words_is_never_absent_whatever_its_day(
    mastodon: Mastodon, server: MastodonFake, behind: timedelta
) -> None:
    """Its header tells the right time, and its posts another."""
    usual = named("mastodon")
    change = telling.timed(lambda at: (at - behind).isoformat())
    server.become(way=Way("behind", usual.kind, usual.draw, told=change, shown=change))
    said_by_hand(server, "By hand", timedelta(hours=3))

    assert not isinstance(lost(mastodon, server), NotThere)


@pytest.mark.parametrize("days", [-20_000, -400, -2, 2, 400])
def test_a_post_of_a_server_whose_clock_was_never_set_is_never_called_absent(
    mastodon: Mastodon, server: MastodonFake, days: int
) -> None:
    server.become(dates=False)
    server.timeline.clock_ahead = timedelta(days=days)

    assert not isinstance(lost(mastodon, server), NotThere)


@pytest.mark.parametrize("ahead", HOURS, ids=str)
def test_an_answer_in_local_time_is_no_older_post(
    mastodon: Mastodon, server: MastodonFake, ahead: timedelta
) -> None:
    tells_local_time(server, ahead)

    assert mastodon.publish(prepared(mastodon, SAID)).age is None
