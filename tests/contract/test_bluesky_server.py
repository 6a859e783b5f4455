"""Bluesky's connector against a real server, read back from its repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.base import (
    Card,
    Class,
    Connector,
    Found,
    Message,
    NotThere,
    Rejected,
    Unauthorized,
)
from connectors.bluesky import Bluesky
from tests.contract.cases import outcome
from tests.contract.conftest import AT, PATIENT, picture, prepared
from tests.testbeds.pds import Pds, running_pds

LINK = "https://news.example/transport/harbour-ferry-returns?utm_source=desk"
NAMES = [f"desk{number:02}" for number in range(16)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running_pds(tmp_path_factory.mktemp("pds"), NAMES) as running:
        yield running


@pytest.fixture
def place(server: Pds, request: pytest.FixtureRequest) -> int:
    """Which member of the server this test is: a repository of its own."""
    taken = request.config.stash.setdefault(_PLACES, [])
    taken.append(request.node.name)
    return len(taken) - 1


@pytest.fixture
def bluesky(server: Pds, place: int) -> Bluesky:
    return signed_in(server.credentials(place))


def signed_in(credentials: dict[str, str]) -> Bluesky:
    connector = Bluesky({**credentials, **Bluesky(credentials).renew()})
    connector.deadline = PATIENT
    return connector


def send(connector: Connector, message: Message, key: str = "k1") -> None:
    connector.publish(prepared(connector, message, key))


def test_text_and_a_link_that_leads_there(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    send(bluesky, Message("Die Fähre fährt wieder 🎉 #Hafen", LINK, language="de"))

    [record] = server.records(place)
    told = record["text"].encode()
    shown = {
        told[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet[
            "features"
        ][0]
        for facet in record["facets"]
    }
    assert record["text"].startswith(
        "Die Fähre fährt wieder 🎉 #Hafen\n\nnews.example/"
    )
    assert shown["#Hafen"]["tag"] == "Hafen"
    assert [one["uri"] for one in shown.values() if "uri" in one] == [LINK]
    assert record["langs"] == ["de"]


def test_a_mention_of_a_member_leads_to_the_member(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    handle = server.credentials(0)["handle"]
    text = f"Ask @{handle}, or @nobody-at-all.test"

    receipt = bluesky.publish(prepared(bluesky, Message(text)))

    [record] = server.records(place)
    [facet] = record["facets"]
    [feature] = facet["features"]
    assert feature["$type"] == "app.bsky.richtext.facet#mention"
    assert feature["did"].startswith("did:plc:")
    assert receipt.warnings


def test_a_link_in_a_first_reply_shows_its_card(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    first = bluesky.publish(prepared(bluesky, Message("The ferry sails again"), "k1"))
    card = Card("Ferry returns", "After eleven months.", picture("A ferry"))
    alone = Message("", LINK, card=card)
    staged = bluesky.stage(alone)

    bluesky.publish(bluesky.compose(alone, staged, "k2", AT, after=first))

    by_text = {record["text"]: record for record in server.records(place)}
    reply = by_text[""]
    assert reply["embed"]["external"]["uri"] == LINK
    assert reply["embed"]["external"]["thumb"]["size"] > 0
    assert reply["reply"]["parent"]["uri"] == first.remote_id.split()[0]


def test_an_image_with_its_alt_text_credit_and_link(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    image = replace(picture("A red ferry"), credit="Ana Reil")

    send(bluesky, Message("She sails", LINK, (image,)))

    [record] = server.records(place)
    [shown] = record["embed"]["images"]
    assert shown["alt"] == "A red ferry (Ana Reil)"
    assert shown["aspectRatio"] == {"width": 16, "height": 9}
    assert server.blob(shown["image"]["ref"]["$link"], place) == image.data
    assert LINK in str(record["facets"])


def test_a_card_with_its_picture_where_the_post_has_no_image(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    card = Card("Ferry returns", "After eleven months.", picture("A ferry"))
    message = Message("She sails", LINK, card=card)

    send(bluesky, message)

    [record] = server.records(place)
    external = record["embed"]["external"]
    assert record["text"] == "She sails"
    assert (external["uri"], external["title"]) == (LINK, "Ferry returns")
    assert external["description"] == "After eleven months."
    thumb = server.blob(external["thumb"]["ref"]["$link"], place)
    assert card.image is not None
    assert thumb == card.image.data


def test_the_same_bytes_again_are_the_same_post(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    ready = prepared(bluesky, Message("Once"))

    receipts = {bluesky.publish(ready) for _ in range(3)}

    assert len(receipts) == len(server.records(place)) == 1


def test_other_words_under_a_known_key_are_refused_and_edit_nothing(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    send(bluesky, Message("First words"), "k1")

    error = outcome(lambda: send(bluesky, Message("Other words"), "k1"))

    assert isinstance(error, Rejected)
    assert error.duplicate
    assert [one["text"] for one in server.records(place)] == ["First words"]


def test_a_look_finds_what_is_there_and_is_sure_of_what_is_not(
    bluesky: Bluesky,
) -> None:
    there, not_there = (
        prepared(bluesky, Message(text), key)
        for text, key in (("There", "k1"), ("Not there", "k2"))
    )
    receipt = bluesky.publish(there)

    assert bluesky.find(there, datetime.now(UTC)) == Found((receipt,))
    assert bluesky.find(not_there, datetime.now(UTC)) == NotThere()


def test_a_thread_hangs_together(bluesky: Bluesky, server: Pds, place: int) -> None:
    after = None
    for number, text in enumerate(("One", "Two", "Three")):
        message = Message(text)
        staged = bluesky.stage(message)
        at = datetime(2026, 11, 22, 12, 0, number, tzinfo=UTC)
        ready = bluesky.compose(message, staged, f"k{number}", at, after)
        after = bluesky.publish(ready)

    first, second, third = server.records(place)
    assert [one["text"] for one in (first, second, third)] == ["One", "Two", "Three"]
    assert second["reply"]["parent"]["uri"] == first["uri"]
    assert third["reply"]["parent"]["uri"] == second["uri"]
    assert third["reply"]["root"]["uri"] == first["uri"]


def test_what_just_fits_is_taken(bluesky: Bluesky, server: Pds, place: int) -> None:
    for number, text in enumerate(("नि" * 300, "👩‍👩‍👧‍👦" * 119, "ä" * 300)):
        assert not bluesky.problems(Message(text)), text
        send(bluesky, Message(text), f"k{number}")

    assert len(server.records(place)) == 3
    assert bluesky.problems(Message("👩‍👩‍👧‍👦" * 121))  # 3,000 bytes first


def test_a_session_is_refreshed_without_signing_in(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    credentials = {**server.credentials(place), "app_password": "forgotten"}
    assert bluesky.session is not None
    kept = Bluesky({**credentials, **bluesky.session.values()})

    renewed = Bluesky({**credentials, **kept.renew()})

    assert renewed.check().name == f"@{server.members[place].handle}"
    assert renewed.session != kept.session


def test_an_access_token_that_is_no_good_is_unauthorized(
    server: Pds, place: int, bluesky: Bluesky
) -> None:
    assert bluesky.session is not None
    spoilt = {**bluesky.session.values(), "session_access": "a.b.c"}
    ready = prepared(bluesky, Message("Hello"))

    error = outcome(
        lambda: Bluesky({**server.credentials(place), **spoilt}).publish(ready)
    )

    assert isinstance(error, Unauthorized)


def test_a_wrong_app_password_is_unauthorized(server: Pds) -> None:
    wrong = {**server.credentials(), "app_password": "wrong"}

    assert isinstance(outcome(Bluesky(wrong).renew), Unauthorized)


def test_says_who_it_is_and_that_repeats_are_harmless(
    bluesky: Bluesky, server: Pds, place: int
) -> None:
    account = bluesky.check()

    assert account.remote_id == server.members[place].did
    assert account.exactly_once is Class.EXACT
    assert account.version


_PLACES = pytest.StashKey[list[str]]()
