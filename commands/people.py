"""`desk user`: let someone in, and say what they may do."""

from __future__ import annotations

import click

from commands.bootstrap import opened_desk, writing
from commands.printing import json_option, print_json, print_rows
from desk import db, people
from desk.models.people import Role
from desk.people import team
from desk.people.shapes import member_json
from desk.shapes import moment


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
    with opened_desk() as desk:
        with writing(desk) as (session, at):
            invited, token = people.invite(session, email, name, role, at)
            said = {"email": invited.email, "name": invited.name, "role": invited.role}
        address = f"{desk.settings.address}/sign-in/{token}"
    if as_json:
        print_json({**said, "link": address})
    else:
        click.echo(f"Send {said['name']} this link; it works once, within 15 minutes:")
        click.echo(f"  {address}")


@user.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a one-time link for a person; the one before it ends."""
    with opened_desk() as desk, writing(desk) as (session, at):
        person = team.find_person_by_email(session, email)
        _, token = team.new_link(session, person.id, at)
        address = f"{desk.settings.address}/sign-in/{token}"
    click.echo(f"It signs {person.name} in once, within 15 minutes:\n  {address}")


@user.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Everyone on the desk."""
    with opened_desk() as desk, desk.db.reading() as session:
        found = team.members(session, db.now(session))
    if as_json:
        print_json([member_json(one) for one in found])
        return
    rows = [
        (one.user.email, one.user.name, one.user.role, moment(one.seen_at) or "never")
        if one.user.disabled_at is None
        else (one.user.email, one.user.name, one.user.role, "disabled")
        for one in found
    ]
    print_rows(("email", "name", "role", "seen"), rows)


@user.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def role(email: str, role: str) -> None:
    """Change what a person may do. The last admin stays one."""
    with opened_desk() as desk, writing(desk) as (session, _):
        person = team.find_person_by_email(session, email)
        team.change_role(session, person.id, role)
    click.echo(f"{person.name}: {person.role}.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Sign a person out and let them in no more. Posts they planned still go out."""
    with opened_desk() as desk, writing(desk) as (session, at):
        person = team.find_person_by_email(session, email)
        planned = team.disable(session, person.id, at)
    click.echo(f"{person.name} is disabled. Posts of theirs still planned: {planned}.")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled person in again."""
    with opened_desk() as desk, writing(desk) as (session, _):
        person = team.enable(session, team.find_person_by_email(session, email).id)
    click.echo(f"{person.name} may sign in again.")
