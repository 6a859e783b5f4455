"""X: a long post of a paying account, whose `text` is its beginning alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.base import Found, Limits, Message
from connectors.x import X
from tests.contract.cases import outcome
from tests.contract.conftest import PATIENT, prepared
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import XFake

LINK = "https://news.example/story?utm_source=desk&id=7"
LONG = " ".join(f"Line {number} of a long report & more." for number in range(60))


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        opened.premium = "Premium"
        opened.posts.limit = 25_000
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    connector = X(fake.credentials(), Limits(text=25_000))
    connector.deadline = PATIENT
    return connector


def test_a_long_post_is_published(fake: XFake, x: X) -> None:
    receipt = x.publish(prepared(x, Message(LONG, LINK)))

    [seen] = fake.published()
    assert receipt.remote_id == seen.remote_id
    assert receipt.warnings == ()


def test_a_long_post_is_found_although_its_answer_was_lost(fake: XFake, x: X) -> None:
    before = datetime.now(UTC)
    ready = prepared(x, Message(LONG, LINK))
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: x.publish(ready))

    finding = x.find(ready, before)

    [seen] = fake.published()
    assert isinstance(finding, Found)
    assert [one.remote_id for one in finding.receipts] == [seen.remote_id]
