"""New post: a share without a story is written in Compose, and may take one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from desk import report
from desk.desk import Desk
from desk.models import Share
from desk.reading import Fetcher
from tests.factories import look_up, make_channel, now_of
from tests.unit.articles.test_correcting import PAGE, STORY
from tests.unit.picturing.made import picture
from tests.unit.reading.site import Site
from tests.web.articles import paste, posts_of
from tests.web.shares import share_form, share_of
from tests.web.visiting import Visitor, sentence

HEADLINE = "Harbour ferry returns after eleven months in dry dock"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.gives("/pier.jpg", picture(size=(600, 400)), "image/jpeg")
        running.gives("/pier", PAGE.format(STORY).encode())
        yield running


@pytest.fixture
def reads(app: Flask, site: Site) -> Site:
    """A site that the desk may read, though it is on this machine."""
    fetcher = Fetcher(allow=site.origin, seconds=5)
    app.extensions["desk"] = replace(app.extensions["desk"], fetcher=fetcher)
    return site


def new_post(visitor: Visitor) -> int:
    """Press New post; the number of the share that it opens."""
    answer = visitor.look("/shares/new")
    assert answer.status_code == 303, answer.text
    return int((answer.location or "").rpartition("/")[2])


def save(visitor: Visitor, share_id: int, **written: object) -> None:
    visitor.send_bare(
        f"/shares/{share_id}/save", share_form(visitor, share_id) | written
    )


def take(visitor: Visitor, share_id: int, article_id: int) -> Share:
    visitor.send_bare(f"/shares/{share_id}/story", {"story": article_id})
    return share_of(visitor, share_id)


def tray(visitor: Visitor) -> str:
    return visitor.look("/calendar").text.partition('class="tray"')[2]


# ---- blank


def test_it_is_the_page_of_a_share_on_every_channel(editor: Visitor) -> None:
    on = [make_channel(editor.desk, name) for name in ("Aldon", "Bay")]

    page = editor.look(f"/shares/{new_post(editor)}").text

    assert page.count('role="tab"') == 1 + len(on)
    assert page.count('data-preview="') == len(on)
    assert 'name="share-text"' in page
    assert "Without a story" in page
    assert "data-candidates" not in page


def test_that_nothing_is_written_yet_is_no_fault(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    share_id = new_post(editor)

    blank = editor.look(f"/shares/{share_id}").text

    assert "Write it first" in blank
    assert "data-fix" not in blank
    assert "has a problem" not in blank
    save(editor, share_id, **{"share-text": "too long " * 40})
    written = editor.look(f"/shares/{share_id}").text
    assert "data-fix" in written
    assert "has a problem" in written


def test_an_untouched_one_is_opened_again_and_stands_in_no_list(
    editor: Visitor,
) -> None:
    make_channel(editor.desk, "Aldon")

    assert new_post(editor) == new_post(editor)

    with editor.desk.db.reading() as session:
        assert report.list_posts(session) == []
    assert "slip-" not in tray(editor)


WRITTEN = ("share-text", "share-link", "share-note", "share-labels")


@pytest.mark.parametrize("field", WRITTEN)
def test_a_word_on_it_makes_it_a_draft_like_any(editor: Visitor, field: str) -> None:
    make_channel(editor.desk, "Aldon")
    first = new_post(editor)

    save(editor, first, **{field: "paper.org"})

    assert new_post(editor) != first
    assert tray(editor).count('id="slip-') == 1


def test_what_one_channel_says_alone_makes_it_a_draft(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    first = new_post(editor)
    post = next(iter(posts_on(editor.desk, first)))

    save(editor, first, **{f"text-{post}": "Only here"})

    assert new_post(editor) != first
    assert "Only here" in tray(editor)


def test_what_was_typed_and_taken_back_is_blank_again(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    first = new_post(editor)

    save(editor, first, **{"share-text": "Hm"})
    save(editor, first, **{"share-text": ""})

    assert new_post(editor) == first


def test_another_person_and_another_channel_have_one_of_their_own(
    editor: Visitor, admin: Visitor
) -> None:
    make_channel(editor.desk, "Aldon")
    first = new_post(editor)

    assert new_post(admin) != first

    make_channel(editor.desk, "Bay")
    assert new_post(editor) != first


def test_the_example_in_its_time_field_is_a_time_to_come(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    page = editor.look(f"/shares/{new_post(editor)}").text

    found = re.search(r'id="at" [^>]*placeholder="([^"]+)"', page)

    assert found
    said = editor.look("/times/said", query_string={"at": found[1]}).text
    assert found[1] in said
    assert "is past" not in said


def test_a_desk_without_a_channel_is_told_to_add_one(editor: Visitor) -> None:
    page = editor.look("/shares/new")

    assert page.status_code == 200
    assert "Add a channel" in page.text


# ---- it takes a story


def test_stories_are_found_by_their_headline_without_a_script(editor: Visitor) -> None:
    article = paste(editor)
    share_id = new_post(editor)

    found = editor.look(f"/shares/{share_id}/story?words=FERRY").text
    other = editor.look(f"/shares/{share_id}/story?words=bridge").text

    assert f'name="story" value="{article}"' in found
    assert "No story says “bridge”" in other


def test_what_is_written_is_kept_when_a_story_is_looked_for(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    share_id = new_post(editor)
    form = share_form(editor, share_id) | {"share-text": "Half a thought"}

    answer = editor.send_bare(f"/shares/{share_id}/story/find", form)

    assert answer.location == f"/shares/{share_id}/story"
    assert share_of(editor, share_id).text == "Half a thought"


def test_a_blank_one_says_what_the_story_offers(editor: Visitor) -> None:
    article = paste(editor)
    its = posts_of(editor.desk, article)
    share_id = new_post(editor)

    share = take(editor, share_id, article)

    assert share.article_id == article
    assert share.text not in {"", share_of(editor, its[0].share_id).text}
    page = editor.look(f"/shares/{share_id}").text
    assert "data-candidates" in page
    assert "share 2 of 2" in page
    for number in posts_on(editor.desk, share_id):
        post = look_up(editor.desk, number)
        assert post.article_id == article
        assert post.text == share.text


def test_words_that_were_written_stay(editor: Visitor) -> None:
    article = paste(editor)
    share_id = new_post(editor)
    save(editor, share_id, **{"share-text": "Hooray", "share-link": "paper.org/a"})

    share = take(editor, share_id, article)

    assert (share.text, share.link) == ("Hooray", "https://paper.org/a")
    texts = {look_up(editor.desk, one).text for one in posts_on(editor.desk, share_id)}
    assert texts == {"Hooray"}


def test_what_has_its_story_or_its_time_takes_none(editor: Visitor) -> None:
    article = paste(editor)
    planned, told = new_post(editor), posts_of(editor.desk, article)[0].share_id
    save(editor, planned, **{"share-text": "Closed today"})
    in_time = f"{now_of(editor.desk) + timedelta(hours=5):%Y-%m-%dT%H:%M}"
    form = share_form(editor, planned) | {"when": "at", "at": in_time}
    editor.send_bare(f"/shares/{planned}/schedule", form)

    answers = [
        editor.send_bare(f"/shares/{one}/story", {"story": article})
        for one in (planned, told)
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert share_of(editor, planned).article_id is None
    assert "Take a story" not in editor.look(f"/shares/{told}").text


# ---- a link in its text


def test_a_pasted_link_is_offered_to_be_read_once(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    share_id = new_post(editor)
    form = share_form(editor, share_id) | {
        "share-text": "See https://paper.example/pier and https://paper.example/b"
    }

    headers = {"HX-Request": "true"}
    written = editor.send_bare(f"/shares/{share_id}/write", form, headers=headers)

    hint = re.findall('data-link="([^"]*)"', written.text)
    assert hint == ["https://paper.example/pier"]
    assert "Read this link" in editor.look(f"/shares/{share_id}").text


def test_a_story_has_no_link_to_read(editor: Visitor) -> None:
    article = paste(editor)
    share_id = posts_of(editor.desk, article)[0].share_id

    save(editor, share_id, **{"share-text": "See https://paper.example/pier"})

    assert "Read this link" not in editor.look(f"/shares/{share_id}").text


@pytest.mark.parametrize("said", ["", "Look at this:"])
def test_the_link_is_read_and_its_story_taken(
    editor: Visitor, reads: Site, said: str
) -> None:
    make_channel(editor.desk, "Aldon")
    share_id = new_post(editor)
    link = reads.url("/pier")
    form = share_form(editor, share_id) | {"share-text": f"{said} {link}"}

    answer = editor.send_bare(f"/shares/{share_id}/story/read", form)

    assert answer.location == f"/shares/{share_id}"
    share = share_of(editor, share_id)
    assert share.article_id
    assert share.link == link
    assert len(share.pictures) == 1
    assert link not in share.text
    assert share.text.startswith(said)
    assert share.text
    post = look_up(editor.desk, next(iter(posts_on(editor.desk, share_id))))
    assert post.picture_id
    with editor.desk.db.reading() as session:
        assert len(report.list_posts(session)) == 1


def test_a_link_that_gives_no_answer_leaves_the_text(
    editor: Visitor, reads: Site
) -> None:
    make_channel(editor.desk, "Aldon")
    share_id = new_post(editor)
    words = f"See {reads.url('/gone')}"
    form = share_form(editor, share_id) | {"share-text": words}

    answer = editor.send_bare(f"/shares/{share_id}/story/read", form)

    assert answer.status_code == 422, sentence(answer)
    assert share_of(editor, share_id).text == words


def posts_on(desk: Desk, share_id: int) -> list[int]:
    with desk.db.reading() as session:
        return [one.id for one in report.list_posts(session, share_id=share_id)]
