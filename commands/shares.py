"""`desk share`: say one thing on several channels, and show what became of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from textwrap import indent

import click
from sqlalchemy.orm import Session

from commands.bootstrap import BY, opened_desk, writing
from commands.message import accept_file, keep_picture, message_options
from commands.printing import json_option, one_line, print_json, print_rows
from desk import channels, moments, preferences, scheduling, shares, wakeup
from desk.conflicts import mark
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Share
from desk.scheduling import NextSlot, Now, When, campaigns, share_times
from desk.scheduling.campaigns import Campaign, Wanted
from desk.scheduling.shapes import step_json
from desk.shares import commenting, fitting, making
from desk.shares.editing import Shown
from desk.shares.making import New
from desk.shares.shapes import share_json


@click.group()
def share() -> None:
    """Shares: one message for several channels."""


@share.command()
@click.option("--channel", "names", multiple=True, required=True, help="Each channel.")
@message_options
@click.option("--label", "labels", multiple=True, help="A word to find it by.")
@click.option("--note", default="", help="For colleagues; never sent.")
@click.option(
    "--at",
    "when",
    default="",
    help="now, next (each channel's free slot), 18:30, tomorrow 9:00 or "
    "2026-11-22 18:30; without it drafts are made.",
)
@json_option
def add(
    names: tuple[str, ...],
    text: str,
    link: str,
    image: Path | None,
    alt: str,
    credit: str,
    labels: tuple[str, ...],
    note: str,
    when: str,
    idempotency_key: str | None,
    priority: str,
    as_json: bool,
) -> None:
    """Make a post of it on each of these channels."""
    with opened_desk() as desk:
        picture = accept_file(image)
        with writing(desk) as (session, at):
            its = [channels.find_channel_named(session, name) for name in names]
            picture_id = keep_picture(desk, session, picture, at)
        fitted = fitting.of_picture(desk, picture_id, its)
        shown = (Shown(picture_id, alt, credit),) if picture_id else ()
        new = New(text, link, shown, priority=priority, note=note, labels=labels)
        with writing(desk) as (session, at):
            made = making.make_share(
                desk,
                session,
                new,
                [channel.id for channel in its],
                now=at,
                by=BY,
                fitted=fitted,
                idempotency_key=idempotency_key,
            )
            if when:
                _schedule(desk, session, made, when, at)
        wakeup.call_and_wait(desk.settings)
        _show(desk, made.id, as_json)


@share.command()
@click.argument("share_id", type=int, metavar="ID")
@json_option
def show(share_id: int, as_json: bool) -> None:
    """What it says, where its posts stand, and what colleagues say about it."""
    with opened_desk() as desk:
        _show(desk, share_id, as_json)


@share.command()
@click.argument("article_id", type=int, metavar="ARTICLE")
@click.option("--shares", "number", default=3, show_default=True, help="How many.")
@click.option(
    "--days", default=3, show_default=True, help="From the first to the last."
)
@click.option("--dry-run", is_flag=True, help="Show it, and make nothing.")
@json_option
def campaign(
    article_id: int, number: int, days: int, dry_run: bool, as_json: bool
) -> None:
    """Plan several shares of one article over days, each in other words.

    Drafts of it that wait are its first share.
    """
    with opened_desk() as desk:
        wanted = Wanted(number, days)
        found = campaigns.plan(desk, article_id, wanted, by=BY, pictured=not dry_run)
        if dry_run:
            _show_planned(desk, found, as_json)
            return
        seen = mark(found.stood)
        with writing(desk) as (session, at):
            made = campaigns.make(desk, session, found, now=at, by=BY, over=seen)
            ids = [one.id for one in made.shares]
        wakeup.call_and_wait(desk.settings)
        _show_made(desk, ids, as_json)


def _show_planned(desk: Desk, found: Campaign, as_json: bool) -> None:
    with desk.db.reading() as session:
        zone = preferences.zone(session, desk.settings)
        names = {one.id: one.name for one in channels.list_channels(session)}
    if as_json:
        print_json([step_json(step, names) for step in found.steps])
        return
    rows = [
        (
            str(number),
            names[channel_id],
            moments.local(at, zone) if at else "no free slot",
            one_line(step.said),
        )
        for number, step in enumerate(found.steps, 1)
        for channel_id, at in step.slots.items()
    ]
    print_rows(("share", "channel", "due", "text"), rows)
    if refusal := campaigns.why_not(found):
        raise refusal


def _show_made(desk: Desk, ids: list[int], as_json: bool) -> None:
    if not as_json:
        for one in ids:
            _show(desk, one, as_json)
        return
    with desk.db.reading() as session:
        its = [(shares.find_share(session, one), one) for one in ids]
        print_json([share_json(a, shares.posts_of(session, b)) for a, b in its])


@share.command()
@click.argument("share_id", type=int, metavar="ID")
@click.argument("text")
@click.option(
    "--once", "idempotency_key", help="Made once, however often this is typed."
)
def comment(share_id: int, text: str, idempotency_key: str | None) -> None:
    """Say something about it to colleagues; it is never sent."""
    with opened_desk() as desk, writing(desk) as (session, at):
        commenting.add_comment(
            session, share_id, text, now=at, by=BY, idempotency_key=idempotency_key
        )
    click.echo(f"Commented on share {share_id}.")


def _schedule(
    desk: Desk, session: Session, made: Share, when: str, at: datetime
) -> None:
    """Its drafts only: the same key again changes nothing."""
    chosen = _time(desk, session, made, when, at)
    for post in shares.posts_of(session, made.id):
        if post.state == State.DRAFT:
            scheduling.schedule(desk, session, post.id, chosen, now=at, by=BY)


def _time(desk: Desk, session: Session, made: Share, when: str, at: datetime) -> When:
    if when == "now":
        return Now()
    if when == "next":
        return NextSlot()
    due_at = moments.parse(when, preferences.zone(session, desk.settings), at)
    share_times.pick_time(desk, session, made.id, due_at, made.revision, now=at, by=BY)
    return share_times.time_of(made)


def _show(desk: Desk, share_id: int, as_json: bool) -> None:
    with desk.db.reading() as session:
        found = shares.find_share(session, share_id)
        its = shares.posts_of(session, share_id)
        said = commenting.list_comments(session, share_id)
        if as_json:
            print_json(share_json(found, its, said))
            return
        zone = preferences.zone(session, desk.settings)
        click.echo(f"Share {found.id}\n\n{found.text}")
        rows = [
            (
                str(one.id),
                one.channel.name,
                one.state,
                moments.local(one.due_at, zone) if one.due_at else "",
                one_line(one.text),
            )
            for one in its
        ]
        print_rows(("id", "channel", "state", "due", "text"), rows)
        for one in said:
            at = moments.local(one.written_at, zone)
            click.echo(f"\n{one.who}, {at}\n{indent(one.text, '  ')}")
