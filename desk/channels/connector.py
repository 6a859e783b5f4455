"""The connector of a channel, with a session that is fresh."""

from __future__ import annotations

from connectors.base import Connector
from desk import db
from desk.channels import accounts, credentials, fields
from desk.channels.channel_directory import find_channel
from desk.desk import Desk
from desk.models import Channel
from desk.vault import Locked


def connect(desk: Desk, channel: Channel) -> Connector:
    """The connector that speaks for this channel. Makes no call."""
    kind = fields.kind_of(desk, channel.platform)
    connector = kind(
        credentials.unseal_credentials(desk, channel), accounts.limits_of(channel)
    )
    connector.deadline = desk.settings.call_deadline
    return connector


def speaking(desk: Desk, channel: Channel) -> Connector:
    """The same, with its session renewed where that is due: call no platform without.

    Raises what the connector raises.
    """
    connector = connect(desk, channel)
    with desk.db.reading() as session:
        if not credentials.renewal_due(connector, channel.renewed_at, db.now(session)):
            return connector
    credentials.renew_credentials(
        desk, channel.id, fields.kind_of(desk, channel.platform)
    )
    with desk.db.reading() as session:
        return connect(desk, find_channel(session, channel.id))


def kept_secrets(desk: Desk, channel: Channel) -> frozenset[str]:
    """The secret fields that hold something. None where no key opens them."""
    kind = fields.kind_of(desk, channel.platform)
    secret = {field.name for field in kind.fields if field.secret}
    kept = kept_fields(desk, kind, channel)
    return frozenset(name for name, value in kept.items() if value and name in secret)


def kept_fields(desk: Desk, kind: type[Connector], channel: Channel) -> dict[str, str]:
    """What its fields hold; without the secrets where no key opens them any more."""
    try:
        values = credentials.unseal_credentials(desk, channel)
    except Locked:
        values = {key: str(value) for key, value in channel.settings.items()}
    known = {field.name for field in kind.fields}
    return {key: value for key, value in values.items() if key in known}
