"""`desk read` and `desk draft`: an article as the desk reads it, and its posts."""

from __future__ import annotations

from datetime import datetime

import click

from commands.bootstrap import now, opened_desk, source_of
from commands.printing import json_option, print_json
from desk import channels
from desk.articles import drafting
from desk.articles.shapes import draft_json
from desk.desk import Desk
from desk.models import Channel
from desk.reading import Reading
from desk.reading import read as read_article
from desk.reading.shapes import reading_json
from desk.shapes import Json
from desk.writing.style import Style


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@json_option
def read(source: str, as_json: bool) -> None:
    """Show an article as the desk reads it."""
    text = source_of(source)
    with opened_desk() as desk:
        reading = read_article(text, desk.fetcher, now(desk))
    if as_json:
        print_json(reading_json(reading))
    else:
        _print_reading(reading)


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@click.option("--channel", "names", multiple=True, help="Only for this channel.")
@json_option
def draft(source: str, names: tuple[str, ...], as_json: bool) -> None:
    """Show the posts the desk would make from an article. Keeps nothing."""
    text = source_of(source)
    with opened_desk() as desk:
        at = now(desk)
        chosen = _chosen(desk, names)
        reading = read_article(text, desk.fetcher, at)
        posts = [_drafted(desk, channel, reading, at) for channel in chosen]
    if as_json:
        print_json(posts)
    else:
        for post in posts:
            _print_draft(post)


def _chosen(desk: Desk, names: tuple[str, ...]) -> list[Channel]:
    with desk.db.reading() as session:
        if not names:
            return channels.list_channels(session)
        return [channels.find_channel_named(session, name) for name in names]


def _drafted(desk: Desk, channel: Channel, reading: Reading, at: datetime) -> Json:
    style = Style.of(channel.style)
    connector = channels.connect(desk, channel)
    made = drafting.draft(desk, reading, connector, at, style, channel.name)
    return draft_json(made, channel, reading)


def _print_reading(reading: Reading) -> None:
    for name, value in reading_json(reading).items():
        if name in ("paragraphs", "warnings") or not value:
            continue
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name:>12}  {shown}")
    click.echo()
    for block in reading.blocks:
        click.echo(f"{'## ' if block.kind == 'subheading' else ''}{block.text}\n")
    for warning in reading.warnings:
        click.echo(f"Note: {warning}", err=True)


def _print_draft(post: Json) -> None:
    count = f"{post['length']} of {post['limit']}"
    click.echo(f"== {post['channel']} ({post['platform']}), {count}\n")
    click.echo(post["text"])
    for name in ("link", "image", "alt"):
        if post[name]:
            click.echo(f"[{name}] {post[name]}")
    for candidate in post["candidates"]:
        click.echo(f"  - {candidate['kind']}: {candidate['text']}")
    for warning in post["warnings"]:
        click.echo(f"Note: {warning}", err=True)
    click.echo()
