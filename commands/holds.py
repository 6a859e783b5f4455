"""`desk hold`: nothing goes out until it is lifted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from commands.bootstrap import BY, Refused, opened_desk, writing
from commands.printing import json_option, print_json, print_rows
from desk import channels, holds, wakeup
from desk.desk import Desk
from desk.shapes import moment


@click.group()
def hold() -> None:
    """Stop what goes out, for the whole desk or a part of it."""


def _what_is_held(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--post", type=int, metavar="ID", help="Only this post."),
        click.option("--keyword", help="Only posts that contain it."),
        click.option("--section", help="Only this section's articles."),
        click.option("--channel", metavar="NAME", help="Only this channel."),
    ):
        command = option(command)
    return command


@hold.command()
@_what_is_held
@click.option("--why", default="", help="For the others on the desk.")
@json_option
def on(why: str, as_json: bool, **what: str | int | None) -> None:
    """Nothing goes out from now on."""
    with opened_desk() as desk:
        scope, target = _covered(desk, what)
        with writing(desk) as (session, at):
            held = holds.hold(
                session, scope=scope, target=target, why=why, by=BY, now=at
            )
    if as_json:
        print_json(vars(held))
        return
    click.echo(f"Held. {held.given_back} posts that were about to go out will not.")
    if held.already_going_out:
        click.echo(f"{held.already_going_out} already going out.")


@hold.command()
@_what_is_held
@json_option
def off(as_json: bool, **what: str | int | None) -> None:
    """Lift a hold. What fell due meanwhile waits for a person."""
    with opened_desk() as desk:
        scope, target = _covered(desk, what)
        with writing(desk) as (session, at):
            lifted = holds.lift(session, scope=scope, target=target, by=BY, now=at)
        wakeup.call_and_wait(desk.settings)
    if as_json:
        print_json(vars(lifted))
        return
    click.echo(f"Lifted. {lifted.triage} posts fell due meanwhile and wait for you.")


@hold.command("list")
@json_option
def list_(as_json: bool) -> None:
    """What is held now."""
    with opened_desk() as desk, desk.db.reading() as session:
        active = holds.list_holds(session)
    if as_json:
        print_json([holds.hold_json(one) for one in active])
        return
    rows = [
        (h.scope, h.target, holds.hold_reason(h), h.who, moment(h.began_at) or "")
        for h in active
    ]
    print_rows(("scope", "target", "why", "by", "since"), rows)


def _covered(desk: Desk, what: dict[str, str | int | None]) -> tuple[str, str]:
    """The scope that was named, the whole desk where none was, and its target."""
    named = {scope: value for scope, value in what.items() if value is not None}
    if len(named) > 1:
        raise Refused("Name one of --channel, --section, --keyword and --post.")
    for scope, value in named.items():
        if scope == "channel":
            with desk.db.reading() as session:
                value = channels.find_channel_named(session, str(value)).id
        return scope, str(value)
    return "desk", ""
