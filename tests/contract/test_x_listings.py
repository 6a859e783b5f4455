"""X: looking at a listing that lags, and answers that do not say when they are."""

from __future__ import annotations

from collections.abc import Iterator
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
from connectors.reconciliation import STALE
from connectors.x import X
from tests.contract.cases import outcome
from tests.contract.conftest import prepared
from tests.contract.x_server import connected
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import XFake

SAID = Message("Dodge returns & wins", "https://news.example/story?id=7")
LATER = 12
AGO = timedelta(minutes=2)  # long enough for a count to be believed


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    return connected(fake)


def lost(x: X, fake: XFake, accepted: bool, later: int = LATER) -> Finding:
    """Sent, its answer lost, others before and after; what a look finds later."""
    fake.posts.clock_ahead = -AGO  # as if all of it had been then
    known = [posted(x, "Before it", "k0")]
    ready, before = prepared(x, SAID), datetime.now(UTC) - AGO
    fake.expect(Trouble(Kind.CLOSED, accepted=accepted))
    outcome(lambda: x.publish(ready))
    sought = Sought(ready, before, datetime.now(UTC) - AGO)
    for number in range(later):
        known.insert(0, posted(x, f"After it, {number}", f"n{number}"))
    fake.posts.clock_ahead = timedelta()
    [finding] = x.find_all([sought], known)
    return finding


def posted(x: X, text: str, key: str) -> OnRecord:
    """One that is published, and known to be."""
    sent_at = datetime.now(UTC) - AGO
    receipt = x.publish(prepared(x, Message(text), key))
    now = datetime.now(UTC) - AGO
    return OnRecord(receipt.remote_id, receipt.url, now, sent_at, receipt.total)


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
def test_finds_a_post_whether_answers_are_dated_or_not(
    x: X, fake: XFake, dates: bool
) -> None:
    fake.dates = dates

    finding = lost(x, fake, accepted=True)

    [ours] = [one for one in fake.published() if one.link]
    assert isinstance(finding, Found)
    assert [one.remote_id for one in finding.receipts] == [ours.remote_id]


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("later", [0, LATER])
def test_a_post_that_a_listing_lags_with_is_never_called_absent(
    x: X, fake: XFake, dates: bool, later: int
) -> None:
    fake.dates, fake.posts.lists_lag = dates, 600

    assert not isinstance(lost(x, fake, accepted=True, later=later), NotThere)


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
def test_says_that_it_is_not_there_where_the_listing_is_fresh(
    x: X, fake: XFake, dates: bool
) -> None:
    fake.dates = dates

    assert lost(x, fake, accepted=False) == NotThere()


@pytest.mark.parametrize("others", [0, 3])
def test_a_list_and_a_count_that_lag_alike_prove_nothing_soon_after(
    x: X, fake: XFake, others: int
) -> None:
    known = [
        posted(x, f"Before it, {number}", f"n{number}") for number in range(others)
    ]
    fake.posts.lists_lag = fake.posts.count_lag = 600
    fake.posts.came = {name: at - 3600 for name, at in fake.posts.came.items()}
    ready, before = prepared(x, SAID), datetime.now(UTC)
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: x.publish(ready))

    [finding] = x.find_all([Sought(ready, before, datetime.now(UTC))], known)

    assert finding == CantTell(STALE)
