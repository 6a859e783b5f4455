"""The command line: `desk`. As thin as the other faces; one file per noun."""

from __future__ import annotations

import logging
import os
from importlib import import_module

import click

COMMANDS = {
    "up": "commands.up",
    "demo": "commands.demo",
    "read": "commands.articles",
    "draft": "commands.articles",
    "channel": "commands.channels",
    "post": "commands.posts",
    "share": "commands.shares",
    "hold": "commands.holds",
    "tell": "commands.alerts",
    "user": "commands.people",
    "doctor": "commands.doctor",
    "db": "commands.upkeep",
    "keys": "commands.upkeep",
}


class Desk(click.Group):
    """Loads only the command that was typed: `desk up` should not wait for the rest."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name]), name)
        return command


@click.group(cls=Desk, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="standfirst", prog_name="desk")
def desk() -> None:
    """The social publishing desk. Start it with `desk up`."""
    from desk import logs  # here: `desk --help` needs none of it

    form = os.environ.get("STANDFIRST_LOG", "console")  # bad settings come later
    # standard output is for what was asked
    logs.configure(form, level=logging.WARNING, stream=logs.errors)
