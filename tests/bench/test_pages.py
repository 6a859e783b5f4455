"""Compose, inbox and the page of a share, each beside a bare Flask page: 100,000 posts.

The bare page puts the same statements to the same database, by its driver, reads all
rows, and answers with the same letters. Both are asked by turns, through all of WSGI.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder, run_wsgi_app

from desk import db, people, scheduling
from desk.desk import Desk
from desk.models.people import Role
from desk.scheduling import At
from tests import factories
from tests.bench import tables
from tests.bench.engine import filling
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, give_slots, take
from web import compression, create_app

CHANNELS, POSTS = 8, 100_000
ROUNDS = 200

Statement = tuple[str, Any]  # with its values, as the driver gets them


@dataclass
class Page:
    """One page: what it asks, what it says, and how long both kinds took."""

    name: str
    path: str
    asked: list[Statement] = field(default_factory=list)
    said: bytes = b""
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def queries(self) -> int:
        """SQLite is also told how each transaction begins."""
        return sum(query.startswith("SELECT") for query, _ in self.asked)


def test_pages_beside_bare_ones(any_desk: Desk) -> None:
    compose, out = _newsroom(any_desk)
    pages = [
        Page("compose, 8 drafts", f"/shares/{compose}"),
        Page("inbox, 40 stories", "/inbox"),
        Page("share that is out", f"/shares/{out}/posts"),
    ]
    app = create_app(any_desk.settings, {"scripted": Scripted})
    cookie = _signed_in(any_desk)
    engine = app.extensions["desk"].db.engine
    for page in pages:
        _asked(app, page.path, cookie)  # what is made once
        with _recorded(engine) as page.asked:
            page.said = _asked(app, page.path, cookie)[0]
    bare = _bare(engine, pages)

    for _ in range(ROUNDS):
        for page in pages:
            page.ours.append(_asked(app, page.path, cookie)[1])
            page.bare.append(_asked(bare, page.path, cookie)[1])

    engine.dispose()
    for page in pages:
        _show(page, engine.name)


def _newsroom(desk: Desk) -> tuple[int, int]:
    """A share to be written and one that is out, above all that came before."""
    channels = [factories.make_channel(desk, f"Channel {n}") for n in range(CHANNELS)]
    for channel in channels:
        give_slots(desk, channel)
    filling.tell_stories(desk, channels, POSTS // CHANNELS - 2)
    live, written = (drafts(desk, take(desk, number=n)) for n in (-1, -2))
    with desk.db.writing() as session:
        now = db.now(session)
        for post in live:
            scheduling.schedule(desk, session, post.id, At(now), now=now)
    factories.run_due(desk)
    assert {factories.look_up(desk, post.id).state for post in live} == {"published"}
    return written[0].share_id, live[0].share_id


def _signed_in(desk: Desk) -> str:
    editor = factories.make_person(desk, role=Role.EDITOR)
    with desk.db.writing() as session:
        token = people.begin_session(session, editor.id, "bench", db.now(session))
    return f"desk={token}"


def _asked(app: Flask, path: str, cookie: str) -> tuple[bytes, float]:
    """The page, and how many seconds it took."""
    environ = EnvironBuilder(path, headers=[("Cookie", cookie)]).get_environ()
    began = time.perf_counter()
    said, status, _ = run_wsgi_app(app, environ)
    page = b"".join(said)
    took = time.perf_counter() - began
    assert status == "200 OK", (path, status)
    return page, took


@contextmanager
def _recorded(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are made meanwhile."""
    made: list[Statement] = []

    def keep(_: object, __: object, query: str, values: Any, *___: object) -> None:
        made.append((query, values))

    event.listen(engine, "before_cursor_execute", keep)
    yield made
    event.remove(engine, "before_cursor_execute", keep)


def _bare(engine: Engine, pages: list[Page]) -> Flask:
    app = Flask("bare")
    for page in pages:
        app.add_url_rule(page.path, page.name, _view(engine, page))
    return app


def _view(engine: Engine, page: Page) -> Callable[[], str]:
    said = page.said.decode()

    def view() -> str:
        link = engine.raw_connection()
        cursor = link.cursor()
        for query, values in page.asked:
            cursor.execute(query, values)
            cursor.fetchall()
        link.commit()
        link.close()
        return said

    return view


def _show(page: Page, engine: str) -> None:
    sent = len(compression.gzipped(page.said)) / 1000
    title = (
        f"{page.name}, {POSTS:,} posts on {engine}: {page.queries} queries, "
        f"{len(page.said) / 1000:.0f} kB, {sent:.1f} kB sent"
    )
    for name, rank in (("p50", median), ("p95", _p95)):
        rows = [
            (f"bare Flask, {name}", rank(page.bare) * 1000, "ms"),
            (f"ours, {name}", rank(page.ours) * 1000, "ms"),
        ]
        tables.show(title, rows, rows[0][0])


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]
