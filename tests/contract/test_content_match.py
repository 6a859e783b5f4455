"""Whether what a platform shows is what was sent to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.content_match import (
    html_shows,
    is_same_text,
    is_similar,
    normalized_links,
)
from connectors.links import normalize_url
from tests.fakes.drawing.hand import rendered

LINK = "https://news.example/a/story?utm_source=desk&id=7"
SHOWN = (
    '<a href="https://news.example/a/story?utm_source=desk&amp;id=7" rel="nofollow">'
    '<span class="invisible">https://</span>'
    '<span class="ellipsis">news.example/a</span>'
    '<span class="invisible">/story?utm_source=desk&amp;id=7</span></a>'
)
MENTION = (
    '<span class="h-card"><a href="https://b.example/@desk" class="u-url mention">'
    "@<span>desk</span></a></span>"
)


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        ("<p>Hello</p>", "Hello"),
        ("Hello", "Hello"),
        ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
        ("<p>R&amp;D &lt;b&gt; &quot;q&quot; it&#39;s</p>", 'R&D <b> "q" it\'s'),
        (f"<p>Read</p><p>{SHOWN}</p>", f"Read\n\n{LINK}"),
        (f"<p>See {SHOWN}, now.</p>", f"See {LINK}, now."),
        (f"<p>({SHOWN})</p>", f"({LINK})"),
        (f"<p>See {SHOWN}.</p>", f"See <{LINK}>."),
        (f"<p>Read {LINK.replace('&', '&amp;')}</p>", f"Read {LINK}"),
        (f"<p>Hi {MENTION}!</p>", "Hi @desk@b.example!"),
        (f"<p>Hi {MENTION}</p>", "Hi @desk"),
        (
            '<p>Go <a href="/tags/F1" class="mention hashtag">#<span>F1</span></a></p>',
            "Go #F1",
        ),
        (
            '<p>See <a href="https://news.example">news.example</a></p>',
            "See news.example",
        ),
        (
            '<p><a href="https://xn--bcher-kva.example/%C3%BC">x</a></p>',
            "https://bücher.example/ü",
        ),
        ('<p><a href="https://News.example/">x</a></p>', "https://news.example"),
        (
            '<p>See <a href="https://news.example/a’s">news.example/a’s</a> team</p>',
            "See https://news.example/a’s team",
        ),
        (
            '<p>See <a href="https://news.example/a%E2%80%99s">x</a> team</p>',
            "See https://news.example/a’s team",
        ),
        ("<p>cafe\u0301</p>", "café"),
        ("<p>\u2764 ok</p>", "\u2764\ufe0f ok"),
        ('<p>Hi <img class="emoji" alt=":car:" src="x"> there</p>', "Hi :car: there"),
        ("<div>Hello</div> \n", "  Hello"),
    ],
)
def test_knows_its_text_however_a_server_dresses_it(html: str, sent: str) -> None:
    assert html_shows(html, sent)


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        ("", "Hello"),
        ("<p></p>", "Hello"),
        ("<p>Hello</p>", "Hello you"),
        ("<p>Hello you</p>", "Hello"),
        ("<p>Hello</p>", f"Hello {LINK}"),
        (f"<p>Hello {SHOWN}</p>", "Hello"),
        (f"<p>Hello {SHOWN}</p>", f"Hello {LINK}8"),
        (f"<p>Hello {SHOWN} {SHOWN}</p>", f"Hello {LINK}"),
        ('<p><a href="https://evil.example">https://news.example</a></p>', LINK),
        ("<p>10% up</p>", "10% down"),
    ],
)
def test_sees_through_other_words_and_other_links(html: str, sent: str) -> None:
    assert not html_shows(html, sent)


@settings(max_examples=80)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
def test_any_text_is_known_again_as_mastodon_renders_it(text: str) -> None:
    assert html_shows(rendered(text), text)


@settings(max_examples=80)
@given(st.text(), st.text())
def test_whatever_a_server_sends_reading_it_does_no_harm(html: str, sent: str) -> None:
    assert isinstance(html_shows(html, sent), bool)
    assert isinstance(is_similar(html, sent), bool)
    assert is_same_text(sent, sent)


def test_finds_every_link_of_a_text() -> None:
    assert normalized_links(f"{LINK} and HTTP://B.example.") == sorted(
        [normalize_url(LINK), "http://b.example/"]
    )


@pytest.mark.parametrize(
    ("html", "sent", "expected"),
    [
        ("<p>All the same words but one</p>", "All the same words but two", True),
        ("<p>Nothing in common</p>", "Hello from the desk", False),
        (f"<p>Nothing in common {SHOWN}</p>", f"Hello {LINK}", True),
    ],
)
def test_tells_a_reworded_post_from_another_one(
    html: str, sent: str, expected: bool
) -> None:
    assert is_similar(html, sent) is expected
