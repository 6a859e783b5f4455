"""A post that nearly says what ours says: it is never taken for ours without doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from connectors.base import (
    CantTell,
    Connector,
    ConnectorError,
    Found,
    Message,
    Sought,
    Staged,
)
from tests.contract import servers, x_server
from tests.contract.conftest import AT
from tests.fakes.drawing import hiding
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.ways import Kind as Sort
from tests.fakes.ways import Way
from tests.fakes.x import XFake

LOST = Trouble(Kind.CLOSED)
FERRY = "The ferry to Saltmere will sail again on Monday, eleven months after dry dock."

OTHERS = [  # no server draws the one as the other
    ("Temperature falls to -5 °C tonight", "Temperature falls to 5 °C tonight"),
    ("Temperature falls to −5 °C tonight", "Temperature falls to +5 °C tonight"),
    ("Harbour debt at € 12.5 m", "Harbour debt at $ 12.5 m"),
    ("Harbour debt at 12.5 m", "Harbour debt at 12,5 m"),
    ("Harbour debt at 1.25 m", "Harbour debt at 12.5 m"),
    ("Mayor resigns!", "Mayor resigns?"),
    ("Mayor resigns", "Mayor resigns?"),
    ("Prices up 5 %", "Prices up 5 ‰"),
    ("Yes & no", "Yes / no"),
    ("We won in 2025. More soon", "We won in 2026. More soon"),
    ("Results:\n1. Harbour", "Results:\n2. Harbour"),
    ("5. Mai ist Feiertag", "6. Mai ist Feiertag"),
    ("Ends 1:0", "Ends 1-0"),
    ("Ends 10", "Ends 1-0"),
    ("Area of 5² km", "Area of 52 km"),
    ("About ½ of them", "About 1/2 of them"),
    ("Over > 5 dead", "Over < 5 dead"),
    ("Storm 🎉", "Storm 😢"),
    ("Storm :news:", "Storm :wink:"),
    ("#Tag day", "Tag day"),
    ("Tonight in Saltmere -5 °C", "Tonight in Saltmere - 5 °C"),
    ("Tonight in Saltmere 3 -5 °C", "Tonight in Saltmere 3-5 °C"),
    ("+ 5 °C tonight in Saltmere", "- 5 °C tonight in Saltmere"),
    ("The winners are 1,5 and 7", "The winners are 1, 5 and 7"),
]
PERHAPS = [  # a server may have made the second of the first, and a person as well
    (f"{FERRY} Fares rise from May.", FERRY),
    (f"{FERRY} Fares rise from May.", f"{FERRY[:40]}…"),
    ("Lotto: 1 23 45 6", "Lotto: 12 3 45 6"),
    ("Meet the rapist", "Meet therapist"),
    ("~~No~~ yes, says the mayor", "No yes, says the mayor"),
    ("- 5 °C tonight", "5 °C tonight"),
    ("> 5 dead in the fire", "5 dead in the fire"),
    ("It is 2*3*4 in all", "It is 234 in all"),
    ("3. November was mild", "November was mild"),
    ("Help the US now", "Help the us now"),
    ("Left <> right, says the court", "Left right, says the court"),
]
TWINS = [*OTHERS, *PERHAPS, *((theirs, ours) for ours, theirs in OTHERS)]


@pytest.fixture
def mastodon() -> Iterator[MastodonFake]:
    with MastodonFake("ignores") as opened:
        yield opened


@pytest.fixture
def x() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


def lost(connector: Connector, text: str) -> Sought:
    """What was sent just now, and never came there."""
    began = datetime.now(UTC)
    ready = connector.compose(Message(text), Staged(), "k", AT)
    with pytest.raises(ConnectorError):
        connector.publish(ready)
    return Sought(ready, began, began + timedelta(seconds=20))


@pytest.mark.parametrize("source", [True, False], ids=["source", "no source"])
@pytest.mark.parametrize(("ours", "theirs"), TWINS)
def test_a_near_twin_on_mastodon_is_shown_to_a_person(
    mastodon: MastodonFake, ours: str, theirs: str, source: bool
) -> None:
    mastodon.become(source=source)
    connector = servers.connected(mastodon)
    mastodon.expect(LOST)
    sought = lost(connector, ours)
    by_hand = mastodon.timeline.add({"status": theirs}, "")

    [finding] = connector.find_all([sought])

    assert isinstance(finding, CantTell)
    assert [one.remote_id for one in finding.seen] == [by_hand["id"]]


@pytest.mark.parametrize(("ours", "theirs"), TWINS)
def test_a_near_twin_on_x_is_shown_to_a_person(
    x: XFake, ours: str, theirs: str
) -> None:
    connector = x_server.connected(x)
    x.expect(LOST)
    sought = lost(connector, ours)
    by_hand = x.posts.add({"text": theirs})

    [finding] = connector.find_all([sought])

    assert isinstance(finding, CantTell)
    assert [one.remote_id for one in finding.seen] == [by_hand["id"]]


@pytest.mark.parametrize(("ours", "theirs"), PERHAPS)
def test_what_a_server_made_of_ours_is_known_by_its_source(
    mastodon: MastodonFake, ours: str, theirs: str
) -> None:
    connector = servers.connected(mastodon)
    mastodon.expect(Trouble(Kind.CLOSED, accepted=True))
    sought = lost(connector, ours)
    [there] = mastodon.timeline.posts
    other_words = hiding.showing(f"<p>{escape(theirs)}</p>")
    mastodon.become(way=Way("other words", Sort.CHANGED, other_words))

    [finding] = connector.find_all([sought])

    assert isinstance(finding, Found)
    assert [one.remote_id for one in finding.receipts] == [there["id"]]
