"""Mastodon: what became of a post whose answer was lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    CantTell,
    Found,
    Message,
    NotThere,
    OnRecord,
    Sought,
)
from connectors.mastodon import Mastodon
from tests.contract.conftest import picture, prepared
from tests.contract.servers import (
    HELLO,
    LINK,
    LISTING,
    SOURCE,
    answer,
    reworded,
)
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble


def test_finds_nothing_older_than_the_attempt(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.timeline.clock_ahead = timedelta(minutes=-10)
    ready = prepared(mastodon, HELLO)
    at = datetime.now(UTC) - timedelta(minutes=10)
    made = mastodon.publish(ready)
    server.timeline.clock_ahead = timedelta()
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    known = [OnRecord("other", "", at, at), OnRecord(made.remote_id, made.url, at, at)]

    finding = mastodon.find_all([Sought(ready, long_ago, long_ago)], known)

    assert finding == [NotThere()]


@pytest.mark.parametrize("ahead", [timedelta(minutes=7), timedelta(minutes=-7)])
def test_looks_by_the_platforms_clock(
    mastodon: Mastodon, server: MastodonFake, ahead: timedelta
) -> None:
    server.timeline.clock_ahead = ahead
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    mastodon.publish(ready)

    assert isinstance(mastodon.find(ready, before), Found)
    later = mastodon.find(ready, before + timedelta(seconds=30))
    assert not isinstance(later, Found)


@pytest.mark.parametrize("others", [0, 39, 40, 41, 85])
def test_pages_back_to_the_attempt(
    mastodon: Mastodon, server: MastodonFake, others: int
) -> None:
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    first = mastodon.publish(ready)
    for n in range(others):
        server.timeline.add({"status": f"Other {n}"}, "")

    finding = mastodon.find(ready, before)

    assert isinstance(finding, Found)
    assert [found.remote_id for found in finding.receipts] == [first.remote_id]


def test_stops_paging_once_it_is_past_the_attempt(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.timeline.clock_ahead = timedelta(hours=-1)
    for n in range(120):
        server.timeline.add({"status": f"Old {n}"}, "")
    server.timeline.clock_ahead = timedelta()

    mastodon.find(prepared(mastodon, HELLO), datetime.now(UTC))

    assert sum(one.startswith(LISTING) for one in server.requests()) == 1


def test_gives_every_post_that_could_be_it_oldest_first(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    ids = [mastodon.publish(prepared(mastodon, HELLO, key)).remote_id for key in "ab"]

    finding = mastodon.find(prepared(mastodon, HELLO), before)

    assert isinstance(finding, Found)
    assert [found.remote_id for found in finding.receipts] == ids


@pytest.mark.parametrize(
    "other",
    [
        Message("Other words", LINK),
        Message("Hello from the desk", LINK + "8"),
        Message("Hello from the desk"),
        replace(HELLO, images=(picture("A car"),)),
    ],
    ids=["text", "link", "no link", "image"],
)
def test_another_post_is_not_taken_for_it(
    mastodon: Mastodon, server: MastodonFake, other: Message
) -> None:
    before = datetime.now(UTC)
    mastodon.publish(prepared(mastodon, other, "k0"))

    finding = mastodon.find(prepared(mastodon, HELLO), before)

    assert not isinstance(finding, Found)


def test_a_post_with_our_link_in_other_words_is_for_a_person(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    mastodon.publish(prepared(mastodon, Message("Reworded by hand", LINK), "k0"))

    assert isinstance(mastodon.find(prepared(mastodon, HELLO), before), CantTell)


def test_a_post_that_the_server_words_anew_is_known_by_its_source(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    mastodon.publish(ready)
    server.expect(reworded(server))

    assert isinstance(mastodon.find(ready, before), Found)


def test_a_post_that_the_server_words_anew_without_a_source_is_for_a_person(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    mastodon.publish(ready)
    server.expect(reworded(server), replace(answer(404), on=SOURCE))

    assert isinstance(mastodon.find(ready, before), CantTell)


def test_a_post_made_less_public_by_the_server_is_found_with_a_warning(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC)
    ready = prepared(mastodon, HELLO)
    mastodon.publish(ready)
    server.timeline.posts[0]["visibility"] = "unlisted"

    finding = mastodon.find(ready, before)

    assert isinstance(finding, Found)
    assert finding.receipts[0].warnings == ("The server made it unlisted.",)


@pytest.mark.parametrize(
    "trouble",
    [
        answer(500),
        answer(404),
        answer(401, '{"error": "no"}'),
        answer(429),
        answer(200, "<html>"),
        answer(200, "{}"),
        answer(200, '[{"id": null}]'),
        answer(200, '[{"id": "1", "account": {"id": "1"}, "content": "x"}]'),
        answer(200, "[]"),
        answer(302, Location="/login"),
        Trouble(Kind.CLOSED),
        Trouble(Kind.HALF, accepted=True),
    ],
    ids=lambda trouble: f"{trouble.kind} {trouble.status} {trouble.body}",
)
def test_a_listing_that_can_not_be_trusted_can_not_tell(
    mastodon: Mastodon, server: MastodonFake, trouble: Trouble
) -> None:
    server.timeline.add({"status": "Another"}, "")
    ready = prepared(mastodon, HELLO)
    server.expect(replace(trouble, on=LISTING))

    assert isinstance(mastodon.find(ready, datetime.now(UTC)), CantTell)


def test_a_listing_that_never_turns_its_page_can_not_tell(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.timeline.add({"status": "Another"}, "")
    page = json.dumps([server.timeline.shown(server.timeline.posts[0])])
    stuck = replace(answer(200, page), on=LISTING)
    ready = prepared(mastodon, HELLO)
    server.expect(stuck, stuck, stuck)

    finding = mastodon.find(ready, datetime.now(UTC) - timedelta(minutes=1))

    assert isinstance(finding, CantTell)


def test_the_end_of_all_posts_is_the_end_of_looking(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    other = mastodon.publish(prepared(mastodon, Message("Another"), "k0"))
    long_ago = datetime.now(UTC) - timedelta(days=400)
    sought = Sought(prepared(mastodon, HELLO), long_ago, long_ago)
    now = datetime.now(UTC)
    known = [OnRecord(other.remote_id, other.url, now, now)]

    assert mastodon.find_all([sought], known) == [NotThere()]


def test_posts_of_others_and_boosts_are_not_ours(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    before = datetime.now(UTC) - timedelta(minutes=2)
    ready = prepared(mastodon, HELLO)
    mastodon.publish(ready)
    ours = server.timeline.shown(server.timeline.posts[0])
    page = [{**ours, "account": {"id": "2"}}, {**ours, "reblog": {"id": "9"}}]
    server.expect(replace(answer(200, json.dumps(page)), on=LISTING))

    assert mastodon.find(ready, before) == NotThere()
