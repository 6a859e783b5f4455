"""Comments: whoever sees a share may say something about it; it is theirs alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, report
from desk.conflicts import Overtaken, mark
from desk.desk import Desk
from desk.models import Comment, User
from desk.models.people import Role
from desk.people.rights import NotYours
from desk.shares import NoSuchShare, commenting
from desk.shares.commenting import LONGEST, BadComment, NoComment
from tests.factories import actor, make_person, make_share


@pytest.fixture
def share(desk: Desk) -> int:
    return make_share(desk)


def say(
    desk: Desk, share: int, who: User, text: str = "Wait.", key: str | None = None
) -> Comment:
    with desk.db.writing() as session:
        now = db.now(session)
        return commenting.add_comment(
            session, share, text, now=now, by=actor(who), idempotency_key=key
        )


def change(desk: Desk, comment: Comment, who: User, text: str) -> Comment:
    with desk.db.writing() as session:
        now = db.now(session)
        return commenting.edit_comment(
            session, comment.id, text, now=now, by=actor(who)
        )


def said(desk: Desk, share: int) -> list[tuple[str, str]]:
    with desk.db.reading() as session:
        found = commenting.list_comments(session, share)
        return [(one.who, one.text) for one in found]


def version(desk: Desk) -> int:
    with desk.db.reading() as session:
        return report.version(session)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_see_a_share_may_say_something(
    desk: Desk, share: int, role: Role
) -> None:
    say(desk, share, make_person(desk, "Anna", role), "  Wait.\n")

    assert said(desk, share) == [("Anna", "Wait.")]


def test_the_oldest_stands_first_by_the_name_that_its_writer_has_now(
    desk: Desk, share: int
) -> None:
    anna = make_person(desk, "Anna")
    for text in ("One", "Two"):
        say(desk, share, anna, text)
    with desk.db.writing() as session:
        session.get_one(User, anna.id).name = "Anna Reyl"

    assert said(desk, share) == [("Anna Reyl", "One"), ("Anna Reyl", "Two")]


@pytest.mark.parametrize(
    ("text", "why"), [(" \n", "empty"), ("x" * (LONGEST + 1), "1,000 letters at most")]
)
def test_nothing_and_too_much_are_refused_in_a_sentence(
    desk: Desk, share: int, text: str, why: str
) -> None:
    anna = make_person(desk)

    with pytest.raises(BadComment, match=why):
        say(desk, share, anna, text)
    say(desk, share, anna, "x" * LONGEST)


def test_one_form_makes_one_comment(desk: Desk, share: int) -> None:
    anna = make_person(desk)
    for _ in "12":
        say(desk, share, anna, key="k")

    assert len(said(desk, share)) == 1


def test_there_is_none_of_a_share_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NoSuchShare):
        say(desk, 4242, make_person(desk))


def test_nobody_else_changes_a_comment_or_takes_it_back(desk: Desk, share: int) -> None:
    anna, mika = make_person(desk, "Anna"), make_person(desk, "Mika", "admin")
    comment = say(desk, share, anna)

    with pytest.raises(NotYours, match="whoever wrote"):
        change(desk, comment, mika, "Go.")
    with pytest.raises(NotYours), desk.db.writing() as session:
        commenting.remove_comment(
            session, comment.id, now=db.now(session), by=actor(mika), over=None
        )
    assert said(desk, share) == [("Anna", "Wait.")]


def test_an_edit_and_a_taking_back_are_undone(any_desk: Desk) -> None:
    desk, share = any_desk, make_share(any_desk)
    anna = make_person(desk)
    comment = change(desk, say(desk, share, anna), anna, "Go.")
    assert said(desk, share) == [("Anna", "Go.")]

    with desk.db.writing() as session:
        now, by = db.now(session), actor(anna)
        commenting.undo_edit(session, comment.id, now=now, by=by, over=None)
        commenting.remove_comment(session, comment.id, now=now, by=by, over=None)
    assert said(desk, share) == []

    with desk.db.writing() as session:
        commenting.bring_comment_back(session, comment.id, by=actor(anna), over=None)
    assert said(desk, share) == [("Anna", "Wait.")]


def test_what_was_never_changed_or_is_gone_is_not_undone(
    desk: Desk, share: int
) -> None:
    anna = make_person(desk)
    comment = say(desk, share, anna)

    with desk.db.writing() as session:
        now, by = db.now(session), actor(anna)
        with pytest.raises(NoComment):
            commenting.undo_edit(session, comment.id, now=now, by=by, over=None)
        with pytest.raises(NoComment):
            commenting.bring_comment_back(session, comment.id, by=by, over=None)
        commenting.remove_comment(session, comment.id, now=now, by=by, over=None)
        with pytest.raises(NoComment):
            commenting.edit_comment(session, comment.id, "Go.", now=now, by=by)


def test_an_older_page_changes_nothing(desk: Desk, share: int) -> None:
    anna = make_person(desk)
    comment = say(desk, share, anna)
    seen = mark(commenting.as_it_stands(comment))
    change(desk, comment, anna, "Go.")

    with pytest.raises(Overtaken), desk.db.writing() as session:
        commenting.remove_comment(
            session, comment.id, now=db.now(session), by=actor(anna), over=seen
        )


def test_each_change_is_one_that_open_pages_hear_of(desk: Desk, share: int) -> None:
    anna = make_person(desk)
    versions = [version(desk)]
    comment = say(desk, share, anna)
    versions.append(version(desk))
    change(desk, comment, anna, "Go.")
    versions.append(version(desk))
    with desk.db.writing() as session:
        now = db.now(session) + timedelta(seconds=1)
        commenting.remove_comment(
            session, comment.id, now=now, by=actor(anna), over=None
        )
    versions.append(version(desk))

    assert versions == sorted(set(versions))
