"""Working copies: a person's own, and never over what someone else wrote since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, scheduling
from desk.articles import illustrating
from desk.desk import Desk
from desk.people.actors import Actor
from desk.posts import undo, working_copies
from desk.posts.editing import Change, Conflict
from desk.posts.working_copies import NoCopy
from desk.scheduling import At
from tests import factories
from tests.factories import look_up, make_person
from tests.unit.articles.taken import drafts, take
from tests.unit.picturing.made import picture
from tests.unit.posts.typing import copy_of, save, type_in, writers
from tests.unit.publishing import steps

HOUR = timedelta(hours=1)


def planned(desk: Desk) -> int:
    due = factories.now_of(desk) + HOUR
    return factories.make_scheduled(desk, factories.make_channel(desk), due_at=due)


@pytest.mark.parametrize("autosaved", [False, True])
def test_what_was_saved_meanwhile_is_a_conflict_and_stays(
    any_desk: Desk, autosaved: bool
) -> None:
    anna, ben = make_person(any_desk, "Anna"), make_person(any_desk, "Ben")
    post_id = planned(any_desk)
    save(any_desk, post_id, anna, "Anna's correction")
    if autosaved:
        type_in(any_desk, post_id, ben, "Ben's words")

    with pytest.raises(Conflict):
        save(any_desk, post_id, ben, "Ben's words")

    assert look_up(any_desk, post_id).text == "Anna's correction"


def test_a_copy_that_began_before_a_change_says_so(desk: Desk) -> None:
    anna, ben = make_person(desk, "Anna"), make_person(desk, "Ben")
    post_id = planned(desk)
    type_in(desk, post_id, ben, "Ben's words")
    save(desk, post_id, anna, "Anna's correction")

    written = type_in(desk, post_id, ben, "Ben's words, longer")

    assert written.overtaken
    copy = copy_of(desk, post_id, ben)
    assert copy is not None
    assert (copy.text, copy.revision) == ("Ben's words, longer", 1)


def test_two_people_have_a_copy_each(any_desk: Desk) -> None:
    anna, ben = make_person(any_desk, "Anna"), make_person(any_desk, "Ben")
    post_id = planned(any_desk)

    hers_typed = Change(text="Anna's", alt="A ferry", link="https://a.example")
    type_in(any_desk, post_id, anna, hers_typed)
    type_in(any_desk, post_id, ben, "Ben's")

    hers, his = copy_of(any_desk, post_id, anna), copy_of(any_desk, post_id, ben)
    assert hers is not None
    assert his is not None
    assert (hers.text, hers.alt, hers.link) == (
        "Anna's",
        "A ferry",
        "https://a.example",
    )
    assert (his.text, his.alt, his.link) == ("Ben's", None, None)
    assert writers(any_desk, post_id) == ["Ben", "Anna"]


def test_saving_puts_away_ones_own_copy_and_nobody_elses(desk: Desk) -> None:
    anna, ben = make_person(desk, "Anna"), make_person(desk, "Ben")
    post_id = planned(desk)
    type_in(desk, post_id, anna, "Anna's")
    type_in(desk, post_id, ben, "Ben's")

    save(desk, post_id, anna, "Anna's")

    assert look_up(desk, post_id).text == "Anna's"
    assert writers(desk, post_id) == ["Ben"]


def test_typing_into_a_draft_is_saved_and_leaves_no_copy(desk: Desk) -> None:
    anna = make_person(desk)
    post_id = factories.make_post(desk, factories.make_channel(desk))

    written = type_in(desk, post_id, anna, "Half a sent")

    assert (written.post.text, written.post.revision) == ("Half a sent", 2)
    assert copy_of(desk, post_id, anna) is None


def test_typing_never_goes_over_a_colleagues_words_in_a_draft(any_desk: Desk) -> None:
    anna, ben = make_person(any_desk, "Anna"), make_person(any_desk, "Ben")
    post_id = factories.make_post(any_desk, factories.make_channel(any_desk))
    type_in(any_desk, post_id, anna, "Anna's correction")

    written = type_in(any_desk, post_id, ben, "Ben's words")

    assert written.overtaken
    assert look_up(any_desk, post_id).text == "Anna's correction"
    copy = copy_of(any_desk, post_id, ben)
    assert copy is not None
    assert (copy.text, copy.revision) == ("Ben's words", 1)


def test_the_same_words_again_are_no_conflict(desk: Desk) -> None:
    anna, ben = make_person(desk, "Anna"), make_person(desk, "Ben")
    post_id = planned(desk)
    type_in(desk, post_id, ben, "Better")
    save(desk, post_id, anna, "Better")

    written = type_in(desk, post_id, ben, "Better")
    save(desk, post_id, ben, "Better")

    assert not written.overtaken
    assert (look_up(desk, post_id).revision, writers(desk, post_id)) == (2, [])


@pytest.mark.parametrize(
    ("hers", "his"),
    [
        (Change(alt="A ferry"), Change(alt="")),
        (Change(credit="Noor Halvard"), Change(credit="")),
        (Change(link="https://saltmere.example"), Change(link="")),
    ],
)
def test_a_colleagues_change_of_any_field_is_a_conflict(
    desk: Desk, hers: Change, his: Change
) -> None:
    anna, ben = make_person(desk, "Anna"), make_person(desk, "Ben")
    post_id = planned(desk)
    steps.alter(desk, post_id, alt="Old", credit="Old", link="https://old.org")
    saved = save(desk, post_id, anna, hers)

    with pytest.raises(Conflict):
        save(desk, post_id, ben, his)

    assert working_copies.post_words(
        look_up(desk, post_id)
    ) == working_copies.post_words(saved)


def test_a_copy_outlives_another_arrangement_of_the_same_words(desk: Desk) -> None:
    anna = make_person(desk)
    post_id = planned(desk)
    type_in(desk, post_id, anna, "Still being written")
    with desk.db.writing() as session:
        at = db.now(session)
        change = Change(thread=True)
        undo.change_with_undo(desk, session, post_id, change, now=at, by=Actor("Anna"))

    saved = save(desk, post_id, anna, "Still being written", revision=2)

    assert saved.text == "Still being written"


def test_a_copy_outlives_a_new_picture_but_not_what_it_said_of_the_old(
    desk: Desk,
) -> None:
    (post,) = drafts(desk, take(desk, "Gazette"))
    with desk.db.writing() as session:
        at = db.now(session)
        scheduling.schedule(desk, session, post.id, At(at + HOUR), now=at)
    anna = make_person(desk)
    revision = look_up(desk, post.id).revision
    typed = Change(text="Still being written", alt="Old alt")
    type_in(desk, post.id, anna, typed, revision)

    illustrating.upload(desk, post.id, picture("RGB", "PNG"), by=Actor("Ines"))

    kept = copy_of(desk, post.id, anna)
    assert kept is not None
    assert (kept.text, kept.alt) == ("Still being written", None)
    assert kept.revision == look_up(desk, post.id).revision


def test_only_its_person_discards_a_copy_and_can_have_it_back(desk: Desk) -> None:
    anna, ben = make_person(desk, "Anna"), make_person(desk, "Ben")
    post_id = planned(desk)
    type_in(desk, post_id, anna, "Anna's")

    with desk.db.writing() as session, pytest.raises(NoCopy):
        working_copies.discard(session, post_id, ben.id, db.now(session))
    with desk.db.writing() as session:
        working_copies.discard(session, post_id, anna.id, db.now(session))
    discarded = writers(desk, post_id)
    with desk.db.writing() as session:
        working_copies.bring_back(session, post_id, anna.id)

    assert (discarded, writers(desk, post_id)) == ([], ["Anna"])


def test_whoever_typed_within_the_hour_is_writing(desk: Desk) -> None:
    post_id, now = planned(desk), factories.now_of(desk)
    copy = type_in(desk, post_id, make_person(desk), "Anna's").copy
    assert copy is not None

    assert working_copies.is_writing(copy, now + timedelta(minutes=59))
    assert not working_copies.is_writing(copy, now + timedelta(minutes=61))
