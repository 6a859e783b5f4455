"""`desk post`: make one, list them, show one with its attempts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from commands.bootstrap import BY, opened_desk, writing
from commands.message import accept_file, keep_picture, message_options
from commands.printing import (
    json_option,
    one_line,
    print_json,
    print_rows,
)
from desk import (
    channels,
    db,
    moments,
    posts,
    preferences,
    report,
    scheduling,
    wakeup,
)
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.posts import validation, working_copies
from desk.publishing import live_twice
from desk.report.shapes import account_json, post_json
from desk.scheduling import foreseen


@click.group()
def post() -> None:
    """Posts: one message for one channel each."""


@post.command()
@click.option("--channel", "name", required=True, help="The channel's name.")
@message_options
@click.option("--at", "when", required=True, help="now, 18:30 or tomorrow 9:00.")
@json_option
def add(
    name: str,
    text: str,
    link: str,
    image: Path | None,
    alt: str,
    credit: str,
    when: str,
    idempotency_key: str | None,
    priority: str,
    as_json: bool,
) -> None:
    """Make a post and give it its time."""
    with opened_desk() as desk:
        picture = accept_file(image)
        with writing(desk) as (session, at):
            channel = channels.find_channel_named(session, name)
            made = posts.create(
                session,
                channel.id,
                text=text,
                link=link,
                picture_id=keep_picture(desk, session, picture, at),
                alt=alt,
                credit=credit,
                priority=priority,
                idempotency_key=idempotency_key,
                now=at,
            )
            _schedule(desk, session, made, when, at)
            remarks = _remarks(desk, session, made, at)
            post_id = made.id
        wakeup.call_and_wait(desk.settings)
        _show(desk, post_id, as_json, remarks)


@post.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--channel", "name", help="Only this channel's.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200)
@json_option
def list_(state: str | None, name: str | None, limit: int, as_json: bool) -> None:
    """Posts, the latest due first."""
    with opened_desk() as desk, desk.db.reading() as session:
        channel_id = channels.find_channel_named(session, name).id if name else None
        found = report.list_posts(
            session, state=state, channel_id=channel_id, limit=limit
        )
        zone = preferences.zone(session, desk.settings)
        if as_json:
            print_json([post_json(one) for one in found])
            return
        rows = [
            (
                str(one.id),
                one.channel.name,
                "live twice" if one.twice_url else one.state,
                moments.local(one.due_at, zone) if one.due_at else "",
                one_line(one.text),
            )
            for one in found
        ]
        print_rows(("id", "channel", "state", "due", "text"), rows)


@post.command()
@click.argument("post_id", type=int, metavar="ID")
@json_option
def show(post_id: int, as_json: bool) -> None:
    """One post, every attempt at it, and what happened to it."""
    with opened_desk() as desk:
        _show(desk, post_id, as_json)


def _schedule(
    desk: Desk, session: Session, made: Post, when: str, at: datetime
) -> None:
    """Only the post that this call made: the same key again changes nothing."""
    if made.state != State.DRAFT:
        return
    due_at = moments.parse(when, preferences.zone(session, desk.settings), at)
    chosen = scheduling.Now() if when == "now" else scheduling.At(due_at)
    scheduling.schedule(desk, session, made.id, chosen, now=at, by=BY)


def _remarks(desk: Desk, session: Session, made: Post, at: datetime) -> list[str]:
    """What an editor should know of it, as its card on a screen says it."""
    zone = preferences.zone(session, desk.settings)
    seen = validation.rendered(desk, made, made.text, made.alt)
    return [*foreseen.remarks(desk, session, made, at, zone), *seen.remarks]


def _show(
    desk: Desk, post_id: int, as_json: bool, remarks: list[str] | None = None
) -> None:
    with desk.db.reading() as session:
        account = report.account(session, post_id)
        if as_json:
            told = {} if remarks is None else {"remarks": remarks}
            print_json({**account_json(account), **told})
            return
        at = db.now(session)
        _print_account(account, desk, at, report.silence(session, account.post, at))
    for remark in remarks or ():
        click.echo(f"Note: {remark}")


def _print_account(
    account: report.PostAccount, desk: Desk, at: datetime, silence: str
) -> None:
    one, zone = account.post, preferences.zone_of(desk)
    click.echo(f"Post {one.id} on {one.channel.name}")
    click.echo(report.state_words(one, zone, at))
    if silence:
        click.echo(silence)
    click.echo(f"\n{one.text}")
    for name, value in (("link", one.link), ("alt", one.alt)):
        if value:
            click.echo(f"[{name}] {value}")
    _print_links(one)
    for seen in one.lookalikes:
        click.echo(f"May be it: {seen}")
    for copy in one.copies:
        click.echo(f"{working_copies.writer(one, copy, zone, at)}.")
    for line in account.attempts:
        when = moments.local(line.at, zone)
        click.echo(f"  Attempt {line.number}, {when}: {line.words}")
    for event in account.events:
        click.echo(
            f"  {moments.local(event.at, zone)}  {event.what} {event.who}".rstrip()
        )


def _print_links(one: Post) -> None:
    """Where readers find it, part by part, and which of them is there twice."""
    twice, several = live_twice.double_parts(one), len(one.parts) > 1
    for part in one.parts:
        live = f"Part {part.position} is live at" if several else "Live at"
        if part.url:
            click.echo(f"{live} {part.url}")
        for double in twice:
            if double.part is part:
                click.echo(f"{live} {double.second}, too: delete one of the two")
