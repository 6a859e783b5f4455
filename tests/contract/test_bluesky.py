"""Bluesky's own rules: keys, facets, cards, and sessions that last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import (
    Card,
    Message,
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Shape,
    Staged,
    Unauthorized,
    Unavailable,
)
from connectors.bluesky import Bluesky
from connectors.bluesky.session import Session
from connectors.bluesky.text import BYTES, count_letters, rich_text, shortened
from connectors.bluesky.tid import LETTERS, tid
from tests.contract.cases import outcome
from tests.contract.conftest import AT, PATIENT, picture, prepared
from tests.fakes.bluesky import LOGINS, BlueskyFake, token
from tests.fakes.bluesky_repo import DID, TID, uri
from tests.fakes.platform import Kind, Trouble

LINK = "https://www.news.example/transport/harbour-ferry-returns?id=7"
CARD = Card("Ferry returns", "After eleven months.", picture("A ferry"))
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f467"
IN_BYTES = {  # Bluesky's own vectors: one letter each, and so many bytes
    "a": 1,
    "~": 1,
    "ö": 2,
    "ñ": 2,
    "©": 2,
    "\u2f58": 3,
    "☎": 3,
    "\U000132d3": 4,
    "😀": 4,
    FAMILY: 25,
}
COUNTED = {
    **dict.fromkeys(IN_BYTES, 1),
    "".join(IN_BYTES): 10,
    "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7": 2,
    "नमस्ते": 3,
    "e\u0301": 1,
    "日本": 2,
    "\r\n": 1,
}


@pytest.fixture
def server() -> Iterator[BlueskyFake]:
    with BlueskyFake() as fake:
        yield fake


@pytest.fixture
def bluesky(server: BlueskyFake) -> Bluesky:
    return signed_in(server)


def signed_in(server: BlueskyFake) -> Bluesky:
    signing = Bluesky(server.credentials())
    connector = Bluesky({**server.credentials(), **signing.renew()})
    connector.deadline = PATIENT
    return connector


def facets(text: str, link: str | None = None) -> dict[str, str]:
    """What each facet covers, and where it leads."""
    said = rich_text(Message(text, link))
    told = json.loads(json.dumps(said.facets))
    return {
        said.text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(
            errors="strict"
        ): one["features"][0].get("uri", one["features"][0].get("tag"))
        for one in told
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Read https://a.example/x.", {"https://a.example/x": "https://a.example/x"}),
        (
            "👩‍👩‍👧‍👦 https://a.example/ü",
            {"https://a.example/ü": "https://a.example/ü"},
        ),
        ("यह #समाचार है", {"#समाचार": "समाचार"}),
        ("جسر #بيروت", {"#بيروت": "بيروت"}),
        ("🇩🇪 #Berlin, e\u0301 #2026 #7a", {"#Berlin": "Berlin", "#7a": "7a"}),
        ("https://a.example/x#part only", {"https://a.example/x#part": None}),
        ("C# and a#b and &#38;", {}),
        ("今日 ＃東京、です", {"＃東京": "東京"}),
        (
            "#Berlin-Mitte, (#Kiel) #rock'n'roll!",
            {
                "#Berlin-Mitte": "Berlin-Mitte",
                "#Kiel": "Kiel",
                "#rock'n'roll": "rock'n'roll",
            },
        ),
        ("#🎉 #2026-11 #１２ #_ # #️⃣", {"#🎉": "🎉"}),
        ("#東京。です #مدينة، ثم", {"#東京": "東京", "#مدينة": "مدينة"}),
        ("[https://a.example/x]", {"https://a.example/x": "https://a.example/x"}),
        (
            "（https://a.example/x）です。",
            {"https://a.example/x": "https://a.example/x"},
        ),
        ("see paper.example/b.", {"paper.example/b": "https://paper.example/b"}),
        ("「paper.example/b」", {"paper.example/b": "https://paper.example/b"}),
        ("#a paper.example/b#c", {"#a": "a", "paper.example/b#c": None}),
    ],
)
def test_facets_cover_what_they_name_in_bytes(
    text: str, expected: dict[str, str | None]
) -> None:
    found = facets(text)

    assert set(found) == set(expected)
    assert all(found[k] == v for k, v in expected.items() if v is not None)


@given(st.text(max_size=80), st.booleans())
def test_facets_never_cut_a_letter(text: str, linked: bool) -> None:
    facets(text, LINK if linked else None)  # decoding is strict


def test_a_link_is_shown_short_and_leads_where_it_should() -> None:
    found = facets("She sails", LINK)

    assert found == {"news.example/transport/harbour-ferr…": LINK}
    assert shortened("https://news.example/") == "news.example"


@pytest.mark.parametrize("text", [f"Read {LINK}", f"（{LINK}）", LINK[8:]])
def test_a_link_that_the_text_holds_is_not_said_twice(text: str) -> None:
    assert rich_text(Message(text, LINK)).text == text


@pytest.mark.parametrize(("text", "count"), COUNTED.items())
def test_letters_are_counted_as_readers_see_them(text: str, count: int) -> None:
    assert count_letters(text) == count


@pytest.mark.parametrize(("text", "count"), IN_BYTES.items())
def test_bytes_are_counted_as_the_server_does(
    bluesky: Bluesky, text: str, count: int
) -> None:
    many = bluesky.limits.text
    fitting = Message(text * many)

    assert bluesky.over(fitting) == max(0, many * count - BYTES)
    assert bool(bluesky.problems(fitting)) == (many * count > BYTES)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.text())  # noqa: DTZ001  # hypothesis adds the zone below
def test_every_key_is_a_timestamp_identifier(at: datetime, key: str) -> None:
    made = tid(at.replace(tzinfo=UTC), key)

    assert TID.fullmatch(made)
    assert made == tid(at.replace(tzinfo=UTC), key)


def test_keys_sort_by_time_and_differ_within_a_second() -> None:
    later = [tid(AT + timedelta(seconds=second), "k") for second in range(1, 50)]
    same_second = {tid(AT, f"key {number}") for number in range(2000)}

    assert later == sorted(later)
    assert len(same_second) == 2000
    assert set("".join(same_second)) <= set(LETTERS)


def test_a_card_takes_the_place_of_the_link_in_the_words(bluesky: Bluesky) -> None:
    message = Message("She sails", LINK, card=CARD)

    shown = bluesky.preview(message)

    assert (shown.text, shown.card, shown.shape) == ("She sails", CARD, Shape.ABOVE)
    assert bluesky.length(message) == len("She sails")


def test_images_take_the_place_of_the_card(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    message = Message("She sails", LINK, (picture("A ferry"),), card=CARD)

    bluesky.publish(prepared(bluesky, message))

    [seen] = server.published()
    assert (seen.link, seen.alts) == (LINK, ("A ferry",))
    assert bluesky.preview(message).card is None


def test_a_card_without_a_picture_is_a_card(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    message = Message("She sails", LINK, card=replace(CARD, image=None))

    bluesky.publish(prepared(bluesky, message))

    assert server.published()[0].link == LINK
    assert not [one for one in server.requests() if "uploadBlob" in one]


def test_a_card_whose_picture_is_too_heavy_is_refused(bluesky: Bluesky) -> None:
    heavy = replace(picture("A ferry"), size=1_000_001)

    error = outcome(
        lambda: bluesky.stage(Message("Hi", LINK, card=replace(CARD, image=heavy)))
    )

    assert "card" in error.reason


def test_a_text_of_too_many_bytes_is_told_before_sending(bluesky: Bluesky) -> None:
    [problem] = bluesky.problems(Message("👩‍👩‍👧‍👦" * 130))

    assert "250 bytes over the limit of 3,000" in problem.sentence


def test_a_session_is_kept_and_refreshed_but_signed_in_once(
    server: BlueskyFake,
) -> None:
    values = dict(Bluesky(server.credentials()).renew())
    for _ in range(40):
        values = dict(Bluesky({**server.credentials(), **values}).renew())

    assert len(server.logins) == 1
    assert signed_in(server).check().name == "@desk.example"


def test_a_session_is_renewed_before_it_ends(server: BlueskyFake) -> None:
    server.access_lasts_s = 3600
    renew_at = signed_in(server).renew_at()

    assert renew_at is not None
    ahead = renew_at - datetime.now(UTC)
    assert timedelta(minutes=45) < ahead < timedelta(minutes=55)


def test_signs_in_again_where_the_server_forgot_its_sessions(
    server: BlueskyFake,
) -> None:
    values = dict(Bluesky(server.credentials()).renew())
    server.forget_sessions()

    renewed = Bluesky({**server.credentials(), **values}).renew()

    assert len(server.logins) == 2
    assert Bluesky({**server.credentials(), **renewed}).check().remote_id


def test_too_many_sign_ins_are_a_rate_limit(server: BlueskyFake) -> None:
    for _ in range(LOGINS):
        Bluesky(server.credentials()).renew()

    assert isinstance(outcome(Bluesky(server.credentials()).renew), RateLimited)


@pytest.mark.parametrize("trouble", [Kind.CLOSED, Kind.HALF])
def test_a_lost_answer_to_a_renewal_is_unavailable(
    server: BlueskyFake, trouble: Kind
) -> None:
    server.expect(Trouble(trouble, on="POST /xrpc/com.atproto.server"))

    assert isinstance(outcome(Bluesky(server.credentials()).renew), Unavailable)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ExpiredToken", Unauthorized),
        ("AccountTakedown", Unauthorized),
        ("InvalidRequest", Rejected),
    ],
)
def test_a_refusal_goes_by_its_name(
    bluesky: Bluesky, server: BlueskyFake, error: str, kind: type[Exception]
) -> None:
    ready = prepared(bluesky, Message("Hello"))
    body = json.dumps({"error": error, "message": "No."})
    server.expect(Trouble(Kind.STATUS, status=400, body=body))

    assert type(outcome(lambda: bluesky.publish(ready))) is kind


def test_a_server_that_calls_the_same_bytes_a_change_is_looked_at(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    ready = prepared(bluesky, Message("Hello"))
    first = bluesky.publish(ready)
    body = json.dumps({"error": "InvalidSwap", "message": "Record was at bafy"})
    server.expect(Trouble(Kind.STATUS, status=400, body=body))

    assert bluesky.publish(ready) == first


def test_never_edits_a_post_that_is_there(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    bluesky.publish(prepared(bluesky, Message("First")))

    outcome(lambda: bluesky.publish(prepared(bluesky, Message("Second"))))

    assert server.repo.edits == 0
    assert [one.text for one in server.published()] == ["First"]


def test_a_reply_names_its_parent_and_the_root() -> None:
    session = Session("did:plc:x", "http://x", "a.b.c", "d.e.f")
    connector = Bluesky(
        {"server": "http://x", "handle": "x", "app_password": "p", **session.values()}
    )
    message = Message("Three")
    two = tid(AT, "k2")
    after = Receipt(f"at://d/p/{two} cid2 at://one cid1", "https://bsky.app/two")

    ready = connector.compose(message, connector.stage(message), "k3", AT, after)

    reply = json.loads(ready.body)["record"]["reply"]
    assert reply == {
        "root": {"uri": "at://one", "cid": "cid1"},
        "parent": {"uri": f"at://d/p/{two}", "cid": "cid2"},
    }


@pytest.mark.parametrize(
    ("server", "endpoint", "used"),
    [
        ("https://bsky.social", "https://pds.example", "https://pds.example"),
        ("https://bsky.social", "http://127.0.0.1:6379", "https://bsky.social"),
        ("http://localhost:1", "http://localhost:2", "http://localhost:2"),
        ("https://bsky.social", "nonsense", "https://bsky.social"),
        ("https://bsky.social", "https://127.0.0.1:6379", "https://bsky.social"),
        ("https://bsky.social", "https://10.0.0.7", "https://bsky.social"),
        ("https://bsky.social", "https://169.254.169.254", "https://bsky.social"),
        ("https://bsky.social", "https://cms.internal", "https://bsky.social"),
        ("https://bsky.social", "https://[", "https://bsky.social"),
        ("https://10.0.0.7", "https://10.0.0.7:8443", "https://10.0.0.7:8443"),
    ],
)
def test_calls_the_accounts_own_server_where_that_is_safe(
    server: str, endpoint: str, used: str
) -> None:
    document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}]}
    told: dict[str, object] = {
        "did": "d",
        "accessJwt": "a",
        "refreshJwt": "r",
        "didDoc": document,
    }

    session = Session.from_answer(told, server)

    assert session is not None
    assert session.server == used


def test_the_parts_of_a_thread_sort_behind_each_other(bluesky: Bluesky) -> None:
    after, bodies = None, []
    for number in range(20):
        message = Message(f"Part {number}")
        ready = bluesky.compose(message, Staged(), f"k{number}", AT, after)
        after = bluesky.publish(ready)
        bodies.append(json.loads(ready.body))

    keys = [body["rkey"] for body in bodies]
    created = [body["record"]["createdAt"] for body in bodies]
    assert keys == sorted(keys)
    assert created == sorted(set(created))
    assert "2026-11-22T12:00:00" <= created[0] <= created[-1] <= "2026-11-22T12:00:02"


def test_a_part_known_by_its_link_only_is_told(bluesky: Bluesky) -> None:
    pasted = Receipt("https://bsky.app/x", "https://bsky.app/x")

    error = outcome(lambda: bluesky.compose(Message("Two"), Staged(), "k", AT, pasted))

    assert isinstance(error, Rejected)
    assert "link only" in error.reason


def test_a_digest_that_is_not_of_our_post_is_no_success(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    ready = prepared(bluesky, Message("Hello"))
    sent = json.loads(ready.body)
    told = {"uri": uri(sent["rkey"]), "cid": "bafyother"}
    server.expect(Trouble(Kind.STATUS, body=json.dumps(told)))

    assert isinstance(outcome(lambda: bluesky.publish(ready)), OutcomeUnknown)


@pytest.mark.parametrize("link", ["http://[", "https://user:pw@news.example/x", "x"])
def test_an_odd_link_is_shown_without_its_secrets(link: str) -> None:
    assert "pw" not in rich_text(Message("Hello", link)).text


def test_an_address_that_is_none_is_told_by_the_first_call() -> None:
    odd = Bluesky({"server": "http://[", "handle": "x", "app_password": "p"})

    assert isinstance(outcome(odd.renew), Rejected)


def test_a_main_password_is_warned_of(server: BlueskyFake) -> None:
    values = dict(signed_in(server).credentials)
    strong = token(2e9, 77, "access")
    server.sessions[strong] = 2e9

    warned = Bluesky({**values, "session_access": strong}).check().warnings

    assert "main password" in warned[0]
    assert signed_in(server).check().warnings == ()


def test_a_handle_that_changed_is_still_the_same_account(server: BlueskyFake) -> None:
    values = dict(signed_in(server).credentials)
    server.forget_sessions()

    renewed = Bluesky({**values, "handle": "old.example"}).renew()

    assert renewed["session_did"] == values["session_did"]


def test_a_handle_is_taken_as_people_write_it(server: BlueskyFake) -> None:
    typed = {**server.credentials(), "handle": " @desk.example "}

    assert Bluesky(typed).renew()["session_did"]


def test_a_handle_is_a_mention_with_the_account_it_belongs_to(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    text = "Été: @Desk.example and @nobody.example, not press@desk.example"

    receipt = bluesky.publish(prepared(bluesky, Message(text)))

    [put] = server.repo.records.values()
    [facet] = put["value"]["facets"]
    place = facet["index"]
    covered = text.encode()[place["byteStart"] : place["byteEnd"]]
    assert covered.decode() == "@Desk.example"
    assert facet["features"] == [
        {"$type": "app.bsky.richtext.facet#mention", "did": DID}
    ]
    assert "no account on Bluesky" in receipt.warnings[0]


def test_a_handle_that_cannot_be_looked_up_is_plain_text(
    bluesky: Bluesky, server: BlueskyFake
) -> None:
    server.expect(Trouble(Kind.STATUS, status=503, on="GET /xrpc/com.atproto.identity"))

    receipt = bluesky.publish(prepared(bluesky, Message("Hello @desk.example")))

    [put] = server.repo.records.values()
    assert "facets" not in put["value"]
    assert receipt.warnings
