"""`desk db` and `desk keys`: the records' tables, and the keys of the secrets."""

from __future__ import annotations

import click

from commands.bootstrap import (
    ensure_home,
    opened_desk,
    read_settings,
    sentences,
    writing,
)
from desk import channels, keyring, migrating, vault


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version. `desk up` does it by itself."""
    settings = read_settings()
    with sentences():
        ensure_home(settings)
        migrating.upgrade(settings)
    click.echo("The database is up to date.")


@click.group()
def keys() -> None:
    """The keys that the channels' secrets are sealed with."""


@keys.command()
def new() -> None:
    """Print a new key; put it first in STANDFIRST_KEYS."""
    click.echo(vault.new_key())


@keys.command()
def lost() -> None:
    """Go on without keys that are lost for good, with those that are here.

    A new one is made where there is none. Channels whose secrets they do not open are
    stopped until someone reconnects them.
    """
    settings = read_settings()
    with sentences():
        ensure_home(settings)
        migrating.upgrade(settings)
        keyring.begin_with_new_keys(settings)
        with opened_desk() as desk, writing(desk) as (session, at):
            stopped = channels.stop_shut(session, desk.vault, at)
    names = f": {', '.join(stopped)}" if stopped else ""
    click.echo(f"{len(stopped)} channels must be reconnected{names}.")
    click.echo("Start the desk again so that its processes know the keys.")


@keys.command()
def rotate() -> None:
    """Seal every secret anew, with the first key.

    Where the keys are in the home folder's file, a new one is put there first.
    """
    with opened_desk() as desk:
        if not desk.settings.keys:
            vault.add_key(desk.settings.home)
    with opened_desk() as desk:
        count = channels.rotate_secrets(desk)
    click.echo(f"{count} secrets are sealed with the first key.")
    if desk.settings.keys:
        click.echo("The older keys can go from STANDFIRST_KEYS.")
    else:
        click.echo("Processes that run read the new key by themselves.")
