"""Compose: one action schedules, nothing written is lost, twice is once."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from PIL import Image

from desk import articles
from desk.config import Settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post, Slot
from desk.models.people import Role
from tests.factories import look_up, make_scheduled, now_of
from tests.fakes.scripted import Scripted
from tests.warmth import warmed
from tests.web.articles import FERRY, compose_form, paste, posts_of, share_path
from tests.web.visiting import Visitor, field, sentence
from web import create_app, filters


def states(visitor: Visitor, article: int) -> list[str]:
    return [post.state for post in posts_of(visitor.desk, article)]


def test_the_page_shows_the_article_and_a_card_for_each_channel(
    editor: Visitor,
) -> None:
    page = editor.look(share_path(editor, paste(editor))).text

    assert "Harbour ferry returns after eleven months in dry dock" in page
    assert "By Ines Marlow" in page
    assert page.count('role="tab"') == 1 + 2
    assert page.count('data-card="') == 1 + 2
    assert "Schedule on 2" in page
    assert re.search(r"\d+ of 280", page)


def test_one_action_schedules_every_post(editor: Visitor) -> None:
    article = paste(editor)

    answer = editor.send(
        f"{share_path(editor, article)}/schedule", compose_form(editor, article)
    )

    assert answer.location == share_path(editor, article)
    assert states(editor, article) == [State.SCHEDULED, State.SCHEDULED]
    assert "Going out on 2 channels." in editor.look("/status").text


def test_only_what_is_ticked_is_scheduled(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    form = compose_form(editor, article, posts=[str(first.id)])
    editor.send(f"{share_path(editor, article)}/schedule", form)

    assert states(editor, article) == [State.SCHEDULED, State.DRAFT]


def test_a_double_click_schedules_once(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    form = compose_form(editor, article, at="2027-06-01 12:00")
    form |= {f"text-{first.id}": "Changed in the form"}
    answers = [
        editor.send(f"{share_path(editor, article)}/schedule", form) for _ in range(2)
    ]

    assert [answer.location for answer in answers] == ["/inbox", "/inbox"]
    after = look_up(editor.desk, first.id)
    assert (after.text, after.revision, after.fence) == ("Changed in the form", 2, 2)


def test_text_over_the_limit_is_marked_and_the_rest_goes_out(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    form = compose_form(editor, article, **{f"text-{first.id}": "too long " * 40})

    answer = editor.send(f"{share_path(editor, article)}/schedule", form)

    assert answer.location == share_path(editor, article)
    assert states(editor, article) == [State.DRAFT, State.SCHEDULED]
    page = editor.look(share_path(editor, article)).text
    assert "To be mended first on Channel 1: it is marked." in page
    assert f"{len('too long ' * 40) - 280} over the limit of 280" in page
    assert f'href="#text-{first.id}"' in page


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("soon", "is not a time"),
        ("2020-01-01 10:00", "is past"),
        ("", "Pick a time first"),
    ],
)
def test_a_time_that_is_none_loses_no_text(
    editor: Visitor, written: str, said: str
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    changed = {f"text-{first.id}": "Written with care", "when": "at", "at": written}

    answer = editor.send(
        f"{share_path(editor, article)}/schedule",
        compose_form(editor, article, **changed),
    )

    assert answer.status_code == 400
    assert said in sentence(answer)
    assert states(editor, article) == [State.DRAFT, State.DRAFT]
    assert look_up(editor.desk, first.id).text == "Written with care"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2027-03-28T02:30", "does not exist in Europe/Rome"),
        ("2027-10-31T02:30", "happens twice in Europe/Rome"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_named(
    settings: Settings, desk: Desk, written: str, said: str
) -> None:
    rome = settings.model_copy(update={"zone_name": "Europe/Rome"})
    app = warmed(create_app(rome, {"scripted": Scripted}))
    visitor = Visitor(app, desk, Role.EDITOR)
    article = paste(visitor)
    form = compose_form(visitor, article, when="at", at=written)

    answer = visitor.send(f"{share_path(visitor, article)}/schedule", form)

    assert answer.status_code == 400
    assert said in sentence(answer)
    assert states(visitor, article) == [State.DRAFT, State.DRAFT]


def test_a_picked_time_is_newsroom_time(editor: Visitor) -> None:
    article = paste(editor)
    at = (datetime.now(UTC) + timedelta(days=1)).replace(second=0, microsecond=0)
    form = compose_form(editor, article, when="at", at=f"{at:%Y-%m-%dT%H:%M}")

    editor.send(f"{share_path(editor, article)}/schedule", form)

    assert {post.due_at for post in posts_of(editor.desk, article)} == {at}


def test_two_editors_see_each_other_and_lose_nothing(
    editor: Visitor, admin: Visitor
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    mine = compose_form(editor, article, **{f"text-{first.id}": "My own words"})
    theirs = compose_form(admin, article, **{f"text-{first.id}": "Their own words"})
    admin.send(f"{share_path(admin, article)}/save", theirs)

    answer = editor.send(f"{share_path(editor, article)}/schedule", mine)

    assert answer.status_code == 409
    assert "Their own words" in answer.text
    assert "My own words" in re.sub("<[^>]+>", "", answer.text).replace("Their", "")
    assert states(editor, article) == [State.DRAFT, State.DRAFT]
    assert look_up(editor.desk, first.id).text == "Their own words"


def test_keep_mine_sends_the_whole_form_again(editor: Visitor, admin: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    mine = compose_form(editor, article, **{f"text-{first.id}": "My own words"})
    theirs = compose_form(admin, article, **{f"text-{first.id}": "Their own words"})
    admin.send(f"{share_path(admin, article)}/save", theirs)
    page = editor.send(f"{share_path(editor, article)}/schedule", mine).text
    again = mine | {f"revision-{first.id}": field(page, f"revision-{first.id}")}

    answer = editor.send(f"{share_path(editor, article)}/schedule", again)

    assert answer.location == share_path(editor, article)
    assert look_up(editor.desk, first.id).text == "My own words"


def test_a_channel_without_slots_is_named_and_the_others_take_theirs(
    editor: Visitor,
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    with editor.desk.db.writing() as session:
        for weekday in range(7):
            at = time(12, 30)
            slot = Slot(channel_id=first.channel_id, weekday=weekday, local_time=at)
            session.add(slot)

    form = compose_form(editor, article, when="slot")
    answer = editor.send(f"{share_path(editor, article)}/schedule", form)

    assert answer.location == share_path(editor, article)
    assert states(editor, article) == [State.SCHEDULED, State.DRAFT]
    page = editor.look(share_path(editor, article)).text
    assert "No free slot on Channel 2: pick a time, or now." in page


def test_undo_brings_every_post_back_to_draft(editor: Visitor) -> None:
    article = paste(editor)
    form = compose_form(editor, article, when="at", at="23:59:59") | {
        "at": f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    }
    editor.send(f"{share_path(editor, article)}/schedule", form)

    ids = [str(post.id) for post in posts_of(editor.desk, article)]
    answer = editor.send("/posts/undo", {"of": ids})

    assert answer.location == share_path(editor, article)
    assert states(editor, article) == [State.DRAFT, State.DRAFT]


def test_an_author_sends_for_approval(author: Visitor) -> None:
    article = paste(author)

    author.send(
        f"{share_path(author, article)}/schedule", compose_form(author, article)
    )

    assert states(author, article) == [State.IN_REVIEW, State.IN_REVIEW]


def test_an_unknown_article_is_not_found(editor: Visitor) -> None:
    answer = editor.look("/articles/999")

    assert answer.status_code == 404
    assert "no article number 999" in sentence(answer)


def test_autosave_answers_with_count_preview_and_revision(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    form = {f"text-{first.id}": "Ten <b>letters</b>", f"revision-{first.id}": 1}

    answer = editor.send_in_place(f"/posts/{first.id}/write", form)

    assert "Ten &lt;b&gt;letters&lt;/b&gt;" in answer.text
    assert answer.headers["Desk-Kept"] == f"post-{first.id}=2"
    assert "of 280" in answer.text
    assert "Saved" in answer.text
    assert look_up(editor.desk, first.id).text == "Ten <b>letters</b>"


def test_autosave_in_a_conflict_shows_both(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    form = {f"text-{first.id}": "First", f"revision-{first.id}": 1}
    editor.send_in_place(f"/posts/{first.id}/write", form)

    answer = editor.send_in_place(
        f"/posts/{first.id}/write", form | {f"text-{first.id}": "Second"}
    )

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert f'action="/posts/{first.id}/save"' in answer.text


def picture(kind: str = "PNG") -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (320, 200), "#2f5f7f").save(data, kind)
    data.seek(0)
    return data


def test_a_picture_is_put_in_and_taken_out(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    editor.send(
        f"/posts/{first.id}/picture", {f"picture-{first.id}": (picture(), "a.png")}
    )

    put = look_up(editor.desk, first.id)
    assert put.picture
    shown = re.search(
        r'src="(/pictures/[^"]+)"', editor.look(f"/posts/{first.id}").text
    )
    assert shown
    with editor.look(shown[1]) as file:
        assert file.content_type == put.picture.media_type
        known = {"If-None-Match": file.headers["ETag"]}
        assert len(file.data) == put.picture.bytes
    assert editor.client.get(shown[1], headers=known).status_code == 304
    editor.send(f"/posts/{first.id}/picture/remove")
    assert look_up(editor.desk, first.id).picture is None


@pytest.mark.parametrize("data", [b"no picture at all", b"<svg onload=alert(1)/>"])
def test_what_is_no_picture_is_refused(editor: Visitor, data: bytes) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    answer = editor.send(
        f"/posts/{first.id}/picture",
        {f"picture-{first.id}": (io.BytesIO(data), "a.png")},
    )

    assert answer.status_code == 422
    assert look_up(editor.desk, first.id).picture is None


def test_no_picture_chosen_says_so(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    answer = editor.send(f"/posts/{first.id}/picture")

    assert answer.status_code == 400
    assert "Choose a picture first" in sentence(answer)


def test_a_picture_of_nobody_is_not_found(editor: Visitor, tmp_path: Path) -> None:
    assert editor.look(f"/pictures/{'0' * 64}.jpg").status_code == 404
    assert editor.look("/pictures/..%2f..%2fkeys.jpg").status_code == 404


@pytest.mark.parametrize(
    ("written", "status", "link"),
    [
        ("https://saltmere.example/ferry", 200, "https://saltmere.example/ferry"),
        ("saltmere.example/ferry", 200, "https://saltmere.example/ferry"),
        ("", 200, None),
        ("javascript:alert(1)", 400, None),
        ("https://", 400, None),
        ("https://saltmere.example/a b", 400, None),
        ("https://saltmere", 400, None),
        ("https://saltmere.example/a%zz", 400, None),
    ],
)
def test_a_link_is_one_or_is_refused(
    editor: Visitor, written: str, status: int, link: str | None
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    answer = editor.send_in_place(f"/posts/{first.id}/save", typed(first, written))

    assert answer.status_code == status
    assert look_up(editor.desk, first.id).link == (
        link if status == 200 else first.link
    )


def test_a_problem_leads_to_its_field_whatever_else_it_names(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    form = typed(first, "https://paper.org/an image")

    answer = editor.send_in_place(f"/posts/{first.id}/write", form)

    assert f'href="#link-{first.id}"' in answer.text
    assert f'href="#picture-{first.id}"' not in answer.text


@pytest.mark.parametrize("half", ["h", "https://", "https://salt", "javascript:x"])
def test_a_half_typed_link_keeps_no_other_words_from_being_saved(
    editor: Visitor, half: str
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    answer = editor.send_in_place(f"/posts/{first.id}/write", typed(first, half))

    post = look_up(editor.desk, first.id)
    page = editor.look(share_path(editor, article)).text
    assert answer.status_code == 200
    assert (post.text, post.link) == ("The ferry is back", first.link)
    assert "is no link" in answer.text
    assert "is no link" in page
    assert f'value="{half}"' in page


def test_the_link_is_saved_once_it_is_whole(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    write = f"/posts/{first.id}/write"
    editor.send_in_place(write, typed(first, "https://salt"))
    revision = look_up(editor.desk, first.id).revision

    answer = editor.send_in_place(
        write, typed(first, "https://salt.example/a", revision)
    )

    post = look_up(editor.desk, first.id)
    assert (post.link, post.copies) == ("https://salt.example/a", [])
    assert "is no link" not in answer.text


def typed(post: Post, link: str, revision: int = 1) -> dict[str, object]:
    return {
        f"text-{post.id}": "The ferry is back",
        f"link-{post.id}": link,
        f"revision-{post.id}": revision,
    }


def test_an_authors_form_does_not_change_what_an_editor_scheduled(
    author: Visitor, admin: Visitor
) -> None:
    article = paste(author)
    first, _ = posts_of(author.desk, article)
    form = compose_form(author, article, **{f"text-{first.id}": "Slipped in"})
    admin.send(f"{share_path(admin, article)}/schedule", compose_form(admin, article))

    answer = author.send(f"{share_path(author, article)}/save", form)

    page = author.look(answer.location or "").text
    after = look_up(author.desk, first.id)
    assert after.text != "Slipped in"
    assert [copy.text for copy in after.copies] == ["Slipped in"]
    assert "since you opened this page" in page


def test_one_text_goes_everywhere_and_undo_takes_it_back(editor: Visitor) -> None:
    article = paste(editor)
    first, second = posts_of(editor.desk, article)
    form = compose_form(editor, article, **{f"text-{first.id}": "For all of you"})

    editor.send(f"/posts/{first.id}/spread", form)

    assert look_up(editor.desk, second.id).text == "For all of you"
    assert "on 1 more channel." in editor.look(share_path(editor, article)).text
    editor.send("/posts/former", {"of": [str(second.id)]})
    assert look_up(editor.desk, second.id).text == second.text
    assert look_up(editor.desk, first.id).text == "For all of you"


def test_undo_after_someone_wrote_on_changes_nothing(editor: Visitor) -> None:
    article = paste(editor)
    first, second = posts_of(editor.desk, article)
    form = compose_form(editor, article, **{f"text-{first.id}": "For all of you"})
    editor.send(f"/posts/{first.id}/spread", form)
    again = compose_form(editor, article, **{f"text-{second.id}": "Written since"})
    editor.send(f"{share_path(editor, article)}/save", again)

    answer = editor.send("/posts/former", {"of": [str(second.id)]})

    assert answer.status_code == 409
    assert look_up(editor.desk, second.id).text == "Written since"


def test_words_in_the_form_are_saved_before_its_picture_changes(
    editor: Visitor,
) -> None:
    article = paste(editor)
    first, second = posts_of(editor.desk, article)
    changed = {f"text-{first.id}": "First words", f"text-{second.id}": "Second words"}

    editor.send(
        f"/posts/{first.id}/picture/remove", compose_form(editor, article, **changed)
    )

    assert [post.text for post in posts_of(editor.desk, article)] == [
        "First words",
        "Second words",
    ]


def test_by_htmx_only_the_card_that_changed_comes_back(editor: Visitor) -> None:
    article = paste(editor)
    first, second = posts_of(editor.desk, article)
    page = f"http://localhost{share_path(editor, article)}"

    answer = editor.send(
        f"/posts/{first.id}/picture/remove",
        headers={"HX-Request": "true", "Referer": page},
    )

    assert f'hx-target="#panel-{first.id}"' in answer.text
    assert f'hx-target="#panel-{second.id}"' not in answer.text
    assert "The picture is out of this post." in answer.text
    assert "<html" not in answer.text


def test_a_card_that_changed_does_not_say_again_what_the_article_says(
    editor: Visitor,
) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    own = "The image has no alt text: describe what it shows."
    with editor.desk.db.writing() as session:
        (warned, *_) = articles.find_article(session, article).warnings
        session.get_one(Post, first.id).warnings = [own]

    answer = editor.send(
        f"/posts/{first.id}/thread",
        {"thread": "on"},
        headers={
            "HX-Request": "true",
            "Referer": f"http://localhost{share_path(editor, article)}",
        },
    )

    assert own in answer.text
    assert warned not in answer.text


def test_a_post_by_itself_says_what_to_mind_of_its_article(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    with editor.desk.db.reading() as session:
        (warned, *_) = articles.find_article(session, article).warnings

    alone = editor.look(f"/posts/{first.id}").text
    beside = editor.look(share_path(editor, article)).text

    assert (alone.count(warned), beside.count(warned)) == (1, 1)


def test_a_warning_is_shown_however_it_begins(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)
    own, missing = "Not offered by the agency any more.", "Not offered: quote (none)."
    with editor.desk.db.writing() as session:
        post = session.get_one(Post, first.id)
        post.warnings, post.not_offered = [own], missing

    page = editor.look(share_path(editor, article)).text

    assert f"<p>{own}</p>" in page
    assert f"<li>{missing}</li>" in page


def test_an_article_without_a_picture_says_so(editor: Visitor) -> None:
    article = paste(editor)
    first, _ = posts_of(editor.desk, article)

    answer = editor.send(f"/posts/{first.id}/picture/articles")

    assert answer.status_code == 422
    assert "came without a picture" in sentence(answer)


def test_the_way_of_timing_is_offered_again(editor: Visitor) -> None:
    article = paste(editor)
    first, second = posts_of(editor.desk, article)
    at = (datetime.now(UTC) + timedelta(days=1)).replace(second=0, microsecond=0)
    form = compose_form(
        editor, article, posts=[str(second.id)], when="at", at=f"{at:%Y-%m-%dT%H:%M}"
    )
    editor.send(f"{share_path(editor, article)}/schedule", form)

    page = editor.look(share_path(editor, article)).text

    assert chosen(page) == "at"
    assert re.search(rf'name="posts" value="{first.id}" data-takes="\d+">', page)


@pytest.mark.parametrize(
    ("text", "over", "shown"),
    [
        ("Four", 0, "Four"),
        ("Four <b>", 3, "Four <mark>&lt;b&gt;</mark>"),
        (
            "Four\n\nhttps://a.example",
            2,
            'Fo<mark>ur</mark>\n\n<span class="address">https://a.example</span>',
        ),
        ("Four", 9, "<mark>Four</mark>"),
    ],
)
def test_a_preview_marks_what_is_too_much_of_the_words(
    text: str, over: int, shown: str
) -> None:
    assert str(filters.drawn(text, "https://a.example", over)) == shown


def test_a_runner_up_is_one_press_away_and_so_is_the_way_back(editor: Visitor) -> None:
    article_id = paste(editor)
    with editor.desk.db.writing() as session:
        article = articles.find_article(session, article_id)
        article.said = {"headline": {"h1": "The ferry is back"}}

    page = editor.look(share_path(editor, article_id)).text
    assert "Its sources differ on headline" in page
    assert "The ferry is back" in page

    form = compose_form(editor, article_id)
    first, _ = posts_of(editor.desk, article_id)
    form[f"text-{first.id}"] = "Written just now."
    editor.send(f"/articles/{article_id}/said/headline/h1", form)
    page = editor.look(share_path(editor, article_id)).text
    assert "<h2>The ferry is back</h2>" in page
    assert "Written just now." in page

    undo = {"of": re.findall(r'name="of" value="([^"]*)"', page)}
    editor.send("/articles/said/back", undo)

    page = editor.look(share_path(editor, article_id)).text
    assert "<h2>Harbour ferry returns after eleven months" in page


def test_a_source_that_said_nothing_is_not_there(editor: Visitor) -> None:
    article_id = paste(editor)

    answer = editor.send(f"/articles/{article_id}/said/headline/rumour", {})

    assert answer.status_code == 404
    assert "No source of this article says that" in sentence(answer)


def in_place(visitor: Visitor, article: int, what: str, **form: str) -> str:
    """Press a button of the first card, as htmx does."""
    post = posts_of(visitor.desk, article)[0]
    visitor.send(f"/posts/{post.id}/{what}", compose_form(visitor, article, **form))
    return visitor.look(share_path(visitor, article)).text


def test_a_long_text_is_offered_as_a_thread_and_becomes_one(editor: Visitor) -> None:
    article = paste(editor)
    first = posts_of(editor.desk, article)[0].id
    long = "\n\n".join(["The ferry sails again on Monday. " * 6] * 2)
    written = {f"text-{first}": long, f"revision-{first}": "1"}
    offered = editor.send(f"/posts/{first}/write", written).text

    page = in_place(editor, article, "thread", thread="on")

    assert "Make it a thread" in offered
    assert "2 parts, longest 197 of 280" in page
    assert 'aria-label="Part 2 of 2"' in page
    assert "One post again" in page
    assert len(posts_of(editor.desk, article)[0].parts) == 2
    assert "393 of 280" not in in_place(editor, article, "thread", thread="off")
    assert len(posts_of(editor.desk, article)[0].parts) == 1


def test_the_link_goes_into_a_reply_and_back(editor: Visitor) -> None:
    article = paste(editor)
    first = posts_of(editor.desk, article)[0].id
    linked = compose_form(editor, article) | {
        f"link-{first}": "https://news.example/ferry"
    }
    editor.send(f"{share_path(editor, article)}/save", linked)

    page = in_place(editor, article, "link-place", **{"link-place": "reply"})

    assert "Reply with the link" in page
    assert re.search(r"\d+ of 280, and a reply", page)
    assert len(posts_of(editor.desk, article)[0].parts) == 2
    in_place(editor, article, "link-place", **{"link-place": "post"})
    assert len(posts_of(editor.desk, article)[0].parts) == 1


def test_a_thread_without_a_link_has_no_reply(editor: Visitor) -> None:
    article = paste(editor)
    first = posts_of(editor.desk, article)[0].id
    with editor.desk.db.writing() as session:
        session.get_one(Post, first).link_in_reply = True
    written = {f"text-{first}": "One.\n---\nTwo."}

    page = in_place(editor, article, "thread", thread="on", **written)

    assert "2 parts, longest 4 of 280" in page
    assert "Reply with the link" not in page


def test_hashtags_are_offered_from_the_topics(editor: Visitor) -> None:
    article = paste(editor)
    with editor.desk.db.writing() as session:
        articles.find_article(session, article).topics = [
            "News",
            "Public transport",
            "Ferry",
        ]

    page = editor.look(share_path(editor, article)).text

    assert re.findall(r'data-tag="(.*?)"', page) == ["#PublicTransport", "#Ferry"] * 3


def chosen(page: str) -> str:
    """Which way of timing is ticked."""
    [found] = re.findall(r'name="when" value="(\w+)" data-times checked', page)
    return str(found)


def give_slots(visitor: Visitor, *clocks: time) -> None:
    """Each channel in turn a weekly time of its own, every day."""
    with visitor.desk.db.writing() as session:
        session.add_all(
            Slot(channel_id=number, weekday=day, local_time=clock)
            for number, clock in enumerate(clocks, start=1)
            for day in range(7)
        )


def test_now_is_a_button_of_its_own_and_no_way_of_scheduling(editor: Visitor) -> None:
    page = editor.look(share_path(editor, paste(editor))).text

    assert "Publish now on 2</button>" in page
    assert 'value="now"' not in page
    assert chosen(page) == "at"


def test_publish_now_can_be_undone_for_ten_seconds(editor: Visitor) -> None:
    article = paste(editor)
    before = now_of(editor.desk)

    answer = editor.send(
        f"{share_path(editor, article)}/publish", compose_form(editor, article)
    )

    planned = posts_of(editor.desk, article)
    assert answer.location == share_path(editor, article)
    page = editor.look(answer.location).text
    assert "Going out on 2 channels." in page
    assert 'data-undo-for="10"' in page
    assert all(
        post.due_at and post.due_at >= before + timedelta(seconds=10)
        for post in planned
    )
    editor.send("/posts/undo", {"of": [post.id for post in planned]})
    assert states(editor, article) == [State.DRAFT, State.DRAFT]


@pytest.mark.parametrize(("path", "when"), [("publish", "now"), ("schedule", "at")])
def test_how_one_story_was_timed_says_nothing_of_the_next(
    editor: Visitor, path: str, when: str
) -> None:
    first = paste(editor)
    bridge = "Bridge closes on Monday\n\nThe old bridge is closed for six weeks."
    answer = editor.send("/articles", {"source": bridge})
    second = int(re.findall(r"/articles/(\d+)", answer.location)[0])
    give_slots(editor, time(9), time(9))
    before = editor.look(share_path(editor, second)).text

    form = compose_form(editor, first, when=when, at="tomorrow 10:15")
    editor.send(f"{share_path(editor, first)}/{path}", form)

    after = editor.look(share_path(editor, second)).text
    assert chosen(before) == chosen(after) == "slot"
    [picked] = re.findall(r'name="at" value="(.*?)"', after)
    assert "10:15" not in picked


@pytest.mark.parametrize("written", ["now", " Now ", "{at:%Y-%m-%dT%H:%M}"])
def test_a_picked_time_that_has_come_can_be_undone_too(
    editor: Visitor, written: str
) -> None:
    article = paste(editor)
    at = now_of(editor.desk)
    form = compose_form(editor, article, when="at", at=written.format(at=at))

    editor.send(f"{share_path(editor, article)}/schedule", form)

    due = {post.due_at for post in posts_of(editor.desk, article)}
    assert all(one and one >= at + timedelta(seconds=10) for one in due)


def test_an_author_can_not_publish_now(author: Visitor, editor: Visitor) -> None:
    article = paste(editor)
    form = compose_form(author, article)

    answer = author.send(f"{share_path(author, article)}/publish", form)

    assert answer.status_code == 403
    assert "Publish now" not in author.look(share_path(author, article)).text
    assert states(editor, article) == [State.DRAFT, State.DRAFT]


def test_the_message_says_which_time_each_channel_got(editor: Visitor) -> None:
    article = paste(editor, channels=3)
    give_slots(editor, time(9), time(21, 30), time(9))
    form = compose_form(editor, article, when="slot")

    editor.send(f"{share_path(editor, article)}/schedule", form)

    page = editor.look("/status").text
    of = {post.channel.name: post.due_at for post in posts_of(editor.desk, article)}
    told = told_times(page)
    assert "Scheduled on 3 channels." in page
    assert [at for at, _ in told] == sorted(
        {at.isoformat() for at in of.values() if at}
    )
    assert {tuple(names) for _, names in told} == {
        ("Channel 1", "Channel 3"),
        ("Channel 2",),
    }
    assert f'href="{share_path(editor, article)}/posts">See the share</a>' in page


def test_of_many_times_the_message_says_four_and_how_many_more(
    editor: Visitor,
) -> None:
    article = paste(editor, channels=6)
    give_slots(editor, *(time(9, minute) for minute in range(6)))
    form = compose_form(editor, article, when="slot")

    editor.send(f"{share_path(editor, article)}/schedule", form)

    page = editor.look("/status").text
    assert "Scheduled on 6 channels." in page
    assert len(told_times(page)) == 4
    assert "and 2 more times" in page


@pytest.mark.parametrize(("apart", "stays"), [(13, True), (2, False)])
def test_times_that_lie_far_apart_are_told_until_the_message_is_closed(
    editor: Visitor, apart: int, stays: bool
) -> None:
    article = paste(editor)
    _, other = posts_of(editor.desk, article)
    at = datetime.now(UTC) + timedelta(hours=3)
    own = {f"at-{other.id}": f"{at + timedelta(hours=apart):%Y-%m-%d %H:%M}"}
    form = compose_form(editor, article, at=f"{at:%Y-%m-%d %H:%M}", **own)

    editor.send(f"{share_path(editor, article)}/schedule", form)

    assert ("data-stays" in editor.look("/status").text) is stays


def test_the_message_says_why_a_time_is_late(editor: Visitor) -> None:
    article = paste(editor)
    give_slots(editor, time(9), time(9))
    day = now_of(editor.desk).replace(hour=9, minute=0, second=0, microsecond=0)
    nine = day if day > now_of(editor.desk) else day + timedelta(days=1)
    make_scheduled(editor.desk, 2, "Council passes the budget", nine)
    form = compose_form(editor, article, when="slot")

    editor.send(f"{share_path(editor, article)}/schedule", form)

    page = editor.look("/status").text
    prompt, late = re.findall(r"<li>(.*?)</li>", told_account(page), re.DOTALL)
    assert "Channel 2" in late
    assert "1 ahead of it" in late
    assert "ahead" not in prompt


def test_the_message_stays_where_a_channel_could_not_be_scheduled(
    editor: Visitor,
) -> None:
    article = paste(editor)
    its = posts_of(editor.desk, article)
    at = datetime.now(UTC) + timedelta(hours=3)
    long = {f"text-{its[0].id}": "too long " * 40}
    form = compose_form(editor, article, at=f"{at:%Y-%m-%d %H:%M}", **long)

    editor.send(f"{share_path(editor, article)}/schedule", form)

    page = editor.look(share_path(editor, article)).text
    assert "Scheduled on 1 channel" in page
    assert re.search(r'<div class="notice toast good"[^>]* data-stays', page)


def told_times(page: str) -> list[tuple[str, list[str]]]:
    """Each time that the message names, with its channels."""
    lines = [
        (re.findall(r'<time datetime="([^"]+)"', line), line)
        for line in re.findall(r"<li>(.*?)</li>", told_account(page), re.DOTALL)
    ]
    return [
        (at[0], re.findall(r'title="(Channel \d)"', one)) for at, one in lines if at
    ]


def told_account(page: str) -> str:
    """The message of what was scheduled."""
    messages = re.findall(r'<div class="told">(.*?)</div>', page, re.DOTALL)
    (told,) = (one for one in messages if "Scheduled on" in one)
    return str(told)


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Tokyo"])
def test_a_day_without_an_hour_is_shown_as_a_day(
    settings: Settings, desk: Desk, zone: str
) -> None:
    app = create_app(
        settings.model_copy(update={"zone_name": zone}), {"scripted": Scripted}
    )
    visitor = Visitor(app, desk, Role.EDITOR)
    dated = FERRY.replace(
        "By Ines Marlow", "By Ines Marlow\n\nPublished: November 20, 2026"
    )

    answer = visitor.send("/articles", {"source": dated})

    assert answer.location
    shown = visitor.look(answer.location).text
    assert "By Ines Marlow, Fri 20 Nov 2026</p>" in shown
