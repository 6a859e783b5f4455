"""Mastodon: how often a look asks for what an author wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from connectors.base import CantTell, Finding, Found, Message, Sought, Staged
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import AT
from tests.contract.servers import SOURCE, answer, connected
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble

BURST = 40
AFFORDABLE = 60  # requests that a burst of lost answers may cost
LOOKS = 6


@pytest.fixture
def keys() -> str:
    return "ignores"


def lost(mastodon: Mastodon, server: MastodonFake, count: int) -> list[Sought]:
    """Posts that the server took, and whose answers were lost."""
    made = []
    for number in range(count):
        began = datetime.now(UTC)
        text = f"Thanks @ThePaper: *line* {number} of them"
        ready = mastodon.compose(Message(text), Staged(), f"k{number}", AT)
        server.expect(Trouble(Kind.CLOSED, accepted=True))
        outcome(partial(mastodon.publish, ready))
        made.append(Sought(ready, began, began + timedelta(seconds=20), of=text))
    return made


def asked(server: MastodonFake, what: str = "") -> int:
    """Requests that are no publishing."""
    told = [one for one in server.requests() if not one.startswith("POST")]
    return sum(what in one for one in told)


def looked(server: MastodonFake, sought: list[Sought], times: int) -> list[Finding]:
    """By another connector each time, as the desk does."""
    findings: list[Finding] = []
    for _ in range(times):
        findings = connected(server).find_all(sought)
    return findings


@pytest.mark.parametrize(
    ("way", "source", "most"),
    [
        ("mastodon", True, 0),
        ("markdown", True, 0),
        ("upper case", True, 24),
        ("cut to 60", True, 24),
        ("translated", True, 24),
        ("translated", False, 3),
        ("filtered", True, 24),
        ("blank, and no source", True, 3),
        ("blank", False, 3),
    ],
)
def test_a_burst_costs_few_requests_whatever_the_server_shows(
    mastodon: Mastodon, server: MastodonFake, way: str, source: bool, most: int
) -> None:
    sought = lost(mastodon, server, BURST)
    server.become(way=way, source=source)

    findings = looked(server, sought, LOOKS)

    assert asked(server, "/source") <= most
    assert asked(server) <= AFFORDABLE
    assert all(isinstance(one, Found) or one.seen for one in findings)  # type: ignore[union-attr]


def test_no_source_is_asked_for_twice(mastodon: Mastodon, server: MastodonFake) -> None:
    sought = lost(mastodon, server, 5)
    server.become(way="translated")

    first = looked(server, sought, 1)
    again = looked(server, sought, 3)

    assert asked(server, "/source") == 5
    assert first == again
    assert all(isinstance(one, Found) for one in first)


def test_a_post_that_was_edited_is_asked_for_anew(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    sought = lost(mastodon, server, 1)
    server.become(way="translated")
    looked(server, sought, 1)

    server.become(way="already edited")
    [post] = server.timeline.posts
    post["text"] = "Other words"
    [finding] = looked(server, sought, 1)

    assert asked(server, "/source") == 2
    assert isinstance(finding, CantTell)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_source_that_is_refused_for_now_is_asked_for_later(
    mastodon: Mastodon, server: MastodonFake, status: int
) -> None:
    sought = lost(mastodon, server, 1)
    server.become(way="translated")
    trouble = answer(status)
    server.expect(Trouble(Kind.STATUS, status=trouble.status, on=SOURCE))

    [refused] = looked(server, sought, 1)
    [told] = looked(server, sought, 1)

    assert isinstance(refused, CantTell)
    assert isinstance(told, Found)


def test_a_burst_of_many_is_known_by_its_sources_in_a_few_looks(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    sought = lost(mastodon, server, 20)
    server.become(way="translated")

    findings = looked(server, sought, 3)

    assert all(isinstance(one, Found) for one in findings)
