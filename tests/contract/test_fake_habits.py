"""What the fake Mastodon does with posts that it took: draws, delays, hides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from connectors.http import Client, Response
from tests.fakes.catalogue import WAYS
from tests.fakes.ids import MADE
from tests.fakes.mastodon import (
    TOKEN,
    Habits,
    MastodonFake,
    arguments,
    told_habits,
)
from tests.fakes.platform import Kind, Trouble

NAMED = "Thanks @The.Paper@paper.example, @ThePaper and @nobody@c.example!"
STORED = "Thanks @the.paper, @thepaper and @nobody@c.example!"
LISTING = "/api/v1/accounts/1/statuses"

Opener = Callable[..., "Talk"]


class Talk:
    """A client of the API, which knows nothing of connectors."""

    def __init__(self, fake: MastodonFake) -> None:
        self.fake = fake
        self.client = Client(fake.address)

    def ask(self, method: str, path: str, body: object = None) -> Response:
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        return self.client.request(method, path, data, sent)

    def post(self, text: str) -> dict[str, str]:
        answer = self.ask("POST", "/api/v1/statuses", {"status": text}).json()
        assert isinstance(answer, dict)
        return answer

    def listed(self) -> list[dict[str, str]]:
        answer = self.ask("GET", LISTING).json()
        assert isinstance(answer, list)
        return answer

    def counted(self) -> object:
        answer = self.ask("GET", "/api/v1/accounts/verify_credentials").json()
        assert isinstance(answer, dict)
        return answer["statuses_count"]


@pytest.fixture
def opened() -> Iterator[Opener]:
    running: list[MastodonFake] = []

    def start(**habits: object) -> Talk:
        fake = MastodonFake()
        fake.become(**habits)
        running.append(fake.__enter__())
        return Talk(fake)

    yield start
    for fake in running:
        fake.vanish()


def test_draws_and_keeps_the_names_that_it_knows_in_their_own_spelling(
    opened: Opener,
) -> None:
    talk = opened()

    answer = talk.post(NAMED)
    source = talk.ask("GET", f"/api/v1/statuses/{answer['id']}/source").json()

    assert source == {"id": answer["id"], "text": STORED, "spoiler_text": ""}
    assert (
        '@<span>the.paper</span></a></span>, <span class="h-card"'
        in (answer["content"])
    )
    assert " and @nobody@c.example!" in answer["content"]
    assert [seen.text for seen in talk.fake.published()] == [NAMED]


def test_its_lists_may_lag_while_a_post_is_there_by_its_id(opened: Opener) -> None:
    talk = opened(lists_lag=600)

    answer = talk.post("Hello")

    assert talk.listed() == []
    assert talk.ask("GET", f"/api/v1/statuses/{answer['id']}").json() == answer
    assert talk.counted() == 1
    talk.fake.become(lists_lag=0)
    assert talk.listed() == [answer]


def test_its_count_of_posts_may_lag_as_well(opened: Opener) -> None:
    talk = opened(count_lag=600)

    talk.post("Hello")

    assert talk.counted() == 0
    assert len(talk.listed()) == 1


def test_it_may_say_no_date_even_when_it_refuses(opened: Opener) -> None:
    talk = opened(dates=False)
    talk.fake.expect(Trouble(Kind.STATUS, status=503, on=""))

    refused, fine = (talk.ask("GET", LISTING) for _ in range(2))

    assert (refused.status, fine.status) == (503, 200)
    assert "date" not in {
        name.lower() for one in (refused, fine) for name in one.headers
    }
    talk.fake.become(dates=True)
    assert "date" in {name.lower() for name in talk.ask("GET", LISTING).headers}


def test_it_may_have_no_source_and_hide_posts_by_a_word(opened: Opener) -> None:
    talk = opened(source=False, hides="secret")

    answer = talk.post("A secret")

    assert talk.ask("GET", f"/api/v1/statuses/{answer['id']}/source").status == 404
    assert talk.listed() == []


def test_another_process_changes_its_habits(opened: Opener) -> None:
    talk = opened()
    talk.post("Hello")

    changed = talk.client.post("/fake/habits", '{"way": "blank", "lists_lag": 0.0}')

    assert changed.status == 200
    assert talk.listed()[0]["content"] == ""
    assert talk.fake.habits == Habits(way="blank")


@pytest.mark.parametrize("kind", MADE)
def test_pages_back_and_forth_by_ids_of_any_kind(opened: Opener, kind: str) -> None:
    talk = opened(ids=kind, page=3)
    made = [talk.post(f"Post {number}")["id"] for number in range(8)][::-1]

    def page(asked: str) -> list[str]:
        answer = talk.ask("GET", f"{LISTING}?{asked}").json()
        assert isinstance(answer, list)
        return [one["id"] for one in answer]

    assert page("limit=40") == made[:3]
    assert page(f"limit=2&max_id={made[2]}") == made[3:5]
    assert page(f"since_id={made[5]}") == made[:3]
    assert page(f"min_id={made[5]}") == made[2:5]
    assert page("only_media=true") == page("pinned=true") == []


def test_it_tells_where_the_next_page_is(opened: Opener) -> None:
    talk = opened()
    first, last = (talk.post(text)["id"] for text in ("One", "Two"))

    told = talk.ask("GET", LISTING).headers["Link"]

    place = f"{talk.fake.address}{LISTING}"
    assert told == (
        f'<{place}?max_id={first}>; rel="next", <{place}?min_id={last}>; rel="prev"'
    )


def test_what_it_hides_is_missing_from_its_page(opened: Opener) -> None:
    talk = opened(hides="secret", page=2)
    for text in ("One", "Two", "A secret"):
        talk.post(text)

    assert [one["content"] for one in talk.listed()] == ["<p>Two</p>"]


def test_its_habits_are_set_on_the_command_line() -> None:
    told = "--way lot --lists-lag 40 --no-dates --page 5 --ids ulid --domains a.example"

    habits = told_habits(arguments().parse_args([*told.split(), "--hides", "a b"]))

    assert habits == Habits(
        "lot", 40, dates=False, page=5, ids="ulid", domains=["a.example"], hides="a b"
    )


@pytest.mark.parametrize("way", WAYS)
def test_keeps_the_text_as_sent_whatever_its_way(opened: Opener, way: str) -> None:
    talk = opened(way=way)

    talk.post(NAMED)

    assert [seen.text for seen in talk.fake.published()] == [NAMED]
    assert len(talk.listed()) == 1
