"""Accounts: who a channel speaks as, as the platform's own answer told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import Account, Limits
from desk import moments
from desk.channels.fields import BadChannel
from desk.lifecycle import State
from desk.models import Channel, Post

ON_ITS_WAY = (State.CLAIMED, State.SENDING, State.UNCONFIRMED)


class OtherAccount(BadChannel):
    """The credential belongs to someone else than the channel does."""

    def __init__(self, channel: Channel, account: Account) -> None:
        super().__init__(
            f"The credential belongs to {account.name}, and the channel "
            f"“{channel.name}” to {channel.account_name}. Add a new channel for it."
        )
        self.account_name = account.name


def learn(channel: Channel, account: Account, now: datetime) -> None:
    """Keep what `check` told. What an admin set over it stays."""
    channel.remote_account_id = account.remote_id
    channel.account_name = account.name
    channel.software = account.software
    channel.version = account.version
    channel.exactly_once = account.exactly_once
    channel.window_s = int(account.window.total_seconds()) if account.window else None
    channel.limits = _limits_json(account.limits)
    channel.credential_expires_at = account.expires_at
    channel.checked_at = now


def limits_of(channel: Channel) -> Limits | None:
    """What one post on it may hold; None: the platform's usual ones."""
    if not channel.limits:
        return None
    values = dict(channel.limits)
    values["media_types"] = tuple(values["media_types"])
    values["per"] = timedelta(seconds=values["per"])
    return Limits(**values)


def limit_words(channel: Channel) -> list[str]:
    """What one post may hold, and how many posts are taken, for people to read."""
    limits = limits_of(channel)
    if limits is None:
        return []
    words = [f"{limits.text:,} characters"]
    if limits.images:
        size = f"{limits.image_bytes / 1_000_000:.3g} MB"
        count = "1 image" if limits.images == 1 else f"{limits.images} images"
        words.append(f"{count} of {size}, alt text of {limits.alt:,}")
    if limits.posts:
        words.append(f"{limits.posts:,} posts in {moments.span(limits.per)}")
    return words


def refuse_same(
    session: Session,
    platform: str,
    account_id: str | None,
    values: Mapping[str, Any],
    but: int | None = None,
) -> None:
    """One account is one channel: says which one it is already."""
    query = select(Channel).where(
        Channel.platform == platform,
        Channel.remote_account_id == account_id,
        Channel.retired_at.is_(None),
    )
    for other in session.scalars(query):
        if other.id != but and all(
            values.get(key) == value for key, value in other.settings.items()
        ):
            raise BadChannel(f"This account is the channel “{other.name}” already.")


def refuse_other(channel: Channel, account: Account) -> None:
    """The channel stays whose it is."""
    if channel.remote_account_id not in (None, account.remote_id):
        raise OtherAccount(channel, account)


def refuse_change(
    session: Session,
    channel: Channel,
    account: Account,
    typed: str,
    values: Mapping[str, str],
) -> None:
    """The same, unless someone typed the new account's name, and nothing is lost."""
    if channel.remote_account_id in (None, account.remote_id):
        return
    if not typed or typed.strip().casefold() != account.name.casefold():
        raise OtherAccount(channel, account)
    doubtful = _on_its_way(session, channel.id)
    if doubtful:
        raise BadChannel(
            f"{doubtful} of its posts may be live as {channel.account_name}, and the "
            f"desk could not look there any more. Wait until they are settled, then "
            f"make it {account.name}'s."
        )
    refuse_same(session, channel.platform, account.remote_id, values, channel.id)


def _on_its_way(session: Session, channel_id: int) -> int:
    query = select(func.count()).select_from(Post)
    query = query.where(Post.channel_id == channel_id, Post.state.in_(ON_ITS_WAY))
    return session.scalar(query) or 0


def _limits_json(limits: Limits) -> dict[str, Any]:
    return asdict(limits) | {"per": limits.per.total_seconds()}
