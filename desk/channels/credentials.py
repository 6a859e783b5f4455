"""Credentials: kept sealed, and renewed by one worker at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from connectors.base import Connector, Unavailable
from desk import db, keyring
from desk.channels.circuit_breakers import circuit_of
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Channel


@dataclass(frozen=True)
class Used:
    """With which of a channel's credentials something was asked, and from when on."""

    version: int
    began: datetime

    @classmethod
    def of(cls, channel: Channel, began: datetime) -> Used:
        return cls(channel.credential_version, began)


def unseal_credentials(desk: Desk, channel: Channel) -> dict[str, str]:
    """Every value that the connector needs, the secret ones unsealed."""
    values = {key: str(value) for key, value in channel.settings.items()}
    return values | keyring.unseal_secrets(desk.vault, channel)


def keep_credentials(
    desk: Desk,
    session: Session,
    channel: Channel,
    kind: type[Connector],
    values: Mapping[str, str],
) -> None:
    """Keep these values; all but the plain fields are sealed."""
    speaks_through(channel, kind(values))
    plain = {field.name for field in kind.fields if not field.secret}
    channel.settings = {k: v for k, v in values.items() if k in plain}
    secret = {k: v for k, v in values.items() if k not in plain}
    channel.secrets = None
    if secret:
        channel.secrets = desk.vault.seal(secret, keyring.sealed_to(channel))
        keyring.need_sealing_key(session, desk.vault)


def speaks_through(channel: Channel, connector: Connector) -> None:
    """Keep which server and app it is: channels that share one also wait together."""
    channel.circuit, channel.app = circuit_of(connector), connector.app


def renewal_due(
    connector: Connector, renewed_at: datetime | None, now: datetime
) -> bool:
    """Must the session be renewed before the next call?"""
    at = connector.renew_at()
    return at is not None and (at <= now or renewed_at is None)


def heed_refusal(channel: Channel, used: Used, now: datetime) -> bool:
    """Whether a refusal of what was `used` is about today's credential.

    A session that isn't fresh is given up: the next call gets a new one, and what is
    ready with the old one is not sent.
    """
    proven = [at for at in (channel.checked_at, channel.renewed_at) if at is not None]
    if used.version != channel.credential_version:
        return False  # an older one's
    if proven and used.began < max(proven):
        return False
    if channel.renewed_at is None or now - channel.renewed_at < engine.sessions.fresh:
        return True
    if channel.renewing_until is None or channel.renewing_until <= now:
        channel.renewed_at = None
        channel.credential_version += 1
    return False


def renew_credentials(desk: Desk, channel_id: int, kind: type[Connector]) -> None:
    """Renew the channel's session, or wait for whoever is renewing it now.

    Raises what the connector raises; and `Unavailable` where another takes too long.
    """
    give_up = time.monotonic() + engine.sessions.awaited_s
    while True:
        with desk.db.writing() as session:
            channel = session.get_one(Channel, channel_id, with_for_update=True)
            now = db.now(session)
            connector = kind(unseal_credentials(desk, channel))
            if not renewal_due(connector, channel.renewed_at, now):
                return  # someone else was first
            version = channel.credential_version
            is_free = channel.renewing_until is None or channel.renewing_until <= now
            if is_free:
                channel.renewing_until = now + engine.sessions.lease
        if is_free:
            _renew(desk, channel_id, kind, connector, version)
            return
        if time.monotonic() > give_up:
            raise Unavailable("The channel's session is being renewed.")
        time.sleep(0.1)


def _renew(
    desk: Desk,
    channel_id: int,
    kind: type[Connector],
    connector: Connector,
    version: int,
) -> None:
    """Make the one call and keep what it gave; a reconnect meanwhile wins."""
    connector.deadline = desk.settings.call_deadline
    values: Mapping[str, str] | None = None
    try:
        values = connector.renew()
    finally:
        with desk.db.writing() as session:
            channel = session.get_one(Channel, channel_id, with_for_update=True)
            channel.renewing_until = None
            if values is not None and channel.credential_version == version:
                keep_credentials(
                    desk,
                    session,
                    channel,
                    kind,
                    {**unseal_credentials(desk, channel), **values},
                )
                channel.renewed_at = db.now(session)
