"""What became of a lost answer: looking, sending again at most once, or a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from connectors.base import (
    CantTell,
    Class,
    ConnectorError,
    Found,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import channels, db, holds, report
from desk.attention import deciding
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import IllegalMove
from desk.models import Hold
from desk.publishing import reconciliation
from desk.publishing.reconciliation import Plan, plan
from tests import factories
from tests.conftest import NOON
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

HOUR = timedelta(hours=1)


def test_the_first_look_waits_for_the_deadline_and_the_listing(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)

    (attempt,) = steps.attempts(desk, post_id)
    look_at = factories.look_up(desk, post_id).look_at
    assert look_at is not None
    assert look_at - attempt.intent_at >= timedelta(seconds=20) + Scripted.settle


def test_one_clean_look_sends_nothing(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)

    post = steps.look(desk, post_id)

    assert (post.state, post.looks) == ("unconfirmed", 1)
    assert post.look_at is not None


def test_two_clean_looks_send_it_again_once(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)

    post = steps.look(any_desk, post_id, times=2)
    factories.run_due(any_desk)

    assert (post.state, Scripted.live()) == ("scheduled", ["Dodge returns"])
    assert steps.outcomes(any_desk, post_id) == ["not there", "published"]


def test_a_pause_lies_between_the_two_looks(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    before = factories.now_of(desk)

    post = steps.look(desk, post_id)

    assert post.look_at is not None
    assert post.look_at - before >= engine.looks.pause


def test_a_hint_that_comes_twice_is_one_look(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    (claim,) = steps.look_claims(any_desk, post_id)

    for _ in range(3):
        reconciliation.reconcile(any_desk, [claim], factories.WORKER)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.looks) == ("unconfirmed", 1)


def test_it_is_sent_again_once_at_most(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    Scripted.script.append(OutcomeUnknown("lost again"))
    steps.look(desk, post_id, times=2)
    factories.run_due(desk)

    post = steps.look(desk, post_id, times=4)

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert len(steps.attempts(desk, post_id)) == 2


def test_looks_from_before_a_call_say_nothing_of_it(desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    post_id = steps.unconfirmed(desk, taken=False)
    steps.within(desk, holds.hold)
    steps.look(desk, post_id)
    steps.within(desk, holds.lift)
    Scripted.script.append(OutcomeUnknown("lost again"))
    steps.look(desk, post_id)

    steps.within(desk, holds.hold)
    post = steps.look(desk, post_id)

    assert len(steps.attempts(desk, post_id)) == 2
    assert (post.state, post.looks) == ("unconfirmed", 1)


def test_a_held_post_is_looked_for_and_not_sent(desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(desk, taken=False)
    steps.within(desk, holds.hold)

    steps.look(desk, post_id, times=2)
    factories.run_due(desk)

    assert Scripted.live() == []
    assert len(steps.attempts(desk, post_id)) == 1


def test_five_blind_looks_ask_a_person(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.looks.extend([CantTell("no listing")] * 5)

    four = steps.look(desk, post_id, times=4)
    five = steps.look(desk, post_id)

    assert (four.needs_person, five.needs_person) == (False, True)
    assert (five.state, five.look_at) == ("unconfirmed", None)


def test_why_a_look_cant_tell_is_told_once_of_each_kind(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=True)
    away = [CantTell(f"no answer, try {n}", away=True) for n in (1, 2)]
    Scripted.looks.extend([*away, CantTell("its list is odd")])

    shown = [steps.look(any_desk, post_id).reason for _ in range(3)]

    with any_desk.db.reading() as session:
        events = report.account(session, post_id).events
    told = [one.what for one in events if one.what.endswith(tuple(shown))]
    assert shown == ["no answer, try 1", "no answer, try 2", "its list is odd"]
    assert told == [f"Can't tell yet: {why}" for why in (shown[0], shown[2])]


def test_where_a_repeat_is_harmless_the_desk_looks_until_it_is_too_late(
    any_desk: Desk,
) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(any_desk, taken=True)
    steps.within(any_desk, holds.hold, scope="desk", why="Wait")
    Scripted.looks.extend([CantTell("it hangs")] * 7)

    in_time = steps.look(any_desk, post_id, times=6)
    steps.alter(any_desk, post_id, expires_at=factories.now_of(any_desk))
    too_late = steps.look(any_desk, post_id)

    assert (in_time.needs_person, too_late.needs_person) == (False, True)


def test_a_lost_key_is_a_blind_look_and_the_others_are_found(desk: Desk) -> None:
    locked = steps.unconfirmed(desk, taken=True, name="Locked")
    found = steps.unconfirmed(desk, taken=True, name="Open")
    steps.alter_channel(desk, 1, secrets=b"not a token")

    due = factories.look_up(desk, found).look_at
    assert due is not None
    factories.reconcile(desk, due)

    post = factories.look_up(desk, locked)
    assert (post.state, post.blind_looks) == ("unconfirmed", 1)
    assert factories.look_up(desk, found).state == "published"


def test_two_candidates_are_for_a_person(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    Scripted.looks.append(Found((steps.receipt("7"), steps.receipt("8"))))

    post = steps.look(desk, post_id)

    assert (post.state, post.needs_person) == ("unconfirmed", True)


def test_two_unconfirmed_twins_are_for_a_person(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    due = factories.now_of(any_desk)
    twins = [factories.make_scheduled(any_desk, channel, due_at=due) for _ in range(2)]
    Scripted.script.extend([OutcomeUnknown("lost"), OutcomeUnknown("lost")])
    factories.run_due(any_desk)
    Scripted.looks.append(Found((steps.receipt("7"),)))

    post = steps.look(any_desk, twins[0])

    assert (post.state, post.needs_person) == ("unconfirmed", True)


def test_a_post_on_record_settles_no_second_attempt(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    factories.make_scheduled(any_desk, channel, "First")
    factories.run_due(any_desk)
    Scripted.script.append(OutcomeUnknown("lost"))
    second = factories.make_scheduled(any_desk, channel, "Second")
    factories.run_due(any_desk)
    Scripted.looks.append(Found((steps.receipt("1"),)))

    post = steps.look(any_desk, second)

    assert (post.state, post.blind_looks) == ("unconfirmed", 1)


def test_what_a_person_confirmed_settles_no_second_attempt(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    due = factories.now_of(desk)
    twins = [factories.make_scheduled(desk, channel, due_at=due) for _ in range(2)]
    Scripted.script.extend([OutcomeUnknown("lost"), OutcomeUnknown("lost")])
    factories.run_due(desk)
    link = steps.receipt("7").url
    steps.within(desk, deciding.confirm_live, post_id=twins[0], url=link)
    Scripted.looks.append(Found((steps.receipt("7"),)))

    post = steps.look(desk, twins[1])

    assert (post.state, post.blind_looks) == ("unconfirmed", 1)


@pytest.mark.parametrize(
    "error", [Unavailable("down"), Unauthorized("who?"), RateLimited("slow", NOON)]
)
def test_an_error_while_sending_again_leaves_the_doubt(
    desk: Desk, error: ConnectorError
) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.script.append(error)

    post = steps.look(desk, post_id)

    assert (post.state, post.needs_person) == ("unconfirmed", False)
    assert steps.outcomes(desk, post_id)[0] == "unknown"


def test_a_refusal_while_in_doubt_is_looked_at_and_never_sent_again(
    desk: Desk,
) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(desk, taken=False)
    Scripted.script.append(Rejected("seen it", duplicate=True))

    post = steps.look(desk, post_id, times=3)

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert (len(steps.attempts(desk, post_id)), Scripted.live()) == (2, [])


def test_a_refusal_while_in_doubt_finds_the_live_post(desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.script.append(Rejected("seen it", duplicate=True))

    post = steps.look(desk, post_id, times=2)

    assert (post.state, Scripted.live()) == ("published", ["Dodge returns"])


def test_a_duplicate_after_two_clean_looks_is_looked_for_again(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.looks.extend([NotThere(), NotThere()])
    Scripted.script.append(Rejected("seen it", duplicate=True))
    steps.look(desk, post_id, times=2)
    factories.run_due(desk)
    doubted = factories.look_up(desk, post_id).state

    post = steps.look(desk, post_id)

    assert (doubted, post.state) == ("unconfirmed", "published")
    assert Scripted.live() == ["Dodge returns"]


def test_the_same_key_goes_again_while_its_window_lasts(desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    post_id = steps.unconfirmed(desk, taken=True)

    post = steps.look(desk, post_id)

    keys = {attempt.key for attempt in steps.attempts(desk, post_id)}
    assert (post.state, Scripted.live(), len(keys)) == (
        "published",
        ["Dodge returns"],
        1,
    )


def test_past_its_window_the_desk_looks(desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    post_id = steps.unconfirmed(desk, taken=True)
    with desk.db.writing() as session:
        attempt = session.merge(steps.attempts(desk, post_id)[0])
        attempt.intent_at -= timedelta(minutes=55)

    post = steps.look(desk, post_id)

    assert post.state == "published"
    assert len(steps.attempts(desk, post_id)) == 1


def test_an_admin_may_say_what_a_channel_promises(desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(desk, taken=True)
    steps.alter_channel(desk, 1, exactly_once_override="none")

    steps.look(desk, post_id)

    assert channels.exactly_once(steps.channel_of(desk, 1)) is Class.NONE
    assert len(steps.attempts(desk, post_id)) == 1


def test_a_person_finds_it_live(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)

    link = "https://scripted.example/1"
    steps.within(desk, deciding.confirm_live, post_id=post_id, url=link)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.parts[0].url) == ("published", link)


def test_a_person_sends_it_again_under_a_new_key(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    confirm_absent(desk, post_id)

    factories.run_due(desk)

    keys = {attempt.key for attempt in steps.attempts(desk, post_id)}
    assert (Scripted.live(), len(keys)) == (["Dodge returns"], 2)


def test_a_persons_word_beats_a_look_that_is_under_way(any_desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(any_desk, taken=False)
    (claim,) = steps.look_claims(any_desk, post_id)
    confirm_absent(any_desk, post_id)

    reconciliation.reconcile(any_desk, [claim], factories.WORKER)

    assert factories.look_up(any_desk, post_id).state == "scheduled"
    assert Scripted.live() == []


def test_the_same_link_is_not_two_posts(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    factories.make_scheduled(desk, channel, "First")
    factories.run_due(desk)
    Scripted.script.append(OutcomeUnknown("lost"))
    second = factories.make_scheduled(desk, channel, "Second")
    factories.run_due(desk)

    with pytest.raises(IllegalMove, match="post 1 already"):
        steps.within(
            desk,
            deciding.confirm_live,
            post_id=second,
            url="https://scripted.example/1",
        )


def test_a_link_is_needed_to_call_it_live(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)

    with pytest.raises(IllegalMove, match="Paste the link"):
        steps.within(desk, deciding.confirm_live, post_id=post_id, url=" ")


def confirm_absent(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        now = factories.now_of(desk)
        deciding.confirm_absent(session, post_id, now=now)


@given(
    once=st.sampled_from(list(Class)),
    window=st.none() | st.timedeltas(timedelta(0), 3 * HOUR),
    waited=st.timedeltas(timedelta(0), 3 * HOUR),
    may_resend=st.booleans(),
)
def test_only_who_promises_gets_the_same_bytes_again(
    once: Class, window: timedelta | None, waited: timedelta, may_resend: bool
) -> None:
    chosen = plan(once, NOON, window, NOON + waited, may_resend)

    promised = once is Class.EXACT or (
        once is Class.WINDOW and window is not None and waited < window
    )
    assert chosen is Plan.LOOK or (may_resend and promised)


def test_where_a_repeat_is_harmless_no_person_is_asked(any_desk: Desk) -> None:
    """A hold made the desk look instead of sending again; then an answer was lost."""
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.within(any_desk, holds.hold, scope="desk", why="Wait")
    steps.look(any_desk, post_id, times=2)
    with any_desk.db.writing() as session:
        session.execute(update(Hold).values(ended_at=db.now(session)))
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    factories.run_due(any_desk)

    post = steps.look(any_desk, post_id)

    assert not post.needs_person, post.reason
    assert post.state == "published"
