"""The contract, seen kept by every connector that is installed."""

from __future__ import annotations

import logging
import pickle
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from connectors.base import (
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Found,
    Message,
    NotThere,
    OnRecord,
    OutcomeUnknown,
    Problem,
    RateLimited,
    Receipt,
    Rejected,
    Sought,
    Unauthorized,
    Unavailable,
)
from tests.contract.cases import ENDLESS, LOST, REFUSALS, RESETS, applies, outcome
from tests.contract.conftest import AT, PATIENT, SHORT, opened, picture, prepared
from tests.fakes.platform import Case, FakePlatform, Kind, Trouble
from tests.fakes.trap import Trap


def test_publishes_text_link_and_image_with_its_alt_text(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    receipt = connector.publish(prepared(connector, message))

    [seen] = fake.published()
    assert message.text in seen.text
    assert seen.link == message.link
    assert seen.alts == ("A red car on a drag strip",)
    assert (receipt.remote_id, receipt.url) == (seen.remote_id, seen.url)


def test_publishes_words_of_every_script_as_they_stand(
    connector: Connector, fake: FakePlatform
) -> None:
    text = 'Ελλάδα <b>“5 > 3”</b> & co.\nनमस्ते 👩‍👩‍👧‍👦 "quoted" it’s #Tag'

    connector.publish(prepared(connector, Message(text)))

    assert [seen.text for seen in fake.published()] == [text]


def test_tells_when_it_was_published_by_the_platforms_clock(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    receipt = connector.publish(prepared(connector, message))

    assert receipt.published_at is not None
    assert abs(receipt.published_at - fake.published()[0].at) < timedelta(seconds=1)


def test_a_reply_may_have_a_link_and_no_words(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    first = connector.publish(prepared(connector, Message("One"), "k1"))
    alone = Message("", link=message.link)
    staged = connector.stage(alone)

    connector.publish(connector.compose(alone, staged, "k2", AT, after=first))

    assert [seen.link for seen in fake.published()] == [None, message.link]
    assert connector.problems(Message("")) == [Problem("The post has no text.")]


def test_it_says_by_how_much_a_text_is_too_long(connector: Connector) -> None:
    limit = connector.limits.text

    assert connector.over(Message("a" * limit)) == 0
    assert connector.over(Message("a" * (limit + 7))) == 7
    fits = Message("a" * limit)
    assert bool(connector.problems(fits)) == bool(connector.over(fits))


def test_a_thread_goes_on_after_its_part_before(
    connector: Connector, fake: FakePlatform
) -> None:
    first = connector.publish(prepared(connector, Message("One"), "k1"))
    reply = connector.compose(Message("Two"), connector.stage(Message("Two")), "k2", AT)
    after = connector.compose(
        Message("Two"), connector.stage(Message("Two")), "k2", AT, after=first
    )

    connector.publish(after)

    assert after.body != reply.body
    assert [seen.text for seen in fake.published()] == ["One", "Two"]


def test_the_same_key_publishes_once_where_the_class_says_so(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    promised = connector.check().exactly_once
    if promised not in (Class.EXACT, Class.WINDOW):
        pytest.skip(f"its class is {promised}: a repeat is a second post")
    ready = prepared(connector, message)

    receipts = [connector.publish(ready) for _ in range(3)]

    assert len(fake.published()) == 1
    assert len(set(receipts)) == 1


def test_the_same_key_at_once_publishes_once_where_the_class_is_exact(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    if connector.check().exactly_once is not Class.EXACT:
        pytest.skip("sends with one key are single-flight in the desk")
    ready = prepared(connector, message)

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: connector.publish(ready), range(24)))

    assert len(receipts) == len(fake.published()) == 1


def test_other_words_under_a_known_key_are_never_a_plain_success(
    connector: Connector, fake: FakePlatform
) -> None:
    promised = connector.check().exactly_once
    if promised not in (Class.EXACT, Class.WINDOW):
        pytest.skip(f"its class is {promised}: it knows no keys")
    connector.publish(prepared(connector, Message("First words"), "k1"))

    try:
        said: object = connector.publish(
            prepared(connector, Message("Other words"), "k1")
        )
    except ConnectorError as error:
        said = error

    warned = isinstance(said, Receipt) and bool(said.warnings)
    assert warned or isinstance(said, OutcomeUnknown | Rejected)
    assert fake.published()[0].text == "First words"


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "not accepted"])
@pytest.mark.parametrize("name", LOST)
def test_a_lost_or_unreadable_answer_leaves_the_outcome_unknown(
    connector: Connector, fake: FakePlatform, name: str, accepted: bool
) -> None:
    applies(fake, Case.NETWORK)
    ready = prepared(connector, Message("Hello"))
    fake.expect(replace(LOST[name], accepted=accepted))
    connector.deadline = SHORT if name in ENDLESS else connector.deadline

    error = outcome(lambda: connector.publish(ready))

    assert type(error) is OutcomeUnknown
    assert len(fake.published()) == accepted


def test_an_answer_that_shows_other_words_and_names_an_id_is_evidence(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    applies(fake, Case.NETWORK)
    ready = prepared(connector, message)
    if connector.check().exactly_once is Class.EXACT:
        pytest.skip("its id is ours to choose: an answer that names another is unknown")
    fake.expect(Trouble(Kind.DIFFERENT, accepted=True))

    receipt = connector.publish(ready)

    [seen] = fake.published()
    assert receipt.remote_id == seen.remote_id
    assert receipt.warnings


def test_an_answer_that_names_another_id_than_ours_leaves_the_outcome_unknown(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    applies(fake, Case.NETWORK)
    promised = connector.check().exactly_once
    if promised is not Class.EXACT:
        pytest.skip(f"its class is {promised}: the platform chooses the id")
    ready = prepared(connector, message)
    fake.expect(Trouble(Kind.DIFFERENT, accepted=True))

    error = outcome(lambda: connector.publish(ready))

    assert type(error) is OutcomeUnknown


def test_finds_what_was_published_although_its_answer_was_lost(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    before = datetime.now(UTC)
    ready = prepared(connector, message)
    if Case.NETWORK not in fake.lacks:
        fake.expect(Trouble(Kind.CLOSED, accepted=True))
        outcome(lambda: connector.publish(ready))
    else:
        connector.publish(ready)

    finding = connector.find(ready, before)

    [seen] = fake.published()
    assert isinstance(finding, Found)
    assert [found.remote_id for found in finding.receipts] == [seen.remote_id]
    assert finding.receipts[0].url == seen.url


def test_says_that_it_is_surely_not_there(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    other = connector.publish(prepared(connector, Message("Another post"), "k0"))
    now = datetime.now(UTC)
    long_ago = now - timedelta(minutes=2)
    sought = Sought(prepared(connector, message), long_ago, long_ago + PATIENT)

    findings = connector.find_all(
        [sought], [OnRecord(other.remote_id, other.url, now, now)]
    )

    assert findings == [NotThere()]


def test_cannot_tell_when_nobody_answers(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    ready = prepared(connector, message)
    fake.vanish()

    finding = connector.find(ready, datetime.now(UTC))

    assert isinstance(finding, CantTell)
    assert finding.reason


def test_nobody_at_its_address_means_surely_not_published(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    ready = prepared(connector, message)
    fake.vanish()

    for call in (
        lambda: connector.publish(ready),
        lambda: connector.stage(message),
        connector.check,
    ):
        assert type(outcome(call)) is Unavailable


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_by_its_cure(
    connector: Connector, fake: FakePlatform, name: str
) -> None:
    applies(fake, Case.REFUSES_TEXT)
    trouble, expected = REFUSALS[name]
    ready = prepared(connector, Message("Hello"))
    fake.expect(trouble)

    error = outcome(lambda: connector.publish(ready))

    assert type(error) is expected
    assert "<" not in error.reason
    assert 0 < len(error.reason) < 300
    assert fake.published() == []


@pytest.mark.parametrize("name", RESETS)
def test_a_rate_limit_ends_in_the_future_whatever_its_header_looks_like(
    connector: Connector, fake: FakePlatform, name: str
) -> None:
    applies(fake, Case.LIMITS_RATE)
    ready = prepared(connector, Message("Hello"))
    fake.expect(Trouble(Kind.STATUS, status=429, headers=RESETS[name]))

    error = outcome(lambda: connector.publish(ready))

    assert isinstance(error, RateLimited)
    now = datetime.now(UTC)
    assert now + timedelta(seconds=5) < error.until < now + timedelta(days=32)


def test_the_last_post_that_is_allowed_says_that_nothing_is_left(
    connector: Connector, fake: FakePlatform
) -> None:
    applies(fake, Case.LIMITS_RATE)
    ready = [prepared(connector, Message(f"Post {n}"), f"k{n}") for n in range(3)]
    fake.allow(2)

    first, last = (connector.publish(one) for one in ready[:2])
    refused = outcome(lambda: connector.publish(ready[2]))

    assert [room.left for room in first.rate_limits] == [1]
    assert [room.left for room in last.rate_limits] == [0]
    assert isinstance(refused, RateLimited)
    assert refused.until > datetime.now(UTC) + timedelta(minutes=4)
    assert abs(last.rate_limits[0].until - refused.until) < timedelta(seconds=3)


def test_a_receipt_without_such_headers_says_nothing_of_room(
    connector: Connector, fake: FakePlatform, platform: str
) -> None:
    if platform == "x":
        pytest.skip("X always sends them")

    receipt = connector.publish(prepared(connector, Message("Hello")))

    assert receipt.rate_limits == ()


def test_names_the_server_that_it_publishes_at(
    connector: Connector, fake: FakePlatform
) -> None:
    own = urlsplit(fake.credentials().get("server", ""))

    assert connector.host == own.netloc


def test_names_its_app_by_a_digest_and_no_secret(
    connector: Connector, fake: FakePlatform, platform: str
) -> None:
    again = opened(platform, fake)

    assert connector.app == again.app
    assert not any(
        value and value in connector.app for value in fake.credentials().values()
    )


def test_a_revoked_credential_is_unauthorized_on_every_call(
    connector: Connector, fake: FakePlatform, platform: str, message: Message
) -> None:
    applies(fake, Case.CREDENTIALS)
    ready = prepared(connector, message)
    secret = {field.name for field in connector.fields if field.secret}
    revoked = type(connector)(
        {
            name: "revoked" if name in secret else value
            for name, value in fake.credentials().items()
        }
    )

    for call in (
        lambda: revoked.publish(ready),
        lambda: revoked.stage(message),
        revoked.check,
    ):
        assert type(outcome(call)) is Unauthorized
    assert isinstance(revoked.find(ready, datetime.now(UTC)), CantTell)
    assert fake.published() == []


def test_a_dripping_answer_is_cut_at_the_deadline(
    connector: Connector, fake: FakePlatform
) -> None:
    applies(fake, Case.NETWORK)
    ready = prepared(connector, Message("Hello"))
    fake.expect(Trouble(Kind.DRIP, accepted=True))
    connector.deadline = SHORT
    began = time.monotonic()

    outcome(lambda: connector.publish(ready))

    assert time.monotonic() - began < 8


def test_every_call_has_an_end(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    applies(fake, Case.NETWORK)
    ready = prepared(connector, message)
    fake.expect(*[Trouble(Kind.STALLED, on="") for _ in range(4)])
    connector.deadline = SHORT
    began = time.monotonic()

    finding = connector.find(ready, AT)
    errors = [outcome(connector.check), outcome(lambda: connector.publish(ready))]
    errors.append(outcome(lambda: connector.stage(message)))

    assert isinstance(finding, CantTell)
    assert finding.away
    assert [type(error) for error in errors] == [
        Unavailable,
        OutcomeUnknown,
        Unavailable,
    ]
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    connector: Connector, fake: FakePlatform, status: int
) -> None:
    applies(fake, Case.NETWORK)
    with Trap() as trap:
        for path in ("", "POST"):
            elsewhere = {"Location": f"{trap.address}/api/v1/statuses"}
            fake.expect(Trouble(Kind.STATUS, status=status, headers=elsewhere, on=path))
        ready = prepared(connector, Message("Hello"))

        finding = connector.find(ready, AT)
        error = outcome(lambda: connector.publish(ready))

        assert isinstance(finding, CantTell)
        assert isinstance(error, OutcomeUnknown)
        assert trap.heard == []


def test_reads_neither_netrc_nor_proxies(
    connector: Connector,
    fake: FakePlatform,
    message: Message,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login eve password eve\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with Trap() as trap:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, trap.address)
            monkeypatch.setenv(name.lower(), trap.address)

        connector.publish(prepared(connector, message))

        assert trap.heard == []
    assert len(fake.published()) == 1


def test_speaks_to_no_other_host(
    connector: Connector,
    fake: FakePlatform,
    message: Message,
    places: list[object],
) -> None:
    connector.check()
    ready = prepared(connector, message)
    connector.publish(ready)
    connector.find(ready, AT)

    own = urlsplit(fake.credentials().get("server", ""))
    assert len(places) == len(fake.requests())
    assert set(places) <= {(own.hostname, own.port)}


@pytest.mark.parametrize(
    "wrong",
    ["too long", "too many images", "alt too long", "image too big", "image of a kind"],
)
def test_what_it_cannot_carry_is_refused_before_any_request(
    connector: Connector, fake: FakePlatform, wrong: str
) -> None:
    limits, one = connector.limits, picture("A car")
    message = {
        "too long": Message("a" * (limits.text + 1)),
        "too many images": Message("Hello", images=(one,) * (limits.images + 1)),
        "alt too long": Message("Hello", images=(picture("a" * (limits.alt + 1)),)),
        "image too big": Message(
            "Hello", images=(replace(one, size=limits.image_bytes + 1),)
        ),
        "image of a kind": Message(
            "Hello", images=(replace(one, media_type="image/x-icon"),)
        ),
    }[wrong]

    errors = [
        outcome(lambda: connector.stage(message)),
        outcome(lambda: prepared_without_staging(connector, message)),
    ]

    assert [type(error) for error in errors] == [Rejected, Rejected]
    assert fake.requests() == []
    assert fake.published() == []


def prepared_without_staging(connector: Connector, message: Message) -> object:
    return connector.compose(message, connector.stage(Message("a")), "k", AT)


def test_a_text_that_just_fits_is_published(
    connector: Connector, fake: FakePlatform
) -> None:
    link = "https://news.example/a-rather-long-address/of-a-story?utm_source=desk"
    room = connector.limits.text - connector.length(Message("", link)) - 2
    text = "ä" * room
    assert connector.length(Message(text, link)) <= connector.limits.text

    connector.publish(prepared(connector, Message(text, link)))

    assert len(fake.published()) == 1


def test_staging_may_be_repeated(
    connector: Connector, fake: FakePlatform, message: Message
) -> None:
    connector.stage(message)

    connector.publish(prepared(connector, message))

    assert len(fake.published()) == 1


def test_composing_makes_no_call_and_reads_no_clock(
    connector: Connector, fake: FakePlatform, message: Message, places: list[object]
) -> None:
    staged = connector.stage(message)
    places.clear()

    first = connector.compose(message, staged, "k1", AT)
    time.sleep(0.002)  # a clock in it would have moved on
    again = connector.compose(message, staged, "k1", AT)

    assert first == again
    assert places == []


def test_names_no_secret_in_errors_or_logs(
    connector: Connector,
    fake: FakePlatform,
    message: Message,
    caplog: pytest.LogCaptureFixture,
) -> None:
    applies(fake, Case.CREDENTIALS)
    given = fake.credentials()
    names = [one.name for one in connector.fields if one.secret and one.name in given]
    secrets = [given[name] for name in names]
    echo = '{"error": "no: ' + " ".join(secrets) + ' Bearer abc"}'
    caplog.set_level(logging.DEBUG)
    told = [repr(connector), str(connector)]

    ready = prepared(connector, message)
    for status in (400, 401, 403, 422, 429, 500):
        fake.expect(Trouble(Kind.STATUS, status=status, body=echo))
        error = outcome(lambda: connector.publish(ready))
        told += [str(error), repr(error), repr(pickle.dumps(error))]
    fake.expect(Trouble(Kind.CLOSED))
    told += [repr(outcome(lambda: connector.publish(ready))), repr(ready)]
    connector.check()

    assert secrets
    for secret in [*secrets, "abc"]:
        assert secret not in " ".join([*told, caplog.text])


def test_secrets_that_no_header_may_hold_are_not_quoted(
    connector: Connector, fake: FakePlatform
) -> None:
    applies(fake, Case.CREDENTIALS)
    credentials = fake.credentials()
    for field in connector.fields:
        if field.secret and field.name in credentials:
            credentials[field.name] = "tok\nen-s3cret"

    error = outcome(type(connector)(credentials).check)

    assert isinstance(error, Unauthorized)
    assert "s3cret" not in repr(error)
    assert fake.requests() == []


@pytest.mark.parametrize(
    "error",
    [
        Rejected("a", duplicate=True),
        Unauthorized("b"),
        RateLimited("c", AT, shared=True),
        Unavailable("d"),
        OutcomeUnknown("e"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickle_and_print_as_one_line(error: ConnectorError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == error.reason


def test_says_who_it_is_and_what_it_promises(connector: Connector) -> None:
    account = connector.check()

    assert account.remote_id
    assert account.name
    assert account.software
    assert (account.window is not None) == (account.exactly_once is Class.WINDOW)
    assert account.limits.text > 0


def test_declares_its_form_and_its_name(platform: str, connector: Connector) -> None:
    assert connector.platform == platform
    assert connector.title
    assert re.fullmatch(r"[MLHVCSQTAZmlhvcsqtaz0-9 .,-]+", connector.sign)
    assert all(field.label for field in connector.fields)
    assert [field.name for field in connector.fields if not field.hint] == []
    assert len({field.name for field in connector.fields}) == len(connector.fields)


def test_receipts_from_many_threads_are_each_their_own(
    connector: Connector, fake: FakePlatform
) -> None:
    ready = [prepared(connector, Message(f"Post {n}"), f"k{n}") for n in range(12)]
    start = threading.Barrier(12)

    def send(n: int) -> Receipt:
        start.wait(5)
        return connector.publish(ready[n])

    with ThreadPoolExecutor(12) as pool:
        receipts = list(pool.map(send, range(12)))

    texts = {seen.remote_id: seen.text for seen in fake.published()}
    assert [texts[one.remote_id] for one in receipts] == [
        f"Post {n}" for n in range(12)
    ]


def test_a_second_connector_of_its_kind_shares_nothing(
    connector: Connector, fake: FakePlatform, platform: str
) -> None:
    other = opened(platform, fake)
    other.deadline = timedelta(seconds=7)

    assert connector.deadline != other.deadline
    assert connector.limits == other.limits
