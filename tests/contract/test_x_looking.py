"""X: finding out what became of a post whose answer was lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    CantTell,
    Finding,
    Found,
    Message,
    NotThere,
    OnRecord,
    Sought,
    Staged,
)
from connectors.x import X
from connectors.x.content_match import comparable, comparables_of_post
from tests.contract.cases import outcome
from tests.contract.conftest import AT, picture, prepared
from tests.contract.x_server import (
    HELLO,
    LINK,
    LISTING,
    ME,
    connected,
    problem,
    told,
)
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import XFake


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    return connected(fake)


@pytest.fixture
def before() -> datetime:
    return datetime.now(UTC)


def looked(x: X, fake: XFake, post: dict[str, object], since: datetime) -> Finding:
    """What it makes of a listing with this one post."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"id": "7", "text": "Other", "created_at": now, **post}
    fake.expect(told({"data": [whole], "meta": {}}, on=LISTING))
    return x.find(x.compose(HELLO, Staged(), "k", AT), since)


def test_finds_its_post_behind_short_links_and_escaped_marks(
    x: X, fake: XFake, before: datetime
) -> None:
    image = picture("A red car")
    ready = prepared(x, Message("“A & B” < C 👩‍👩‍👧‍👦", LINK, (image,)))
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    outcome(lambda: x.publish(ready))

    finding = x.find(ready, before)

    [seen] = fake.published()
    assert isinstance(finding, Found)
    [receipt] = finding.receipts
    assert (receipt.remote_id, receipt.url) == (seen.remote_id, seen.url)
    assert receipt.published_at == seen.at


@pytest.mark.parametrize("name", ["post.fields", "tweet.fields"])
def test_looks_on_a_server_that_knows_either_name(
    x: X, fake: XFake, before: datetime, name: str
) -> None:
    fake.fields = name
    x.publish(prepared(x, HELLO))

    assert isinstance(x.find(prepared(x, HELLO), before), Found)
    assert isinstance(x.find(prepared(x, Message("Another")), before), CantTell)


def test_a_server_that_ignores_the_name_is_asked_with_the_other(
    x: X, fake: XFake, before: datetime
) -> None:
    bare = {"data": [{"id": "7", "text": "Other"}], "meta": {}}
    fake.fields = "tweet.fields"
    x.publish(prepared(x, HELLO))
    fake.expect(told(bare, on=LISTING))

    assert isinstance(x.find(prepared(x, HELLO), before), Found)


def test_pages_back_past_the_intent(x: X, fake: XFake, before: datetime) -> None:
    fake.allowed = 1000
    for n in range(230):
        fake.posts.add({"text": f"Post {n}"})
    ready = x.compose(Message("Post 3"), Staged(), "k", AT)

    finding = x.find(ready, before)

    assert isinstance(finding, Found)
    assert sum(one.startswith(LISTING) for one in fake.requests()) == 3


def test_stops_at_the_first_page_that_is_older(x: X, fake: XFake) -> None:
    fake.posts.clock_ahead = timedelta(hours=-1)
    for n in range(150):
        fake.posts.add({"text": f"Post {n}"})
    fake.posts.clock_ahead = timedelta()

    x.find(prepared(x, HELLO), datetime.now(UTC))

    assert sum(one.startswith(LISTING) for one in fake.requests()) == 1


def test_an_older_post_with_the_same_words_is_not_it(x: X, fake: XFake) -> None:
    fake.posts.clock_ahead = timedelta(hours=-1)
    at = datetime.now(UTC) - timedelta(hours=1)
    made = x.publish(prepared(x, HELLO))
    fake.posts.clock_ahead = timedelta()
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    sought = Sought(prepared(x, HELLO), long_ago, long_ago)

    findings = x.find_all([sought], [OnRecord(made.remote_id, made.url, at, at)])

    assert findings == [NotThere()]


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(hours=-3)])
def test_reads_times_by_the_clock_of_x(
    x: X, fake: XFake, before: datetime, ahead: timedelta
) -> None:
    fake.posts.clock_ahead = ahead
    x.publish(prepared(x, HELLO))

    assert isinstance(x.find(prepared(x, HELLO), before), Found)
    later = x.find(prepared(x, HELLO), before + timedelta(minutes=1))
    assert not isinstance(later, Found)


def test_gives_every_post_that_could_be_ours_oldest_first(
    x: X, fake: XFake, before: datetime
) -> None:
    fake.posts.memory = timedelta()
    ids = [x.publish(prepared(x, HELLO)).remote_id for _ in range(3)]

    finding = x.find(prepared(x, HELLO), before)

    assert isinstance(finding, Found)
    assert [one.remote_id for one in finding.receipts] == ids


@pytest.mark.parametrize(
    "post",
    [
        {"text": f"Read on {LINK}"},
        {"text": f"Hello from the desk {LINK}", "attachments": {"media_keys": ["3_1"]}},
        {"text": "Hello from the desk again", "edit_history_post_ids": ["6", "7"]},
        {"text": "Something else"},
        {"text": f"Hello {LINK}0"},
        {"text": ""},
    ],
    ids=["our link", "other pictures", "edited", "others", "another link", "blank"],
)
def test_a_new_post_that_nobody_explains_is_for_a_person_to_judge(
    x: X, fake: XFake, before: datetime, post: dict[str, object]
) -> None:
    finding = looked(x, fake, post, before)

    assert isinstance(finding, CantTell)
    assert [one.url for one in finding.seen] == ["https://x.com/i/web/status/7"]


def test_a_post_that_is_on_record_is_no_other_attempts(
    x: X, fake: XFake, before: datetime
) -> None:
    made = x.publish(prepared(x, Message("Something else")))
    now = datetime.now(UTC)
    long_ago = before - timedelta(minutes=2)
    sought = Sought(prepared(x, HELLO), long_ago, long_ago)

    findings = x.find_all([sought], [OnRecord(made.remote_id, made.url, now, now)])

    assert findings == [NotThere()]


def test_what_the_account_shares_of_others_is_not_ours(
    x: X, fake: XFake, before: datetime
) -> None:
    shared = looked(x, fake, {"text": f"RT @other: Hello {LINK}"}, before)

    assert not isinstance(shared, Found)
    assert not isinstance(shared, CantTell) or not shared.seen


@pytest.mark.parametrize(
    "listing",
    [
        [],
        {"data": {}},
        {"data": [7]},
        {"data": [{"text": "Hello"}]},
        {"data": [{"id": "7", "text": "Hello"}]},
        {"data": [{"id": "7", "text": "Hello", "created_at": "soon"}]},
        {"data": [], "errors": [{"detail": "Some are missing"}]},
        {"errors": [{"detail": "Not authorized"}]},
        {"meta": []},
    ],
    ids=str,
)
def test_a_listing_that_cannot_be_read_proves_nothing(
    x: X, fake: XFake, before: datetime, listing: object
) -> None:
    fake.expect(*[told(listing, on=LISTING)] * 2)

    assert isinstance(x.find(prepared(x, HELLO), before), CantTell)


@pytest.mark.parametrize(
    "trouble",
    [
        problem(401),
        problem(403),
        problem(429),
        problem(402),
        problem(503),
        problem(404),
    ],
    ids=lambda one: str(one.status),
)
@pytest.mark.parametrize("on", [LISTING, ME])
def test_a_look_that_is_refused_proves_nothing(
    x: X, fake: XFake, before: datetime, trouble: Trouble, on: str
) -> None:
    fake.expect(Trouble(Kind.STATUS, status=trouble.status, body=trouble.body, on=on))

    finding = x.find(prepared(x, HELLO), before)

    assert isinstance(finding, CantTell)
    assert finding.reason


def test_an_empty_listing_of_an_account_with_posts_proves_nothing(
    x: X, fake: XFake, before: datetime
) -> None:
    x.publish(prepared(x, Message("Another")))
    fake.expect(told({"meta": {"result_count": 0}}, on=LISTING))

    assert isinstance(x.find(prepared(x, HELLO), before), CantTell)


def test_a_new_account_has_nothing(x: X, before: datetime) -> None:
    long_ago = before - timedelta(minutes=2)

    assert x.find(prepared(x, HELLO), long_ago) == NotThere()


def test_a_listing_in_no_order_proves_nothing(
    x: X, fake: XFake, before: datetime
) -> None:
    def post(number: int, age: timedelta) -> dict[str, object]:
        at = (before - age).isoformat(timespec="seconds")
        return {"id": str(number), "text": f"Post {number}", "created_at": at}

    posts = [post(1, timedelta(days=2)), post(2, timedelta(hours=1))]
    fake.expect(told({"data": posts, "meta": {"next_token": "a"}}, on=LISTING))

    assert isinstance(x.find(prepared(x, HELLO), before), CantTell)


def test_a_listing_without_an_end_proves_nothing(x: X, fake: XFake) -> None:
    fake.allowed = 10_000
    for n in range(801):
        fake.posts.add({"text": f"Post {n}"})

    finding = x.find(prepared(x, HELLO), datetime.now(UTC) - timedelta(days=1))

    assert finding == CantTell("There are over 800 posts since then.")


@pytest.mark.parametrize(
    ("post", "sent"),
    [
        ({"text": "See http://example.com"}, "See example.com"),
        (
            {"text": "See https://t.co/a", "entities": {"urls": [
                {"url": "https://t.co/a", "expanded_url": "http://example.com"}]}},
            "See example.com",
        ),
        (
            {"text": "See https://t.co/a", "entities": {"urls": [
                {"url": "https://t.co/a", "expanded_url": "https://s.example/1",
                 "unwound_url": LINK}]}},
            f"See {LINK}",
        ),
        (
            {"text": "The begin…", "note_post": {"text": "The beginning and the end"}},
            "The beginning and the end",
        ),
        (
            {"text": "The begin…", "note_tweet": {
                "text": "The end https://t.co/b", "entities": {"urls": [
                    {"url": "https://t.co/b", "expanded_url": LINK}]}}},
            f"The end {LINK}",
        ),
    ],
    ids=["bare", "bare, short", "unwound", "long", "long, older"],
)  # fmt: skip
def test_knows_a_listed_post_again(post: dict[str, object], sent: str) -> None:
    assert any(
        comparable(sent).is_same(one) or comparable(sent).is_same_redrawn(one)
        for one in comparables_of_post(post)
    )


def test_a_short_link_that_leads_elsewhere_is_another_post() -> None:
    entities = {
        "urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example"}]
    }

    for post in (
        {"text": "Hi https://t.co/a", "entities": entities},
        {"text": "Hi https://t.co/a"},
    ):
        sent = comparable(f"Hi {LINK}")
        assert not any(
            sent.is_same(one) or sent.is_same_redrawn(one)
            for one in comparables_of_post(post)
        )
