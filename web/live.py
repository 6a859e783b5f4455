"""Live updates: tells signed-in browsers that something changed, and nothing more.

A process of its own (`web.live:create_app()`), in which one thread tells all streams,
see `web/streams.py`. The browser comes to its own port of the same host, or through the
proxy that stands in front of the desk; where neither works, pages ask `/version`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic

import structlog
from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from connectors.base import Connector
from desk import people, report
from desk.config import Settings
from desk.db import now
from desk.desk import Desk
from web import current, forms, guards, metrics
from web.app_factory import bare_app
from web.streams import Stream, take_over

LOOK_EVERY_S = 0.5
PING_EVERY_S = 5.0  # and so soon is it noticed that a browser has gone
STREAM_LASTS_S = 600.0
MOST_STREAMS = 12  # of one person
WATCH = "watch"  # the thread's name

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Listener:
    """One open stream, and the sign-in that it lives by."""

    user_id: int
    session_id: int
    stream: Stream
    ends_at: float = field(default_factory=lambda: monotonic() + STREAM_LASTS_S)
    seen: int = -1
    told_at: float = field(default_factory=monotonic)

    def hear(self, version: int, at: float) -> None:
        if at > self.ends_at:
            self.stream.end()
        elif version != self.seen:
            self._told(f"event: version\ndata: {version}\n\n", at)
            self.seen = version
        elif at - self.told_at > PING_EVERY_S:
            self._told(": still here\n\n", at)

    def _told(self, what: str, at: float) -> None:
        self.stream.tell(what)
        self.told_at = at


class Watch:
    """One thread: it looks at the desk's version, and tells all streams of it.

    And whether those who listen are signed in still: a stream ends with its sign-in.
    """

    def __init__(self, desk: Desk, every_s: float = LOOK_EVERY_S) -> None:
        self._desk, self._every_s = desk, every_s
        self._changing = threading.Lock()
        self._listeners: list[Listener] = []
        self._started = False

    def admit(self, one: Listener) -> None:
        """One more stream; another gives way where there are too many."""
        with self._changing:
            self._listeners = [other for other in self._listeners if other.stream.open]
            if gives_way := who_gives_way(self._listeners, one):
                self._listeners.remove(gives_way)
            self._listeners.append(one)
            starts, self._started = not self._started, True
        if gives_way:
            gives_way.stream.end()
        if starts:
            threading.Thread(target=self._look, name=WATCH, daemon=True).start()

    def _look(self) -> None:
        while listeners := self._still_open():
            self._tell(listeners)
            time.sleep(self._every_s)

    def _still_open(self) -> list[Listener]:
        """None: nobody looks any more, until the next one comes."""
        with self._changing:
            self._listeners = [one for one in self._listeners if one.stream.open]
            self._started = bool(self._listeners)
            return list(self._listeners)

    def _tell(self, listeners: Collection[Listener]) -> None:
        try:
            with self._desk.db.reading() as session:
                version = report.version(session)
                lived_by = {one.session_id for one in listeners}
                signed_in = people.open_sessions(session, lived_by, now(session))
        except SQLAlchemyError as error:
            log.warning("the database does not answer; looking again", why=str(error))
            for one in listeners:
                one.hear(one.seen, monotonic())
            return
        for one in listeners:
            if one.session_id in signed_in:
                one.hear(version, monotonic())
            else:
                one.stream.end()


def who_gives_way(listeners: Collection[Listener], to: Listener) -> Listener | None:
    """A person's oldest to their own; else the oldest of whoever has most."""
    many = Counter(one.user_id for one in listeners)
    if many[to.user_id] >= MOST_STREAMS:
        whose = to.user_id
    elif len(listeners) >= to.stream.room:
        whose = many.most_common(1)[0][0]
    else:
        return None
    return next(one for one in listeners if one.user_id == whose)


def create_app(
    settings: Settings | None = None,
    connectors: Mapping[str, type[Connector]] | None = None,
) -> Flask:
    """The live process, as gunicorn starts it: `web.live:create_app()`."""
    app = bare_app(settings or Settings(), "live", connectors)
    app.extensions["watch"] = Watch(app.extensions["desk"])
    app.add_url_rule("/live/events", view_func=events)
    app.add_url_rule("/healthz", view_func=healthz)
    metrics.add(app)
    return app


def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


def events() -> Response:
    """A stream of versions, for ten minutes; the browser then comes again."""
    origin = request.headers.get("Origin")
    if origin is not None and not _ours(origin):
        return _told(403, "This stream is for the desk's own pages.")
    with current.reading() as at:
        token = request.cookies.get(guards.cookie_name(), "")
        session = people.signed_in(at.session, token, at.now)
    if session is None:
        return _told(401, "Sign in first.")
    watch: Watch = current_app.extensions["watch"]
    person, sign_in = session.user_id, session.id
    take_over(request.environ, lambda it: watch.admit(Listener(person, sign_in, it)))
    begun = iter(("retry: 2000\n\n",))  # of no known length: it goes on
    return _shared(Response(begun, mimetype="text/event-stream"))


def _ours(origin: str) -> bool:
    """The dashboard's own address: the same host on its port, or the public one."""
    settings = current.settings()
    asked = forms.split(f"//{request.host}").hostname
    told = forms.split(origin)
    same_host = told.hostname == asked and (told.port or 80) == settings.port
    return origin == settings.address or (told.scheme == "http" and same_host)


def _told(status: int, sentence: str) -> Response:
    return _shared(Response(sentence, status=status, mimetype="text/plain"))


def _shared(answer: Response) -> Response:
    """With the sign-in cookie, and only to the desk's own pages."""
    origin = request.headers.get("Origin")
    if origin and _ours(origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Vary"] = "Origin"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
