"""Mastodon: looking at listings of many kinds of server, short, late or undated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    CantTell,
    Finding,
    Found,
    Message,
    NotThere,
    OnRecord,
    Sought,
)
from connectors.mastodon import Mastodon
from connectors.reconciliation import STALE
from tests.contract.cases import outcome
from tests.contract.conftest import prepared
from tests.fakes.ids import MADE
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble

LATER = 12
AGO = timedelta(minutes=2)  # long enough for a count to be believed
SAID = Message("Dodge returns to @ThePaper", "https://news.example/story?id=7")


@pytest.fixture
def keys() -> str:
    return "ignores"


def lost(mastodon: Mastodon, server: MastodonFake, accepted: bool) -> Finding:
    """Sent, its answer lost, others before and after; what a look finds later."""
    server.timeline.clock_ahead = -AGO  # as if all of it had been then
    known = [posted(mastodon, "Before it", "k0")]
    ready, before = prepared(mastodon, SAID), datetime.now(UTC) - AGO
    server.expect(Trouble(Kind.CLOSED, accepted=accepted))
    outcome(lambda: mastodon.publish(ready))
    sought = Sought(ready, before, datetime.now(UTC) - AGO)
    for number in range(LATER):
        known.insert(0, posted(mastodon, f"After it, {number}", f"n{number}"))
    server.timeline.clock_ahead = timedelta()
    [finding] = mastodon.find_all([sought], known)
    return finding


def posted(mastodon: Mastodon, text: str, key: str) -> OnRecord:
    """One that is published, and known to be."""
    sent_at = datetime.now(UTC) - AGO
    receipt = mastodon.publish(prepared(mastodon, Message(text), key))
    now = datetime.now(UTC) - AGO
    return OnRecord(receipt.remote_id, receipt.url, now, sent_at, receipt.total)


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("page", [40, 5, 1])
@pytest.mark.parametrize("kind", MADE)
def test_finds_a_post_by_whatever_ids_and_on_whatever_page(
    mastodon: Mastodon, server: MastodonFake, kind: str, page: int, dates: bool
) -> None:
    server.become(ids=kind, page=page, dates=dates)

    finding = lost(mastodon, server, accepted=True)

    [ours] = [one for one in server.published() if one.link]
    assert isinstance(finding, Found)
    assert [one.remote_id for one in finding.receipts] == [ours.remote_id]


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("page", [40, 5, 1])
@pytest.mark.parametrize("kind", MADE)
def test_says_that_it_is_not_there_by_whatever_ids_and_on_whatever_page(
    mastodon: Mastodon, server: MastodonFake, kind: str, page: int, dates: bool
) -> None:
    server.become(ids=kind, page=page, dates=dates)

    assert lost(mastodon, server, accepted=False) == NotThere()


@pytest.mark.parametrize("kind", MADE)
def test_a_page_whose_posts_are_hidden_is_not_the_end(
    mastodon: Mastodon, server: MastodonFake, kind: str
) -> None:
    server.become(ids=kind, page=4, hides="After it")

    assert not isinstance(lost(mastodon, server, accepted=True), NotThere)


@pytest.mark.parametrize("kind", MADE)
def test_a_listing_that_lags_is_no_proof(
    mastodon: Mastodon, server: MastodonFake, kind: str
) -> None:
    server.become(ids=kind, lists_lag=600, dates=False)

    assert not isinstance(lost(mastodon, server, accepted=True), NotThere)


def test_a_lone_post_that_a_listing_lags_with_is_never_called_absent(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.become(lists_lag=600, dates=False)
    before = datetime.now(UTC)
    ready = prepared(mastodon, SAID)
    server.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: mastodon.publish(ready))

    assert not isinstance(mastodon.find(ready, before), NotThere)


@pytest.mark.parametrize("others", [0, 3])
@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
def test_a_list_and_a_count_that_lag_alike_prove_nothing_soon_after(
    mastodon: Mastodon, server: MastodonFake, dates: bool, others: int
) -> None:
    known = [
        posted(mastodon, f"Before it, {number}", f"n{number}")
        for number in range(others)
    ]
    server.become(lists_lag=600, count_lag=600, dates=dates)
    server.timeline.came = {
        name: at - 3600 for name, at in server.timeline.came.items()
    }
    ready, before = prepared(mastodon, SAID), datetime.now(UTC)
    server.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: mastodon.publish(ready))

    [finding] = mastodon.find_all([Sought(ready, before, datetime.now(UTC))], known)

    assert finding == CantTell(STALE)
