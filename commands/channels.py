"""`desk channel`: add one, list them, check who they are."""

from __future__ import annotations

import sys

import click

from commands.bootstrap import Refused, now, opened_desk, writing
from commands.printing import json_option, print_json, print_rows
from connectors.base import Account, Class
from desk import channels, preferences, wakeup
from desk import slots as weekly
from desk.channels import channel_settings, waiting
from desk.channels.channel_settings import OFF
from desk.channels.shapes import account_json, channel_json, working_state
from desk.models import Channel
from desk.shapes import Json


@click.group()
def channel() -> None:
    """Our accounts on the platforms."""


@channel.command()
@click.argument("platform")
@click.option("--name", required=True, help="What the newsroom calls it.")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field of the platform's; FIELD=- reads the value from standard input.",
)
@json_option
def add(platform: str, name: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Check an account's credentials, then keep it as a channel."""
    values = dict(_pair(text) for text in pairs)
    with opened_desk() as desk:
        at = now(desk)
        channel_id = channels.add(desk, platform, name, values, at)
        with desk.db.reading() as session:
            added = channels.find_channel(session, channel_id)
    if as_json:
        print_json(channel_json(added))
    else:
        click.echo(f"{added.name} is {_who(added)}.")


@channel.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Every channel, and what the last check learned."""
    with opened_desk() as desk, desk.db.reading() as session:
        found = channels.list_channels(session)
        zone = preferences.zone(session, desk.settings)
    if as_json:
        print_json([channel_json(one) for one in found])
        return
    rows = [(c.name, c.platform, working_state(c), _who(c)) for c in found]
    print_rows(("channel", "platform", "state", "account"), rows)
    for one in found:
        if one.not_before:
            click.echo(f"{waiting.wait_words(one, zone)}.")


@channel.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
def check(names: tuple[str, ...], as_json: bool) -> None:
    """Ask the platforms who our credentials belong to. Exit 1 where one refuses."""
    with opened_desk() as desk:
        at = now(desk)
        with desk.db.reading() as session:
            found = channels.list_channels(session)
            if names:
                found = [channels.find_channel_named(session, name) for name in names]
        results = []
        for one in found:
            try:
                results.append(_checked(one, channels.check(desk, one.id, at)))
            except channels.BadChannel as error:
                results.append(_refused(one, str(error)))
    if as_json:
        print_json(results)
    else:
        for result in results:
            click.echo(f"{result['name']}: {result['says']}")
    if not all(result["ok"] for result in results):
        sys.exit(1)


@channel.command("try")
@click.argument("name")
@json_option
def try_(name: str, as_json: bool) -> None:
    """Ask now whether a channel still has to wait; a good answer ends the wait."""
    with opened_desk() as desk:
        at = now(desk)
        with desk.db.reading() as session:
            one = channels.find_channel_named(session, name)
        try:
            result = _checked(one, channels.check(desk, one.id, at))
        except channels.BadChannel as error:
            result = _refused(one, str(error))
        wakeup.call_and_wait(desk.settings)
        with desk.db.reading() as session:
            after = channels.find_channel(session, one.id)
            says = waiting.wait_words(after, preferences.zone(session, desk.settings))
    if as_json:
        print_json(result | channel_json(after))
    else:
        click.echo(f"{one.name}: {result['says']}")
        click.echo(f"{says}." if says else f"{one.name} waits for nothing.")
    if not result["ok"]:
        sys.exit(1)


@channel.command()
@click.argument("name")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field to enter anew; FIELD=- reads the value from standard input.",
)
@click.option(
    "--as",
    "typed",
    default="",
    metavar="ACCOUNT",
    help="Make the channel post as this other account, which the credential is of.",
)
@json_option
def reconnect(name: str, pairs: tuple[str, ...], typed: str, as_json: bool) -> None:
    """Enter a channel's credential anew. What isn't named stays as it is."""
    values = dict(_pair(text) for text in pairs)
    with opened_desk() as desk:
        at = now(desk)
        with desk.db.reading() as session:
            one = channels.find_channel_named(session, name)
        channels.reconnect(desk, one.id, values, at, typed)
        wakeup.call_and_wait(desk.settings)
        with desk.db.reading() as session:
            _tell(channels.find_channel(session, one.id), as_json)


@channel.command()
@click.argument("name")
@click.argument(
    "choice", metavar="CLASS", type=click.Choice([*(one.value for one in Class), OFF])
)
@json_option
def override(name: str, choice: str, as_json: bool) -> None:
    """Set a channel's exactly-once class by hand, whatever its checks say.

    A class that promises more than the platform keeps can put a post in front of
    readers twice. "none-of-ours" goes back to what the check says.
    """
    with opened_desk() as desk, writing(desk) as (session, _):
        one = channels.find_channel_named(session, name)
        channel_settings.override_class(session, one.id, choice)
        _tell(one, as_json)


@channel.command()
@click.argument("name")
@json_option
def retire(name: str, as_json: bool) -> None:
    """Take a channel out of use. Refused while posts are planned on it."""
    with opened_desk() as desk, writing(desk) as (session, at):
        one = channels.find_channel_named(session, name)
        channel_settings.retire(session, one.id, at)
        _tell(one, as_json)


@channel.command("bring-back")
@click.argument("name")
@json_option
def bring_back(name: str, as_json: bool) -> None:
    """Take a retired channel into use again."""
    with opened_desk() as desk, writing(desk) as (session, _):
        one = channel_settings.find_retired(session, name)
        channel_settings.bring_back(session, one.id)
        _tell(one, as_json)


@channel.command()
@click.argument("name")
@click.argument("times", nargs=-1, metavar="[DAYS HH:MM]...")
@click.option("--none", "clear", is_flag=True, help="Take all weekly times away.")
@json_option
def slots(name: str, times: tuple[str, ...], clear: bool, as_json: bool) -> None:
    """Show a channel's weekly times, or set them: "mon-fri 09:00" "sat 11:30"."""
    with opened_desk() as desk, writing(desk) as (session, _):
        wanted = {slot for text in times for slot in weekly.parse(text)}
        one = channels.find_channel_named(session, name)
        if wanted or clear:
            channels.set_slots(session, one.id, wanted)
            session.flush()
        kept = weekly.slots_as_text(channels.weekly_slots(session, one.id))
        zone = preferences.zone(session, desk.settings).key
    if as_json:
        print_json({"channel": one.name, "zone": zone, "slots": kept})
    else:
        said = ", ".join(kept) or "no weekly times yet"
        click.echo(f"{one.name} ({zone}): {said}")


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise Refused(
            f"“{_shown(text)}” is no FIELD=VALUE: write --set server=https://…"
        )
    return field, _from_stdin(field) if value == "-" else value


def _shown(text: str) -> str:
    """Enough to know it by: it may be a secret typed in the wrong place."""
    return text if len(text) < 12 else text[:4] + "…"


def _from_stdin(field: str) -> str:
    """One line; asked for without showing it where a person types."""
    if sys.stdin.isatty():
        value: str = click.prompt(field, hide_input=True, err=True)
        return value
    line = sys.stdin.readline().strip()
    if not line:
        raise Refused(f"Nothing came in on standard input for {field}.")
    return line


def _who(one: Channel) -> str:
    software = " ".join(filter(None, [one.software, one.version])) or one.platform
    return f"{one.account_name} on {software}, {_class(one, one.exactly_once)}"


def _class(one: Channel, by_check: str) -> str:
    """What holds; and what the check says, where an admin set another."""
    if one.exactly_once_override is None:
        return f"class {by_check}"
    return f"class {one.exactly_once_override} by hand, {by_check} by the check"


def _tell(one: Channel, as_json: bool) -> None:
    if as_json:
        print_json(channel_json(one))
    else:
        click.echo(f"{one.name} is {working_state(one)}: {_who(one)}.")


def _checked(one: Channel, account: Account) -> Json:
    software = " ".join(filter(None, [account.software, account.version]))
    return {
        "name": one.name,
        "ok": True,
        "says": f"{account.name} on {software}, {_class(one, account.exactly_once)}",
        **account_json(account),
    }


def _refused(one: Channel, why: str) -> Json:
    return {"name": one.name, "ok": False, "says": why}
