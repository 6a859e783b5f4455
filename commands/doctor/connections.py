"""The channels: whether each is connected, safe, and free to publish."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from commands.doctor.finding import Finding
from desk import channels, db, keyring, preferences
from desk.attention import SOON_ENDS, health
from desk.channels import admitting, backoff, circuit_breakers, waiting
from desk.desk import Desk
from desk.models import Channel
from desk.models.channels import Wait


def look_at_channels(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        now, found = db.now(session), channels.list_channels(session)
    stopped = [one for one in found if one.stopped_at]
    unsafe = {one.name: _unsafe(desk, one) for one in found if one.retired_at is None}
    for name, why in unsafe.items():
        if why:
            yield Finding("channels", False, f"{name}: {why}")
    for one in stopped:
        said = f"{one.name} is stopped: {one.stopped_why} Reconnect it."
        yield Finding("channels", False, said)
    if not stopped and not any(unsafe.values()):
        yield Finding("channels", True, f"{len(found)} channels, none stopped.")
    yield from _credentials(found, now)


def _unsafe(desk: Desk, channel: Channel) -> str:
    """What is wrong with where it is pointed at, for a channel from before."""
    kind = desk.connectors.get(channel.platform)
    known = [one for one in kind.fields if one.name in channel.settings] if kind else []
    said = (
        admitting.wrong(desk, one, str(channel.settings[one.name])) for one in known
    )
    return " ".join(filter(None, said))


def _credentials(found: Sequence[Channel], now: datetime) -> Iterator[Finding]:
    ending = [
        (one, one.credential_expires_at)
        for one in found
        if one.credential_expires_at and one.credential_expires_at <= now + SOON_ENDS
    ]
    for one, at in ending:
        said = f"The credential of {one.name} {health.ends(at, now)}: reconnect it."
        yield Finding("credentials", False, said)
    if not ending:
        days = SOON_ENDS.days
        yield Finding("credentials", True, f"No credential ends within {days} days.")


def look_at_keys(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        shut = keyring.list_shut_channels(session, desk.vault)
    for one in shut:
        yield Finding("keys", False, f"{one.name}: {keyring.SHUT}")
    if not shut:
        yield Finding("keys", True, "The keys open every secret.")


def look_at_platforms(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        now = db.now(session)
        silent, unasked = (
            circuit_breakers.standing_breakers(session, now),
            circuit_breakers.unasked(session, now),
        )
    for circuit, breaker in silent.items():
        said = (
            f"{circuit} does not answer and is left alone but for a probe: "
            f"{breaker.why} Nothing to do here; look at its status page."
        )
        yield Finding("platforms", False, said)
    for circuit in unasked:
        said = f"{circuit} did not answer last; the next post finds out."
        yield Finding("platforms", True, said)
    if not (silent or unasked):
        yield Finding("platforms", True, "No platform is left alone for not answering.")


def look_at_waits(desk: Desk) -> Iterator[Finding]:
    """Well: none, or one that passes by itself within minutes."""
    with desk.db.reading() as session:
        now, zone = db.now(session), preferences.zone(session, desk.settings)
        found = [
            one
            for one in channels.list_channels(session)
            if backoff.is_waiting(one, now)
        ]
    for one in found:
        told = f" It said: {one.wait_why}" if one.wait_why else ""
        said = f"{waiting.wait_words(one, zone)}.{told} {waiting.way_out(one, now)}"
        tried = (
            f" Or type “desk channel try {shlex.quote(one.name)}”."
            if one.wait != Wait.OWN and backoff.waits_long(one, now)
            else ""
        )
        yield Finding("waits", not backoff.waits_long(one, now), said + tried)
    if not found:
        yield Finding("waits", True, "No channel waits for a limit.")
