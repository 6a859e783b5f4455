"""Mastodon: what its answers mean, and which of them is a success."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from connectors.base import (
    UNSHOWN,
    ConnectorError,
    Message,
    OutcomeUnknown,
    Rejected,
    Staged,
    Unauthorized,
    Unavailable,
)
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import AT, prepared
from tests.contract.servers import (
    HELLO,
    answer,
    connected,
)
from tests.fakes.mastodon import MastodonFake


@pytest.mark.parametrize(
    ("status", "words", "expected"),
    [
        (400, "Something is wrong", Rejected),
        (403, "This action is outside the authorized scopes", Unauthorized),
        (403, "Your login is currently disabled", Unauthorized),
        (403, "This action is not allowed", Rejected),
        (404, "Record not found", Rejected),
        (422, "This method requires an authenticated user", Unauthorized),
        (422, "Cannot attach files that have not finished processing.", Unavailable),
        (422, "Validation failed: Text limit of 500 exceeded", Rejected),
    ],
)
def test_reads_a_refusal_by_its_words(
    mastodon: Mastodon,
    server: MastodonFake,
    status: int,
    words: str,
    expected: type[ConnectorError],
) -> None:
    ready = prepared(mastodon, HELLO)
    server.expect(answer(status, json.dumps({"error": words})))

    error = outcome(lambda: mastodon.publish(ready))

    assert type(error) is expected
    assert words.rstrip(".") in error.reason


def test_a_duplicate_key_on_pixelfed_is_told_as_a_duplicate(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    ready = prepared(mastodon, HELLO)
    server.expect(answer(400, '{"error": "Duplicate idempotency key."}'))

    error = outcome(lambda: mastodon.publish(ready))

    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("status", [400, 401])
def test_a_dead_token_is_unauthorized_whichever_way_it_is_told(
    server: MastodonFake, status: int
) -> None:
    server.bad_token_status = status
    revoked = connected(server, token="revoked")

    for call in (
        lambda: revoked.publish(revoked.compose(HELLO, Staged(), "k", AT)),
        revoked.check,
    ):
        assert type(outcome(call)) is Unauthorized


@pytest.mark.parametrize(
    "change",
    [
        {"content": "<p></p>"},
        {"content": None},
        {"content": "<p>Hello from</p>"},
        {"content": "<p>Hello from the desk</p>"},
        {"content": '<p>Hello from the desk <a href="https://evil.example">x</a></p>'},
        {"visibility": "private"},
        {"media_attachments": [{"id": "1"}]},
        {"in_reply_to_id": "77"},
    ],
    ids=lambda change: f"{change}",
)
def test_an_answer_that_shows_something_else_is_evidence_with_a_remark(
    mastodon: Mastodon, server: MastodonFake, change: dict[str, object]
) -> None:
    mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(200, json.dumps({**shown, **change})))

    receipt = mastodon.publish(ready)

    assert (receipt.remote_id, receipt.url) == (shown["id"], shown["url"])
    assert len(receipt.warnings) == 1
    assert (UNSHOWN in receipt.warnings) == (change == {"content": None})


@pytest.mark.parametrize(
    "change", [{"url": None, "uri": None}, {"url": "tag:news.example", "uri": ""}]
)
def test_an_answer_without_an_address_is_evidence_and_leads_to_the_server(
    mastodon: Mastodon, server: MastodonFake, change: dict[str, object]
) -> None:
    mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(200, json.dumps({**shown, **change})))

    receipt = mastodon.publish(ready)

    assert receipt.remote_id == shown["id"]
    assert receipt.url.startswith(f"{server.address}/")
    assert receipt.url.endswith(str(shown["id"]))


@pytest.mark.parametrize("change", [{"id": ""}, {"id": None}, {"id": {}}])
def test_an_answer_that_names_no_post_is_no_success(
    mastodon: Mastodon, server: MastodonFake, change: dict[str, object]
) -> None:
    mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(200, json.dumps({**shown, **change})))

    assert type(outcome(lambda: mastodon.publish(ready))) is OutcomeUnknown


@pytest.mark.parametrize("status", [202, 500, 502])
def test_an_unclear_answer_that_names_a_post_names_it_in_the_doubt(
    mastodon: Mastodon, server: MastodonFake, status: int
) -> None:
    ready = prepared(mastodon, HELLO)
    server.expect(answer(status, '{"id": "112233"}'))

    error = outcome(lambda: mastodon.publish(ready))

    assert isinstance(error, OutcomeUnknown)
    assert error.named == "112233"


def test_a_refusal_that_shows_the_post_it_took_names_it_in_the_doubt(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    taken = mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(422, json.dumps(shown)))

    error = outcome(lambda: mastodon.publish(ready))

    assert isinstance(error, OutcomeUnknown)
    assert error.named == taken.remote_id


def test_half_a_letter_in_an_answer_can_be_written_down(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    ready = prepared(mastodon, HELLO)
    server.expect(answer(200, '{"id": "7", "url": "https://a.example/\\ud800"}'))

    receipt = mastodon.publish(ready)

    assert receipt.remote_id == "7"
    assert receipt.url.encode()


def test_an_id_may_be_a_number_and_the_address_a_uri(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(200, json.dumps({**shown, "id": 77, "url": None})))

    receipt = mastodon.publish(ready)

    assert (receipt.remote_id, receipt.url) == ("77", shown["uri"])


def test_a_promise_to_publish_later_is_no_success(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    mastodon.publish(prepared(mastodon, HELLO, "k0"))
    shown = server.timeline.shown(server.timeline.posts[0])
    ready = prepared(mastodon, HELLO)
    server.expect(answer(202, json.dumps(shown)))

    assert type(outcome(lambda: mastodon.publish(ready))) is OutcomeUnknown


def test_the_old_post_for_a_known_key_says_how_old_it_is(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.timeline.clock_ahead = timedelta(hours=-1)
    mastodon.publish(prepared(mastodon, HELLO, "k1"))
    server.timeline.clock_ahead = timedelta()

    receipt = mastodon.publish(prepared(mastodon, Message("New words"), "k1"))

    assert receipt.age is not None
    assert receipt.age > timedelta(minutes=59)
    assert receipt.warnings
