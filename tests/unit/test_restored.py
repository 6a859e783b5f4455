"""What an older database takes for still to go is looked for before a person acts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.base import CantTell, Found, Prepared, Receipt, Unavailable
from desk import attention, db, holds, installation, scheduling
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Post
from desk.posts import editing
from desk.publishing import restored_backup
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


def put_back(desk: Desk, later: timedelta = timedelta()) -> None:
    """An older database, whose clock starts."""
    with desk.db.writing() as session:
        now = db.now(session) + later
        assert not installation.recognise(session, desk.settings.home, now)


def sent_unknown(desk: Desk, text: str) -> int:
    """It went out after the database was kept: to that it is still to go."""
    post_id = factories.make_scheduled(desk, 1, text)
    with desk.db.reading() as session:
        (part,) = session.get_one(Post, post_id).parts
    Scripted.take(Prepared(part.key, f'{{"text": "{text}"}}'))
    return post_id


def needing(desk: Desk) -> list[int]:
    with desk.db.reading() as session:
        return [post.id for post in attention.posts(session, db.now(session))]


def look_at(desk: Desk, post_id: int) -> datetime | None:
    return factories.look_up(desk, post_id).look_at


@pytest.fixture
def old(any_desk: Desk) -> Desk:
    """A desk that has published, and whose home knows of more."""
    factories.make_scheduled(any_desk, factories.make_channel(any_desk), "Before")
    factories.run_due(any_desk)
    return any_desk


def test_what_is_there_is_published_and_asks_nobody(old: Desk) -> None:
    post_id = sent_unknown(old, "Sent since")
    put_back(old)

    post = steps.look(old, post_id)

    assert (post.state, post.triage, post.look_at) == ("published", None, None)
    assert Scripted.live() == ["Before", "Sent since"]
    assert needing(old) == []


def test_a_person_sees_it_only_when_it_was_looked_for(old: Desk) -> None:
    post_id = factories.make_scheduled(old, 1, "Never sent")
    put_back(old)
    with old.db.writing() as session:
        holds.lift(session, now=db.now(session))

    once = steps.look(old, post_id)
    before = needing(old)
    twice = steps.look(old, post_id)

    assert (once.look_at is None, before) == (False, [])
    assert (twice.state, twice.triage) == ("scheduled", "restored")
    assert (twice.reason, twice.look_at) == (restored_backup.NOT_SEEN, None)
    assert needing(old) == [post_id]


def test_nothing_of_it_goes_out_meanwhile(old: Desk) -> None:
    post_id = factories.make_scheduled(old, 1, "Never sent")
    put_back(old)
    with old.db.writing() as session:
        holds.lift(session, now=db.now(session))

    steps.look(old, post_id, times=2)
    factories.run_due(old)

    assert Scripted.live() == ["Before"]


def test_one_of_yesterday_is_looked_for_and_not_called_missed(old: Desk) -> None:
    post_id = sent_unknown(old, "Sent yesterday")
    put_back(old, later=timedelta(days=1))

    steps.expire(old, factories.now_of(old) + timedelta(days=1))

    assert factories.look_up(old, post_id).state == "scheduled"
    assert steps.look(old, post_id).state == "published"


def test_what_the_original_sends_under_the_hold_of_its_copy_is_found(
    old: Desk,
) -> None:
    put_back(old)
    post_id = sent_unknown(old, "Sent by the original")
    late = factories.now_of(old) + timedelta(days=2)
    steps.expire(old, late)

    with old.db.writing() as session:
        holds.lift(session, now=db.now(session))

    assert factories.look_up(old, post_id).triage == "restored"
    assert steps.look(old, post_id).state == "published"


def test_five_looks_in_vain_leave_it_to_a_person(old: Desk) -> None:
    post_id = factories.make_scheduled(old, 1, "Who knows")
    put_back(old)
    down = CantTell.by(Unavailable("It did not answer."))
    Scripted.looks.extend([down] * engine.looks.blind)

    post = steps.look(old, post_id, times=engine.looks.blind)

    assert (post.look_at, post.needs_person) == (None, False)
    assert "It did not answer." in post.reason
    assert needing(old) == [post_id]


def test_two_that_say_the_same_are_left_to_a_person(old: Desk) -> None:
    first, second = (factories.make_scheduled(old, 1, "Same") for _ in range(2))
    put_back(old)
    one_is_there = Found((Receipt("7", "https://scripted.example/7"),))
    Scripted.looks.extend([one_is_there] * 2)

    posts = [steps.look(old, post_id) for post_id in (first, second)]

    assert {post.state for post in posts} == {"scheduled"}
    assert {post.look_at for post in posts} == {None}


def test_a_bug_while_looking_counts_as_a_look_in_vain(old: Desk) -> None:
    post_id = factories.make_scheduled(old, 1, "Broken")
    put_back(old)
    steps.alter_channel(old, 1, secrets=b"not a token")

    post = steps.look(old, post_id)

    assert (post.state, post.blind_looks) == ("scheduled", 1)
    assert look_at(old, post_id) is not None


@pytest.mark.parametrize("what", ["edit", "reschedule", "cancel"])
def test_a_person_who_decides_first_ends_the_looking(old: Desk, what: str) -> None:
    post_id = factories.make_scheduled(old, 1, "Decided")
    put_back(old)
    (claim,) = steps.look_claims(old, post_id)

    with old.db.writing() as session:
        now = db.now(session)
        match what:
            case "edit":
                change = editing.Change(text="Edited")
                editing.edit(old, session, post_id, editing.Typed(change, 1), now=now)
            case "reschedule":
                later = scheduling.At(now + timedelta(hours=1))
                scheduling.schedule(old, session, post_id, later, now=now)
            case _:
                scheduling.cancel(session, post_id, now=now)
    decided = factories.look_up(old, post_id)
    restored_backup.look_for_restored(old, claim)

    assert look_at(old, post_id) is None
    assert factories.look_up(old, post_id).fence == decided.fence
    assert decided.state in (State.SCHEDULED, State.CANCELLED)
