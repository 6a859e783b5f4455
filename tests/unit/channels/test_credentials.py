"""Sessions: renewed by one worker at a time, kept sealed, and given up when refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import text

from connectors.base import Account, ConnectorError, Field, Unauthorized, Unavailable
from connectors.bluesky import Bluesky
from desk import channels, posts
from desk.channels import credentials
from desk.desk import Desk
from desk.models import Channel, Post
from desk.publishing import calling, leases, preparing, recording
from tests import factories
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.waiting import wait_for_a_waiter

YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)
YEAR_2100 = datetime(2100, 1, 1, tzinfo=UTC)


class Club(Scripted):
    """A platform with sessions: it remembers those it gave."""

    platform = "club"
    title = "Club"

    given: ClassVar[list[str]] = []
    refusing: ClassVar[list[ConnectorError]] = []
    gone: ClassVar[set[str]] = set()  # sessions that have ended
    asked: ClassVar[threading.Semaphore] = threading.Semaphore(0)
    crowd: ClassVar[int] = 0  # a renewal takes until it was asked about so often
    meanwhile: ClassVar[list[Callable[[], None]]] = []  # done while one renews

    @classmethod
    def open(cls) -> None:
        cls.given.clear()
        cls.refusing.clear()
        cls.gone.clear()
        cls.asked, cls.crowd = threading.Semaphore(0), 0
        cls.meanwhile.clear()

    def renew_at(self) -> datetime | None:
        self.asked.release()
        session = self.credentials.get("session")
        return YEAR_2000 if session is None or session in self.gone else YEAR_2100

    def renew(self) -> Mapping[str, str]:
        if self.refusing:
            raise self.refusing.pop(0)
        for _ in range(self.crowd):
            assert self.asked.acquire(timeout=60)
        for do in self.meanwhile:
            do()
        self.given.append(f"session-{len(self.given) + 1}")
        return {"session": self.given[-1]}

    def check(self) -> Account:
        assert "session" in self.credentials
        return super().check()


@pytest.fixture
def club(any_desk: Desk) -> Desk:
    Club.open()
    return replace(any_desk, connectors={"club": Club, "scripted": Scripted})


def member(club: Desk) -> int:
    return channels.add(
        club, "club", "Members", {"account": "m"}, factories.now_of(club)
    )


def channel_of(club: Desk, channel_id: int) -> Channel:
    with club.db.reading() as session:
        return channels.find_channel(session, channel_id)


def session_of(club: Desk, channel_id: int) -> str:
    return credentials.unseal_credentials(club, channel_of(club, channel_id))["session"]


def age(club: Desk, channel_id: int, by: timedelta) -> None:
    """As if the channel had been added, and its session begun, so long ago."""
    with club.db.writing() as session:
        channel = channels.find_channel(session, channel_id)
        for name in ("renewed_at", "checked_at"):
            at = getattr(channel, name)
            setattr(channel, name, at - by if at else None)


def publish(club: Desk, channel_id: int) -> Post:
    post_id = factories.make_scheduled(club, channel_id)
    factories.run_due(club)
    with club.db.reading() as session:
        return posts.find_post(session, post_id)


def test_a_new_channel_begins_a_session_and_keeps_it_sealed(club: Desk) -> None:
    channel_id = member(club)

    with club.db.reading() as session:
        row = session.execute(text("SELECT * FROM channels")).one()
    assert session_of(club, channel_id) == "session-1"
    assert "session-1" not in "".join(str(value) for value in row)


def test_a_session_that_was_entered_is_used_as_it_is(club: Desk) -> None:
    """As with OAuth tokens: a refresh token works once, so it is not spent early."""

    class Tokens(Club):
        fields = (*Club.fields, Field("session", "Access token", secret=True))

    desk = replace(club, connectors={"club": Tokens})
    entered = {"account": "m", "session": "entered"}

    channel_id = channels.add(desk, "club", "Members", entered, factories.now_of(club))

    assert publish(desk, channel_id).state == "published"
    assert Club.given == []
    assert session_of(desk, channel_id) == "entered"


def test_a_session_is_used_until_it_ends(club: Desk) -> None:
    channel_id = member(club)

    states = [publish(club, channel_id).state for _ in range(3)]

    assert states == ["published"] * 3
    assert Club.given == ["session-1"]


def test_a_session_that_ended_is_renewed_before_the_call(club: Desk) -> None:
    channel_id = member(club)
    Club.gone.add("session-1")

    assert publish(club, channel_id).state == "published"

    assert session_of(club, channel_id) == "session-2"


def test_many_workers_renew_once(club: Desk) -> None:
    channel_id = member(club)
    Club.gone.add("session-1")
    Club.asked, Club.crowd = threading.Semaphore(0), 2 * 8
    channel = channel_of(club, channel_id)

    with ThreadPoolExecutor(8) as pool:
        speaking = list(pool.map(lambda _: channels.speaking(club, channel), range(8)))

    assert Club.given == ["session-1", "session-2"]
    assert {one.credentials["session"] for one in speaking} == {"session-2"}


@pytest.mark.postgres  # only there another writes meanwhile
def test_who_looks_while_another_keeps_its_session_takes_that_one(
    postgres_desk: Desk,
) -> None:
    """A token that is exchanged for another works once."""
    Club.open()
    club = replace(postgres_desk, connectors={"club": Club})
    channel_id = member(club)
    Club.gone.add("session-1")
    late = channel_of(club, channel_id)

    with ThreadPoolExecutor(1) as elsewhere:
        with club.db.writing() as session:
            channel = session.get_one(Channel, channel_id, with_for_update=True)
            speaking = elsewhere.submit(channels.speaking, club, late)
            wait_for_a_waiter(club)
            values = {"account": "m", "session": "another's"}
            credentials.keep_credentials(club, session, channel, Club, values)
        assert speaking.result().credentials["session"] == "another's"

    assert Club.given == ["session-1"]


def test_a_worker_that_died_while_renewing_blocks_nobody_for_long(club: Desk) -> None:
    channel_id = member(club)
    Club.gone.add("session-1")
    now = factories.now_of(club)
    with club.db.writing() as session:
        channels.find_channel(session, channel_id).renewing_until = now + timedelta(
            seconds=1
        )

    channels.speaking(club, channel_of(club, channel_id))

    assert factories.now_of(club) >= now + timedelta(seconds=1)
    assert session_of(club, channel_id) == "session-2"


def test_a_session_that_is_refused_is_renewed_and_the_post_goes_out(
    club: Desk,
) -> None:
    channel_id = member(club)
    age(club, channel_id, timedelta(hours=1))
    Scripted.script.append(Unauthorized("ExpiredToken"))

    first = publish(club, channel_id)
    factories.run_due(club)

    with club.db.reading() as session:
        assert posts.find_post(session, first.id).state == "published"
    assert Club.given == ["session-1", "session-2"]
    assert channel_of(club, channel_id).stopped_at is None


def test_a_fresh_session_that_is_refused_stops_the_channel(club: Desk) -> None:
    channel_id = member(club)
    Scripted.script.append(Unauthorized("This account is suspended."))

    publish(club, channel_id)

    channel = channel_of(club, channel_id)
    assert channel.stopped_why == "This account is suspended."
    assert Club.given == ["session-1"]


def test_a_password_that_is_refused_stops_the_channel(club: Desk) -> None:
    channel_id = member(club)
    age(club, channel_id, timedelta(hours=1))
    Club.gone.add("session-1")
    Club.refusing.extend(Unauthorized("Wrong password.") for _ in range(2))

    publish(club, channel_id)
    factories.run_due(club)

    assert channel_of(club, channel_id).stopped_why == "Wrong password."
    assert Scripted.live() == []


def test_a_platform_that_is_away_leaves_the_post_waiting(club: Desk) -> None:
    channel_id = member(club)
    Club.gone.add("session-1")
    Club.refusing.append(Unavailable("Nobody answers."))

    post = publish(club, channel_id)

    assert (post.state, post.reason) == ("scheduled", "Nobody answers.")
    assert channel_of(club, channel_id).renewing_until is None


def test_a_refusal_of_an_older_credential_does_not_stop_a_new_one(club: Desk) -> None:
    """The channel was reconnected while the call was on its way."""
    channel_id = channels.add(
        club, "scripted", "Old", {"account": "old"}, factories.now_of(club)
    )

    def reconnected(prepared: object) -> ConnectorError:
        now = factories.now_of(club)
        channels.reconnect(club, channel_id, {"token": "new"}, now)
        return Unauthorized("The old token.")

    Scripted.script.append(reconnected)

    post = publish(club, channel_id)

    assert channel_of(club, channel_id).stopped_at is None
    assert post.state == "scheduled"


def test_reconnecting_forgets_the_old_session(club: Desk) -> None:
    channel_id = member(club)

    channels.reconnect(club, channel_id, {"token": "new"}, factories.now_of(club))

    assert session_of(club, channel_id) == "session-2"


# Calls that are under way together


def sent_together(desk: Desk, count: int) -> list[steps.Call]:
    """The due posts with their calls in the air, none of them answered."""
    claims = factories.pick_up(desk, factories.claim(desk))
    works = preparing.load(desk, claims)
    assert len(works) == count
    calls = [steps.call_for(desk, work) for work in works]
    return [one for one in calls if one is not None]


def settled(desk: Desk, channel_id: int, post_ids: list[int]) -> tuple[bool, set[str]]:
    """Whether the channel was stopped, and how its posts stand."""
    stopped = channel_of(desk, channel_id).stopped_at is not None
    return stopped, {factories.look_up(desk, one).state for one in post_ids}


@pytest.mark.parametrize("together", [True, False])
def test_two_refusals_of_one_session_renew_it_once_and_both_posts_go_out(
    any_desk: Desk, together: bool
) -> None:
    """Two calls met an access token that its server had ended."""
    with BlueskyFake() as server:
        desk = replace(any_desk, connectors={"bluesky": Bluesky})
        values = server.credentials()
        channel_id = factories.make_channel(desk, "Blue", "bluesky", **values)
        age(desk, channel_id, timedelta(hours=1))
        server.sessions = dict.fromkeys(server.sessions, 0.0)
        due = factories.now_of(desk)
        made = [factories.make_scheduled(desk, channel_id, f"{n}", due) for n in "ab"]
        calls = sent_together(desk, 2)

        answers = [(one.intent, calling.call(one.intent)) for one in calls]
        for group in [answers] if together else [[one] for one in answers]:
            with desk.db.writing() as session:
                recording.record_outcomes(session, group)
        factories.run_due(desk)

        assert [type(said) for _, said in answers] == [Unauthorized] * 2
        assert settled(desk, channel_id, made) == (False, {"published"})
        assert len(server.published()) == 2
        assert (len(server.sessions), len(server.logins)) == (2, 1)


def test_what_was_ready_with_a_session_that_was_given_up_waits_for_the_next(
    club: Desk,
) -> None:
    """Else its refusal, which comes after, would stop the channel."""
    channel_id = member(club)
    age(club, channel_id, timedelta(hours=1))
    made = [factories.make_scheduled(club, channel_id) for _ in range(2)]
    first, second = factories.pick_up(club, factories.claim(club))
    call, later = steps.call(club, first), steps.load(club, second)
    assert call is not None
    assert later is not None
    call.answer(club, Unauthorized("ExpiredToken"))

    assert steps.call_for(club, later) is None

    with club.db.writing() as session:
        leases.give_back(session, [second.pair])
    factories.run_due(club)
    assert settled(club, channel_id, made) == (False, {"published"})
    assert Club.given == ["session-1", "session-2"]


def test_a_refusal_while_the_session_is_renewed_does_not_undo_the_renewal(
    club: Desk,
) -> None:
    """A refresh token works once: what it gave must be kept."""
    channel_id = member(club)
    age(club, channel_id, timedelta(hours=1))
    factories.make_scheduled(club, channel_id)
    call = steps.sending_now(club)
    Club.gone.add("session-1")
    answers = [Unauthorized("ExpiredToken")]

    def meanwhile() -> None:
        call.answer(club, answers.pop())

    Club.meanwhile.append(meanwhile)
    channels.speaking(club, channel_of(club, channel_id))

    assert session_of(club, channel_id) == "session-2"
    factories.run_due(club)
    assert Club.given == ["session-1", "session-2"]
    assert channel_of(club, channel_id).stopped_at is None
