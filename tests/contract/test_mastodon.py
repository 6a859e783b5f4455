"""Mastodon: what is sent, how it is counted, and what is uploaded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    ConnectorError,
    Limits,
    Message,
    Rejected,
    Staged,
    Unavailable,
)
from connectors.mastodon import Mastodon
from tests.contract.cases import outcome
from tests.contract.conftest import AT, SHORT, picture, prepared
from tests.contract.servers import (
    HELLO,
    LINK,
    MEDIA,
    Starter,
    answer,
    connected,
)
from tests.fakes.mastodon import TOKEN, MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.timeline import counted


def test_puts_the_link_after_the_text_with_a_line_between(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    mastodon.publish(prepared(mastodon, HELLO))

    assert server.published()[0].text == f"Hello from the desk\n\n{LINK}"


@pytest.mark.parametrize(
    "text", [f"Read {LINK}", f"({LINK})", f"{LINK}.", f"See {LINK}, please"]
)
def test_says_a_link_once_that_the_text_holds_already(
    mastodon: Mastodon, server: MastodonFake, text: str
) -> None:
    mastodon.publish(prepared(mastodon, Message(text, LINK)))

    assert server.published()[0].text == text


def test_adds_a_link_that_only_begins_like_one_in_the_text(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    mastodon.publish(prepared(mastodon, Message(f"See {LINK}0", LINK)))

    assert server.published()[0].text == f"See {LINK}0\n\n{LINK}"


def test_sends_json_alone_as_a_form_would_be_an_empty_post(start: Starter) -> None:
    server = start("json-only")
    mastodon = connected(server)

    mastodon.publish(prepared(mastodon, HELLO))

    assert server.published()[0].text.startswith("Hello")


def test_never_schedules_on_the_server() -> None:
    mastodon = Mastodon({"server": "http://127.0.0.1:1", "token": "t"})

    body = json.loads(mastodon.compose(HELLO, Staged(), "k", AT).body)

    assert set(body) == {"status", "visibility"}
    assert body["visibility"] == "public"


@pytest.mark.parametrize(
    ("told", "sent"), [("en-GB", "en"), ("IT", "it"), ("de", "de")]
)
def test_sends_the_language_as_mastodon_writes_it(
    mastodon: Mastodon, server: MastodonFake, told: str, sent: str
) -> None:
    mastodon.publish(prepared(mastodon, replace(HELLO, language=told)))

    assert server.timeline.posts[0]["language"] == sent


def test_a_part_of_a_thread_answers_the_one_before(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    first = mastodon.publish(prepared(mastodon, HELLO, "k1"))
    second = mastodon.compose(Message("More"), Staged(), "k2", AT, after=first)

    mastodon.publish(second)

    assert server.timeline.posts[1]["in_reply_to_id"] == first.remote_id


@pytest.mark.parametrize(
    "typed",
    [
        "127.0.0.1:{port}",
        "http://127.0.0.1:{port}/",
        " http://127.0.0.1:{port}/@desk ",
        "http://127.0.0.1:{port}/api/v1?x=y",
    ],
)
def test_takes_the_server_as_people_type_it(typed: str, server: MastodonFake) -> None:
    port = server.address.rsplit(":", 1)[1]

    found = Mastodon({"server": typed.format(port=port), "token": TOKEN}).server

    assert found.removeprefix("https://").removeprefix("http://") == f"127.0.0.1:{port}"


def test_a_token_pasted_with_white_space_works(server: MastodonFake) -> None:
    assert connected(server, token=f" {TOKEN}\n").check().name


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "👩‍👩‍👧‍👦 is one letter, and so is é",
        "a link https://news.example/" + "long/" * 20 + " in it",
        "two http://a.example and https://b.example/x?y=1#z links",
        "@desk@news.example counts as @desk, me@news.example does not",
        "नमस्ते हिन्दी",
        "line\nbreaks\n\ncount",
    ],
)
def test_counts_as_the_server_does(mastodon: Mastodon, text: str) -> None:
    assert mastodon.length(Message(text)) == counted(text)
    assert mastodon.length(Message(text, LINK)) == counted(text) + 2 + 23


def test_counts_a_link_as_this_server_reserves_it() -> None:
    credentials = {"server": "a.example", "token": "t"}
    limits = Limits(text=500, link=256)

    assert Mastodon(credentials, limits).length(Message("", LINK)) == 256


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "intranet"])
def test_a_link_to_no_public_name_costs_its_whole_length(
    mastodon: Mastodon, host: str
) -> None:
    link = f"http://{host}/a-story-with-a-rather-long-address"

    assert mastodon.length(Message(link)) == len(link)


def test_waits_until_an_upload_is_worked_through(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.media_waits = 2

    mastodon.publish(prepared(mastodon, replace(HELLO, images=(picture("A car"),))))

    assert server.published()[0].alts == ("A car",)


def test_an_upload_that_never_gets_ready_is_given_up(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.media_waits = 1000
    mastodon.deadline = SHORT / 2

    error = outcome(lambda: mastodon.stage(replace(HELLO, images=(picture("A car"),))))

    assert type(error) is Unavailable


def test_uploads_the_old_way_where_there_is_no_new_one(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    server.media_v2 = False

    mastodon.publish(prepared(mastodon, replace(HELLO, images=(picture("A car"),))))

    assert server.published()[0].alts == ("A car",)


def test_uploads_the_bytes_the_alt_text_and_the_focus(
    mastodon: Mastodon, server: MastodonFake
) -> None:
    top_left = replace(picture("Ein „Auto“ 🏁"), focus=(0.25, 0.0))

    mastodon.publish(prepared(mastodon, replace(HELLO, images=(top_left,))))

    [media] = server.timeline.posts[0]["media"]
    assert (media["alt"], media["focus"]) == ("Ein „Auto“ 🏁", "-0.50,1.00")
    assert media["type"] == "image/png"


def test_four_images_keep_their_order(mastodon: Mastodon, server: MastodonFake) -> None:
    images = tuple(
        picture(colour, colour) for colour in ("red", "green", "blue", "white")
    )

    mastodon.publish(prepared(mastodon, replace(HELLO, images=images)))

    assert server.published()[0].alts == ("red", "green", "blue", "white")


def test_uploads_end_before_the_server_clears_them(mastodon: Mastodon) -> None:
    staged = mastodon.stage(replace(HELLO, images=(picture("A car"),)))

    assert staged.expires_at is not None
    left = staged.expires_at - datetime.now(UTC)
    assert timedelta(hours=1) < left < timedelta(hours=24)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (answer(422, '{"error": "File is bad"}'), Rejected),
        (answer(413), Rejected),
        (answer(500), Unavailable),
        (answer(200, "{}"), Unavailable),
        (answer(200, "<html>"), Unavailable),
        (Trouble(Kind.CLOSED), Unavailable),
    ],
)
def test_a_failed_upload_has_published_nothing(
    mastodon: Mastodon,
    server: MastodonFake,
    trouble: Trouble,
    expected: type[ConnectorError],
) -> None:
    server.expect(replace(trouble, on=MEDIA))

    error = outcome(lambda: mastodon.stage(replace(HELLO, images=(picture("A car"),))))

    assert type(error) is expected


def test_images_that_were_not_staged_are_not_forgotten(mastodon: Mastodon) -> None:
    message = replace(HELLO, images=(picture("A car"),))

    assert type(outcome(lambda: mastodon.compose(message, Staged(), "k", AT))) is (
        Unavailable
    )
