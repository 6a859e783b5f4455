"""Bootstrap: the desk for a command, and turning refusals into sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from connectors import installed
from desk import channels, db, home_folder, migrating, uniqueness
from desk.config import Settings
from desk.desk import Desk
from desk.people.actors import Actor
from desk.reading import File
from desk.refusal import Refusal

BY = Actor("the command line")
LONGEST_TEXT = 5_000_000
LONGEST_FILE = 10_000_000  # the desk's own limit, and one byte shows more


class Refused(click.ClickException):
    """What was asked can't be done; one sentence, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True)


def read_settings() -> Settings:
    """The settings of the environment; raises `Refused` for one that is no good."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        why = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
        raise Refused(f"The setting {name} can't be used: {why}.") from None


@contextmanager
def opened_desk() -> Iterator[Desk]:
    """The desk of these settings, its records up to date."""
    with sentences():
        desk = open_desk(read_settings())
        try:
            yield desk
        finally:
            desk.db.engine.dispose()


def open_desk(settings: Settings) -> Desk:
    """Records up to date, and the channels that a desk has by itself."""
    ensure_home(settings)
    migrating.upgrade(settings)
    desk = Desk.open(settings, installed())
    channels.ensure_built_in(desk, now(desk))
    return desk


def ensure_home(settings: Settings) -> None:
    """A home folder that this user can write in."""
    probe = settings.home / ".writable"
    try:
        home_folder.open_home(settings.home)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            f"The folder {settings.home} can't be written to ({error.strerror}): "
            "make it yours, or choose another with STANDFIRST_HOME."
        ) from None


@contextmanager
def sentences() -> Iterator[None]:
    """Whatever the desk refuses, as one sentence on stderr and exit status 2."""
    try:
        yield
    except DBAPIError as error:
        refusal = uniqueness.refusal(error)
        said = refusal.sentence if refusal else _about_database(error)
        raise Refused(said) from error
    except Refusal as error:
        raise Refused(error.sentence) from error


def _about_database(error: DBAPIError) -> str:
    if db.gave_way(error):
        return (
            "Others changed the same in this moment: nothing was done. Type it again."
        )
    said = str(error.orig).strip().splitlines()
    why = said[0] if said else type(error).__name__
    return f"The database can't be used: {why}. Check DATABASE_URL and that it runs."


def now(desk: Desk) -> datetime:
    """The time by the database's clock."""
    with desk.db.reading() as session:
        return db.now(session)


@contextmanager
def writing(desk: Desk) -> Iterator[tuple[Session, datetime]]:
    """A writing session, and its time."""
    with desk.db.writing() as session:
        yield session, db.now(session)


def source_of(argument: str) -> str | File:
    """What was named as an article: a link as it is, a file, or the text of stdin."""
    if argument.startswith(("http://", "https://")):
        return argument
    if argument == "-":
        return _as_text(sys.stdin.buffer.read(LONGEST_TEXT + 1), "Standard input")
    path = Path(argument)
    try:
        with path.open("rb") as file:
            return File(path.name, file.read(LONGEST_FILE + 1))
    except OSError as error:
        raise Refused(
            f"{argument} can't be read ({error.strerror}): name a .txt, .md, .html or "
            ".docx file, a link that starts with https://, or - for stdin."
        ) from None


def _as_text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            f"{name} is not UTF-8 text: save the article as plain text and try again."
        ) from None
