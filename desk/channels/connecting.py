"""Connecting: a channel is added, reconnected or checked as its platform says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Account, Connector, ConnectorError
from connectors.base import Unauthorized as Refused
from desk.catch_up import space_out
from desk.channels import accounts, backoff, circuit_breakers, credentials, fields
from desk.channels.channel_directory import find_channel
from desk.channels.channel_names import naming, refuse_taken_name
from desk.channels.connector import connect, kept_fields, speaking
from desk.channels.fields import BadChannel
from desk.channels.stopping import stop
from desk.conflicts import mark, refuse_changed
from desk.desk import Desk
from desk.models import Channel
from desk.outbound_limit import outbound
from desk.people import rights
from desk.people.actors import DESK, Actor
from desk.people.rights import Permission


@dataclass(frozen=True)
class Asked:
    """Whose credentials a person entered, as the platform says."""

    account: Account
    filled: Mapping[str, str]  # as they were entered
    values: Mapping[str, str]  # with the session that was had for them
    renewed_at: datetime | None


@dataclass(frozen=True)
class Checked:
    """Who a channel speaks as, as the platform says; or what it refused it with."""

    connector: Connector
    says: Account | Refused


def add(
    desk: Desk,
    platform: str,
    name: str,
    values: Mapping[str, str],
    now: datetime,
    by: Actor = DESK,
) -> int:
    """Check who the credentials belong to, then keep the channel; gives its id.

    Raises `BadChannel`, `NotYours`, `Crowded`; nothing is kept then.
    """
    asked = ask_new(desk, platform, name, values, now)
    return keep_new(desk, platform, name, asked, now, by)


@outbound.place()
def ask_new(
    desk: Desk, platform: str, name: str, values: Mapping[str, str], now: datetime
) -> Asked:
    """The first half: nothing is written yet, whatever the platform says."""
    kind = fields.kind_of(desk, platform)
    filled = fields.filled(desk, kind, values)
    with desk.db.reading() as session:
        refuse_taken_name(session, _plain(name))
    return _asked(kind, filled, now)


def keep_new(
    desk: Desk,
    platform: str,
    name: str,
    asked: Asked,
    now: datetime,
    by: Actor = DESK,
) -> int:
    """The second half."""
    with desk.db.writing() as session:
        rights.refuse(session, by, Permission.RUN)  # the platform took its time
        naming(session)
        return _kept(desk, session, platform, name, asked, now).id


def reconnect(
    desk: Desk,
    channel_id: int,
    values: Mapping[str, str],
    now: datetime,
    typed: str = "",
    by: Actor = DESK,
) -> Account:
    """New credentials for the same account; its waiting posts go out, spaced.

    A field that isn't named keeps what it holds. `typed`: the name of another account,
    which the channel is made to speak as; without it, `OtherAccount` is raised.
    """
    asked = ask_again(desk, channel_id, values, now)
    return keep_again(desk, channel_id, asked, now, typed, by)


@outbound.place()
def ask_again(
    desk: Desk,
    channel_id: int,
    values: Mapping[str, str],
    now: datetime,
    over: str | None = None,
) -> Asked | Checked:
    """The first half. Entering nothing new throws no good session away.

    `over`: the mark of what it was seen `connected_as`. Raises `Overtaken`.
    """
    with desk.db.reading() as session:
        channel = find_channel(session, channel_id)
    refuse_changed(over, connected_as(channel))
    kind = fields.kind_of(desk, channel.platform)
    kept = kept_fields(desk, kind, channel)
    filled = fields.filled(desk, kind, {**kept, **values})
    return ask(desk, channel_id, now) if filled == kept else _asked(kind, filled, now)


def keep_again(
    desk: Desk,
    channel_id: int,
    asked: Asked | Checked,
    now: datetime,
    typed: str = "",
    by: Actor = DESK,
    over: str | None = None,
) -> Account:
    """The second half. Raises `Overtaken` as the first did."""
    if isinstance(asked, Checked):
        return heed(desk, channel_id, asked, now)
    account, values = asked.account, asked.values
    with desk.db.writing() as session:
        naming(session)
        channel = find_channel(session, channel_id, lock=True)
        rights.refuse(session, by, Permission.RUN)
        refuse_changed(over, connected_as(channel))
        accounts.refuse_change(session, channel, account, typed, values)
        kind = fields.kind_of(desk, channel.platform)
        channel.credential_version += 1
        credentials.keep_credentials(desk, session, channel, kind, values)
        channel.renewed_at = asked.renewed_at
        _resume(session, channel, account, now)
    return account


def check(desk: Desk, channel_id: int, now: datetime) -> Account:
    """Ask the platform who this is; a refusal stops the channel, a yes frees it.

    Whatever it waited for: this is the way out of a wait that the platform asked for.
    """
    return heed(desk, channel_id, ask(desk, channel_id, now), now)


@outbound.place()
def ask(desk: Desk, channel_id: int, now: datetime, over: str | None = None) -> Checked:
    """The first half: nothing is written yet, whatever the platform says.

    `over`: the mark of what was seen to keep its posts (`kept_by`). Raises `Overtaken`
    where something else does by now, and `BadChannel` where it can't be asked.
    """
    with desk.db.reading() as session:
        channel = find_channel(session, channel_id)
        _refuse_unseen(session, channel, over, now)
    kind = fields.kind_of(desk, channel.platform)
    try:
        connector = speaking(desk, channel)
        return Checked(connector, connector.check())
    except Refused as error:
        return Checked(connect(desk, channel), error)
    except ConnectorError as error:
        raise BadChannel(_sentence(kind.title, error)) from error


def heed(
    desk: Desk,
    channel_id: int,
    checked: Checked,
    now: datetime,
    over: str | None = None,
) -> Account:
    """The second half. Raises `Overtaken` as the first did."""
    says = checked.says
    if isinstance(says, Refused):
        with desk.db.writing() as session:
            stop(channel := find_channel(session, channel_id), says.reason, now)
        title = fields.kind_of(desk, channel.platform).title
        raise BadChannel(_sentence(title, says)) from says
    with desk.db.writing() as session:
        channel = find_channel(session, channel_id)
        _refuse_unseen(session, channel, over, now)
        accounts.refuse_other(channel, says)
        credentials.speaks_through(channel, checked.connector)
        _resume(session, channel, says, now)
    return says


def connected_as(channel: Channel) -> list[object]:
    """Whose it is and how, as far as a page shows that, for a form to say back."""
    return [channel.remote_account_id, channel.credential_version, channel.settings]


def kept_by(session: Session, channel: Channel, now: datetime) -> list[str]:
    """What keeps its posts that a good answer ends, for a form to say back.

    Of a server that is silent: since when, however often it was tried in vain.
    """
    waits = channel.not_before if backoff.waits_as_told(channel, now) else None
    silent = circuit_breakers.standing_breakers(session, now).get(channel.circuit)
    since = silent.began_at if silent else None
    return [mark(one) for one in (channel.stopped_at, waits, since) if one is not None]


def _refuse_unseen(
    session: Session, channel: Channel, over: str | None, now: datetime
) -> None:
    """What its page did not show to keep its posts isn't lifted by a press there."""
    if keeps := kept_by(session, channel, now):
        refuse_changed(over, keeps)


def ensure_built_in(desk: Desk, now: datetime) -> None:
    """Make the channels that a desk has by itself, and keep their addresses right.

    Of two commands that start at the same moment, the second finds them made.
    """
    for platform, kind in desk.connectors.items():
        if not kind.built_in:
            continue
        filled = fields.filled(desk, kind, {})
        with desk.db.reading() as session:
            kept = _of_platform(session, platform)
        if kept is None:
            _make_built_in(desk, platform, _asked(kind, filled, now), now)
        elif kept.settings != filled:
            with desk.db.writing() as session:
                find_channel(session, kept.id).settings = filled


def _make_built_in(desk: Desk, platform: str, asked: Asked, now: datetime) -> None:
    with desk.db.writing() as session:
        naming(session)
        if _of_platform(session, platform) is None:
            title = desk.connectors[platform].title
            _kept(desk, session, platform, title, asked, now)


def _of_platform(session: Session, platform: str) -> Channel | None:
    return session.scalar(select(Channel).where(Channel.platform == platform))


def _kept(
    desk: Desk,
    session: Session,
    platform: str,
    name: str,
    asked: Asked,
    now: datetime,
) -> Channel:
    """A new channel on record, which nobody else has; whoever calls is `naming`."""
    name = _plain(name)
    refuse_taken_name(session, name)
    account = asked.account
    accounts.refuse_same(session, platform, account.remote_id, asked.filled)
    channel = Channel(name=name, platform=platform, created_at=now)
    accounts.learn(channel, account, now)
    session.add(channel)
    session.flush()
    kind = fields.kind_of(desk, platform)
    credentials.keep_credentials(desk, session, channel, kind, asked.values)
    channel.renewed_at = asked.renewed_at
    return channel


def _plain(name: str) -> str:
    return " ".join(name.split())


def _asked(kind: type[Connector], filled: Mapping[str, str], now: datetime) -> Asked:
    """Who these values belong to.

    What was entered is used as long as it is good: a refresh token works once, and
    would be lost with a channel that can't be added.
    """
    values = dict(filled)
    try:
        renew_at = kind(values).renew_at()
        if renew_at is not None and renew_at <= now:
            values |= kind(values).renew()
        account = kind(values).check()
        return Asked(account, filled, values, now if renew_at else None)
    except ConnectorError as error:
        raise BadChannel(_sentence(kind.title, error)) from error


def _sentence(title: str, error: ConnectorError) -> str:
    if isinstance(error, Refused):
        return (
            f"{title} does not accept the credential: {error.reason} "
            "Make a new one there and enter it."
        )
    return f"{title} could not be checked: {error.reason}"


def _resume(
    session: Session, channel: Channel, account: Account, now: datetime
) -> None:
    """It answers well: nothing that it said before keeps its posts any more."""
    accounts.learn(channel, account, now)
    circuit_breakers.close_answered(session, channel.circuit, now)
    backoff.forget_told(session, channel.id, now)
    if backoff.waits_as_told(channel, now):
        backoff.lift_wait(session, channel, now)
    if channel.stopped_at is not None:
        channel.stopped_at, channel.stopped_why = None, ""
        space_out(session, now, channel.id, overdue=timedelta(0))
