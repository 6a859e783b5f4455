"""X: what its answers mean, and which of them is a success."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    OTHERWISE,
    UNSHOWN,
    ConnectorError,
    Message,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Staged,
    Unauthorized,
)
from connectors.x import X
from connectors.x.content_match import answer_shows
from tests.contract.cases import outcome
from tests.contract.conftest import AT, picture, prepared
from tests.contract.servers import answer
from tests.contract.x_server import HELLO, LINK, connected, problem, told
from tests.fakes.platform import Trouble
from tests.fakes.x import XFake

HOUR = timedelta(hours=1)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    return connected(fake)


def refused(x: X, fake: XFake, trouble: Trouble) -> ConnectorError:
    ready = x.compose(HELLO, Staged(), "k", AT)
    fake.expect(trouble)
    error = outcome(lambda: x.publish(ready))
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)  # noqa: S301
    return error


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (problem(400, "invalid-request", "Your media IDs are invalid."), Rejected),
        (problem(401, "", "Unauthorized"), Unauthorized),
        (problem(403, "", "Your Tweet text is too long."), Rejected),
        (problem(403, "", "You can only include one cashtag."), Rejected),
        (problem(403, "", "Reply to this conversation is not allowed"), Rejected),
        (problem(403, "", "You are not permitted to perform this action."), Rejected),
        (problem(403, "client-forbidden"), Unauthorized),
        (problem(403, "unsupported-authentication"), Unauthorized),
        (problem(403, "user-suspended"), Unauthorized),
        (problem(403, "oauth1-permissions"), Unauthorized),
        (problem(403, "", "Your account is suspended."), Unauthorized),
        (problem(403, "", "This account is temporarily locked."), Unauthorized),
        (
            problem(403, "not-authorized-for-resource", resource_type="user"),
            Unauthorized,
        ),
        (
            problem(403, "not-authorized-for-resource", resource_type="tweet"),
            Rejected,
        ),
        (problem(404, "resource-not-found"), Rejected),
        (problem(500, "", DUPLICATE), OutcomeUnknown),
        (problem(503, "client-forbidden"), OutcomeUnknown),
        (problem(408), OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value.body[20:110],
)
def test_reads_a_refusal_by_its_type_and_words(
    x: X, fake: XFake, trouble: Trouble, expected: type[ConnectorError]
) -> None:
    error = refused(x, fake, trouble)

    assert type(error) is expected
    assert not getattr(error, "duplicate", False)
    assert json.loads(trouble.body)["detail"].rstrip(".") in error.reason


def test_x_refuses_the_same_words_twice(x: X, fake: XFake) -> None:
    ready = prepared(x, HELLO)
    x.publish(ready)

    error = outcome(lambda: x.publish(ready))

    assert isinstance(error, Rejected)
    assert error.duplicate
    assert len(fake.published()) == 1


@pytest.mark.parametrize(
    "body",
    [
        '[{"message": "Status is a duplicate.", "code": 187}]',
        '{"errors": [{"message": "Status is a duplicate.", "code": 187}]}',
        json.dumps({"errors": [{"detail": DUPLICATE, "title": "Forbidden"}]}),
    ],
    ids=["list", "older", "in a list"],
)
def test_a_duplicate_is_told_in_every_shape(x: X, fake: XFake, body: str) -> None:
    error = refused(x, fake, answer(403, body))

    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500])
@pytest.mark.parametrize(
    "body", ["", "[]", "[1]", '["a"]', "null", "7", '"a"', "<html>", "{", "[" * 9000]
)
def test_no_shape_of_an_error_trips_it_up(
    x: X, fake: XFake, status: int, body: str
) -> None:
    usual = {401: Unauthorized, 429: RateLimited, 500: OutcomeUnknown}

    error = refused(x, fake, answer(status, body))

    assert type(error) is usual.get(status, Rejected)


def test_tells_the_first_error_where_the_whole_says_nothing(x: X, fake: XFake) -> None:
    whole = {
        "errors": [{"message": "media.media_ids: the media ID [7] is invalid"}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
    }

    error = refused(x, fake, told(whole, 400))

    assert "the media ID [7] is invalid" in error.reason


@pytest.mark.parametrize(
    "trouble",
    [
        answer(402, '{"title": "Payment Required"}'),
        answer(402),
        problem(402, "credits", "Your account does not have any credits."),
        problem(403, "usage-capped", "Usage cap exceeded: Monthly product cap"),
        problem(429, "usage-capped", "Usage cap exceeded: Monthly product cap"),
    ],
    ids=["402", "402 empty", "credits", "403", "429"],
)
def test_without_credit_everything_waits_for_somebody_to_pay(
    x: X, fake: XFake, trouble: Trouble
) -> None:
    error = refused(x, fake, trouble)

    assert isinstance(error, RateLimited)
    assert "add credit" in error.reason
    assert timedelta(minutes=59) < error.until - datetime.now(UTC) <= HOUR


def headers(seconds: int = 600, day: int = 30_000, left: int = 5) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    return {
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(now + seconds),
        "x-user-limit-24hour-remaining": str(left),
        "x-user-limit-24hour-reset": str(now + day),
    }


@pytest.mark.parametrize(("left", "waits"), [(5, 600), (0, 30_000)])
def test_waits_for_the_day_where_the_day_is_used_up(
    x: X, fake: XFake, left: int, waits: int
) -> None:
    error = refused(x, fake, replace(problem(429), headers=headers(left=left)))

    assert isinstance(error, RateLimited)
    assert abs((error.until - datetime.now(UTC)).total_seconds() - waits) < 5


def test_a_limit_without_a_header_is_asked_once(x: X, fake: XFake) -> None:
    error = refused(x, fake, answer(429))

    assert isinstance(error, RateLimited)
    assert fake.requests() == ["POST /2/tweets"]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([{"type": "https://api.x.com/2/problems/invalid-request"}], Rejected),
        ([{"type": "https://api.x.com/2/problems/client-forbidden"}], Unauthorized),
        ([{"type": "https://api.x.com/2/problems/usage-capped"}], RateLimited),
        ([{"detail": DUPLICATE}], Rejected),
        ([{"detail": "Something went wrong"}], OutcomeUnknown),
        (["?"], OutcomeUnknown),
        ([], OutcomeUnknown),
        ({}, OutcomeUnknown),
    ],
    ids=["post", "credential", "credit", "duplicate", "vague", "odd", "none", "shape"],
)
def test_errors_alone_are_no_success(
    x: X, fake: XFake, status: int, errors: object, expected: type[ConnectorError]
) -> None:
    error = refused(x, fake, told({"errors": errors}, status))

    assert type(error) is expected


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "1",
        {},
        {"id": "", "text": "Hello from the desk https://t.co/a"},
        {"id": "12x", "text": "Hello from the desk https://t.co/a"},
    ],
    ids=str,
)
def test_an_answer_that_names_no_post_is_no_success(
    x: X, fake: XFake, data: object
) -> None:
    assert type(refused(x, fake, told({"data": data}, 201))) is OutcomeUnknown


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"text": None},
        {"text": "Hello"},
        {"text": "Hello from the desk"},
        {"text": "Hello from the desk https://t.co/a https://t.co/b"},
        {"text": "Hello from the desk https://evil.example/a"},
    ],
    ids=str,
)
def test_an_answer_that_shows_something_else_is_evidence_with_a_remark(
    x: X, fake: XFake, shown: dict[str, object]
) -> None:
    ready = prepared(x, HELLO)
    fake.expect(told({"data": {"id": "12", **shown}}, 201))

    receipt = x.publish(ready)

    assert receipt.remote_id == "12"
    assert receipt.warnings == ((OTHERWISE,) if shown.get("text") else (UNSHOWN,))


def test_a_success_that_also_tells_of_errors_is_one(x: X, fake: XFake) -> None:
    post = {"id": "12", "text": "Hello from the desk\n\nhttps://t.co/a"}
    fake.expect(told({"data": post, "errors": [{"detail": "A field is missing"}]}, 201))

    receipt = x.publish(prepared(x, HELLO))

    assert receipt.remote_id == "12"
    assert receipt.url == "https://x.com/i/web/status/12"


def test_one_link_more_stands_for_the_pictures(x: X, fake: XFake) -> None:
    receipt = x.publish(prepared(x, Message("Look", images=(picture("A car"),))))

    [seen] = fake.published()
    assert receipt.remote_id == seen.remote_id
    assert receipt.published_at == seen.at


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ("Hello https://t.co/a", f"Hello {LINK}"),
        (f"Hello {LINK}", f"Hello {LINK}"),
        (f"Hello {LINK.replace('&', '&amp;')}", f"Hello {LINK}"),
        ("5 &gt; 3 &amp; 2 &lt; 3", "5 > 3 & 2 < 3"),
        ("a &#34;b&#34; &#39;c&#39;", "a \"b\" 'c'"),
        ("a &amp;amp; b", "a &amp; b"),
        ("a b", " a  b\n"),
        ("Größe", "Gro\u0308\u00dfe"),
        ("see https://t.co/a now", "see example.com now"),
        ("see http://example.com now", "see example.com now"),
        ("Hello https://t.co/a.", f"Hello {LINK}."),
    ],
)
def test_knows_a_text_again_that_x_has_changed(shown: str, sent: str) -> None:
    assert answer_shows(shown, sent, media=False)


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ("Hello", "Hello!"),
        ("hello", "Hello"),
        ("Hello https://t.co/a", "Hello"),
        ("Hello", f"Hello {LINK}"),
        ("Hello https://news.example/other", f"Hello {LINK}"),
        ("Hello…", "Hello and more"),
    ],
)
def test_knows_another_text(shown: str, sent: str) -> None:
    assert not answer_shows(shown, sent, media=False)
