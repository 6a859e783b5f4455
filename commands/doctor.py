"""`desk doctor`: is everything well? One sentence each, and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import click
import redis
from sqlalchemy.exc import DBAPIError

from commands.opening import ensure_home, open_desk, read_settings, sentences
from commands.printing import json_option, print_json
from desk import channels, db, heartbeats, holds, wakeup
from desk.config import Settings
from desk.desk import Desk

SMALLEST_DISK = 500_000_000
LARGEST_SKEW_S = 2.0
ABSENT = {
    "clock": "No clock is running, so nothing goes out: start one with “desk up”.",
    "worker": "No worker is running, so the clock does its work: start “desk up”.",
}


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
    yield _disk(settings)
    yield _valkey(settings)
    try:
        desk = open_desk(settings)
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        yield Finding("database", False, f"The database does not answer: {why}.")
        return
    yield Finding("database", True, f"The database answers: {_engine(desk)}.")
    for look in LOOKS:
        yield from look(desk)
    desk.db.engine.dispose()


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 1e9:.1f} GB are free in {settings.home}"
    if free < SMALLEST_DISK:
        return Finding("disk", False, f"Only {said}: make room, or posts will stop.")
    return Finding("disk", True, f"{said}.")


def _valkey(settings: Settings) -> Finding:
    try:
        with wakeup.client(settings) as connection:
            connection.ping()
    except redis.RedisError:
        return Finding(
            "valkey",
            False,
            "Valkey does not answer: posts still go out, some seconds late. "
            "Start the desk with “desk up”, or look at REDIS_URL.",
        )
    return Finding("valkey", True, "Valkey answers.")


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


def _channels(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        found = channels.listed(session)
        held = holds.active(session)
    stopped = [one for one in found if one.stopped_at]
    for one in stopped:
        said = f"{one.name} is stopped: {one.stopped_why} Reconnect it."
        yield Finding("channels", False, said)
    if not stopped:
        yield Finding("channels", True, f"{len(found)} channels, none stopped.")
    for hold in held:
        covered = f"{hold.scope} {hold.target}".strip()
        yield Finding("hold", False, f"Held: {covered}. {hold.why}".strip())


def _time(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        theirs = db.now(session)
    skew = abs((theirs - datetime.now(UTC)).total_seconds())
    if skew > LARGEST_SKEW_S:
        said = f"This machine's clock and the database's are {skew:.0f} s apart."
        yield Finding("time", False, said)
    else:
        yield Finding("time", True, "This machine's clock and the database's agree.")


LOOKS: tuple[Callable[[Desk], Iterator[Finding]], ...] = (_processes, _channels, _time)
