"""Channels: adding one, checking who it is, and building its connector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from connectors.base import Account, Class, Connector, ConnectorError, Limits
from connectors.base import Unauthorized as Refused
from desk import credentials, db
from desk.desk import Desk
from desk.models import Channel, Slot
from desk.publishing.spacing import space_out
from desk.slots import WeeklySlot


class BadChannel(Exception):
    """A channel can't be added or checked; says in a sentence what to do."""


class UnknownChannel(Exception):
    """There is no channel of that name or number."""


def add(
    desk: Desk, platform: str, name: str, values: Mapping[str, str], now: datetime
) -> int:
    """Check who the credentials belong to, then keep the channel; gives its id.

    Raises `BadChannel`; nothing is kept then.
    """
    kind = _kind(desk, platform)
    filled = _filled(desk, kind, values)
    name = name.strip()
    with desk.db.reading() as session:
        _refuse_taken_name(session, name)
    account, values, renewed_at = _asked(kind, filled, now)
    with desk.db.writing() as session:
        _refuse_taken_name(session, name)
        _refuse_same_account(session, platform, account, filled)
        channel = Channel(name=name, platform=platform, created_at=now)
        _learn(channel, account, now)
        session.add(channel)
        session.flush()
        credentials.keep(desk, channel, kind, values)
        channel.renewed_at = renewed_at
        return channel.id


def reconnect(
    desk: Desk, channel_id: int, values: Mapping[str, str], now: datetime
) -> Account:
    """New credentials for the same account; its waiting posts go out, spaced."""
    with desk.db.reading() as session:
        channel = found(session, channel_id)
    kind = _kind(desk, channel.platform)
    filled = _filled(desk, kind, {**channel.settings, **values})
    account, values, renewed_at = _asked(kind, filled, now)
    with desk.db.writing() as session:
        channel = found(session, channel_id)
        _refuse_other_account(channel, account)
        channel.credential_version += 1
        credentials.keep(desk, channel, kind, values)
        channel.renewed_at = renewed_at
        _resume(session, channel, account, now)
    return account


def check(desk: Desk, channel_id: int, now: datetime) -> Account:
    """Ask the platform who this is; a refusal stops the channel, a yes frees it."""
    with desk.db.reading() as session:
        channel = found(session, channel_id)
    kind = _kind(desk, channel.platform)
    try:
        account = speaking(desk, channel).check()
    except Refused as error:
        with desk.db.writing() as session:
            stop(found(session, channel_id), error.reason, now)
        raise BadChannel(_sentence(kind.title, error)) from error
    except ConnectorError as error:
        raise BadChannel(_sentence(kind.title, error)) from error
    with desk.db.writing() as session:
        channel = found(session, channel_id)
        _refuse_other_account(channel, account)
        _resume(session, channel, account, now)
    return account


def connect(desk: Desk, channel: Channel) -> Connector:
    """The connector that speaks for this channel. Makes no call."""
    kind = _kind(desk, channel.platform)
    limits = _limits(channel.limits) if channel.limits else None
    connector = kind(credentials.opened(desk, channel), limits)
    connector.deadline = desk.settings.call_deadline
    return connector


def speaking(desk: Desk, channel: Channel) -> Connector:
    """The same, with its session renewed where that is due: call no platform without.

    Raises what the connector raises.
    """
    connector = connect(desk, channel)
    with desk.db.reading() as session:
        if not credentials.due(connector, channel.renewed_at, db.now(session)):
            return connector
    credentials.renew(desk, channel.id, _kind(desk, channel.platform))
    with desk.db.reading() as session:
        return connect(desk, found(session, channel.id))


def ensure_built_in(desk: Desk, now: datetime) -> None:
    """Make the channels that a desk has by itself, and keep their addresses right."""
    for platform, kind in desk.connectors.items():
        if not kind.built_in:
            continue
        with desk.db.reading() as session:
            kept = session.scalar(select(Channel).where(Channel.platform == platform))
        if kept is None:
            add(desk, platform, kind.title, {}, now)
        elif kept.settings != _filled(desk, kind, {}):
            with desk.db.writing() as session:
                found(session, kept.id).settings = _filled(desk, kind, {})


def stop(channel: Channel, why: str, now: datetime) -> None:
    """Nothing goes out on it until someone reconnects it."""
    channel.stopped_at = channel.stopped_at or now
    channel.stopped_why = why


def rotate_secrets(desk: Desk) -> int:
    """Seal every secret anew with the first key; gives how many."""
    with desk.db.writing() as session:
        sealed = session.scalars(select(Channel).where(Channel.secrets.is_not(None)))
        count = 0
        for channel in sealed:
            if channel.secrets:
                channel.secrets = desk.vault.rotate(
                    channel.secrets, credentials.bound(channel)
                )
                count += 1
        return count


def listed(session: Session) -> list[Channel]:
    """The channels in use, by name."""
    query = select(Channel).where(Channel.retired_at.is_(None))
    return list(session.scalars(query.order_by(func.lower(Channel.name))))


def named(session: Session, name: str) -> Channel:
    """The channel of that name, however it is capitalised."""
    channels = listed(session)
    for channel in channels:
        if channel.name.lower() == name.strip().lower():
            return channel
    known = ", ".join(channel.name for channel in channels) or "none yet"
    raise UnknownChannel(f"There is no channel “{name}”. There are: {known}.")


def found(session: Session, channel_id: int) -> Channel:
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise UnknownChannel(f"There is no channel number {channel_id}.")
    return channel


def set_slots(session: Session, channel_id: int, wanted: set[WeeklySlot]) -> None:
    """The channel's weekly times are these; posts that hold another keep it."""
    session.execute(delete(Slot).where(Slot.channel_id == channel_id))
    session.add_all(
        Slot(channel_id=channel_id, weekday=slot.weekday, local_time=slot.local_time)
        for slot in wanted
    )


def weekly_slots(session: Session, channel_id: int) -> list[WeeklySlot]:
    rows = session.scalars(select(Slot).where(Slot.channel_id == channel_id))
    return [WeeklySlot(row.local_time, row.weekday) for row in rows]


def exactly_once(channel: Channel) -> Class:
    """The channel's class: what an admin set, else what `check` learned."""
    return Class(channel.exactly_once_override or channel.exactly_once)


def allowance(channel: Channel) -> tuple[int, timedelta] | None:
    """How many posts in what time the platform allows it; None: not limited."""
    limits = _limits(channel.limits) if channel.limits else None
    return (limits.posts, limits.per) if limits and limits.posts else None


def _kind(desk: Desk, platform: str) -> type[Connector]:
    try:
        return desk.connectors[platform]
    except KeyError:
        known = ", ".join(sorted(desk.connectors))
        raise BadChannel(
            f"There is no connector “{platform}”. There are: {known}."
        ) from None


def _filled(
    desk: Desk, kind: type[Connector], values: Mapping[str, str]
) -> dict[str, str]:
    """Every field's value; says which are missing or not the platform's."""
    known = {field.name for field in kind.fields}
    if strange := sorted(set(values) - known):
        raise BadChannel(
            f"{kind.title} has no field {', '.join(strange)}. "
            f"Its fields: {', '.join(field.name for field in kind.fields)}."
        )
    filled = {}
    for field in kind.fields:
        preset = field.default.format(
            home=desk.settings.home, address=desk.settings.address
        )
        filled[field.name] = values.get(field.name, "").strip() or preset
        if field.required and not filled[field.name]:
            raise BadChannel(f"{kind.title} needs {field.name}: {field.label}.")
    return filled


def _asked(
    kind: type[Connector], filled: Mapping[str, str], now: datetime
) -> tuple[Account, dict[str, str], datetime | None]:
    """Who these values belong to; the values, and since when they hold a session.

    What was entered is used as long as it is good: a refresh token works once, and
    would be lost with a channel that can't be added.
    """
    values = dict(filled)
    try:
        renew_at = kind(values).renew_at()
        if renew_at is not None and renew_at <= now:
            values |= kind(values).renew()
        return kind(values).check(), values, now if renew_at else None
    except ConnectorError as error:
        raise BadChannel(_sentence(kind.title, error)) from error


def _sentence(title: str, error: ConnectorError) -> str:
    if isinstance(error, Refused):
        return (
            f"{title} does not accept the credential: {error.reason} "
            "Make a new one there and enter it."
        )
    return f"{title} could not be checked: {error.reason}"


def _refuse_taken_name(session: Session, name: str) -> None:
    if not name:
        raise BadChannel("Give the channel a name.")
    taken = func.lower(Channel.name) == name.lower()
    if session.scalar(select(Channel.id).where(taken)):
        raise BadChannel(f"There is a channel “{name}” already: take another name.")


def _refuse_same_account(
    session: Session, platform: str, account: Account, filled: Mapping[str, str]
) -> None:
    query = select(Channel).where(
        Channel.platform == platform,
        Channel.remote_account_id == account.remote_id,
        Channel.retired_at.is_(None),
    )
    for other in session.scalars(query):
        if all(filled.get(key) == value for key, value in other.settings.items()):
            raise BadChannel(f"This account is the channel “{other.name}” already.")


def _refuse_other_account(channel: Channel, account: Account) -> None:
    if channel.remote_account_id not in (None, account.remote_id):
        raise BadChannel(
            f"The credential belongs to {account.name}, and the channel "
            f"“{channel.name}” to {channel.account_name}. Add a new channel for it."
        )


def _resume(
    session: Session, channel: Channel, account: Account, now: datetime
) -> None:
    _learn(channel, account, now)
    if channel.stopped_at is not None:
        channel.stopped_at, channel.stopped_why = None, ""
        space_out(session, now, channel_id=channel.id)


def _learn(channel: Channel, account: Account, now: datetime) -> None:
    channel.remote_account_id = account.remote_id
    channel.account_name = account.name
    channel.software = account.software
    channel.version = account.version
    channel.exactly_once = account.exactly_once
    channel.window_s = int(account.window.total_seconds()) if account.window else None
    channel.limits = _limits_json(account.limits)
    channel.credential_expires_at = account.expires_at
    channel.checked_at = now


def _limits_json(limits: Limits) -> dict[str, Any]:
    return asdict(limits) | {"per": limits.per.total_seconds()}


def _limits(kept: Mapping[str, Any]) -> Limits:
    values = dict(kept)
    values["media_types"] = tuple(values["media_types"])
    values["per"] = timedelta(seconds=values["per"])
    return Limits(**values)
