"""What the ways of the fake Mastodon say of themselves is true of what they draw."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.catalogue import LIST, WAYS
from tests.fakes.habits import Habits
from tests.fakes.people import Town
from tests.fakes.redrawings import PIECES, named, redrawing, text
from tests.fakes.strategies import redrawings, texts, ways
from tests.fakes.timeline import Timeline
from tests.fakes.ways import Kind, Way

HERE = "http://127.0.0.1:3000"
TOWN = Town.of(HERE, Habits().domains, Habits().people)
UNLIKE_WORDS = ("@", "#", "://", "[", "&copy;", ":news:", "1.", "3. ")
PLAIN = [one for one in PIECES if not any(sign in one for sign in UNLIKE_WORDS)]
LEGIBLE = [way.name for way in LIST if way.legible]
ILLEGIBLE = [way.name for way in LIST if not way.legible and way.shown({}) == {}]
LONG = "An <b>exclusive</b> report & more by @Wire_Desk2,\nwho read it all in vain."


class Reader(HTMLParser):
    """What a reader's eye meets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.seen += data


def letters(words: str) -> str:
    """Letters and digits alone, in whatever case and composition."""
    whole = unicodedata.normalize("NFKD", words).casefold()
    return "".join(letter for letter in whole if letter.isalnum())


def visible(way: Way, words: str) -> str:
    drawn = way.draw(words, TOWN)
    return Reader(str(drawn.more.get("content", drawn.content))).seen


def test_there_are_many_of_every_kind() -> None:
    kinds = [way.kind for way in LIST]

    assert len(WAYS) == len(LIST) > 80
    assert all(kinds.count(kind) >= 5 for kind in Kind)


@given(st.sampled_from(LEGIBLE), st.lists(st.sampled_from(PLAIN), min_size=1))
@settings(max_examples=500)
def test_a_legible_way_shows_every_letter_in_its_place(
    way: str, pieces: list[str]
) -> None:
    words = "\n\n".join(pieces)

    assert letters(visible(WAYS[way], words)) == letters(words)


@given(redrawings(), st.lists(st.sampled_from(PLAIN), min_size=1))
@settings(max_examples=500)
def test_a_server_drawn_by_lot_is_legible(way: Way, pieces: list[str]) -> None:
    words = "\n\n".join(pieces)

    assert letters(visible(way, words)) == letters(words)


@pytest.mark.parametrize("way", ILLEGIBLE)
def test_an_illegible_way_shows_something_else(way: str) -> None:
    assert visible(WAYS[way], LONG).split() != LONG.split()


def test_mastodons_own_way_shows_names_in_their_own_spelling() -> None:
    shown = visible(WAYS["mastodon"], "By @Wire_Desk2@PAPER.example & @x@c.example")

    assert shown == "By @wire_desk2 & @x@c.example"


@given(ways(), texts())
@settings(max_examples=500)
def test_every_text_is_kept_as_sent_and_shown_in_some_way(way: Way, words: str) -> None:
    timeline = Timeline(HERE, limit=5000, habits=Habits(way=way))

    post = timeline.add({"status": words}, "k1")

    assert post["text"] == words
    assert str(timeline.told(post)["id"]) == post["id"]
    assert [str(one["id"]) for one in timeline.page({})] == [post["id"]]
    assert timeline.source(post)["id"] == post["id"]


def test_a_lot_draws_the_same_for_ever() -> None:
    again = named("lot 7")

    assert again == redrawing(7)
    assert again.draw(text(7), TOWN) == redrawing(7).draw(text(7), TOWN)
    assert len({redrawing(seed).draw for seed in range(50)}) > 45
