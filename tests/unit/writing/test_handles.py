"""Handles: where they stand in a text, and whose they are on another platform."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.bluesky import Bluesky
from connectors.mastodon import Mastodon
from connectors.paper import Paper
from connectors.x import X
from desk.writing.handles import Place, carried, handles_in

X_ = X({"server": "https://api.x.com"})
HERE = Mastodon({"server": "https://one.example", "token": "t" * 20})
THERE = Mastodon({"server": "https://two.example", "token": "t" * 20})
BLUE = Bluesky(
    {"server": "https://pds.example", "handle": "a", "app_password": "b" * 9}
)
PAPER = Paper({"folder": "/nowhere", "address": "https://desk.example"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks @thepaper.", ["@thepaper"]),
        (".@thepaper and (@Ana_Lee), “@bo”", ["@thepaper", "@Ana_Lee", "@bo"]),
        (
            "@ana@paper.example:8443, @news.paper.example!",
            [
                "@ana@paper.example:8443",
                "@news.paper.example",
            ],
        ),
        ("感謝＠ana さん、@ana’s @boさん", ["@ana", "@bo"]),
        ("\u2067شكرا @bo\u2069، ثم", ["@bo"]),
        ("press@paper.example, a@b, ana@", []),
        ("https://paper.example/@ana?by=@bo and paper.example/@ana", []),
        ("Run `pip install @scope` or ```\n@media\n```", []),
        ("npm i @scope/name, @property(x)", []),
        ("At 5 @ the pier, @@twice, @", []),
    ],
)
def test_handles_are_found_and_nothing_else(text: str, expected: list[str]) -> None:
    assert handles_in(text) == expected


@pytest.mark.parametrize(
    ("here", "there"),
    [(X_, HERE), (X_, BLUE), (HERE, X_), (BLUE, X_), (HERE, THERE), (X_, PAPER)],
)
def test_a_handle_is_a_stranger_on_another_platform_or_server(
    here: X | Mastodon | Bluesky, there: X | Mastodon | Bluesky | Paper
) -> None:
    text = "Thanks @thepaper, writes press@paper.example"

    told, strangers = carried(text, Place(here.whose, {}), Place(there.whose, {}))

    assert (told, strangers) == (text, ["@thepaper"])


@pytest.mark.parametrize(
    ("here", "there", "handle"),
    [
        (X_, X_, "@thepaper"),
        (BLUE, BLUE, "@the.paper.example"),
        (HERE, THERE, "@ThePaper@paper.example"),
        (HERE, HERE, "@thepaper"),
    ],
)
def test_a_handle_is_known_where_it_is_the_same_account(
    here: X | Mastodon | Bluesky, there: X | Mastodon | Bluesky, handle: str
) -> None:
    text = f"Thanks {handle}"

    assert carried(text, Place(here.whose, {}), Place(there.whose, {})) == (text, [])


def test_a_name_that_both_know_goes_over_as_the_others_own_handle() -> None:
    here = Place(X_.whose, {"The Paper": "@ThePaper", "Ana": "@ana"})
    there = Place(HERE.whose, {"the paper": "@paper@one.example", "Bo": "@bo"})

    told, strangers = carried("@thepaper, @ana, @bo, not x@thepaper.org", here, there)

    assert told == "@paper@one.example, @ana, @bo, not x@thepaper.org"
    assert strangers == ["@ana"]


@given(st.text(max_size=60))
def test_no_text_is_changed_where_no_name_is_known(text: str) -> None:
    assert carried(text, Place(X_.whose, {}), Place(HERE.whose, {}))[0] == text
