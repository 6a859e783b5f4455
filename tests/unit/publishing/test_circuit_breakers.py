"""A server that does not answer is left alone; everyone else goes on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import event, select

from connectors.base import (
    CantTell,
    ConnectorError,
    Field,
    Message,
    OutcomeUnknown,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Staged,
    Unauthorized,
    Unavailable,
)
from desk import channels, db, posts
from desk.channels import circuit_breakers
from desk.channels.circuit_breakers import Call
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Breaker
from desk.publishing import inline_runner, staging
from desk.publishing.claiming import Claim
from tests import factories
from tests.factories import WORKER
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DOWN, WELL = "down.example", "well.example"
SILENT = "down.example did not answer."


class Placed(Scripted):
    """Scripted, at several servers; `silent` ones answer nobody."""

    fields: ClassVar[tuple[Field, ...]] = (*Scripted.fields, Field("server", "Server"))
    silent: ClassVar[set[str]] = set()
    called: ClassVar[list[str]] = []  # the servers of all calls
    staging_fails: ClassVar[bool] = False

    @property
    def host(self) -> str:
        return self.credentials["server"]

    def stage(self, message: Message) -> Staged:
        if self.staging_fails and self.host in self.silent:
            raise Unavailable(SILENT)
        return super().stage(message)

    def publish(self, prepared: Prepared) -> Receipt:
        self.called.append(self.host)
        if self.host in self.silent:
            raise OutcomeUnknown(SILENT)
        return super().publish(prepared)


@pytest.fixture
def desk_(any_desk: Desk) -> Desk:
    Placed.silent, Placed.staging_fails = {DOWN}, False
    Placed.called.clear()
    return replace(any_desk, connectors={"scripted": Placed})


def channel_at(desk: Desk, server: str, name: str = "") -> int:
    return factories.make_channel(desk, name or f"Desk at {server}", server=server)


def make_due(desk: Desk, channel: int, count: int, since: datetime) -> list[int]:
    """Posts that fell due then, written in one go."""
    with desk.db.writing() as session:
        made = [
            posts.create(session, channel, text=f"Post {n}", now=since)
            for n in range(count)
        ]
        for post in made:
            post.state, post.due_at, post.next_at = "scheduled", since, since
            post.expires_at = since + timedelta(hours=1)
        return [post.id for post in made]


def breaker_of(desk: Desk, server: str) -> Breaker | None:
    query = select(Breaker).where(Breaker.circuit == f"scripted at {server}")
    with desk.db.reading() as session:
        return session.scalar(query)


def opened(desk: Desk, channel: int) -> datetime:
    """Let a channel's server fail until its breaker opens; when it may be probed."""
    said = failures(engine.circuit_breakers.failures, first=9000)
    breaker = count(desk, channel, said, factories.now_of(desk))
    assert breaker is not None
    assert breaker.open_until is not None
    return breaker.open_until


def count(
    desk: Desk,
    channel: int,
    said: list[tuple[int, Receipt | ConnectorError]],
    now: datetime,
) -> Breaker | None:
    connector = Placed({"account": "a", "token": "t", "server": DOWN})
    calls = [Call(connector, channel, post_id, outcome) for post_id, outcome in said]
    with desk.db.writing() as session:
        circuit_breakers.count_calls(session, calls, now)
    return breaker_of(desk, DOWN)


def go(desk: Desk, claims: list[Claim], now: datetime) -> list[steps.Call]:
    """Intents for these claims at that time; who may not go out is missing."""
    made = (steps.call(desk, claim, now) for claim in factories.pick_up(desk, claims))
    return [call for call in made if call is not None]


def failures(number: int, first: int = 1) -> list[tuple[int, Receipt | ConnectorError]]:
    return [(post_id, Unavailable(SILENT)) for post_id in range(first, first + number)]


def test_a_server_that_fails_five_posts_is_left_alone(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    make_due(desk_, channel, engine.circuit_breakers.failures, factories.now_of(desk_))
    factories.run_due(desk_)
    (late,) = make_due(desk_, channel, 1, factories.now_of(desk_))

    factories.run_due(desk_)

    assert Placed.called == [DOWN] * engine.circuit_breakers.failures
    assert factories.look_up(desk_, late).state == "scheduled"
    assert factories.look_up(desk_, late).tries == 0


def test_another_server_of_the_same_platform_goes_on(desk_: Desk) -> None:
    opened(desk_, channel_at(desk_, DOWN))
    make_due(desk_, channel_at(desk_, WELL), 7, factories.now_of(desk_))

    factories.run_due(desk_)

    assert Placed.called == [WELL] * 7
    assert len(Scripted.live()) == 7


def test_every_channel_on_that_server_waits(desk_: Desk) -> None:
    opened(desk_, channel_at(desk_, DOWN))
    make_due(desk_, channel_at(desk_, DOWN, "Sport"), 2, factories.now_of(desk_))

    assert factories.claim(desk_) == []


def test_what_was_claimed_before_is_not_intended(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    make_due(desk_, channel, 6, factories.now_of(desk_))
    *first, last = factories.claim(desk_)
    for call in go(desk_, first, factories.now_of(desk_)):
        call.answer(desk_, Unavailable(SILENT))

    assert go(desk_, [last], factories.now_of(desk_)) == []


def test_when_the_time_is_over_one_probe_goes_and_no_other(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 9, factories.now_of(desk_))

    early = factories.claim(desk_, until - 3 * SECOND)
    probes = factories.claim(desk_, until)
    more = factories.claim(desk_, until + SECOND)

    assert (len(early), len(probes), len(more)) == (0, 1, 0)
    assert len(go(desk_, probes, until)) == 1


def test_of_four_clocks_one_lets_a_probe_go(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 20, factories.now_of(desk_))
    start = threading.Barrier(4)

    def claim(_: int) -> list[Claim]:
        start.wait(10)
        return factories.claim(desk_, until)

    with ThreadPoolExecutor(4) as pool:
        claims = [one for found in pool.map(claim, range(4)) for one in found]

    assert len(claims) == 1


def test_the_most_pressing_post_is_the_probe(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    _, breaking = make_due(desk_, channel, 2, factories.now_of(desk_))
    steps.alter(desk_, breaking, priority="breaking")

    assert [one.post_id for one in factories.claim(desk_, until)] == [breaking]


def test_an_answered_probe_frees_the_rest(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 4, until - 10 * SECOND)
    (probe,) = go(desk_, factories.claim(desk_, until), until)

    probe.answer(desk_, steps.receipt("1"))

    assert breaker_of(desk_, DOWN) is None
    assert len(factories.claim(desk_, until + SECOND)) == 3


def test_a_failed_probe_opens_it_again_for_longer(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 3, factories.now_of(desk_))
    (probe,) = go(desk_, factories.claim(desk_, until), until)

    probe.answer(desk_, OutcomeUnknown(SILENT))

    again = breaker_of(desk_, DOWN)
    assert again is not None
    assert again.openings == 2
    assert again.open_until is not None
    assert again.open_until >= factories.now_of(desk_) + 55 * SECOND
    assert factories.claim(desk_, again.open_until - 3 * SECOND) == []


def test_a_probe_whose_worker_died_wedges_nothing(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 3, factories.now_of(desk_))
    (lost,) = factories.claim(desk_, until)
    later = until + engine.circuit_breakers.probe_lease + 3 * SECOND

    (other,) = factories.claim(desk_, later)

    assert other.post_id != lost.post_id
    assert go(desk_, [lost], later) == []


def test_a_probe_that_took_too_long_to_be_ready_does_not_go(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 1, factories.now_of(desk_))
    claims = factories.claim(desk_, until)

    assert (
        go(desk_, claims, until + engine.circuit_breakers.probe_lease + 3 * SECOND)
        == []
    )


def test_a_probe_in_the_air_is_waited_for(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 3, factories.now_of(desk_))
    go(desk_, factories.claim(desk_, until), until)

    assert (
        factories.claim(desk_, until + engine.circuit_breakers.probe_lease + 3 * SECOND)
        == []
    )


@pytest.mark.parametrize(
    "answer",
    [
        steps.receipt("1"),
        Rejected("too long"),
        Unauthorized("no"),
        RateLimited("slow down", datetime.fromisoformat("2100-01-01T00:00:00Z")),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_any_answer_counts_from_the_start_again(
    desk_: Desk, answer: Receipt | ConnectorError
) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    count(desk_, channel, [*failures(4), (9, answer)], now)

    found = count(desk_, channel, failures(4, first=10), now)

    assert found is not None
    assert (found.failures, found.open_until) == (4, None)


def test_failures_spread_over_more_than_a_minute_open_nothing(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    count(desk_, channel, failures(4), now)

    found = count(desk_, channel, failures(4, first=10), now + MINUTE + SECOND)

    assert found is not None
    assert found.open_until is None


def test_one_post_that_always_fails_opens_nothing(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)

    found = count(desk_, channel, failures(1) * 20, now)

    assert found is not None
    assert found.open_until is None


def test_what_the_desk_itself_did_not_send_counts_for_nothing(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    frozen = circuit_breakers.NotCalled("The desk was frozen.")

    assert count(desk_, channel, [(n, frozen) for n in range(9)], now) is None


def test_a_fifth_that_is_lost_of_a_burst_opens_nothing(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    make_due(
        desk_, channel, 5 * engine.circuit_breakers.failures, factories.now_of(desk_)
    )
    called = go(desk_, factories.claim(desk_), factories.now_of(desk_))
    *answered, one, two, three, four, five = called

    for number, call in enumerate(answered):
        call.answer(desk_, steps.receipt(str(number)))
    for call in (one, two, three, four, five):
        call.answer(desk_, OutcomeUnknown(SILENT))

    found = breaker_of(desk_, DOWN)
    assert found is not None
    assert (found.failures, found.open_until) == (
        engine.circuit_breakers.failures,
        None,
    )


def test_the_same_written_down_in_one_go_opens_nothing(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    said: list[tuple[int, Receipt | ConnectorError]] = [
        (number, steps.receipt(str(number))) for number in range(160)
    ]

    found = count(desk_, channel, [*said, *failures(40, first=1000)], now)

    assert found is not None
    assert found.open_until is None


def test_a_server_that_falls_silent_in_a_burst_is_left_alone(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    said: list[tuple[int, Receipt | ConnectorError]] = [
        (number, steps.receipt(str(number))) for number in range(4)
    ]

    found = count(desk_, channel, [*said, *failures(16, first=1000)], now)

    assert found is not None
    assert found.open_until is not None


def test_calls_across_a_freeze_count_for_nothing(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    lost = [circuit_breakers.overslept(one) for _, one in failures(9)]
    lost += [circuit_breakers.overslept(OutcomeUnknown(SILENT)) for _ in range(9)]

    assert count(desk_, channel, list(enumerate(lost)), now) is None


def test_a_receipt_that_came_across_a_freeze_is_one_all_the_same() -> None:
    receipt = steps.receipt("1")

    assert circuit_breakers.overslept(receipt) is receipt


def test_a_look_that_is_answered_closes_it(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    made = make_due(desk_, channel, 2, until - 10 * MINUTE)

    with desk_.db.writing() as session:
        circuit_breakers.close_answered(session, f"scripted at {DOWN}", db.now(session))

    assert breaker_of(desk_, DOWN) is None
    one, two = (factories.look_up(desk_, post_id).next_at for post_id in made)
    assert one is not None
    assert two is not None
    assert two - one in (0 * SECOND, 30 * SECOND)


LISTS = {
    "that is behind": CantTell(
        "It may not show all.", again_at=datetime(2100, 1, 1, tzinfo=UTC)
    ),
    "with another post": CantTell("It may be it.", seen=(steps.receipt("7"),)),
}


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_a_list_closes_it_whatever_it_proves(desk_: Desk, listed: CantTell) -> None:
    channel = channel_at(desk_, DOWN)
    post_id = factories.make_scheduled(desk_, channel)
    Scripted.script.append(OutcomeUnknown(SILENT))
    factories.run_due(desk_)
    until = opened(desk_, channel)
    Scripted.looks.append(listed)

    steps.alter(desk_, post_id, look_at=until)
    factories.reconcile(desk_, until + MINUTE)

    assert breaker_of(desk_, DOWN) is None


def test_a_look_that_nobody_answers_closes_nothing(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    post_id = factories.make_scheduled(desk_, channel)
    Scripted.script.append(OutcomeUnknown(SILENT))
    factories.run_due(desk_)
    until = opened(desk_, channel)
    Scripted.looks.append(CantTell(SILENT, away=True))

    steps.alter(desk_, post_id, look_at=until)
    factories.reconcile(desk_, until + MINUTE)

    assert breaker_of(desk_, DOWN) is not None


def test_stragglers_neither_reopen_it_nor_make_it_last(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)

    found = count(desk_, channel, failures(30, first=500), factories.now_of(desk_))

    assert found is not None
    assert (found.open_until, found.openings) == (until, 1)


def test_a_straggler_that_was_answered_closes_it(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    opened(desk_, channel)

    answered = [(500, steps.receipt("1"))]

    assert count(desk_, channel, [*answered], factories.now_of(desk_)) is None


def test_uploads_that_fail_count_as_well(desk_: Desk) -> None:
    Placed.staging_fails = True
    channel = channel_at(desk_, DOWN)
    made = make_due(desk_, channel, 8, factories.now_of(desk_))

    for claim in factories.pick_up(desk_, factories.claim(desk_)):
        inline_runner.publish(desk_, claim, WORKER)

    found = breaker_of(desk_, DOWN)
    assert found is not None
    assert found.open_until is not None
    assert {factories.look_up(desk_, one).state for one in made} == {"scheduled"}
    assert Placed.called == []


def test_nothing_is_uploaded_ahead_to_a_silent_server(desk_: Desk) -> None:
    soon = factories.now_of(desk_) + MINUTE
    made = {
        server: make_due(desk_, channel_at(desk_, server), 1, soon)[0]
        for server in (DOWN, WELL)
    }
    for post_id in made.values():
        steps.alter(desk_, post_id, link="https://news.example/story")
    with desk_.db.reading() as session:
        before = staging.due_for_staging(session, soon - SECOND)
    count(desk_, 1, failures(engine.circuit_breakers.failures), soon)

    with desk_.db.reading() as session:
        after = staging.due_for_staging(session, soon - SECOND)

    assert (set(before), after) == (set(made.values()), [made[WELL]])


def test_a_post_that_would_wait_too_long_is_missed_now_and_says_why(
    desk_: Desk,
) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    now = factories.now_of(desk_)
    soon, later = make_due(desk_, channel, 2, now)
    steps.alter(desk_, soon, expires_at=until - SECOND)

    steps.expire(desk_, now)

    missed = factories.look_up(desk_, soon)
    assert missed.state == "missed"
    assert SILENT in missed.reason
    assert factories.look_up(desk_, later).state == "scheduled"


def test_after_an_outage_overdue_posts_go_out_spaced(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    make_due(desk_, channel, 3, until - 10 * MINUTE)
    (probe,) = go(desk_, factories.claim(desk_, until), until)

    probe.answer(desk_, steps.receipt("1"))

    answered = factories.now_of(desk_)
    assert [
        len(factories.claim(desk_, answered + seconds * SECOND))
        for seconds in (0, 30, 60)
    ] == [0, 1, 1]


def test_a_try_in_vain_does_not_make_an_overdue_post_punctual(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    until = opened(desk_, channel)
    made = make_due(desk_, channel, 3, until - 10 * MINUTE)
    for post_id in made[1:]:
        steps.alter(desk_, post_id, not_before=until, next_at=until)
    (probe,) = go(desk_, factories.claim(desk_, until), until)

    probe.answer(desk_, steps.receipt("1"))

    one, two = (factories.look_up(desk_, post_id).next_at for post_id in made[1:])
    assert one is not None
    assert two is not None
    assert two - one == 30 * SECOND


def test_a_channel_that_moved_is_found_by_its_failures(desk_: Desk) -> None:
    channel = channel_at(desk_, DOWN)
    steps.alter_channel(desk_, channel, circuit="")

    opened(desk_, channel)

    assert steps.channel_of(desk_, channel).circuit == f"scripted at {DOWN}"


def test_a_channel_learns_its_circuit_with_its_credentials(desk_: Desk) -> None:
    channel = channel_at(desk_, WELL)

    assert steps.channel_of(desk_, channel).circuit == f"scripted at {WELL}"


def test_a_check_learns_where_a_channel_from_before_is(desk_: Desk) -> None:
    channel = channel_at(desk_, WELL)
    steps.alter_channel(desk_, channel, circuit="")

    channels.check(desk_, channel, factories.now_of(desk_))

    assert steps.channel_of(desk_, channel).circuit == f"scripted at {WELL}"


def test_it_stays_open_longer_each_time_but_never_past_five_minutes() -> None:
    shortest = [circuit_breakers.open_for(n, 0.0).total_seconds() for n in range(1, 8)]
    longest = [circuit_breakers.open_for(n, 1.0).total_seconds() for n in (1, 50)]

    assert shortest == [30, 60, 120, 150, 150, 150, 150]
    assert longest == [60, 300]


def test_where_all_is_well_hundreds_of_receipts_cost_one_look(desk_: Desk) -> None:
    connector = Placed({"account": "a", "token": "t", "server": WELL})
    calls = [Call(connector, 1, n, steps.receipt(str(n))) for n in range(500)]
    asked: list[str] = []

    with desk_.db.writing() as session:
        now = db.now(session)
        event.listen(
            desk_.db.engine,
            "before_cursor_execute",
            lambda *said: asked.append(said[2]),
        )
        circuit_breakers.count_calls(session, calls, now)

    assert len(asked) == 1
    assert asked[0].startswith("SELECT")


def test_many_servers_fail_in_few_statements(desk_: Desk) -> None:
    now, asked = factories.now_of(desk_), list[str]()
    calls = [
        Call(
            Placed({"account": "a", "token": "t", "server": f"s{n % 4}.example"}),
            1,
            n,
            Unavailable(SILENT),
        )
        for n in range(500)
    ]
    event.listen(
        desk_.db.engine, "before_cursor_execute", lambda *said: asked.append(said[2])
    )

    with desk_.db.writing() as session:
        circuit_breakers.count_calls(session, calls, now)

    assert len(asked) < 25


def test_recorders_at_once_count_every_failure(desk_: Desk) -> None:
    channel, now = channel_at(desk_, DOWN), factories.now_of(desk_)
    start = threading.Barrier(4)

    def fail(number: int) -> None:
        start.wait(10)
        count(desk_, channel, failures(1, first=number), now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fail, range(1, 5)))

    found = breaker_of(desk_, DOWN)
    assert found is not None
    assert found.failures == 4


def test_standing_breakers_are_told_by_circuit(desk_: Desk) -> None:
    opened(desk_, channel_at(desk_, DOWN))

    with desk_.db.reading() as session:
        (circuit, breaker), *rest = circuit_breakers.standing_breakers(
            session, db.now(session)
        ).items()

    assert (circuit, rest) == (f"scripted at {DOWN}", [])
    assert (
        circuit_breakers.server_name(breaker, "scripted", "Scripted")
        == f"Scripted at {DOWN}"
    )
