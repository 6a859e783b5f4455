"""`desk doctor`: is everything well? One sentence each, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
from sqlalchemy.exc import DBAPIError

from commands.bootstrap import ensure_home, open_desk, read_settings, sentences
from commands.doctor import connections, house
from commands.doctor.finding import Finding
from commands.doctor.machine import look_at_machine
from commands.printing import json_option, print_json
from desk.config import Settings
from desk.desk import Desk
from desk.vault import Locked

LOOKS: tuple[Callable[[Desk], Iterator[Finding]], ...] = (
    house.look_at_processes,
    house.look_at_lateness,
    connections.look_at_channels,
    connections.look_at_keys,
    house.look_at_people,
    connections.look_at_platforms,
    connections.look_at_waits,
    house.look_at_holds,
    house.look_at_alerts,
    house.look_at_clocks,
)


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
    yield from look_at_machine(settings)
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


def _engine(desk: Desk) -> str:
    if desk.db.is_sqlite:
        return f"SQLite, {desk.settings.home / 'desk.sqlite3'}"
    return desk.db.engine.url.render_as_string(hide_password=True)
