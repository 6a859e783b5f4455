"""A share is changed once, and each of its posts as far as it follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, scheduling
from desk.channels import channel_settings
from desk.desk import Desk
from desk.lifecycle import Priority, State
from desk.models.people import Role
from desk.people.rights import NotYours
from desk.posts import editing as posts
from desk.posts import undo
from desk.scheduling import At
from desk.shares.editing import Change, Conflict, Kept, Shown
from desk.shares.rendering import Field
from desk.writing.style import Style
from tests.factories import actor, look_up, make_person, now_of, run_due
from tests.unit.articles.taken import drafts, take
from tests.unit.publishing import steps
from tests.unit.shares.sharing import (
    INES,
    edit,
    follow,
    keep_picture,
    own,
    save,
    share_of,
)

HOUR = timedelta(hours=1)
LONG = "long " * 80


def schedule(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        at = At(now + HOUR)
        scheduling.schedule(desk, session, post_id, at, now=now, by=INES)


def test_every_post_that_follows_says_it_and_an_override_stays(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    edit(any_desk, second.id, posts.Change(text="In other words"))
    schedule(any_desk, third.id)
    fence = look_up(any_desk, third.id).fence

    saved = save(any_desk, first.share_id, Change(text="The ferry is back"))

    said = [look_up(any_desk, one.id).text for one in (first, second, third)]
    assert said == ["The ferry is back", "In other words", "The ferry is back"]
    assert [post.id for post in saved.changed] == [first.id, third.id]
    assert saved.kept == {}
    assert look_up(any_desk, third.id).fence > fence
    assert look_up(any_desk, third.id).state == State.SCHEDULED


def test_each_channel_says_it_in_its_own_style(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    with any_desk.db.writing() as session:
        style = Style(template="{section}: {teaser}\n{link}")
        channel_settings.set_style(session, second.channel_id, style)

    save(any_desk, first.share_id, Change(text="The ferry is back"))

    assert look_up(any_desk, first.id).text == "The ferry is back"
    assert look_up(any_desk, second.id).text == (
        f"Transport: The ferry is back\n{first.link}"
    )


def test_a_link_is_changed_for_all_with_the_words_that_say_it(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    with any_desk.db.writing() as session:
        style = Style(template="{teaser}\n{link}")
        channel_settings.set_style(session, second.channel_id, style)
    new = "https://saltmere.example/live"

    save(any_desk, first.share_id, Change(link=new))

    assert [look_up(any_desk, one.id).link for one in (first, second)] == [new, new]
    assert look_up(any_desk, second.id).text.endswith(new)


def test_pictures_are_fitted_to_each_channel_that_follows(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    edit(any_desk, second.id, posts.Change(picture_id=0, alt="", credit=""))
    with any_desk.db.writing() as session:
        channel_settings.set_style(session, third.channel_id, Style(place="card"))  # type: ignore[arg-type]  # as a form says it
    shown = Shown(keep_picture(any_desk), alt="A quay", credit="Noor")

    save(any_desk, first.share_id, Change(pictures=(shown,)))

    one, two, three = (look_up(any_desk, p.id) for p in (first, second, third))
    assert (one.alt, one.alt_is_draft, one.credit) == ("A quay", False, "Noor")
    assert one.picture_id == shown.picture_id
    assert (two.picture_id, own(any_desk, second.id)) == (None, {"pictures"})
    assert (three.picture_id, three.alt) == (None, "A quay")


def test_an_alt_text_is_checked_once_for_all(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    (seen,) = share_of(any_desk, first.id).pictures
    checked = Shown(seen.picture_id, "The ferry in fog", seen.credit)

    save(any_desk, first.share_id, Change(pictures=(checked,)))

    for post in (look_up(any_desk, first.id), look_up(any_desk, second.id)):
        assert (post.alt, post.alt_is_draft) == ("The ferry in fog", False)
        assert post.picture_id == first.picture_id


def test_different_fields_merge_and_the_same_field_conflicts(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    share, link = first.share_id, "https://saltmere.example/live"

    save(any_desk, share, Change(text="Hers"), revision=1)
    save(any_desk, share, Change(link=link, note="For noon"), revision=1)
    with pytest.raises(Conflict) as raised:
        save(any_desk, share, Change(text="His", note="For one"), revision=1)

    now = share_of(any_desk, first.id)
    assert (now.text, now.link, now.note, now.revision) == ("Hers", link, "For noon", 3)
    assert raised.value.fields == {Field.TEXT, Field.NOTE}
    assert raised.value.theirs == {Field.TEXT: "Hers", Field.NOTE: "For noon"}
    assert raised.value.mine == Change(text="His", note="For one")
    assert raised.value.revision == 3
    save(any_desk, share, Change(text="Theirs"), revision=raised.value.revision)
    assert look_up(any_desk, first.id).text == "Theirs"


def test_the_same_words_of_two_people_are_no_conflict(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    save(any_desk, first.share_id, Change(text="The same"), revision=1)

    save(any_desk, first.share_id, Change(text="The same"), revision=1)

    assert share_of(any_desk, first.id).revision == 2


def test_labels_and_class_are_common_to_all(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, second.id)

    save(
        any_desk,
        first.share_id,
        Change(labels=("ferry ", "Transport", "ferry"), priority=Priority.BREAKING),
    )

    named = [label.name for label in share_of(any_desk, first.id).labels]
    assert named == ["Transport", "ferry"]
    post = look_up(any_desk, second.id)
    assert post.due_at
    assert (post.priority, post.expires_at) == (
        Priority.BREAKING,
        post.due_at + timedelta(minutes=10),
    )


def test_what_is_live_stays_as_it_is_and_says_its_own(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, first.id)
    steps.alter(any_desk, first.id, due_at=now_of(any_desk), next_at=now_of(any_desk))
    run_due(any_desk)
    assert look_up(any_desk, first.id).state == State.PUBLISHED
    before = look_up(any_desk, first.id)

    saved = save(any_desk, first.share_id, Change(text="The ferry is back"))

    after = look_up(any_desk, first.id)
    assert saved.kept == {first.id: Kept.LIVE}
    assert [post.id for post in saved.changed] == [second.id]
    assert (after.text, after.revision, after.fence) == (
        before.text,
        before.revision,
        before.fence,
    )
    assert own(any_desk, first.id) == {"text", "time"}


@pytest.mark.parametrize(
    ("state", "why"),
    [(State.SENDING, Kept.GOING_OUT), (State.UNCONFIRMED, Kept.UNCONFIRMED)],
)
def test_what_is_going_out_is_named_and_left(
    any_desk: Desk, state: State, why: Kept
) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    steps.alter(any_desk, first.id, state=state)

    saved = save(any_desk, first.share_id, Change(text="The ferry is back"))

    assert saved.kept == {first.id: why}
    assert look_up(any_desk, first.id).text == first.text


def test_a_change_wins_over_a_claim_as_any_edit_does(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, first.id)
    steps.alter(any_desk, first.id, state=State.CLAIMED)

    saved = save(any_desk, first.share_id, Change(text="The ferry is back"))

    assert first.id in [post.id for post in saved.changed]
    assert look_up(any_desk, first.id).state == State.SCHEDULED


def test_what_has_its_time_and_can_not_say_it_keeps_its_words(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, second.id)

    saved = save(any_desk, first.share_id, Change(text=LONG.strip()))

    assert saved.kept == {second.id: Kept.UNFIT}
    assert look_up(any_desk, second.id).text == second.text
    assert own(any_desk, second.id) == {"text", "time"}
    assert look_up(any_desk, first.id).text == LONG.strip()


def test_an_author_changes_no_share_of_which_an_editor_let_something_out(
    any_desk: Desk,
) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, second.id)
    anna = actor(make_person(any_desk, "Anna", Role.AUTHOR))

    with pytest.raises(NotYours):
        save(any_desk, first.share_id, Change(text="Mine"), by=anna)

    assert look_up(any_desk, first.id).text == first.text
    assert share_of(any_desk, first.id).revision == 1


def test_what_was_taken_out_keeps_no_author_from_the_rest(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    steps.alter(any_desk, second.id, state=State.CANCELLED)
    anna = actor(make_person(any_desk, "Anna", Role.AUTHOR))

    save(any_desk, first.share_id, Change(text="Mine"), by=anna)

    assert [look_up(any_desk, one.id).text for one in (first, second)] == ["Mine"] * 2


def test_an_analyst_changes_nothing(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    reader = actor(make_person(any_desk, "Rita", Role.ANALYST))

    with pytest.raises(NotYours):
        save(any_desk, first.share_id, Change(note="Mine"), by=reader)


def test_an_override_is_taken_back_and_undo_brings_it_back(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    own_ = keep_picture(any_desk)
    edit(
        any_desk,
        second.id,
        posts.Change(text="In other words", picture_id=own_, alt="Other", credit="Me"),
    )
    save(any_desk, first.share_id, Change(text="The ferry is back"))

    follow(any_desk, second.id, Field.TEXT, Field.PICTURES)
    post = look_up(any_desk, second.id)
    (whole,) = share_of(any_desk, second.id).pictures
    assert (post.text, post.picture_id) == ("The ferry is back", whole.picture_id)
    assert (post.alt, post.alt_is_draft) == (second.alt, True)
    assert own(any_desk, second.id) == set()

    with any_desk.db.writing() as session:
        now = db.now(session)
        undo.bring_back(any_desk, session, second.id, now=now, by=INES)
    post = look_up(any_desk, second.id)
    assert (post.text, post.picture_id, post.alt) == ("In other words", own_, "Other")
    assert own(any_desk, second.id) == {"text", "pictures"}


def test_undo_of_an_override_makes_no_old_words_follow_a_new_share(
    any_desk: Desk,
) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    with any_desk.db.writing() as session:
        change = posts.Change(text="Mine", picture_id=0, alt="", credit="")
        undo.change_with_undo(
            any_desk, session, first.id, change, now=db.now(session), by=INES
        )
    shown = Shown(keep_picture(any_desk), alt="A quay")
    save(any_desk, first.share_id, Change(text="Ours", pictures=(shown,)))

    with any_desk.db.writing() as session:
        undo.bring_back(any_desk, session, first.id, now=db.now(session), by=INES)

    assert look_up(any_desk, first.id).text == first.text
    assert own(any_desk, first.id) == {"text", "pictures"}
