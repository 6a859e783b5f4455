"""The publisher by itself: what is next, by nothing but events and a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy.exc import OperationalError

from connectors.base import Prepared, Receipt, Unauthorized
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Part, Post
from desk.publishing.claiming import Claim
from desk.publishing.limiter import Lane
from desk.publishing.outbox import Intent, Ready
from desk.publishing.preparing import Work
from desk.publishing.publisher import Publisher
from desk.publishing.publisher_steps import (
    AskAgain,
    AskedAgain,
    Call,
    Called,
    Commit,
    Committed,
    EmptyJournal,
    Event,
    Failed,
    GiveBack,
    Keep,
    Load,
    Loaded,
    MadeReady,
    MakeReady,
    PickedUp,
    PickUp,
    PutBack,
    Record,
    Recorded,
    Renew,
    Renewed,
    Step,
)
from desk.timekeeping import ClockReading
from tests.fakes.scripted import Scripted

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 8
AWAY = OperationalError("select 1", {}, Exception("gone"))
BUG = ValueError("a bug")
RECEIPT = Receipt("1", "https://scripted.example/1")
CONNECTOR = Scripted({})

S = TypeVar("S", bound=Step)


@dataclass
class Bench:
    """A publisher whose time stands still until it is told to pass."""

    now: float = 1000.0
    size: int = SIZE
    uploading: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.size, clock=lambda: self.now)

    def know(self, event: Event) -> list[Step]:
        return self.publisher.know(event)

    def loaded(
        self, *numbers: int, due_s: float = 0.0, channel_id: int = 1
    ) -> list[Step]:
        """Picked up and loaded; gives what is next for them."""
        claims = [Claim(n, 1, NOON + timedelta(seconds=due_s)) for n in numbers]
        (load,) = self.know(PickedUp(claims, ClockReading(NOON, self.now), []))
        assert load == Load(claims)
        works = [self._work(claim, channel_id) for claim in claims]
        return self.know(Loaded(claims, works))

    def ready(self, *numbers: int, due_s: float = 0.0, channel_id: int = 1) -> None:
        """Made ready as well: they wait for their time."""
        for step in self.loaded(*numbers, due_s=due_s, channel_id=channel_id):
            assert isinstance(step, MakeReady)
            assert self.know(MadeReady(step.work, made_ready(step.work))) == []

    def calls(self, *numbers: int, channel_id: int = 1) -> list[Intent]:
        """On their way: committed, and being called."""
        self.ready(*numbers, channel_id=channel_id)
        (commit,) = only(Commit, self.publisher.due())
        return [call.intent for call in self.committed(commit)]

    def committed(self, commit: Commit) -> list[Call]:
        made = [intent(one) for one in commit.ready]
        return only(Call, self.know(Committed(commit.ready, made)))

    def _work(self, claim: Claim, channel_id: int) -> Work:
        lane = Lane("scripted", channel_id)
        uploads = claim.post_id in self.uploading
        post = Post(channel_id=channel_id)
        return Work(claim, post, Part(), None, CONNECTOR, lane, uploads, NOON)


def made_ready(work: Work) -> Ready:
    number = work.claim.post_id
    said = Prepared("k", "{}")
    return Ready(work.claim, work.channel_id, number, 1, said, CONNECTOR, work.lane)


def intent(one: Ready) -> Intent:
    read = ClockReading(NOON, 0.0)
    post_id, fence = one.claim.pair
    prepared, connector = one.prepared, one.connector
    return Intent(
        post_id,
        one.channel_id,
        one.part_id,
        1,
        fence,
        1,
        True,
        prepared,
        connector,
        read,
    )


def only(kind: type[S], steps: Sequence[Step]) -> list[S]:
    """All of these, which are all of this kind."""
    found: list[S] = [step for step in steps if isinstance(step, kind)]
    assert len(found) == len(steps), steps
    return found


def numbers(commit: Step) -> list[int]:
    assert isinstance(commit, Commit)
    return [one.claim.post_id for one in commit.ready]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_nothing_is_committed_before_its_time(bench: Bench) -> None:
    bench.ready(1, due_s=1.5)

    assert bench.publisher.due() == []
    wait_s = bench.publisher.wait_s() or 0.0
    assert wait_s == pytest.approx(1.5, abs=0.01)
    bench.now += wait_s
    (commit,) = bench.publisher.due()

    assert numbers(commit) == [1]


def test_an_upload_waits_for_a_slot_and_words_do_not() -> None:
    bench = Bench(size=1, uploading={1, 2})

    steps = bench.loaded(1, 2, 3)
    (first,) = only(MakeReady, bench.publisher.due())

    assert [step.work.claim.post_id for step in only(MakeReady, steps)] == [3]
    assert first.work.claim.post_id == 1
    bench.know(MadeReady(first.work, None))
    (second,) = only(MakeReady, bench.publisher.due())
    assert second.work.claim.post_id == 2


def test_what_finds_no_slot_goes_when_one_is_free() -> None:
    bench = Bench(size=2)
    bench.ready(1, 2, 3)

    first, *_ = bench.publisher.due()
    assert numbers(first) == [1, 2]
    assert bench.publisher.crowded
    intents = [call.intent for call in bench.committed(first)]  # type: ignore[arg-type]
    assert bench.publisher.due() == []
    bench.know(Called(intents[0], RECEIPT))
    (then,) = bench.publisher.due()

    assert numbers(then) == [3]


def test_a_commit_holds_no_more_than_a_group() -> None:
    bench = Bench(size=3 * engine.batches.committed)
    for channel_id in range(engine.batches.committed):
        bench.ready(channel_id * 2, channel_id * 2 + 1, channel_id=channel_id)

    first, then = bench.publisher.due() + bench.publisher.due()

    assert len(numbers(first)) == len(numbers(then)) == engine.batches.committed


def test_who_may_not_go_out_leaves_its_slot_to_others() -> None:
    bench = Bench(size=1)
    bench.ready(1, 2)
    (commit,) = only(Commit, bench.publisher.due())

    assert bench.know(Committed(commit.ready, [])) == []
    assert bench.publisher.settled
    (then,) = bench.publisher.due()

    assert (numbers(commit), numbers(then)) == ([1], [2])


@pytest.mark.parametrize("still", [True, False])
def test_a_commit_whose_answer_was_lost_is_asked_about_before_anything_is_sent(
    bench: Bench, still: bool
) -> None:
    bench.ready(1)
    (commit,) = only(Commit, bench.publisher.due())

    assert bench.know(Failed(commit, AWAY)) == []
    assert bench.publisher.due() == []
    bench.now += engine.batches.database_tried_after_s
    (asking,) = only(AskAgain, bench.publisher.due())
    bench.know(Failed(asking, AWAY))
    assert bench.publisher.due() == []
    bench.now += engine.batches.database_tried_after_s
    assert bench.publisher.due() == [asking]
    bench.know(AskedAgain(asking.ready, {(1, 1)} if still else set()))

    assert [numbers(step) for step in bench.publisher.due()] == ([[1]] if still else [])


def test_one_that_breaks_a_commit_keeps_no_other_from_it(bench: Bench) -> None:
    bench.ready(1, 2)
    (commit,) = only(Commit, bench.publisher.due())

    first, second = only(Commit, bench.know(Failed(commit, BUG)))
    put_back = bench.know(Failed(first, BUG))
    (call,) = bench.committed(second)

    assert put_back == [PutBack(first.ready[0].claim, BUG)]
    assert call.intent.post_id == 2
    bench.know(Called(call.intent, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())
    bench.know(Recorded(record.answered, {2: State.PUBLISHED}))
    assert bench.publisher.settled


def test_what_can_not_be_made_ready_is_put_back_and_leaves_its_slot() -> None:
    bench = Bench(size=1, uploading={1, 2})
    bench.loaded(1, 2)
    (upload,) = only(MakeReady, bench.publisher.due())

    (put_back,) = bench.know(Failed(upload, BUG))
    (other,) = only(MakeReady, bench.publisher.due())

    assert put_back == PutBack(upload.work.claim, BUG)
    assert other.work.claim.post_id == 2


def test_outcomes_are_recorded_one_group_at_a_time(bench: Bench) -> None:
    one, two = bench.calls(1, 2)
    bench.know(Called(one, RECEIPT))
    (first,) = only(Record, bench.publisher.answers())
    bench.know(Called(two, RECEIPT))

    assert bench.publisher.answers() == []
    bench.know(Recorded(first.answered, {1: State.PUBLISHED}))
    (second,) = only(Record, bench.publisher.answers())

    assert [post.post_id for post, _ in second.answered] == [2]


def test_outcomes_lie_in_the_journal_once_while_the_database_is_away(
    bench: Bench,
) -> None:
    one, two = bench.calls(1, 2)
    bench.know(Called(one, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())

    assert bench.know(Failed(record, AWAY)) == [Keep([(one, RECEIPT)])]
    assert bench.publisher.answers() == []
    bench.know(Called(two, RECEIPT))
    bench.now += engine.batches.database_tried_after_s
    (both,) = only(Record, bench.publisher.answers())
    assert list(both.answered) == [(one, RECEIPT), (two, RECEIPT)]
    assert bench.know(Failed(both, AWAY)) == [Keep([(two, RECEIPT)])]
    bench.now += engine.batches.database_tried_after_s
    (again,) = only(Record, bench.publisher.answers())
    assert again == both
    steps = bench.know(Recorded(both.answered, dict.fromkeys((1, 2), State.PUBLISHED)))

    assert steps == [EmptyJournal()]
    assert bench.publisher.settled


def test_the_journal_is_emptied_when_all_of_it_is_on_record(bench: Bench) -> None:
    for made in bench.calls(1, 2):
        bench.know(Called(made, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())
    bench.know(Failed(record, AWAY))
    bench.now += engine.batches.database_tried_after_s
    (again,) = only(Record, bench.publisher.answers())

    first, second = only(Record, bench.know(Failed(again, BUG)))
    early = bench.know(Recorded(first.answered, {1: State.PUBLISHED}))
    late = bench.know(Recorded(second.answered, {2: State.PUBLISHED}))

    assert (early, late) == ([], [EmptyJournal()])


def test_an_outcome_that_can_not_be_recorded_keeps_no_other_from_it(
    bench: Bench,
) -> None:
    for made in bench.calls(1, 2):
        bench.know(Called(made, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())

    first, second = only(Record, bench.know(Failed(record, BUG)))
    assert bench.know(Failed(first, BUG)) == []
    bench.know(Recorded(second.answered, {2: State.PUBLISHED}))

    assert bench.publisher.settled
    assert bench.publisher.record_wait_s() is None


def test_a_thread_goes_on_with_its_next_part(bench: Bench) -> None:
    (made,) = bench.calls(1)
    bench.know(Called(made, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())

    steps = bench.know(Recorded(record.answered, {1: State.CLAIMED}))

    assert steps == [Load([Claim(1, 1)])]


def test_a_refused_credential_stops_the_rest_until_it_is_on_record() -> None:
    bench = Bench(size=8 * engine.slots.first)
    bench.ready(*range(engine.slots.first + 1))
    first, *_ = bench.publisher.due()
    assert len(numbers(first)) == engine.slots.first
    made = [call.intent for call in bench.committed(first)]  # type: ignore[arg-type]
    for one in made:
        bench.know(Called(one, Unauthorized("revoked")))

    assert bench.publisher.due() == []
    (record,) = only(Record, bench.publisher.answers())
    bench.know(Recorded(record.answered, {}))
    (then,) = bench.publisher.due()

    assert numbers(then) == [engine.slots.first]


def test_leases_are_renewed_once_past_their_time_and_while_they_are_ours(
    bench: Bench,
) -> None:
    bench.ready(1, 2, due_s=2.0)
    assert bench.publisher.renewals() == []
    bench.now += 2.0 + engine.claims.renewed_after_s + 0.1

    (renew,) = only(Renew, bench.publisher.renewals())
    assert bench.publisher.renewals() == []
    bench.know(Renewed(renew.pairs, {(1, 1)}))
    bench.now += engine.claims.renewed_after_s
    (again,) = only(Renew, bench.publisher.renewals())

    assert (renew.pairs, again.pairs) == ({(1, 1), (2, 1)}, {(1, 1)})


def test_is_full_with_twice_what_it_can_send(bench: Bench) -> None:
    bench.loaded(*range(engine.batches.in_hand_per_slot * SIZE - 1))
    assert not bench.publisher.full

    bench.loaded(99)

    assert bench.publisher.full


def test_closing_gives_back_what_waits_and_ends_what_is_on_its_way(
    bench: Bench,
) -> None:
    (made,) = bench.calls(1)
    bench.ready(2)
    working = only(MakeReady, bench.loaded(3))[0].work

    assert bench.publisher.close() == [GiveBack({(2, 1), (3, 1)})]
    assert bench.publisher.close() == []
    assert bench.publisher.due() == bench.publisher.take([(4, 1)]) == []
    late = PickedUp([Claim(5, 1)], ClockReading(NOON, bench.now), [])
    assert bench.know(late) == [GiveBack({(5, 1)})]
    assert bench.know(MadeReady(working, made_ready(working))) == [GiveBack({(3, 1)})]
    assert not bench.publisher.settled
    bench.know(Called(made, RECEIPT))
    (record,) = only(Record, bench.publisher.answers())
    bench.know(Recorded(record.answered, {1: State.PUBLISHED}))
    assert bench.publisher.settled


def test_closing_asks_no_more_about_a_commit_whose_answer_was_lost(
    bench: Bench,
) -> None:
    bench.ready(1)
    (commit,) = only(Commit, bench.publisher.due())
    bench.know(Failed(commit, AWAY))

    steps = bench.publisher.close()

    assert steps == [GiveBack({(1, 1)})]
    assert bench.publisher.settled


def test_takes_claims_by_picking_them_up(bench: Bench) -> None:
    assert bench.publisher.take([(1, 1)]) == [PickUp([(1, 1)])]
