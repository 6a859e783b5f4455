"""X: what is sent, what is uploaded, and what an editor is told before."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    Card,
    Limits,
    Message,
    Problem,
    Rejected,
    Shape,
    Staged,
    Unavailable,
)
from connectors.x import X
from tests.contract.cases import outcome
from tests.contract.conftest import AT, SHORT, picture, prepared
from tests.contract.x_server import HELLO, LINK, connected, problem, told
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import XFake

UPLOAD = "POST /2/media/upload"
METADATA = "POST /2/media/metadata"


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    return connected(fake)


@pytest.fixture(scope="module")
def idle() -> X:
    """One that is never asked to call anybody."""
    return X({"server": "http://127.0.0.1:1"})


def test_puts_the_link_after_the_text_with_a_line_between(x: X, fake: XFake) -> None:
    x.publish(prepared(x, HELLO))

    assert fake.published()[0].text == f"Hello from the desk\n\n{LINK}"


@pytest.mark.parametrize("text", [f"Read {LINK}", f"({LINK})", f"{LINK}."])
def test_says_a_link_once_that_the_text_holds_already(
    x: X, fake: XFake, text: str
) -> None:
    x.publish(prepared(x, Message(text, LINK)))

    assert fake.published()[0].text == text


def test_sends_the_very_bytes_that_were_stored(x: X, fake: XFake) -> None:
    ready = prepared(x, Message("“Größe” 👩‍👩‍👧‍👦", LINK))

    x.publish(ready)

    assert fake.heard[-1].body == ready.body.encode()
    assert set(json.loads(ready.body)) == {"text"}


def test_answers_the_part_before(x: X, fake: XFake) -> None:
    first = x.publish(prepared(x, Message("One"), "k1"))

    x.publish(x.compose(Message("Two"), Staged(), "k2", AT, after=first))

    assert fake.posts.posts[-1]["reply_to"] == first.remote_id


def test_uploads_a_picture_as_json_with_its_bytes_in_base64(x: X, fake: XFake) -> None:
    image = picture("A red car")

    x.stage(Message("Look", images=(image,)))

    upload, metadata = fake.heard
    sent = json.loads(upload.body)
    assert upload.headers["Content-Type"] == "application/json"
    assert base64.b64decode(sent["media"]) == image.data
    assert sent["media_category"] == "tweet_image"
    assert json.loads(metadata.body)["metadata"] == {"alt_text": {"text": "A red car"}}


def test_the_credit_goes_behind_the_alt_text(x: X, fake: XFake) -> None:
    image = replace(picture("A red car"), credit="Photo: Ann Lee")

    x.publish(prepared(x, Message("Look", images=(image,))))

    assert fake.published()[0].alts == ("A red car (Photo: Ann Lee)",)


def test_a_picture_without_words_is_not_described(x: X, fake: XFake) -> None:
    x.publish(prepared(x, Message("Look", images=(picture(""),))))

    assert METADATA not in fake.requests()
    assert fake.published()[0].alts == ("",)


def test_carries_four_pictures_in_their_order(x: X, fake: XFake) -> None:
    images = tuple(picture(f"Picture {n}") for n in range(4))

    x.publish(prepared(x, Message("Look", images=images)))

    assert fake.published()[0].alts == tuple(f"Picture {n}" for n in range(4))


def test_waits_until_a_picture_is_worked_through(x: X, fake: XFake) -> None:
    fake.posts.media_waits = 3

    x.publish(prepared(x, Message("Look", images=(picture("A car"),))))

    assert sum(one.startswith("GET /2/media/upload?") for one in fake.requests()) == 3


def test_gives_up_on_a_picture_that_is_never_ready(x: X, fake: XFake) -> None:
    waits = {"state": "pending", "check_after_secs": 900}
    fake.expect(told({"data": {"id": "7", "processing_info": waits}}, on=UPLOAD))

    error = outcome(lambda: x.stage(Message("Look", images=(picture("A car"),))))

    assert type(error) is Unavailable


def test_a_picture_that_x_cannot_read_is_told(x: X, fake: XFake) -> None:
    broken = {"id": "7", "processing_info": {"state": "failed"}}
    fake.expect(told({"data": broken}, on=UPLOAD))

    error = outcome(lambda: x.stage(Message("Look", images=(picture("A car"),))))

    assert type(error) is Rejected


def test_uploads_are_kept_until_x_forgets_them(x: X, fake: XFake) -> None:
    fake.posts.media_lasts = 3600

    staged = x.stage(Message("Look", images=(picture("A car"),)))

    assert staged.expires_at is not None
    assert abs(staged.expires_at - datetime.now(UTC) - timedelta(hours=1)) < SHORT


def test_a_forgotten_upload_is_refused_by_x(x: X, fake: XFake) -> None:
    fake.posts.media_lasts = 0
    ready = prepared(x, Message("Look", images=(picture("A car"),)))

    error = outcome(lambda: x.publish(ready))

    assert type(error) is Rejected
    assert "media IDs are invalid" in error.reason


def test_an_alt_text_that_is_not_taken_is_no_success(x: X, fake: XFake) -> None:
    gone = [{"type": "https://api.x.com/2/problems/resource-not-found", "detail": "?"}]
    fake.expect(told({"errors": gone}, on=METADATA))

    error = outcome(lambda: x.stage(Message("Look", images=(picture("A car"),))))

    assert type(error) is Rejected


def test_a_server_that_names_the_upload_in_the_older_way_is_understood(
    x: X, fake: XFake
) -> None:
    older = replace(problem(400, detail="media_id field is required"), on=METADATA)
    fake.expect(older, told({"data": {"id": "7"}}, on=METADATA))

    x.stage(Message("Look", images=(picture("A car"),)))

    assert json.loads(fake.heard[-1].body)["media_id"] == "7000000000"


@pytest.mark.parametrize("kind", [Kind.CLOSED, Kind.HALF])
def test_a_lost_upload_published_nothing(x: X, fake: XFake, kind: Kind) -> None:
    fake.expect(Trouble(kind, on=UPLOAD))

    error = outcome(lambda: x.stage(Message("Look", images=(picture("A car"),))))

    assert type(error) is Unavailable


def test_refuses_to_compose_without_its_uploads(idle: X) -> None:
    message = Message("Look", images=(picture("A car"),))

    assert type(outcome(lambda: idle.compose(message, Staged(), "k", AT))) is (
        Unavailable
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Up: $TSLA and $AAPL",
            "X takes one cashtag in a post; this has $TSLA, $AAPL.",
        ),
        ("Up: $TSLA $TSLA", "X takes one cashtag in a post; this has $TSLA, $TSLA."),
        ("A\ufeffB", "X takes no text with the character U+FEFF."),
        ("a" * 281, "The text is 1 over the limit of 280."),
        ("日" * 141, "The text is 2 over the limit of 280."),
    ],
)
def test_names_what_x_does_not_take(idle: X, text: str, said: str) -> None:
    assert idle.problems(Message(text)) == [Problem(said)]


@pytest.mark.parametrize("text", ["$TSLA rose", "It cost $20 and $30", "US$AB a$b $A1"])
def test_sums_of_money_are_no_cashtags(idle: X, text: str) -> None:
    assert idle.problems(Message(text)) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            Message("Hello", "https://example.com/a"),
            "X charges $0.20 for a post with a link in it ($0.015 without), "
            "as of 22 November 2026.",
        ),
        (
            Message("See example.com"),
            "X charges $0.20 for a post with a link in it ($0.015 without), "
            "as of 22 November 2026.",
        ),
        (
            Message("Hello"),
            "X charges $0.015 for a post with no link in it, as of 22 November 2026.",
        ),
        (
            Message("Hello", images=(picture("A car"), picture(""), picture("A road"))),
            "X charges $0.015 for a post with no link in it and $0.010 "
            "for 2 alt texts, as of 22 November 2026.",
        ),
    ],
    ids=["link", "bare link", "words", "pictures"],
)
def test_tells_what_a_post_costs(idle: X, message: Message, said: str) -> None:
    assert idle.remarks(message) == [said]
    assert idle.problems(message) == []


def test_a_card_stands_for_its_link(idle: X) -> None:
    card = Card("A title")

    seen = idle.preview(Message("Hello", LINK, card=card))

    assert (seen.text, seen.card, seen.shape) == ("Hello", card, Shape.OVER)


def test_pictures_stand_where_a_card_would(idle: X) -> None:
    images = (picture("A car"),)

    seen = idle.preview(Message("Hello", LINK, images, card=Card("A title")))

    assert (seen.text, seen.card, seen.images) == (f"Hello\n\n{LINK}", None, images)


@pytest.mark.parametrize(
    ("paid", "room"), [("None", 280), ("Basic", 280), ("Premium", 25_000)]
)
def test_longer_texts_only_where_x_says_that_they_are_paid_for(
    x: X, fake: XFake, paid: str, room: int
) -> None:
    fake.premium = paid

    assert x.check().limits == replace(X.default_limits, text=room)


def test_a_long_text_of_which_x_answers_the_beginning_is_a_success(
    fake: XFake,
) -> None:
    fake.posts.limit = 25_000
    long = X(fake.credentials(), Limits(text=25_000))
    text = "Sentence after sentence. " * 40
    told_of = f"{text[:250].strip()}… https://t.co/abc"
    fake.expect(told({"data": {"id": "1234567890", "text": told_of}}, 201))

    receipt = long.publish(prepared(long, Message(text)))

    assert receipt.remote_id == "1234567890"


@pytest.mark.parametrize("oauth", [1, 2])
def test_logs_no_token_however_much_is_logged(
    oauth: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with XFake(oauth) as fake:
        x = connected(fake)

        x.check()
        x.publish(prepared(x, Message("Hello", images=(picture("A car"),))))
        fake.expect(problem(403, detail="No."))
        outcome(lambda: x.publish(prepared(x, HELLO)))

        secrets = [
            value for name, value in fake.credentials().items() if name != "server"
        ]
        signatures = [one.headers["Authorization"] for one in fake.heard]
    for secret in [*secrets, *signatures, "oauth_signature"]:
        assert secret not in caplog.text
