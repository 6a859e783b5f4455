"""Adding, checking and reconnecting channels; what they count and keep secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from connectors.base import Class, Unauthorized, Unavailable
from desk import channels
from desk.channels import BadChannel, Quota, UnknownChannel
from desk.desk import Desk
from desk.models import Attempt, Breaker, Channel
from desk.vault import Vault, new_key
from tests import factories
from tests.conftest import NOON
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


def add(desk: Desk, platform: str = "scripted", name: str = "A", **values: str) -> int:
    return channels.add(desk, platform, name, values, NOON)


def named(desk: Desk, name: str) -> int:
    with desk.db.reading() as session:
        return channels.find_channel_named(session, name).id


def count(desk: Desk) -> int:
    with desk.db.reading() as session:
        return len(channels.list_channels(session))


def test_a_channel_is_what_check_learned(any_desk: Desk) -> None:
    Scripted.once = Class.WINDOW

    channel = steps.channel_of(any_desk, add(any_desk, account="herald"))

    assert (channel.remote_account_id, channel.software) == ("herald", "scripted")
    assert (channel.exactly_once, channel.window_s) == ("window", 3600)
    assert channels.connect(any_desk, channel).limits == Scripted.default_limits


def test_a_secret_is_stored_sealed_and_reaches_the_connector(any_desk: Desk) -> None:
    channel = steps.channel_of(any_desk, add(any_desk, token="hush-hush"))

    with any_desk.db.reading() as session:
        row = session.execute(text("SELECT * FROM channels")).one()
    assert "hush" not in "".join(str(value) for value in row)
    assert channels.connect(any_desk, channel).credentials["token"] == "hush-hush"


@pytest.mark.parametrize(
    ("platform", "name", "values", "why"),
    [
        ("gazette", "A", {}, "no connector “gazette”. There are: scripted"),
        ("scripted", " ", {}, "Give the channel a name"),
        ("scripted", "A", {"colour": "red"}, "has no field colour"),
    ],
)
def test_a_channel_that_can_not_be_is_refused(
    desk: Desk, platform: str, name: str, values: dict[str, str], why: str
) -> None:
    with pytest.raises(BadChannel, match=why):
        add(desk, platform, name, **values)

    assert count(desk) == 0


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Unauthorized("bad token."), "does not accept the credential: bad token."),
        (Unavailable("no route"), "could not be checked: no route"),
    ],
)
def test_a_channel_that_can_not_be_checked_is_not_kept(
    desk: Desk, error: Unauthorized | Unavailable, why: str
) -> None:
    Scripted.checking.append(error)

    with pytest.raises(BadChannel, match=why):
        add(desk)

    assert count(desk) == 0


def test_two_channels_have_two_names_and_two_accounts(desk: Desk) -> None:
    add(desk, name="Herald", account="herald")

    with pytest.raises(BadChannel, match="a channel “HERALD” already"):
        add(desk, name="HERALD", account="other")
    with pytest.raises(BadChannel, match="is the channel “Herald” already"):
        add(desk, name="Again", account="herald")


def test_a_channel_is_found_by_its_name_however_it_is_written(desk: Desk) -> None:
    channel = add(desk, name="Überland")

    assert named(desk, " ÜBERLAND ") == channel
    with pytest.raises(UnknownChannel, match=r"no channel “Nowhere”.*Überland"):
        named(desk, "Nowhere")
    with desk.db.reading() as session, pytest.raises(UnknownChannel, match="number 9"):
        channels.find_channel(session, 9)


def test_a_refused_check_stops_the_channel_and_a_good_one_frees_it(desk: Desk) -> None:
    channel = add(desk)
    Scripted.checking.append(Unauthorized("revoked"))

    with pytest.raises(BadChannel, match="revoked"):
        channels.check(desk, channel, NOON)
    stopped = steps.channel_of(desk, channel).stopped_at
    channels.check(desk, channel, NOON)

    assert stopped == NOON
    assert steps.channel_of(desk, channel).stopped_at is None


def test_a_good_check_ends_what_the_servers_silence_and_its_answers_said(
    desk: Desk,
) -> None:
    channel = add(desk)
    post_id = factories.make_scheduled(desk, channel)
    factories.run_due(desk)
    now = factories.now_of(desk)
    with desk.db.writing() as session:
        circuit = session.get_one(Channel, channel).circuit
        open_ = now + timedelta(minutes=5)
        session.add(Breaker(circuit=circuit, began_at=now, open_until=open_))
        told = update(Attempt).values(room_left=0, room_until=now + timedelta(hours=22))
        session.execute(told)

    channels.check(desk, channel, now)

    with desk.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Breaker)) == 0
    assert [one.room_left for one in steps.attempts(desk, post_id)] == [None]


def test_reconnecting_lets_the_waiting_posts_go_out_spaced(any_desk: Desk) -> None:
    channel = add(any_desk)
    now = factories.now_of(any_desk)
    overdue = now - timedelta(minutes=5)
    ids = [
        factories.make_scheduled(any_desk, channel, name, overdue)
        for name in ("1", "2")
    ]
    steps.alter_channel(any_desk, channel, stopped_at=now, stopped_why="revoked")
    factories.run_due(any_desk)
    waiting = Scripted.live()

    channels.reconnect(any_desk, channel, {"token": "new"}, now)
    factories.run_due(any_desk)

    assert (waiting, Scripted.live()) == ([], ["1"])
    assert factories.look_up(any_desk, ids[1]).next_at == now + timedelta(seconds=30)
    after = steps.channel_of(any_desk, channel)
    assert after.credential_version == 2
    assert channels.connect(any_desk, after).credentials["token"] == "new"


def test_posts_that_were_refused_this_moment_are_spaced_as_well(
    any_desk: Desk,
) -> None:
    channel = add(any_desk)
    ids = [factories.make_scheduled(any_desk, channel, name) for name in "123"]
    Scripted.script.append(Unauthorized("revoked"))
    factories.run_due(any_desk)
    now = factories.now_of(any_desk)

    channels.reconnect(any_desk, channel, {"token": "new"}, now)

    turns = [factories.look_up(any_desk, one).next_at for one in ids]
    assert turns == [now, now + timedelta(seconds=30), now + timedelta(seconds=60)]


def test_a_post_whose_turn_comes_too_late_takes_nobodys(any_desk: Desk) -> None:
    channel = add(any_desk)
    ids = [factories.make_scheduled(any_desk, channel, name) for name in "123"]
    now = factories.now_of(any_desk)
    steps.alter(any_desk, ids[1], expires_at=now + timedelta(seconds=20))
    steps.alter_channel(any_desk, channel, stopped_at=now, stopped_why="revoked")

    channels.reconnect(any_desk, channel, {"token": "new"}, now)
    steps.expire(any_desk, now)

    missed, last = (factories.look_up(any_desk, one) for one in ids[1:])
    assert (missed.state, "Its turn" in missed.reason) == ("missed", True)
    assert last.next_at == now + timedelta(seconds=30)


def test_reconnecting_as_someone_else_is_refused(desk: Desk) -> None:
    channel = add(desk, name="Herald", account="herald")

    with pytest.raises(BadChannel, match=r"belongs to rival.*Add a new channel"):
        channels.reconnect(desk, channel, {"account": "rival"}, NOON)

    kept = steps.channel_of(desk, channel)
    assert (kept.remote_account_id, kept.credential_version) == ("herald", 1)


def test_a_channel_may_be_limited_in_how_much_it_takes(desk: Desk) -> None:
    channel = add(desk)
    free = channels.quota_of(steps.channel_of(desk, channel))
    limits = steps.channel_of(desk, channel).limits | {"posts": 3, "per": 60}

    steps.alter_channel(desk, channel, limits=limits)

    limited = channels.quota_of(steps.channel_of(desk, channel))
    assert (free, limited) == (None, Quota(3, 0, timedelta(minutes=1)))


def test_rotation_seals_every_secret_with_the_new_key(desk: Desk) -> None:
    channel = add(desk, token="hush-hush")
    old = (desk.settings.home / "keys").read_text().strip()
    new = new_key()
    both = type(desk)(**{**vars(desk), "vault": Vault([new, old])})

    assert channels.rotate_secrets(both) == 1

    only = type(desk)(**{**vars(desk), "vault": Vault([new])})
    kept = steps.channel_of(desk, channel)
    assert channels.connect(only, kept).credentials["token"] == "hush-hush"


def test_a_retired_channel_is_not_listed_and_sends_nothing(desk: Desk) -> None:
    channel = add(desk)
    factories.make_scheduled(desk, channel)

    steps.alter_channel(desk, channel, retired_at=NOON)
    factories.run_due(desk)

    assert (count(desk), Scripted.live()) == (0, [])
