"""`desk doctor`: is everything well? One sentence each, and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import click
import redis
from sqlalchemy.exc import DBAPIError

from commands.bootstrap import ensure_home, open_desk, read_settings, sentences
from commands.printing import json_option, print_json
from desk import (
    channels,
    db,
    heartbeats,
    holds,
    homes,
    installation,
    keyring,
    overdue,
    preferences,
    skew,
    wakeup,
)
from desk.alerts import dispatch
from desk.attention import SOON_ENDS, health
from desk.channels import admitting, backoff, circuit_breakers, waiting
from desk.config import Settings
from desk.desk import Desk
from desk.loopback import is_loopback
from desk.models import Channel
from desk.models.channels import Wait
from desk.people import names
from desk.sandbox import MEGABYTE
from desk.vault import Locked

ABSENT = {
    "clock": "No clock is running, so nothing goes out: start one with “desk up”.",
    "worker": "No worker is running, so the clock does its work: start “desk up”.",
}
EXPOSED = (
    "The broker asks for no password and listens beyond this machine: whoever reaches "
    "it can drop and forge the hints of this desk. Give it a password (requirepass, or "
    "an ACL) and write it into REDIS_URL, or let it listen at 127.0.0.1 alone."
)
BARE = (
    "The dashboard listens at {host}, beyond this machine, and STANDFIRST_PUBLIC_URL "
    "names no https address of a proxy in front: passwords and posts cross the network "
    "readable. Put a proxy with TLS before it, or let it listen at 127.0.0.1 alone."
)
UNKNOWN = (
    "This desk is a copy or a restore: when it starts it holds everything, and looks "
    "for what went out meanwhile. See “Backup, restore, copy” in docs/operate.md."
)
RENAMES = (
    "Give one of them a one-time link (“desk user link”): on its page they can say "
    "another name."
)
# Everything that a line may be about; docs/operate.md has the cure of each.
ABOUT = (
    "home",
    "disk",
    "proxy",
    "valkey",
    "database",
    "clock",
    "worker",
    "lateness",
    "channels",
    "keys",
    "credentials",
    "people",
    "platforms",
    "waits",
    "hold",
    "restored",
    "telling",
    "time",
)


@dataclass(frozen=True)
class Finding:
    about: str
    ok: bool
    says: str


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Look at everything the desk needs. Exit 1 where something is wrong."""
    settings = read_settings()
    with sentences():
        ensure_home(settings)
        findings = list(examine(settings))
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            click.echo(f"{'well' if one.ok else 'WRONG':>5}  {one.says}")
    if not all(one.ok for one in findings):
        sys.exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    yield _home(settings)
    yield _disk(settings)
    yield _proxy(settings)
    yield from _valkey(settings)
    try:
        desk = open_desk(settings)
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        said = (
            f"The database does not answer: {why}. Check DATABASE_URL and that it runs."
        )
        yield Finding("database", False, said)
        return
    except Locked as error:  # whatever starts is refused for the same reason
        yield Finding("keys", False, str(error))
        return
    yield Finding("database", True, f"The database answers: {_engine(desk)}.")
    for look in LOOKS:
        yield from look(desk)
    desk.db.engine.dispose()


def _home(settings: Settings) -> Finding:
    if homes.is_open(settings.home):
        said = (
            f"Others on this machine can look into {settings.home}, where the keys and "
            "the database are: type “chmod 700” and that folder."
        )
        return Finding("home", False, said)
    return Finding("home", True, "Nobody else on this machine sees the home folder.")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 1e9:.1f} GB are free in {settings.home}"
    if free < settings.keep_free_mb * MEGABYTE:
        return Finding("disk", False, f"Only {said}: make room, or posts will stop.")
    return Finding("disk", True, f"{said}.")


def _proxy(settings: Settings) -> Finding:
    if is_loopback(settings.host):
        return Finding("proxy", True, "Only this machine reaches the dashboard itself.")
    if settings.public_url.startswith("https://"):
        said = f"A proxy stands before the dashboard: {settings.address}."
        return Finding("proxy", True, said)
    return Finding("proxy", False, BARE.format(host=settings.host))


def _valkey(settings: Settings) -> Iterator[Finding]:
    try:
        with wakeup.client(settings) as connection:
            connection.ping()
            exposed = wakeup.exposed(connection)
    except redis.RedisError:
        yield Finding(
            "valkey",
            False,
            "Valkey does not answer: posts still go out, some seconds late. "
            "Start the desk with “desk up”, or look at REDIS_URL.",
        )
        return
    if exposed:
        yield Finding("valkey", False, EXPOSED)
    else:
        yield Finding("valkey", True, "Valkey answers.")


def _engine(desk: Desk) -> str:
    if desk.db.is_sqlite:
        return f"SQLite, {desk.settings.home / 'desk.sqlite3'}"
    return desk.db.engine.url.render_as_string(hide_password=True)


def _processes(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        at = db.now(session)
        for kind, work in (("clock", "clock"), ("worker", "publish")):
            count = heartbeats.alive(session, work, at)
            said = f"{count} {kind} running." if count else ABSENT[kind]
            yield Finding(kind, count > 0, said)


def _lateness(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        late = overdue.oldest(session, db.now(session))
    if late is None:
        yield Finding("lateness", True, "No post is overdue without a reason.")
        return
    said = (
        f"A post is {late.total_seconds():.0f} s overdue, and nothing explains it: see "
        "whether clock and worker run, then their log."
    )
    yield Finding("lateness", False, said)


def _channels(desk: Desk) -> Iterator[Finding]:
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


def _keys(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        shut = keyring.list_shut_channels(session, desk.vault)
    for one in shut:
        yield Finding("keys", False, f"{one.name}: {keyring.SHUT}")
    if not shut:
        yield Finding("keys", True, "The keys open every secret.")


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


def _people(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        shared, reserved = names.shared(session), names.reserved(session)
    for same in shared:
        who = " and ".join(user.email for user in same)
        said = f"The history can't tell {who} apart: they are “{same[0].name}”, or look"
        yield Finding("people", False, f"{said} so. {RENAMES}")
    for user in reserved:
        said = f"{user.email} is called “{user.name}”, as the desk or a role is."
        yield Finding("people", False, f"{said} {RENAMES}")
    if not (shared or reserved):
        yield Finding("people", True, "The history can tell everyone apart.")


def _platforms(desk: Desk) -> Iterator[Finding]:
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


def _waits(desk: Desk) -> Iterator[Finding]:
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
            f" Or type “desk channel try {one.name}”."
            if one.wait != Wait.OWN and backoff.waits_long(one, now)
            else ""
        )
        yield Finding("waits", not backoff.waits_long(one, now), said + tried)
    if not found:
        yield Finding("waits", True, "No channel waits for a limit.")


def _holds(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        held, copied = holds.list_holds(session), installation.copy_hold(session)
        # a clock that runs has looked, by a home folder that may not be this one
        now = db.now(session)
        known = heartbeats.alive(session, "clock", now) > 0
        known = known or installation.recognised(session, desk.settings.home, now)
    for hold in held:
        covered = f"{hold.scope} {hold.target}".strip()
        restored = copied is not None and hold.id == copied.id
        about = "restored" if restored else "hold"
        said = f"Held: {covered}. {holds.hold_reason(hold)}".strip()
        yield Finding(about, False, f"{said} Lift it with “desk hold off”.")
    if not held:
        yield Finding("hold", True, "Nothing is held.")
    if copied is None:
        said = "This is the desk that its home folder knows."
        yield Finding("restored", known, said if known else UNKNOWN)


def _telling(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        failing = dispatch.failing(session)
    for why in failing:
        yield Finding("telling", False, f"{why} Try “desk tell test”.")
    if not failing:
        names = " and ".join(one.name for one in dispatch.transports(desk)) or "nothing"
        said = f"Who must know something is told by {names} (and on the screens)."
        yield Finding("telling", True, said)


def _time(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        now = db.now(session)
        beats = heartbeats.latest(session, now)
    ahead = {"this machine": skew.measure_skew(now)}
    ahead |= {f"{one.name} ({one.kind})": one.ahead for one in beats}
    wrong = {who: by for who, by in ahead.items() if abs(by) > skew.LARGEST}
    for who, by in wrong.items():
        said = f"The clock of {who} is {skew.in_words(by)}: set both by NTP."
        yield Finding("time", False, f"{said} Posts go by the database's.")
    if not wrong:
        said = "Every process's clock agrees with the database's."
        yield Finding("time", True, said)


LOOKS: tuple[Callable[[Desk], Iterator[Finding]], ...] = (
    _processes,
    _lateness,
    _channels,
    _keys,
    _people,
    _platforms,
    _waits,
    _holds,
    _telling,
    _time,
)
