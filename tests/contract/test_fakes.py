"""The fake Mastodon is as strict and as awkward as it claims."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import (
    Found,
    OutcomeUnknown,
)
from connectors.http import Client
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import PATIENT, prepared
from tests.contract.servers import (
    HELLO,
    LINK,
    Starter,
    connected,
)
from tests.fakes.mastodon import MODES, TOKEN, MastodonFake
from tests.fakes.platform import Kind, Trouble


def test_the_fake_that_races_lets_twins_through(start: Starter) -> None:
    server = start("races")
    mastodon = connected(server)
    keys = [f"twins-{number}" for number in range(5)]  # a busy machine may part some

    with ThreadPoolExecutor(4) as pool:
        for key in keys:
            list(pool.map(mastodon.publish, [prepared(mastodon, HELLO, key)] * 4))

    assert len(server.published()) > len(keys)


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
    while not isinstance(finding, Found) and datetime.now(UTC) - before < PATIENT:
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


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.fakes.mastodon", "--mode", "ignores"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [*command, "--log", str(tmp_path / "published.jsonl")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as started:
        yield started
        started.kill()


def test_the_fake_runs_as_a_process_of_its_own(
    process: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert process.stdout is not None
    client = Client(process.stdout.readline().strip())
    mastodon = Mastodon({"server": client.base, "token": TOKEN})
    ready = prepared(mastodon, HELLO)
    client.post("/fake/expect", '[{"kind": "closed", "accepted": true}]')

    error = outcome(lambda: mastodon.publish(ready))
    mastodon.publish(ready)
    told = client.get("/fake/published").json()
    process.terminate()

    assert process.wait(20) == 0
    assert type(error) is OutcomeUnknown
    lines = (tmp_path / "published.jsonl").read_text().splitlines()
    assert told == [json.loads(line) for line in lines]
    assert [json.loads(line)["key"] for line in lines] == ["k1", "k1"]
