"""An older page: what nobody touched on it is nobody's writing, whatever is pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk.desk import Desk
from desk.lifecycle import State
from desk.models.people import Role
from tests.factories import look_up, make_channel, make_scheduled, now_of
from tests.web.articles import compose_form, paste, posts_of, share_path, untouched
from tests.web.test_working_copies import chosen, texts, type_in
from tests.web.visiting import Visitor

Form = dict[str, object]
CORRECTION = {
    "text": "Anna's correction",
    "link": "https://saltmere.example/corrected",
}


@pytest.fixture
def anna(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return visit(Role.EDITOR)


@pytest.fixture
def ben(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return visit(Role.ADMIN)


def card(visitor: Visitor, post_id: int) -> Form:
    return untouched(visitor.look(f"/posts/{post_id}").text, post_id)


def correct(anna: Visitor, post_id: int, names: list[str]) -> None:
    """Anna changes these fields of a post, on a page of her own."""
    words = {f"{name}-{post_id}": CORRECTION[name] for name in names}
    anna.send(f"/posts/{post_id}/save", card(anna, post_id) | words)


def planned(desk: Desk) -> int:
    due = now_of(desk) + timedelta(hours=3)
    return make_scheduled(desk, make_channel(desk), due_at=due)


def tomorrow(desk: Desk) -> dict[str, object]:
    return {"when": "at", "at": f"{now_of(desk) + timedelta(days=1):%Y-%m-%d %H:%M}"}


def of_article(anna: Visitor, ben: Visitor, names: list[str]) -> tuple[int, Form]:
    """An article, and Ben's page of it, older than Anna's change of its first post."""
    article = paste(anna)
    his = compose_form(ben, article, thread="on", **{"link-place": "reply"})
    correct(anna, posts_of(anna.desk, article)[0].id, names)
    return article, his


FIELDS = pytest.mark.parametrize("names", [["text"], ["link"], ["text", "link"]])
IN_PLACE = pytest.mark.parametrize("in_place", [True, False])


@FIELDS
@IN_PLACE
@pytest.mark.parametrize(
    "action", ["spread", "thread", "link-place", "picture/remove", "save"]
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_press_at_a_post_makes_no_working_copy_of_old_words(
    anna: Visitor,
    ben: Visitor,
    action: str,
    which: int,
    names: list[str],
    in_place: bool,
) -> None:
    article, his = of_article(anna, ben, names)
    pressed = posts_of(anna.desk, article)[which]

    send = ben.send_in_place if in_place else ben.send
    answer = send(f"/posts/{pressed.id}/{action}", his)

    first, second = posts_of(anna.desk, article)
    assert answer.status_code in (200, 303)
    assert (first.copies, second.copies) == ([], [])
    assert {name: getattr(first, name) for name in names}.items() <= CORRECTION.items()


@FIELDS
@pytest.mark.parametrize("action", ["schedule", "publish", "save"])
def test_a_press_for_all_posts_goes_over_no_correction_and_sends_none_unseen(
    anna: Visitor, ben: Visitor, action: str, names: list[str]
) -> None:
    article, his = of_article(anna, ben, names)

    answer = ben.send(f"{share_path(ben, article)}/{action}", his | tomorrow(anna.desk))

    first, second = posts_of(anna.desk, article)
    assert answer.status_code == 303
    assert (first.copies, first.state) == ([], State.DRAFT)
    assert {name: getattr(first, name) for name in names}.items() <= CORRECTION.items()
    if action == "save":
        return
    assert second.state == State.SCHEDULED
    page = ben.look(share_path(ben, article)).text
    assert f"Changed on {first.channel.name} since you opened this page" in page
    again = compose_form(ben, article) | tomorrow(anna.desk)
    ben.send(f"{share_path(ben, article)}/{action}", again)
    assert look_up(anna.desk, first.id).state == State.SCHEDULED


def test_one_text_for_all_stops_at_a_correction_that_its_page_never_showed(
    anna: Visitor, ben: Visitor
) -> None:
    article, his = of_article(anna, ben, ["text"])
    first, second = posts_of(anna.desk, article)
    his[f"text-{second.id}"] = "Ben's words"

    on_compose = {"Referer": f"http://localhost{share_path(ben, article)}"}
    answer = ben.send(
        f"/posts/{second.id}/spread", his, headers={"HX-Request": "true"} | on_compose
    )

    first, second = posts_of(anna.desk, article)
    assert (first.text, second.text) == ("Anna's correction", "Ben's words")
    assert f"Changed on {first.channel.name} since you opened this page" in answer.text
    assert "Anna&#39;s correction</textarea>" in answer.text


@pytest.mark.parametrize("autosaved", [False, True])
def test_a_conflict_is_about_what_was_written_alone(
    anna: Visitor, ben: Visitor, autosaved: bool
) -> None:
    post_id = planned(anna.desk)
    his = card(ben, post_id) | {f"text-{post_id}": "Ben's words"}
    correct(anna, post_id, ["link"])
    if autosaved:
        type_in(ben, post_id, his)

    answer = ben.send(f"/posts/{post_id}/save", his)

    assert answer.status_code == 409
    assert texts(answer) == ["Dodge returns", "Ben's words"]
    ben.send(f"/posts/{post_id}/save", chosen(answer, "Keep mine"))
    post = look_up(anna.desk, post_id)
    assert (post.text, post.link) == ("Ben's words", CORRECTION["link"])
    assert post.copies == []


def test_autosave_keeps_what_was_written_alone(anna: Visitor, ben: Visitor) -> None:
    post_id = planned(anna.desk)
    his = card(ben, post_id) | {f"text-{post_id}": "Ben's words"}
    correct(anna, post_id, ["text", "link"])

    type_in(ben, post_id, his)

    (copy,) = look_up(anna.desk, post_id).copies
    assert (copy.text, copy.link, copy.revision) == ("Ben's words", None, 1)
    page = ben.look(f"/posts/{post_id}").text
    assert f'name="link-{post_id}" type="text" inputmode="url"' in page
    assert CORRECTION["link"] in page


def test_words_taken_back_on_an_older_page_leave_it_older(
    anna: Visitor, ben: Visitor
) -> None:
    post_id = planned(anna.desk)
    his = card(ben, post_id)
    correct(anna, post_id, ["text"])
    type_in(ben, post_id, his | {f"text-{post_id}": "Ben's words"})

    type_in(ben, post_id, his)
    assert look_up(anna.desk, post_id).copies == []
    his[f"text-{post_id}"] = "Ben's words, after all"
    answer = ben.send(f"/posts/{post_id}/save", his)

    assert answer.status_code == 409
    assert look_up(anna.desk, post_id).text == "Anna's correction"


def test_words_sent_field_by_field_are_all_kept(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    revision = f"revision-{post_id}"
    write = f"/posts/{post_id}/write"

    anna.send_in_place(write, {f"link-{post_id}": "https://a.example", revision: 1})
    anna.send_in_place(write, {f"text-{post_id}": "Typed", revision: 1})
    anna.send_in_place(write, {f"credit-{post_id}": "", revision: 1})

    (copy,) = look_up(anna.desk, post_id).copies
    assert (copy.text, copy.link) == ("Typed", "https://a.example")
