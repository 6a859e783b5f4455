"""Whoever changes a post while another decides on it: each knows what they did.

The right, the state and the revision that was seen count in the transaction that
writes, so a request is interrupted before each of its transactions in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from desk import db
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post, User
from desk.models.people import Role
from desk.people import team
from tests.factories import look_up, make_channel, make_person, set_password
from tests.unit.picturing.made import picture
from tests.web.articles import compose_form, paste, posts_of, share_path, untouched
from tests.web.meanwhile import Interrupted, interrupted
from tests.web.test_guards import records
from tests.web.visiting import Visitor

Press = Callable[[Visitor, Post, dict[str, object]], TestResponse]
MOST = 3  # transactions of one request
NEW = "Other words"


@pytest.fixture
def database(app: Flask) -> Iterator[Interrupted]:
    made = interrupted(app)
    yield made
    made.engine.dispose()


def written(field: str) -> Press:
    """That field of the page changed, and saved."""

    def press(who: Visitor, post: Post, form: dict[str, object]) -> TestResponse:
        said = "https://paper.example/other" if field == "link" else NEW
        return who.send(f"/posts/{post.id}/save", form | {f"{field}-{post.id}": said})

    return press


def pressed(path: str, **values: object) -> Press:
    """A button of the page, with the form that it stands in."""

    def press(who: Visitor, post: Post, form: dict[str, object]) -> TestResponse:
        return who.send(f"/posts/{post.id}/{path}", form | values)

    return press


def uploaded(who: Visitor, post: Post, form: dict[str, object]) -> TestResponse:
    file = (BytesIO(picture("RGB", "PNG")), "own.png")
    return who.send(f"/posts/{post.id}/picture", form | {f"picture-{post.id}": file})


def undone(who: Visitor, post: Post, _form: dict[str, object]) -> TestResponse:
    return who.send("/posts/former", {"of": post.id})


def pulled_back(who: Visitor, post: Post, _form: dict[str, object]) -> TestResponse:
    return who.send("/posts/undo", {"of": post.id})


def sent_in(who: Visitor, post: Post, form: dict[str, object]) -> TestResponse:
    chosen = {
        "once": "another",
        "when": "at",
        "at": "now",
        "posts": post.id,
        "share-class": "breaking",
    }
    return who.send(f"/shares/{post.share_id}/schedule", form | chosen)


CHANGES: dict[str, Press] = {
    "its text": written("text"),
    "its alt text": written("alt"),
    "its credit": written("credit"),
    "its link": written("link"),
    "a picture": uploaded,
    "no picture": pressed("picture/remove"),
    "a thread": pressed("thread", thread="on"),
    "where its link goes": pressed("link-place", **{"link-place": "reply"}),
    "what is typed": pressed("write", **{"text-1": NEW}),
    "undoing": undone,
    "its text, from another channel": lambda who, post, form: spread(who, post, form),
    "its time and class": sent_in,
    "pulling it back": pulled_back,
}
BY_EDITORS: dict[str, Press] = {
    "a picture": CHANGES["a picture"],
    "no picture": CHANGES["no picture"],
    "a thread": CHANGES["a thread"],
    "where its link goes": CHANGES["where its link goes"],
}
DECISIONS: dict[str, Press] = {
    "its text": CHANGES["its text"],
    "a picture": CHANGES["a picture"],
    "its time": pressed("schedule", when="at", at="2027-06-01 12:00"),
    "dropping it": pressed("cancel"),
    "approving it": pressed("approve", revision="1", when="now"),
}


def spread(who: Visitor, post: Post, form: dict[str, object]) -> TestResponse:
    """The other post of the article says something that goes onto this one."""
    (other,) = [
        one for one in posts_of(who.desk, post.article_id or 0) if one.id != post.id
    ]
    page = who.look(share_path(who, post.article_id or 0)).text
    said = untouched(page, other.id) | {f"text-{other.id}": NEW}
    return who.send(f"/posts/{other.id}/spread", form | said)


def in_review(author: Visitor) -> tuple[Post, dict[str, object]]:
    """The first of two posts, sent for approval, with its page's form."""
    article_id = paste(author)
    first, _ = posts_of(author.desk, article_id)
    author.send(f"/posts/{first.id}/thread", {"thread": "on"})  # there is an Undo now
    form = compose_form(author, article_id, posts=[str(first.id)])
    author.send(f"{share_path(author, article_id)}/schedule", form | {"when": "now"})
    post = look_up(author.desk, first.id)
    assert post.state == State.IN_REVIEW
    return post, untouched(author.look(f"/posts/{first.id}").text, first.id)


def approve(editor: Visitor, post_id: int) -> None:
    revision = look_up(editor.desk, post_id).revision
    editor.send(f"/posts/{post_id}/approve", {"revision": revision, "when": "now"})
    assert look_up(editor.desk, post_id).state == State.SCHEDULED


def says(desk: Desk, post_id: int) -> dict[str, object]:
    """All that will be sent, and when."""
    post = look_up(desk, post_id)
    names = ("text", "alt", "credit", "link", "picture_id", "thread", "link_in_reply")
    kept = (*names, "state", "priority", "due_at", "revision", "fence")
    return {name: getattr(post, name) for name in kept}


@pytest.mark.parametrize("number", range(MOST))
@pytest.mark.parametrize("change", CHANGES)
def test_what_an_author_changes_never_lands_in_a_post_that_was_approved(
    author: Visitor, editor: Visitor, database: Interrupted, change: str, number: int
) -> None:
    post, form = in_review(author)
    approved: dict[str, object] = {}

    def approves() -> None:
        approve(editor, post.id)
        approved.update(says(author.desk, post.id))

    database.before(number, approves)
    CHANGES[change](author, post, form)

    assert says(author.desk, post.id) == approved or not database.came


@pytest.mark.parametrize("number", range(1, MOST))
@pytest.mark.parametrize("change", BY_EDITORS)
def test_an_editors_slow_press_stops_at_a_post_that_was_approved_meanwhile(
    author: Visitor,
    editor: Visitor,
    admin: Visitor,
    database: Interrupted,
    change: str,
    number: int,
) -> None:
    post, form = in_review(author)
    database.before(number, lambda: approve(admin, post.id))

    answer = BY_EDITORS[change](editor, post, form)

    after = look_up(author.desk, post.id)
    assert after.revision == post.revision or not database.came
    assert answer.status_code == 409 or not database.came


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_approved_that_its_author_changes_at_the_same_moment(
    author: Visitor, editor: Visitor, database: Interrupted, change: str
) -> None:
    post, form = in_review(author)
    seen = {"revision": post.revision, "when": "now"}
    before = says(author.desk, post.id)

    database.before(0, lambda: CHANGES[change](author, post, form))
    editor.send(f"/posts/{post.id}/approve", seen)

    after = look_up(author.desk, post.id)
    approved = after.state == State.SCHEDULED
    assert not approved or says(author.desk, post.id)["text"] == before["text"]
    assert not approved or after.revision == post.revision


@pytest.mark.parametrize("number", range(MOST))
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_role_that_ends_meanwhile_ends_at_once(
    author: Visitor, editor: Visitor, database: Interrupted, decision: str, number: int
) -> None:
    post, form = in_review(author)
    assert editor.user
    person = editor.user.id
    left: dict[str, object] = {}

    def demote() -> None:
        with author.desk.db.writing() as session:
            team.change_role(session, person, Role.ANALYST)
        left.update(says(author.desk, post.id))

    database.before(number, demote)
    DECISIONS[decision](editor, post, form)

    assert says(author.desk, post.id) == left or not database.came


def test_a_disabled_person_changes_nothing_any_more(
    author: Visitor, editor: Visitor, database: Interrupted
) -> None:
    post, form = in_review(author)
    assert editor.user
    person = editor.user.id
    before = says(author.desk, post.id)

    def disable() -> None:
        with author.desk.db.writing() as session:
            team.disable(session, person, db.now(session))

    database.before(0, disable)
    written("text")(editor, post, form)

    assert database.came
    assert says(author.desk, post.id) == before


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/team/invite", {"email": "noor@paper.org", "name": "Noor", "role": "admin"}),
        ("/settings/name", {"name": "Theirs"}),
        ("/hold", {"why": "Theirs"}),
        ("/articles/1/dismiss", {}),
        ("/channels/1/hold", {"why": "Theirs"}),
    ],
)
def test_who_is_disabled_meanwhile_changes_nothing_else_either(
    admin: Visitor,
    author: Visitor,
    database: Interrupted,
    path: str,
    values: dict[str, str],
) -> None:
    paste(author)
    assert admin.user
    person = admin.user.id
    left: dict[str, list[tuple[object, ...]]] = {}

    def disable() -> None:
        with author.desk.db.writing() as session:
            session.get_one(User, person).disabled_at = db.now(session)
        left.update(records(author.desk))

    database.before(0, disable)
    answer = admin.send(path, values)

    assert database.came
    assert answer.status_code == 403
    assert records(author.desk) == left


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/channels/add/scripted", {"name": "Theirs", "account": "theirs"}),
        ("/channels/1/reconnect", {"account": "desk", "token": "theirs"}),
    ],
)
def test_who_is_no_admin_any_more_when_a_platform_answers_connects_nothing(
    admin: Visitor,
    author: Visitor,
    database: Interrupted,
    path: str,
    values: dict[str, str],
) -> None:
    make_channel(author.desk, "First")
    assert admin.user
    person = admin.user.id
    left: dict[str, list[tuple[object, ...]]] = {}

    def demote() -> None:
        with author.desk.db.writing() as session:
            session.get_one(User, person).role = Role.EDITOR
        left.update(records(author.desk))

    database.before(0, demote)
    answer = admin.send(path, values)

    assert database.came
    assert answer.status_code == 403
    assert records(author.desk) == left


@pytest.mark.parametrize("meanwhile", ["disabled", "given another password"])
def test_nobody_signs_in_who_is_locked_out_while_their_password_is_judged(
    desk: Desk, database: Interrupted, passer_by: Visitor, meanwhile: str
) -> None:
    anna = make_person(desk)
    with desk.db.writing() as session:
        set_password(session, anna.id, "lantern cobble orchard")

    def lock_out() -> None:
        with desk.db.writing() as session:
            if meanwhile == "disabled":
                team.disable(session, anna.id, db.now(session))
            else:
                set_password(session, anna.id, "eleven quiet ferries")

    passer_by.look("/sign-in")
    database.before(0, lock_out)
    form = {"email": anna.email, "password": "lantern cobble orchard"}
    answer = passer_by.send("/sign-in", form)

    assert database.came
    assert answer.status_code == 403
    assert "do not go together" in answer.text
