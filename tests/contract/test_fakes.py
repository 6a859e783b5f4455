"""The fake Mastodon is as strict and as awkward as it claims."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import (
    Found,
    NotThere,
    OutcomeUnknown,
)
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import PATIENT, prepared
from tests.contract.servers import (
    HELLO,
    LINK,
    Starter,
    connected,
)
from tests.fakes.mastodon import MODES, MastodonFake
from tests.fakes.platform import Kind, Trouble


def test_the_fake_that_races_lets_twins_through(start: Starter) -> None:
    server = start("races")
    mastodon = connected(server)
    ready = prepared(mastodon, HELLO)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: mastodon.publish(ready), range(4)))

    assert len(server.published()) > 1


def test_the_fake_that_ignores_keys_publishes_twice(start: Starter) -> None:
    server = start("ignores")
    mastodon = connected(server)
    ready = prepared(mastodon, HELLO)

    for _ in range(2):
        mastodon.publish(ready)

    assert len(server.published()) == 2


def test_the_fake_publishes_an_empty_post_from_a_form(start: Starter) -> None:
    server = start("json-only")
    mastodon = connected(server)

    mastodon.client.upload("/api/v1/statuses", {"status": "Hello"})

    assert [seen.text for seen in server.published()] == [""]


def test_the_fake_may_publish_after_it_has_said_no(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    server.expect(Trouble(Kind.STATUS, status=500, late=0.05))

    error = outcome(lambda: mastodon.publish(ready))
    finding = mastodon.find(ready, before)
    while isinstance(finding, NotThere) and datetime.now(UTC) - before < PATIENT:
        finding = mastodon.find(ready, before)

    assert type(error) is OutcomeUnknown
    assert isinstance(finding, Found)


def test_the_fake_logs_what_it_accepts_before_it_answers(tmp_path: Path) -> None:
    log = tmp_path / "published.jsonl"
    with MastodonFake(log=log) as server:
        mastodon = connected(server)
        ready = prepared(mastodon, HELLO)
        server.expect(Trouble(Kind.CLOSED, accepted=True), Trouble(Kind.CLOSED))
        for _ in range(2):
            outcome(lambda: mastodon.publish(ready))

    [logged] = [json.loads(line) for line in log.read_text().splitlines()]
    assert (logged["key"], logged["link"]) == ("k1", LINK)


def test_every_mode_has_a_server(start: Starter) -> None:
    for mode in MODES:
        assert connected(start(mode)).check().limits.text == 500
