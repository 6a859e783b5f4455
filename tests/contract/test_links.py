"""Where links begin and end, whatever script and signs stand around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.links import links, trim_address

A = "https://paper.example/a"
AROUND = [
    "[{}]",
    "（{}）です",
    "「{}」と",
    "『{}』",
    "【{}】",
    "〈{}〉",
    "{}。次",
    "{}、次",
    "{}！次",
    "｢{}｣｡",
    "{}، ثم",
    "{}؛ ثم",
    "هل {}؟",
    "{}۔",
    "{}। फिर",
    "{}॥",
    "{}—then",
    "then—{}",
    "{}…",
    "“{}”",
    "„{}“",
    "«{}»",
    "‹{}›",
    "»{}«",
    "‘{}’",
    "'{}', he said",
    '"{}"',
    "<{}>",
    "`{}`",
    "*{}*",
    "**{}**",
    "[the story]({})",
    "({}), and more",
    "[{}],[other]",
    "{{{}}}",
    "{}; then",
    "{}: then",
    "{}?!",
    "ስለ {}።",
    "{}։",
    "{}៕",
    "{}🎉",
    "👉{}👈",
    "\u2067{}\u2069",
    "{}\u200f ثم",
    "{}|",
    "{}\u3000次",
    "{},次に",
    "{}!です",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("address", [A, f"{A}?q=1&p=%20#part", "http://localhost:80/a"])
def test_a_link_ends_before_the_signs_around_it(around: str, address: str) -> None:
    text = around.format(address)

    [found] = links(text)

    assert found.address == address
    assert text[found.start : found.end] == address


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", ["paper.example/b", "www.my-paper.org", "lemonde.fr"])
def test_a_bare_name_is_a_link_where_bare_ones_are(around: str, name: str) -> None:
    text = around.format(name)

    assert not links(text)
    assert [one.address for one in links(text, bare=True)] == [f"https://{name}"]


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/Foo_(bar)_x",
        "https://a.example/Straße_–_Ende",
        "https://a.example/路/東京",
        "https://a.example/?ids[]=3&x=(1)",
        "https://web.example/2020/https://paper.example/a",
        "https://me:pw@a.example:8080/x;v=1,2",
        "https://[::1]:80/x",
        "https://東京.jp/あ",
        "HTTPS://A.EXAMPLE/X",
        "https://a.example/#!/story/1",
    ],
)
def test_what_belongs_to_an_address_stays_in_it(address: str) -> None:
    assert [one.address for one in links(f"See {address}. Or not")] == [address]
    assert trim_address(f"{address}),") == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"See {A}’s team", A),
        (f"{A}’s.", A),
        (f"{A}’S team", A),
        ("See paper.org/a’s team", "https://paper.org/a"),
        (f"See {A}'s team", f"{A}'s"),
        ("https://en.wiki.example/Lloyd's_of_London", None),
        ("https://en.wiki.example/McDonald's", None),
        ("https://fr.wiki.example/L’Équipe", None),
        ("https://a.example/rock’s-end", None),
    ],
)
def test_a_curly_possessive_is_the_sentences_and_a_straight_one_the_links(
    text: str, address: str | None
) -> None:
    """As X has it; the other servers take both into the link."""
    assert [one.address for one in links(text, bare=True)] == [address or text]


@pytest.mark.parametrize(
    "text",
    [
        "anna@paper.example and anna.lee@paper.example",
        "@thepaper.example is a handle, and so is @ana@paper.example",
        "It ended.So he left; e.g. 1.5 or 3.com, at 9 p.m.",
        "https:// and http://) and www",
        "#paper.example and $a.de",
        "file:///paper.example and C:\\paper.example",
    ],
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert links(text, bare=True) == []


@pytest.mark.parametrize("name", ["paper.music", "paper.kids", "paper.web"])
def test_a_name_that_came_to_the_web_of_late_is_a_link(name: str) -> None:
    assert [one.address for one in links(name, bare=True)] == [f"https://{name}"]


@pytest.mark.parametrize("name", ["paper.guardian", "paper.volkswagen", "paper.off"])
def test_a_name_that_left_the_web_is_no_link_any_more(name: str) -> None:
    assert links(name, bare=True) == []


@pytest.mark.parametrize("name", ["gov.uk", "paper.co.uk", "paper.com.mm", "paper.ck"])
def test_a_name_of_a_country_is_a_link_whatever_its_rules_are(name: str) -> None:
    assert [one.address for one in links(name, bare=True)] == [f"https://{name}"]


def test_links_with_only_a_mark_between_them_are_two() -> None:
    found = links(f"{A},{A}/2;[{A}/3][{A}/4]")

    assert [one.address for one in found] == [A, f"{A}/2", f"{A}/3", f"{A}/4"]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://paper.example’s story", "https://paper.example"),
        ("https://paper.exampleです", "https://paper.example"),
        ("paper.exampleです", "https://paper.example"),
    ],
)
def test_a_server_has_only_what_a_name_may_have(text: str, host: str) -> None:
    assert [one.address for one in links(text, bare=True)] == [host]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_and_no_link_overlaps(before: str, after: str) -> None:
    found = links(f"{before}{A}{after}", bare=True)

    ends = [0, *(one.end for one in found)]
    assert all(one.start >= end for one, end in zip(found, ends, strict=False))
    assert all(one.start < one.end for one in found)
