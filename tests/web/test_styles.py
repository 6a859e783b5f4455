"""How a channel's posts are written: the form, its example, what is wrong in it."""

from __future__ import annotations

from typing import Any

import pytest

from desk import articles, channels
from desk.writing.style import Place, Style
from tests.factories import make_channel
from tests.web.articles import paste, posts_of
from tests.web.visiting import Visitor, hidden

FORM: dict[str, Any] = {
    "template": "{teaser}\n\nFoto: {credit}",
    "first": "quote",
    "place": "reply",
    "hashtags": "2",
    "never": "Crime, Opinion",
    "mentions": "Tomas Reil = @reil",
    "tagged": "on",
    "utm-source": "{platform}",
    "utm-medium": "social",
    "utm-campaign": "",
    "utm-content": "{post}",
}


def channel_of(visitor: Visitor) -> int:
    return posts_of(visitor.desk, paste(visitor, channels=1))[0].channel_id


def kept(visitor: Visitor, channel_id: int) -> Style:
    with visitor.desk.db.reading() as session:
        return Style.of(channels.find_channel(session, channel_id).style)


def test_what_is_filled_in_is_kept_and_shown_again(editor: Visitor) -> None:
    here = f"/channels/{channel_of(editor)}/words"

    answer = editor.send(here, FORM)

    assert answer.location == here
    style = kept(editor, int(here.split("/")[2]))
    assert (style.place, style.hashtags, style.never) == (
        Place.REPLY,
        2,
        ("Crime", "Opinion"),
    )
    assert style.mentions == {"Tomas Reil": "@reil"}
    assert style.tags["campaign"] == ""
    page = editor.look(here).text
    assert "Foto: {credit}" in page
    assert "Tomas Reil = @reil" in page
    assert 'value="quote" selected' in page


def test_undo_brings_the_former_words_back_once(editor: Visitor) -> None:
    channel_id = channel_of(editor)
    here = f"/channels/{channel_id}/words"
    editor.send(here, {**FORM, "template": "FIRST {teaser}"})
    editor.send(here, {**FORM, "template": "SECOND {teaser}"})

    toast = hidden(editor.look(here).text, "/channels/words/undo")
    answer = editor.send("/channels/words/undo", toast)
    again = editor.send("/channels/words/undo", toast)

    assert answer.location == here
    assert kept(editor, channel_id).template == "FIRST {teaser}"
    assert again.status_code == 409


def test_the_example_is_the_newest_article_as_the_form_would_write_it(
    editor: Visitor,
) -> None:
    here = f"/channels/{channel_of(editor)}/words"
    with editor.desk.db.writing() as session:
        articles.list_articles(session, 1)[0].link = "https://news.example/ferry"

    shown = editor.send(f"{here}/example", {**FORM, "template": "LIVE {teaser}"}).text

    assert "LIVE " in shown
    assert "In a first reply" in shown
    assert "utm_source=scripted&amp;utm_medium=social&amp;utm_content=1234" in shown
    assert "LIVE " not in editor.look(here).text


def test_without_an_article_the_example_says_where_one_comes_from(
    editor: Visitor,
) -> None:
    channel_id = make_channel(editor.desk, "New")

    page = editor.look(f"/channels/{channel_id}/words").text

    assert "Take an article into the inbox" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"template": "{nonsense}"}, "A template can&#39;t name {nonsense}."),
        ({"mentions": "Tomas Reil @reil"}, "is no mention"),
        ({"place": "elsewhere"}, "Choose where the link goes."),
        ({"utm-content": "{what}"}, "can&#39;t have {what}"),
        ({"template": "{teaser} {link}"}, "Take {link} out"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    editor: Visitor, wrong: dict[str, str], words: str
) -> None:
    channel_id = channel_of(editor)
    here = f"/channels/{channel_id}/words"

    answer = editor.send(here, {**FORM, **wrong})

    assert answer.status_code == 422
    assert words in answer.text
    assert "Crime, Opinion" in answer.text
    assert 'aria-invalid="true"' in answer.text or "place" in wrong
    assert kept(editor, channel_id) == Style()
    assert words in editor.send(f"{here}/example", {**FORM, **wrong}).text


def test_a_new_draft_is_written_like_this(editor: Visitor) -> None:
    channel_id = channel_of(editor)
    editor.send(f"/channels/{channel_id}/words", {**FORM, "template": "LIVE {teaser}"})

    text = "A new story\n\nThe harbour of Saltmere was shut on Friday after a storm."
    answer = editor.send("/articles", {"source": text})

    article_id = int(str(answer.location).rsplit("/", 1)[-1])
    (post,) = posts_of(editor.desk, article_id)
    assert post.text.startswith("LIVE ")
    assert post.link_in_reply
