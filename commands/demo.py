"""`desk demo`: a whole desk in a folder of its own, one article, real publishing."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from commands.bootstrap import (
    Refused,
    now,
    open_desk,
    read_settings,
    sentences,
    source_of,
    writing,
)
from commands.embedded import CantEmbed
from commands.printing import json_option, print_json, print_rows
from commands.processes import NoProcfile
from commands.supervising import Supervisor, interruptible, supervised
from commands.up import environment_of, ready
from connectors import installed
from desk import (
    articles,
    channels,
    db,
    heartbeats,
    preferences,
    report,
    scheduling,
    wakeup,
)
from desk.config import Settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.people.actors import Actor
from desk.reading import File
from desk.report.shapes import post_json
from desk.shapes import Json

AHEAD = timedelta(seconds=3)
READY_S = 60.0
PATIENCE_S = 120.0
SHOWN = (  # of a post that was sent
    "channel",
    "platform",
    "state",
    "due_at",
    "published_at",
    "lateness_s",
    "url",
)
OVER = (State.PUBLISHED, State.FAILED, State.MISSED, State.CANCELLED)


@dataclass(frozen=True)
class Account:
    """A channel of the real desk, as much of it as a demo needs."""

    platform: str
    name: str
    values: dict[str, str]


@click.command()
@click.argument("source", required=False, metavar="[FILE|URL|-]")
@click.option(
    "--channel",
    "names",
    multiple=True,
    help="Publish for real to this channel of the desk too.",
)
@click.option("--keep", is_flag=True, help="Leave the demo running until Ctrl-C.")
@json_option
def demo(source: str | None, names: tuple[str, ...], keep: bool, as_json: bool) -> None:
    """Publish an article to paper, in a temporary desk; exit 0 when all is out.

    The real database and channels are only ever read.
    """
    text = source_of(source) if source else _sample()
    posts: list[Post] = []
    with interruptible(), sentences(), _demo_desk(served=keep) as (desk, supervisor):
        try:
            accounts = _real_accounts(names)
            with supervised(supervisor):
                posts = _published(desk, supervisor, accounts, text)
                _print(desk, posts, as_json)
                if keep:
                    _leave_running(desk, supervisor)
        except (CantEmbed, NoProcfile) as error:
            raise Refused(str(error)) from error
        except KeyboardInterrupt:
            if not posts:
                raise Refused("The demo was stopped before it was over.") from None
    if not posts or any(post.state != State.PUBLISHED for post in posts):
        sys.exit(1)


def _leave_running(desk: Desk, supervisor: Supervisor) -> None:
    supervisor.until(lambda: ready(desk.settings), READY_S)
    _say(f"\nThe page: {desk.settings.address}/paper. Ctrl-C ends it.")
    supervisor.until(lambda: False, float("inf"))


@contextmanager
def _demo_desk(served: bool) -> Iterator[tuple[Desk, Supervisor]]:
    """A desk in a temporary folder, on ports of its own; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="standfirst-demo-"))
    try:
        settings = _settings(folder)
        desk = open_desk(settings)
        environment = environment_of(settings)
        for name in ("DATABASE_URL", "REDIS_URL", "STANDFIRST_KEYS"):
            environment.pop(name, None)
        environment["STANDFIRST_PUBLIC_URL"] = settings.public_url
        without = () if served else ("web", "live")
        yield desk, Supervisor(settings, environment, without=without, err=True)
        desk.db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path) -> Settings:
    web, live = _free_ports(2)
    return Settings(
        home=folder,
        database_url="",
        redis_url="",
        keys="",
        host="127.0.0.1",
        port=web,
        live_port=live,
        public_url="",
    )


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _real_accounts(names: Sequence[str]) -> list[Account]:
    """The channels that were named, with their secrets, from the real desk."""
    if not names:
        return []
    settings = read_settings()
    if not settings.database_url and not (settings.home / "desk.sqlite3").exists():
        raise Refused(
            f"There is no desk in {settings.home}, so it has no channel {names[0]}: "
            "add it with “desk channel add”, or set STANDFIRST_HOME."
        )
    desk = Desk.open(settings, installed())
    with desk.db.reading() as session:
        found = [channels.find_channel_named(session, name) for name in names]
    accounts = [
        Account(one.platform, one.name, dict(channels.connect(desk, one).credentials))
        for one in found
        if not desk.connectors[one.platform].built_in
    ]
    desk.db.engine.dispose()
    return accounts


def _published(
    desk: Desk, supervisor: Supervisor, accounts: Sequence[Account], text: str | File
) -> list[Post]:
    for account in accounts:
        _say(f"Checking {account.name} …")
        channels.add(desk, account.platform, account.name, account.values, now(desk))
    _say("Reading the article …")
    taken = articles.take(desk, text, now(desk), None)
    _say("Waiting for the clock and the worker …")
    if not supervisor.until(lambda: _working(desk), READY_S):
        raise Refused("The demo's clock and worker did not start; see above.")
    ids = _scheduled(desk, taken.article_id)
    _say(f"{len(ids)} posts are due in {AHEAD.total_seconds():.0f} s …")
    supervisor.until(lambda: _over(desk, ids), PATIENCE_S)
    return _found(desk, ids)


def _working(desk: Desk) -> bool:
    with desk.db.reading() as session:
        at = db.now(session)
        return all(
            heartbeats.alive(session, kind, at)
            for kind in ("clock", "publish", "reconcile")
        )


def _scheduled(desk: Desk, article_id: int) -> list[int]:
    with writing(desk) as (session, at):
        drafts = report.list_posts(session, article_id=article_id)
        when = scheduling.At(at + AHEAD)
        for post in drafts:
            scheduling.schedule(
                desk, session, post.id, when, now=at, by=Actor("the demo")
            )
        ids = [post.id for post in drafts]
    wakeup.call_and_wait(desk.settings)
    return ids


def _over(desk: Desk, ids: Sequence[int]) -> bool:
    return all(
        post.state in OVER or post.needs_person or post.triage
        for post in _found(desk, ids)
    )


def _found(desk: Desk, ids: Sequence[int]) -> list[Post]:
    with desk.db.reading() as session:
        return [_loaded(session, post_id) for post_id in sorted(ids)]


def _loaded(session: Session, post_id: int) -> Post:
    return report.account(session, post_id).post


def _print(desk: Desk, posts: Sequence[Post], as_json: bool) -> None:
    if as_json:
        print_json([_shown(post) for post in posts])
        return
    zone = preferences.zone_of(desk)
    rows = [_row(post, zone) for post in posts]
    print_rows(("channel", "due", "published", "lateness", "url"), rows)
    for post in posts:
        click.echo(f"\n{post.channel.name} says:\n{post.text}")
        for name, value in (("link", post.link), ("alt", post.alt)):
            if value:
                click.echo(f"[{name}] {value}")


def _row(post: Post, zone: ZoneInfo) -> tuple[str, ...]:
    late = report.lateness_s(post)
    return (
        post.channel.name,
        _clock(post.due_at, zone),
        _clock(post.published_at, zone) or f"{post.state}: {post.reason}",
        f"{late:.3f} s" if late is not None else "",
        report.public_url(post) or "",
    )


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S %Z}" if at else ""


def _shown(post: Post) -> Json:
    whole = post_json(post)
    return {name: whole[name] for name in SHOWN}


def _sample() -> str:
    return files("desk").joinpath("samples", "article.txt").read_text()


def _say(line: str) -> None:
    click.echo(line, err=True)
