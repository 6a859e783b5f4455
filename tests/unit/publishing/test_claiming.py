"""Claims: who may send a due post, for how long, and what a lost worker leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from desk import db, heartbeats
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Heartbeat, Post
from desk.posts import editing
from desk.posts.editing import Change, Typed
from desk.publishing import claiming, leases, preparing
from desk.publishing.outbox import Ready
from desk.publishing.publisher_steps import Commit, Process
from tests import factories
from tests.factories import WORKER
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)


def test_a_post_is_claimed_two_seconds_ahead_and_no_sooner(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now = factories.now_of(any_desk)
    factories.make_scheduled(any_desk, channel, due_at=now + 10 * SECOND)

    too_soon = factories.claim(any_desk, now + 7.9 * SECOND)
    in_time = factories.claim(any_desk, now + 8 * SECOND)

    assert (too_soon, len(in_time)) == ([], 1)


def test_a_claimed_post_is_not_sent_before_its_time(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    now = factories.now_of(desk)
    post_id = factories.make_scheduled(desk, channel, due_at=now + 60 * SECOND)
    claim = steps.claimed(desk, now + 59 * SECOND)

    early = steps.call(desk, claim, now + 59.9 * SECOND)
    on_time = steps.call(desk, claim, now + 60 * SECOND)

    assert (early, on_time is None) == (None, False)
    assert len(steps.attempts(desk, post_id)) == 1


def test_who_has_a_post_in_hand_twice_sends_it_once_and_in_its_new_words(
    any_desk: Desk,
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    old = ready_now(any_desk)
    with any_desk.db.writing() as session:
        change, now = Change(text="New words"), db.now(session)
        revision = session.get_one(Post, post_id).revision
        editing.edit(any_desk, session, post_id, Typed(change, revision), now=now)
    new = ready_now(any_desk)

    committed = Commit([old, new]).carry_out(Process(any_desk, WORKER))

    assert [intent.pair for intent in committed.made] == [new.claim.pair]
    assert "New words" in committed.made[0].prepared.body


def ready_now(desk: Desk) -> Ready:
    work = steps.load(desk, steps.claimed(desk))
    assert work is not None
    made = preparing.make_ready(desk, work)
    assert made is not None
    return made


def test_breaking_goes_before_normal_before_evergreen(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    posts = {}
    for priority in ("evergreen", "normal", "breaking"):
        posts[priority] = factories.make_scheduled(any_desk, channel, priority)
        steps.alter(any_desk, posts[priority], priority=priority)

    with any_desk.db.writing() as session:
        now = factories.now_of(any_desk)
        first, second = (claiming.claim_due(session, now, 1) for _ in range(2))

    assert [c.post_id for c in first + second] == [posts["breaking"], posts["normal"]]


def test_a_claim_raises_the_fence_and_the_older_one_is_void(any_desk: Desk) -> None:
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    old = steps.claimed(any_desk)
    work = steps.load(any_desk, old)
    assert work is not None
    steps.rescue(any_desk, factories.now_of(any_desk) + timedelta(minutes=1))
    new = steps.claimed(any_desk)

    assert new.fence > old.fence
    assert steps.load(any_desk, old) is None
    assert steps.call_for(any_desk, work) is None
    assert steps.call(any_desk, new) is not None


def test_a_hint_that_comes_four_times_is_picked_up_once(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claims = factories.claim(any_desk)

    taken = [len(factories.pick_up(any_desk, claims)) for _ in range(4)]

    post = factories.look_up(any_desk, post_id)
    assert (taken, post.state, post.crash_count) == ([1, 0, 0, 0], "claimed", 0)


def test_a_post_that_kills_every_worker_fails_and_the_others_go_on(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    poison = factories.make_scheduled(desk, channel, "Poison")
    later = factories.now_of(desk)
    for _ in range(engine.crashes.enough):
        Scripted.staging.append(SystemExit("a picture that takes the process down"))
        with pytest.raises(SystemExit):
            factories.run_due(desk)
        steps.died(desk, poison)
        later += timedelta(minutes=1)
        steps.rescue(desk, later)
        steps.alter(desk, poison, next_at=factories.now_of(desk))  # its wait is over

    factories.make_scheduled(desk, channel, "Healthy")
    factories.run_due(desk)

    post = factories.look_up(desk, poison)
    assert (post.state, Scripted.live()) == ("failed", ["Healthy"])
    assert "crashed 3 times" in post.reason


def test_errors_while_a_post_is_made_ready_are_no_crashes(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    suspect = factories.make_scheduled(any_desk, channel, "Suspect")
    steps.alter(any_desk, suspect, crash_count=1)
    later = factories.now_of(any_desk)
    for _ in range(2 * engine.crashes.enough):
        Scripted.staging.append(OperationalError("", {}, Exception("away")))
        factories.run_due(any_desk)
        later += timedelta(minutes=1)
        steps.rescue(any_desk, later)
        steps.alter(any_desk, suspect, next_at=factories.now_of(any_desk))

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, suspect)
    assert (post.state, Scripted.live()) == ("published", ["Suspect"])


def test_errors_do_not_make_up_for_deaths(desk: Desk) -> None:
    suspect = factories.make_scheduled(desk, factories.make_channel(desk), "Suspect")
    steps.alter(desk, suspect, crash_count=1)
    later = factories.now_of(desk)
    for ending in ("error", "death", "error"):
        Scripted.staging.append(OperationalError("", {}, Exception("away")))
        factories.run_due(desk)
        if ending == "death":
            steps.died(desk, suspect)
        later += timedelta(minutes=1)
        steps.rescue(desk, later)
        steps.alter(desk, suspect, next_at=factories.now_of(desk))

    factories.run_due(desk)

    assert factories.look_up(desk, suspect).state == "published"


@pytest.mark.parametrize(
    ("after_s", "state"), [(0.5, "failed"), (4.0, "claimed")], ids=["died", "lives"]
)
def test_whether_a_process_died_is_told_by_its_heartbeats(
    any_desk: Desk, after_s: float, state: str
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    began = factories.now_of(any_desk) - timedelta(seconds=20)
    steps.alter(
        any_desk,
        post_id,
        crash_count=engine.crashes.enough,
        in_hand_of="other:7#1",
        in_hand_at=began,
    )
    with any_desk.db.writing() as session:
        at = began + timedelta(seconds=after_s)
        session.add(Heartbeat(name="other:7", kind="publish", at=at, figures={}))

    factories.pick_up(any_desk, factories.claim(any_desk))

    assert factories.look_up(any_desk, post_id).state == state


def test_an_earlier_process_of_the_same_number_died(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    before = f"{heartbeats.name()}#another"
    now = factories.now_of(any_desk)
    steps.alter(
        any_desk,
        post_id,
        crash_count=engine.crashes.enough,
        in_hand_of=before,
        in_hand_at=now,
    )

    factories.pick_up(any_desk, factories.claim(any_desk))

    assert factories.look_up(any_desk, post_id).state == "failed"


@pytest.mark.parametrize(
    ("silent", "crash_count", "state"),
    [
        (engine.crashes.enough, engine.crashes.enough, "failed"),
        (engine.crashes.enough + 1, engine.crashes.enough, "claimed"),
        (engine.crashes.enough + 1, 2 * engine.crashes.enough, "failed"),
    ],
)
def test_where_many_processes_die_no_post_is_to_blame_so_soon(
    any_desk: Desk, silent: int, crash_count: int, state: str
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    steps.alter(any_desk, post_id, crash_count=crash_count)
    died = factories.now_of(any_desk) - timedelta(seconds=20)
    with any_desk.db.writing() as session:
        for number in range(silent):
            one = Heartbeat(name=f"w:{number}", kind="publish", at=died, figures={})
            session.add(one)

    factories.pick_up(any_desk, factories.claim(any_desk))

    assert factories.look_up(any_desk, post_id).state == state


def test_who_was_in_hand_at_a_death_goes_on_after_the_others(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    in_hand, waiting = (
        factories.make_scheduled(any_desk, channel, text) for text in ("One", "Two")
    )
    steps.alter(any_desk, in_hand, crash_count=2)
    factories.pick_up(any_desk, factories.claim(any_desk))
    died = factories.now_of(any_desk) + timedelta(minutes=1)

    steps.rescue(any_desk, died)

    later = factories.look_up(any_desk, in_hand)
    assert later.next_at == later.not_before == died + timedelta(seconds=5)
    assert factories.look_up(any_desk, waiting).not_before is None


def test_who_was_made_ready_is_suspected_no_more_than_any_other(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.alter(desk, post_id, crash_count=2)
    work = steps.load(desk, steps.claimed(desk))
    assert work is not None

    preparing.make_ready(desk, work)

    assert factories.look_up(desk, post_id).crash_count == 1


def test_who_only_waited_in_a_worker_that_died_is_not_to_blame(desk: Desk) -> None:
    """A burst, and a worker killed again and again with all of it in hand."""
    channel = factories.make_channel(desk)
    texts = {f"Line {number}" for number in range(5)}
    for text in texts:
        factories.make_scheduled(desk, channel, text)
    later = factories.now_of(desk)
    for _ in range(4 * engine.crashes.enough):
        assert len(factories.pick_up(desk, factories.claim(desk))) == len(texts)
        later += timedelta(minutes=1)
        steps.rescue(desk, later)

    factories.run_due(desk)

    assert set(Scripted.live()) == texts


def test_an_intent_ends_the_count_of_crashes(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.alter(desk, post_id, crash_count=engine.crashes.enough - 1)

    steps.sending_now(desk)

    assert factories.look_up(desk, post_id).crash_count == 0


def test_a_worker_that_ends_gives_back_without_a_mark(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    claim = steps.claimed(desk)

    with desk.db.writing() as session:
        leases.give_back(session, [(claim.post_id, claim.fence)])

    post = factories.look_up(desk, post_id)
    assert (post.state, post.crash_count, post.lease_until) == ("scheduled", 0, None)


def test_a_lease_is_renewed_by_its_holder_alone(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    claim = steps.claimed(desk)
    later = factories.now_of(desk) + timedelta(minutes=1)
    held = {(claim.post_id, claim.fence)}

    with desk.db.writing() as session:
        stranger = leases.renew_leases(session, held, "other:2", later)
        stale = leases.renew_leases(
            session, {(post_id, claim.fence - 1)}, WORKER, later
        )
        holder = leases.renew_leases(session, held, WORKER, later)

    assert (stranger, stale, holder) == (set(), set(), held)
    assert factories.look_up(desk, post_id).lease_until == later + engine.claims.lease


def test_a_silent_worker_loses_what_it_claimed(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.claimed(desk)

    freed = steps.rescue(desk, factories.now_of(desk) + timedelta(minutes=1))

    assert freed == (1, 0)
    assert factories.look_up(desk, post_id).state == "scheduled"


def test_a_silent_worker_leaves_what_it_was_sending_in_doubt(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    steps.sending_now(any_desk)
    (attempt,) = steps.attempts(any_desk, post_id)
    later = factories.now_of(any_desk) + timedelta(seconds=31)

    freed = steps.rescue(any_desk, later)

    post = factories.look_up(any_desk, post_id)
    assert (freed, post.state) == ((0, 1), "unconfirmed")
    assert steps.outcomes(any_desk, post_id) == ["unknown"]
    assert post.look_at is not None
    assert post.look_at >= max(later, attempt.deadline_at + Scripted.settle)


def test_what_was_being_sent_is_looked_for_as_soon_as_its_own_platform_lists_it(
    desk: Desk,
) -> None:
    class Slow(Scripted):
        settle = timedelta(minutes=5)

    desk.connectors["slow"] = Slow  # type: ignore[index]
    factories.make_channel(desk, "Slow", platform="slow")
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.sending_now(desk)
    later = factories.now_of(desk) + timedelta(seconds=31)

    steps.rescue(desk, later)

    look_at = factories.look_up(desk, post_id).look_at
    assert look_at is not None
    assert look_at < later + timedelta(minutes=1)


def test_a_sending_lease_is_the_deadline_and_ten_seconds(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.sending_now(desk)

    (attempt,) = steps.attempts(desk, post_id)
    lease = factories.look_up(desk, post_id).lease_until
    assert lease is not None
    assert lease - attempt.intent_at == timedelta(seconds=30)


def test_the_clock_sleeps_until_the_next_claim(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    due = factories.now_of(desk) + timedelta(hours=1)
    factories.make_scheduled(desk, channel, due_at=due)

    with desk.db.reading() as session:
        assert claiming.next_moment(session) == due - engine.claims.lead


def test_a_dead_process_is_not_counted_on(desk: Desk) -> None:
    now = factories.now_of(desk)
    with desk.db.writing() as session:
        heartbeats.beat(session, "publish,stage", now)

    with desk.db.reading() as session:
        assert heartbeats.alive(session, "publish", now + 14 * SECOND) == 1
        assert heartbeats.alive(session, "reconcile", now) == 0
        assert heartbeats.alive(session, "publish", now + 16 * SECOND) == 0


def test_nothing_is_claimed_twice_by_two_clocks_in_turn(desk: Desk) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))

    first, second = factories.claim(desk), factories.claim(desk)

    assert (len(first), second) == (1, [])


def test_a_claim_that_nobody_picks_up_is_stranded_after_a_second(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    for text in ("Heard", "Unheard"):
        factories.make_scheduled(any_desk, channel, text)
    now = factories.now_of(any_desk)
    heard, unheard = factories.claim(any_desk, now)
    factories.pick_up(any_desk, [heard])

    with any_desk.db.reading() as session:
        at_once = claiming.stranded(session, now - timedelta(seconds=1))
        later = claiming.stranded(session, now + timedelta(seconds=1))

    assert at_once == []
    assert [claim.pair for claim in later] == [unheard.pair]


def test_who_was_made_ready_before_the_deadly_one_is_not_to_blame(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    innocent = factories.make_scheduled(any_desk, channel, "Innocent")
    for _ in range(
        engine.crashes.enough + 1
    ):  # the worker dies at the post that comes after this
        claims = factories.pick_up(any_desk, factories.claim(any_desk))
        for work in preparing.load(any_desk, claims):
            assert preparing.make_ready(any_desk, work) is not None
        steps.rescue(any_desk, factories.now_of(any_desk) + timedelta(minutes=1))

    assert factories.look_up(any_desk, innocent).state == "scheduled"


def test_a_claim_that_nobody_picked_up_makes_no_suspect(any_desk: Desk) -> None:
    """The workers were full: nobody died."""
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.claim(any_desk)

    steps.rescue(any_desk, factories.now_of(any_desk) + timedelta(minutes=1))

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.crash_count) == ("scheduled", 0)
