"""Links: what is one, and when two of them are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import links
from desk.links import NoLink

STORY = "https://paper.example/story"


@pytest.mark.parametrize(
    "other",
    [
        "http://paper.example/story",
        "https://www.paper.example/story/",
        "HTTPS://Paper.Example/story",
        "paper.example/story",
        "//paper.example/story".removeprefix("//"),
        "https://paper.example:443/story",
        "http://paper.example:80/story",
        "https://paper.example./story",
        "https://paper.example/story?ref=newsletter",
        "https://paper.example/story?utm_source=x&fbclid=1&at_medium=y",
        "https://paper.example/story?source=rss&mc_cid=3",
        "https://paper.example/story#comments",
        "https://paper.example/story/?#",
        "https://paper.example/st%6Fry",
        "https://paper.example/story/amp/",
        "https://paper.example/story?amp=1",
        "https://amp.paper.example/story",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/story",
    ],
)
def test_a_story_has_one_link_in_whatever_spelling(other: str) -> None:
    assert links.same(STORY, other)
    assert links.identity(links.identity(other)) == links.identity(STORY) == STORY
    assert links.said_as(f"Read {other}!", STORY, STORY)[0].startswith(f"Read {STORY}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://münchen.example/straße", "xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://a.example/?b=1&a=2", "https://a.example?a=2&b=1"),
        ("https://a.example/e%CC%81", "https://a.example/%c3%a9"),
        ("https://a.example/?q=a+b", "https://a.example/?q=a%20b"),
        ("https://a.example/x.amp.html", "https://a.example/x.html"),
        ("https://a.example/x;jsessionid=7F?id=1", "https://a.example/x?id=1"),
        ("http://[::1]:80/x", "http://[::1]/x/"),
    ],
)
def test_letters_may_be_written_in_several_ways(one: str, other: str) -> None:
    assert links.same(one, other)


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/story2",
        "https://paper.example/Story",
        "https://paper.example/story?id=2",
        "https://other.example/story",
        "https://m.paper.example/story",
        "https://paper.example:8080/story",
        "https://paper.example/a/story",
        "https://paper.example/a%2Fstory",
        "https://paper.example/",
        "https://paper.example/amp",
        "https://paper.example/story#!/2",
        "https://[",
        "https://paper.example:none/story",
        "",
        None,
    ],
)
def test_another_page_is_another_link(other: str | None) -> None:
    assert not links.same(STORY, other)


@given(st.text(max_size=40))
def test_any_text_has_an_identity_that_stays(text: str) -> None:
    assert links.same(f"{STORY}?a={text}", f"{STORY}?a={text}")
    links.identity(text)
    links.holds(text, text)


def test_a_place_on_the_page_that_the_text_names_is_kept() -> None:
    sent = f"{STORY}?utm_content=post-1"

    said, link = links.said_as(f"Live: {STORY}#9. Or paper.example/story", STORY, sent)

    assert said == f"Live: {sent}#9. Or {sent}"
    assert link == f"{sent}#9"


@pytest.mark.parametrize(
    ("written", "link"),
    [
        (" paper.example/story ", STORY),
        ("//paper.example/story", STORY),
        (f"<{STORY}>", STORY),
        ("paper.example", "https://paper.example"),
        ("paper.example:8080/x", "https://paper.example:8080/x"),
        (
            "https://paper.example/100%25?q=%c3%a9",
            "https://paper.example/100%25?q=%c3%a9",
        ),
        ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x"),
        ("東京.jp/あ?x=1#y", "https://東京.jp/あ?x=1#y"),
        ("http://localhost:80/x", "http://localhost:80/x"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("", ""),
        ("  \n", ""),
    ],
)
def test_a_link_is_completed_as_a_browser_would(written: str, link: str) -> None:
    assert links.typed(written) == link


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("https://paper.example/a b", "space"),
        (f"{STORY} {STORY}/2", "space"),
        ("https://paper.example/\u200bx", "space"),
        ("ftp://paper.example/x", "can't open “ftp:”"),
        ("mailto:ana@paper.example", "can't open"),
        ("javascript:alert(1)", "can't open"),
        ("htps://paper.example/x", "can't open"),
        ("https://", "names no site"),
        ("https:/paper.example/x", "names no site"),
        ("http://?x", "names no site"),
        ("https://#", "names no site"),
        ("story", "no name of a site"),
        ("1.5", "no name of a site"),
        ("https://.example/", "no name of a site"),
        ("https://paper", "only your own network knows “paper”"),
        ("https://cms/x", "only your own network knows “cms”"),
        ("https://paper.example/a%zz", "“%zz” stands for no letter"),
        ("https://paper.example/a?q=100%", "“%” stands for no letter"),
        ("https://paper.example/#%e", "“%e” stands for no letter"),
        ("https://paper..example/x", "no name of a site"),
        ("https://paper.example\\x", "no name of a site"),
        ("https://paper.example:99999/x", "can't be read"),
        ("https://[", "can't be read"),
        ("https://me:pw@paper.example/", "password"),
        ('paper.example/"x"', 'has " in it'),
        (f"{STORY}/{'x' * 2000}", "2,000 characters"),
    ],
)
def test_what_no_reader_could_open_is_refused_with_its_reason(
    written: str, why: str
) -> None:
    with pytest.raises(NoLink, match=r"is no link: .+\.$") as refused:
        links.typed(written)

    assert why in str(refused.value)


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost/x",
        "localhost:8000/x",
        "https://127.0.0.1/x",
        "http://[::1]/x",
        "http://10.0.0.7/x",
        "https://192.168.1.20:8443/x",
        "http://169.254.169.254/",
        "https://cms.local/x",
        "https://preview.internal/x",
        "https://nas.home.arpa/x",
    ],
)
def test_an_address_inside_a_network_is_told(link: str) -> None:
    assert links.typed(link)
    assert "your own network" in links.remark(links.typed(link))


@pytest.mark.parametrize("link", [STORY, "https://1.1.1.1/x", "https://local.example/"])
def test_a_public_address_needs_no_remark(link: str) -> None:
    assert links.remark(link) == ""
