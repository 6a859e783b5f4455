"""The inbox: pasting, and what can't be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.lifecycle import State
from desk.models.people import Role
from tests.web.articles import FERRY, paste, posts_of
from tests.web.visiting import Visitor, sentence


def test_an_empty_inbox_teaches(editor: Visitor) -> None:
    assert "One paste makes a post for each channel" in editor.look("/").text


def test_a_pasted_text_becomes_a_post_for_each_channel(editor: Visitor) -> None:
    article = paste(editor)

    posts = posts_of(editor.desk, article)
    assert [post.channel.name for post in posts] == ["Channel 1", "Channel 2"]
    assert {post.state for post in posts} == {State.DRAFT}
    assert all(post.text for post in posts)
    page = editor.look("/").text
    assert "Harbour ferry returns" in page
    assert "not shared" in page


def test_the_same_text_again_is_the_same_article(editor: Visitor) -> None:
    article = paste(editor)

    answer = editor.send("/articles", {"source": FERRY})

    assert answer.location == f"/articles/{article}"
    assert "was here already" in editor.look(f"/articles/{article}").text
    assert len(posts_of(editor.desk, article)) == 2


@pytest.mark.parametrize("source", ["", "   \n "])
def test_an_empty_paste_says_what_to_paste(editor: Visitor, source: str) -> None:
    answer = editor.send("/articles", {"source": source})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20
    assert "One paste makes" in editor.look("/").text


def test_five_megabytes_of_text_get_a_sentence(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "Words and words. " * 300_000})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20


def test_twenty_megabytes_get_a_sentence_too(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "x" * 20_000_000})

    assert answer.status_code == 413
    assert "more than the desk takes at once" in sentence(answer)


def test_a_link_into_the_private_network_is_refused(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "http://127.0.0.1:1/article"})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20


def test_by_htmx_the_sentence_comes_in_place(editor: Visitor) -> None:
    answer = editor.send_in_place("/articles", {"source": " "})

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text


def test_an_analyst_finds_no_paste_field(
    visit: Callable[[Role], Visitor],
) -> None:
    page = visit(Role.ANALYST).look("/").text

    assert "Paste an article" not in page
