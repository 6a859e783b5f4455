"""`desk user`: let someone in."""

from __future__ import annotations

import click

from commands.opening import opened, writing
from commands.printing import json_option, print_json
from desk import people
from desk.models.people import Role


@click.group()
def user() -> None:
    """The people of the desk."""


@user.command()
@click.argument("email")
@click.option("--name", default="", help="How the desk calls them.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.EDITOR.value,
    show_default=True,
)
@json_option
def invite(email: str, name: str, role: str, as_json: bool) -> None:
    """Make a person, and print the link that lets them in once."""
    with opened() as desk:
        with writing(desk) as (session, at):
            invited, token = people.invite(session, email, name, role, at)
            said = {"email": invited.email, "name": invited.name, "role": invited.role}
        link = f"{desk.settings.address}/sign-in/{token}"
    if as_json:
        print_json({**said, "link": link})
    else:
        click.echo(f"Send {said['name']} this link; it works once, within 15 minutes:")
        click.echo(f"  {link}")
