"""`desk read` and `desk draft`: an article as the desk reads it, and its posts."""

from __future__ import annotations

import click

from commands.opening import now, opened, source_of
from commands.printing import Json, json_option, moment, print_json
from desk import channels
from desk.articles import drafting
from desk.desk import Desk
from desk.models import Channel
from desk.reading import Reading
from desk.reading import read as read_article
from desk.writing.style import Style


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@json_option
def read(source: str, as_json: bool) -> None:
    """Show an article as the desk reads it."""
    text = source_of(source)
    with opened() as desk:
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
    with opened() as desk:
        at = now(desk)
        chosen = _chosen(desk, names)
        reading = read_article(text, desk.fetcher, at)
        posts = [_draft_json(desk, channel, reading) for channel in chosen]
    if as_json:
        print_json(posts)
    else:
        for post in posts:
            _print_draft(post)


def reading_json(reading: Reading) -> Json:
    return {
        "headline": reading.headline,
        "standfirst": reading.standfirst,
        "authors": list(reading.authors),
        "section": reading.section,
        "topics": list(reading.topics),
        "language": reading.language,
        "published_at": _published(reading),
        "link": reading.link,
        "image": reading.image_url,
        "caption": reading.caption,
        "credit": reading.credit,
        "alt": reading.alt,
        "subheadings": list(reading.subheadings),
        "paragraphs": list(reading.paragraphs),
        "warnings": list(reading.warnings),
    }


def _published(reading: Reading) -> str | None:
    """A day stays one: it is no moment."""
    at = reading.published_at
    return str(at.date()) if at and reading.only_day else moment(at)


def _chosen(desk: Desk, names: tuple[str, ...]) -> list[Channel]:
    with desk.db.reading() as session:
        if not names:
            return channels.listed(session)
        return [channels.named(session, name) for name in names]


def _draft_json(desk: Desk, channel: Channel, reading: Reading) -> Json:
    style = Style.of(channel.style)
    connector = channels.connect(desk, channel)
    made = drafting.draft(desk, reading, connector, now(desk), style, channel.name)
    return {
        "channel": channel.name,
        "platform": channel.platform,
        "text": made.text,
        "link": made.link,
        "image": reading.image_url,
        "alt": made.alt,
        "length": made.length,
        "limit": made.limit,
        "candidates": [
            {"text": one.text, "kind": str(one.kind), "sources": list(one.sources)}
            for one in made.candidates
        ],
        "warnings": list(filter(None, [*made.warnings, made.not_offered])),
    }


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
