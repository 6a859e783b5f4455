"""Mastodon: what a server is, allows and promises."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import (
    Class,
)
from connectors.mastodon import Mastodon
from tests.contract.servers import (
    Starter,
    answer,
    connected,
)
from tests.fakes.mastodon import MastodonFake


@pytest.mark.parametrize(
    ("mode", "name", "promised"),
    [
        ("honours", "mastodon", Class.WINDOW),
        ("races", "mastodon", Class.WINDOW),
        ("ignores", "gotosocial", Class.NONE),
        ("json-only", "other", Class.NONE),
    ],
)
def test_a_server_promises_what_its_software_keeps(
    start: Starter, mode: str, name: str, promised: Class
) -> None:
    account = connected(start(mode)).check()

    assert (account.software, account.exactly_once) == (name, promised)
    assert account.window == (timedelta(hours=1) if promised is Class.WINDOW else None)


def test_an_account_is_known_by_its_server_too(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    host = server.address.removeprefix("http://")

    account = mastodon.check()

    assert (account.remote_id, account.name) == (f"1@{host}", f"@desk@{host}")


def test_reads_the_limits_of_this_server(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.timeline.limit = 10_000

    limits = mastodon.check().limits

    assert (limits.text, limits.link, limits.images) == (10_000, 23, 4)
    assert limits.image_bytes == 16_777_216


def test_reads_an_old_servers_limits_too(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.instance_v2 = False

    assert mastodon.check().limits.text == 500


FRIENDICA = {"version": "2.8.0 (compatible; Friendica 2024.08)", "configuration": {}}


def test_the_older_answer_is_asked_where_the_newer_names_no_length(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    older = {"version": "2.8.0 (compatible; Friendica 2024.08)", "max_toot_chars": 9000}
    server.expect(
        replace(answer(200, json.dumps(FRIENDICA)), on="GET /api/v2/instance"),
        replace(answer(200, json.dumps(older)), on="GET /api/v1/instance"),
    )

    account = mastodon.check()

    assert (account.limits.text, account.warnings) == (9000, ())


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_length_that_no_answer_names_is_said_to_be_unknown(
    mastodon: Mastodon, server: MastodonFake, status: int
) -> None:
    server.expect(
        replace(answer(200, json.dumps(FRIENDICA)), on="GET /api/v2/instance"),
        replace(answer(status, "{}"), on="GET /api/v1/instance"),
    )

    account = mastodon.check()

    assert account.limits.text == 500
    assert "unknown" in account.warnings[0]


def test_a_server_that_does_not_say_what_it_is_promises_nothing(
    start: Starter,
) -> None:
    server = start("json-only")
    server.nodeinfo = False

    account = connected(server).check()

    assert (account.software, account.exactly_once) == ("unknown", Class.NONE)


def test_nodeinfo_on_another_host_is_not_asked(
    mastodon: Mastodon, server: MastodonFake, places: list[object]
) -> None:
    elsewhere = {"links": [{"href": "http://127.0.0.1:9/nodeinfo/2.0"}]}
    server.expect(
        replace(answer(200, json.dumps(elsewhere)), on="GET /.well-known/nodeinfo")
    )

    account = mastodon.check()

    assert account.software == "mastodon"
    assert ("127.0.0.1", 9) not in places
    assert not any("/nodeinfo/2.0" in one for one in server.requests())
