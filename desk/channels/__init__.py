"""Channels: our accounts. How each is connected, named and timed is a file each."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import Class, Connector
from desk.channels.channel_directory import (
    UnknownChannel,
    find_channel,
    find_channel_named,
    list_channels,
)
from desk.channels.channel_names import LONGEST_NAME, naming, refuse_taken_name
from desk.channels.connecting import (
    Asked,
    Checked,
    add,
    ask,
    ask_again,
    ask_new,
    check,
    connected_as,
    ensure_built_in,
    heed,
    keep_again,
    keep_new,
    kept_by,
    reconnect,
)
from desk.channels.connector import connect, kept_secrets, speaking
from desk.channels.fields import BadChannel
from desk.channels.quota import Quota, quota_of
from desk.channels.stopping import rotate_secrets, stop, stop_shut
from desk.channels.weekly_times import set_slots, weekly_slots, weekly_slots_of
from desk.desk import Desk
from desk.models import Channel

__all__ = [
    "LONGEST_NAME",
    "Asked",
    "BadChannel",
    "Checked",
    "Quota",
    "UnknownChannel",
    "add",
    "ask",
    "ask_again",
    "ask_new",
    "check",
    "connect",
    "connected_as",
    "ensure_built_in",
    "exactly_once",
    "find_channel",
    "find_channel_named",
    "heed",
    "keep_again",
    "keep_new",
    "kept_by",
    "kept_secrets",
    "list_channels",
    "naming",
    "quota_of",
    "reconnect",
    "refuse_taken_name",
    "rotate_secrets",
    "set_slots",
    "settle_time",
    "speaking",
    "stop",
    "stop_shut",
    "weekly_slots",
    "weekly_slots_of",
]


def settle_time(desk: Desk, channel: Channel) -> timedelta:
    """How long its platform takes until a listing shows a post."""
    return desk.connectors.get(channel.platform, Connector).settle


def exactly_once(channel: Channel) -> Class:
    """The channel's class: what an admin set, else what `check` learned."""
    return Class(channel.exactly_once_override or channel.exactly_once)
