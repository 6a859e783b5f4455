"""Live updates: tells signed-in browsers that something changed, and nothing more.

A process of its own (`web.live:create_app()`), because every open stream holds a
thread. The browser comes to its own port of the same host, or through the proxy that
stands in front of the desk; where neither works, pages ask `/version` instead.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import structlog
from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.base import Connector
from desk import people, report
from desk.config import Settings
from desk.db import now
from desk.desk import Desk
from web import current, forms, guards, metrics
from web.app_factory import bare_app

LOOK_EVERY_S = 0.5
PING_EVERY_S = 5.0  # and so soon is it noticed that a browser has gone
STREAM_LASTS_S = 600.0
MOST_STREAMS = 12  # of one person
WATCH = "watch"  # the thread's name

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Place:
    """One open stream, and the sign-in that it lives by."""

    session_id: int


class Watch:
    """Looks at the desk's version for all streams of this process together.

    And whether those who listen are signed in still: a stream ends with its sign-in.
    """

    def __init__(self, desk: Desk, every_s: float = LOOK_EVERY_S) -> None:
        self._desk, self._every_s = desk, every_s
        self._changed = threading.Condition()  # its lock is re-entrant
        self._version = -1
        self._started = False
        self._streams: dict[int, deque[Place]] = {}

    def after(self, seen: int, user_id: int, place: Place, patience_s: float) -> int:
        """The version, as soon as it is another than the one seen."""
        self._start()
        with self._changed:
            self._changed.wait_for(
                lambda: self._version != seen or not self.holds(user_id, place),
                patience_s,
            )
            return self._version

    def admit(self, user_id: int, session_id: int) -> Place:
        """A place for one more stream; the person's oldest gives way where needed."""
        place = Place(session_id)
        with self._changed:
            mine = self._streams.setdefault(user_id, deque(maxlen=MOST_STREAMS))
            mine.append(place)
        return place

    def holds(self, user_id: int, place: Place) -> bool:
        with self._changed:
            return place in self._streams.get(user_id, ())

    def leave(self, user_id: int, place: Place) -> None:
        with self._changed:
            if place in self._streams.get(user_id, ()):
                self._streams[user_id].remove(place)

    def _start(self) -> None:
        with self._changed:
            if not self._started:
                self._started = True
                looking = threading.Thread(target=self._look, name=WATCH, daemon=True)
                looking.start()

    def _look(self) -> None:
        while self._is_listened_to():
            try:
                with self._desk.db.reading() as session:
                    found = report.version(session)
                    self._end_signed_out(session)
            except SQLAlchemyError as error:
                log.warning(
                    "the database does not answer; looking again", why=str(error)
                )
                found = self._version
            with self._changed:
                if found != self._version:
                    self._version = found
                    self._changed.notify_all()
            time.sleep(self._every_s)

    def _is_listened_to(self) -> bool:
        """Else nobody looks, and what was seen last says nothing to who comes next."""
        with self._changed:
            self._started = any(self._streams.values())
            self._version = self._version if self._started else -1
            return self._started

    def _end_signed_out(self, session: Session) -> None:
        with self._changed:
            lived_by = {one.session_id for its in self._streams.values() for one in its}
        if not lived_by:
            return
        open_ = people.open_sessions(session, lived_by, now(session))
        if ended := lived_by - open_:
            self._end(ended)

    def _end(self, session_ids: Collection[int]) -> None:
        with self._changed:
            for its in self._streams.values():
                for place in [one for one in its if one.session_id in session_ids]:
                    its.remove(place)
            self._changed.notify_all()


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
    person = session.user_id
    place = watch.admit(person, session.id)
    answer = Response(_stream(watch, person, place), mimetype="text/event-stream")
    answer.call_on_close(lambda: watch.leave(person, place))
    return _shared(answer)


def _stream(watch: Watch, person: int, place: Place) -> Iterator[str]:
    ends_at, seen = time.monotonic() + STREAM_LASTS_S, -1
    yield "retry: 2000\n\n"
    while time.monotonic() < ends_at and watch.holds(person, place):
        found = watch.after(seen, person, place, PING_EVERY_S)
        if found == seen:
            yield ": still here\n\n"
        else:
            yield f"event: version\ndata: {found}\n\n"
        seen = found


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
