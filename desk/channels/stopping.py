"""Stopping: nothing goes out on a channel until someone reconnects it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import keyring
from desk.desk import Desk
from desk.models import Channel
from desk.vault import Locked, Vault


def stop(channel: Channel, why: str, now: datetime) -> None:
    """Nothing goes out on it until someone reconnects it."""
    channel.stopped_at = channel.stopped_at or now
    channel.stopped_why = why


def stop_shut(session: Session, vault: Vault, now: datetime) -> list[str]:
    """Stop the channels whose secret none of these keys opens; gives their names."""
    closed = keyring.list_shut_channels(session, vault)
    for channel in closed:
        stop(channel, keyring.SHUT, now)
    return [channel.name for channel in closed]


def rotate_secrets(desk: Desk) -> int:
    """Seal every secret anew with the first key; gives how many.

    One that no key opens stays as it is: its channel must be reconnected anyway.
    """
    count = 0
    with desk.db.writing() as session:
        sealed = select(Channel).where(Channel.secrets.is_not(None))
        for channel in session.scalars(sealed.order_by(Channel.id).with_for_update()):
            with suppress(Locked):
                channel.secrets = desk.vault.rotate(
                    channel.secrets or b"", keyring.sealed_to(channel)
                )
                count += 1
        keyring.seal_by_these_only(session, {desk.vault.seals_with})
    return count
