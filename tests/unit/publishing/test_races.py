"""Many at once: real threads, each with sessions of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import TypeVar

from sqlalchemy import func, select

from desk import db, holds, posts, scheduling
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Attempt, Post, Slot
from desk.publishing import claiming, inline_runner
from desk.publishing.claiming import Claim
from desk.scheduling import NextSlot
from desk.sendable import holding, intending
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

T = TypeVar("T")
AT_ONCE = 4


def together(work: Callable[[int], T]) -> list[T]:
    """Run it in several threads that start at the same moment."""
    ready = threading.Barrier(AT_ONCE)

    def start(number: int) -> T:
        ready.wait(10)
        return work(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(start, range(AT_ONCE)))


def make_due(desk: Desk, count: int) -> set[int]:
    channel = factories.make_channel(desk)
    with desk.db.writing() as session:
        now = db.now(session)
        made = [
            posts.create(session, channel, text=f"Post {n}", now=now)
            for n in range(count)
        ]
        for post in made:
            post.state, post.due_at, post.next_at = "scheduled", now, now
            post.expires_at = now + timedelta(hours=1)
        return {post.id for post in made}


def test_four_clocks_claim_each_of_a_hundred_posts_once(any_desk: Desk) -> None:
    made = make_due(any_desk, 100)

    def claim_all(_: int) -> list[Claim]:
        mine: list[Claim] = []
        while True:
            with any_desk.db.writing() as session:
                claims = claiming.claim_due(session, db.now(session), limit=7)
            if not claims:
                return mine
            mine += claims

    claimed = [claim for mine in together(claim_all) for claim in mine]
    claimed += factories.claim(any_desk)

    assert sorted(claim.post_id for claim in claimed) == sorted(made)
    assert {claim.fence for claim in claimed} == {1}


def test_four_workers_with_the_same_hints_publish_each_post_once(
    any_desk: Desk,
) -> None:
    made = make_due(any_desk, 8)
    claims = factories.claim(any_desk)

    def work(_: int) -> None:
        for claim in factories.pick_up(any_desk, claims):
            inline_runner.publish(any_desk, claim, factories.WORKER)

    together(work)

    assert sorted(Scripted.live()) == [f"Post {n}" for n in range(8)]
    with any_desk.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == len(made)


def test_four_intents_of_one_claim_make_one_attempt(any_desk: Desk) -> None:
    make_due(any_desk, 1)
    claim = steps.claimed(any_desk)
    work = steps.load(any_desk, claim)
    assert work is not None

    calls = together(lambda _: steps.call_for(any_desk, work))

    assert sum(call is not None for call in calls) == 1


def test_four_who_want_the_next_slot_get_four_slots(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    with any_desk.db.writing() as session:
        for weekday in range(7):
            at = time(9)
            session.add(Slot(channel_id=channel, weekday=weekday, local_time=at))
    posts = [factories.make_post(any_desk, channel, str(n)) for n in range(AT_ONCE)]
    for post_id in posts[:2]:
        steps.alter(any_desk, post_id, state="cancelled")

    def take_slot(number: int) -> object:
        with any_desk.db.writing() as session:
            now = db.now(session)
            post_id = posts[number]
            return scheduling.schedule(
                any_desk, session, post_id, NextSlot(), now=now
            ).slot_at

    slots = together(take_slot)

    assert len(set(slots)) == AT_ONCE
    assert None not in slots


def test_the_same_form_sent_four_times_at_once_makes_one_post(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)

    def send(_: int) -> int:
        return steps.within(
            any_desk, posts.create, channel_id=channel, text="Hi", idempotency_key="k"
        ).id

    assert len(set(together(send))) == 1


def test_a_cancel_and_an_intent_never_both_win(any_desk: Desk) -> None:
    for number in range(6):
        make_due_in(any_desk, f"Round {number}")
        claim = steps.claimed(any_desk)
        work = steps.load(any_desk, claim)
        assert work is not None

        def step(who: int, claim: Claim = claim, work: object = work) -> bool:
            if who == 0:
                return steps.call_for(any_desk, work) is not None  # type: ignore[arg-type]
            if who > 1:
                return False
            try:
                steps.within(any_desk, scheduling.cancel, post_id=claim.post_id)
            except IllegalMove:
                return False
            return True

        assert sum(together(step)) == 1


def make_due_in(desk: Desk, name: str) -> int:
    return factories.make_scheduled(desk, factories.make_channel(desk, name))


def test_no_intent_is_committed_after_a_hold_that_it_did_not_see(
    postgres_desk: Desk,
) -> None:
    desk = postgres_desk
    post_id = make_due_in(desk, "A")
    claim = steps.claimed(desk)
    work = steps.load(desk, claim)
    assert work is not None
    made: list[object] = []
    late = threading.Thread(target=lambda: made.append(steps.call_for(desk, work)))

    with desk.db.writing() as session:
        holding(session)
        late.start()
        late.join(0.5)
        waited = late.is_alive()
        steps.alter(desk, post_id, reason="still free")
        holds.hold(session, scope="keyword", target="dodge", now=db.now(session))
    late.join(10)

    assert (waited, made) == (True, [None])
    assert factories.look_up(desk, post_id).state == "scheduled"


def test_intents_do_not_wait_for_each_other(postgres_desk: Desk) -> None:
    with postgres_desk.db.writing() as one, postgres_desk.db.writing() as other:
        intending(one)
        other.connection().exec_driver_sql("SET lock_timeout = '1s'")

        intending(other)


def test_a_hold_waits_for_an_intent_and_counts_it(postgres_desk: Desk) -> None:
    desk = postgres_desk
    make_due_in(desk, "A")
    claim = steps.claimed(desk)
    told: list[holds.Held] = []
    holder = threading.Thread(
        target=lambda: told.append(steps.within(desk, holds.hold))
    )

    with desk.db.writing() as session:
        intending(session)
        holder.start()
        holder.join(0.5)
        waited = holder.is_alive()
        post = session.get_one(Post, claim.post_id, with_for_update=True)
        post.state = "sending"
    holder.join(10)

    assert waited
    assert told == [holds.Held(given_back=0, already_going_out=1)]
