"""Live updates: tells signed-in browsers that something changed, and who else is here.

A process of its own (`web.live:create_app()`), in which one thread tells all streams,
see `web/streams.py`. The browser comes to its own port of the same host, or through the
proxy that stands in front of the desk; where neither works, pages ask `/version`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
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
from desk.models.people import Session as SignedIn
from web import current, forms, guards, metrics, presence
from web.app_factory import bare_app
from web.presence import Here, Seat, Seats
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
    seat: Seat | None = None  # of a page that shows a share
    ends_at: float = field(default_factory=lambda: monotonic() + STREAM_LASTS_S)
    seen: int = -1
    told_at: float = field(default_factory=monotonic)

    def hear(self, version: int, here: Here, at: float) -> None:
        """`here`: who is at the share of its page."""
        if at > self.ends_at:
            self.stream.end()
        elif news := "".join(self._news(version, here)):
            self._told(news, at)
        elif at - self.told_at > PING_EVERY_S:
            self._told(": still here\n\n", at)

    def _news(self, version: int, here: Here) -> Iterator[str]:
        if version != self.seen:
            self.seen = version
            yield f"event: version\ndata: {version}\n\n"
        if self.seat is None:
            return
        if self.seat.told is None:
            yield f"event: seat\ndata: {self.seat.key}\n\n"
        its = presence.others(here, self.user_id)
        if self.seat.told != its:
            self.seat.told = its
            yield presence.as_event(its)

    def _told(self, what: str, at: float) -> None:
        self.stream.tell(what)
        self.told_at = at


class Watch:
    """One thread: it looks at the desk's version, and tells all streams of it.

    And of whoever else has the same share open. All of them are signed in still: a
    stream ends with its sign-in.
    """

    def __init__(self, desk: Desk, every_s: float = LOOK_EVERY_S) -> None:
        self._desk, self._every_s = desk, every_s
        self._changing = threading.Lock()
        self._listeners: list[Listener] = []
        self._started = False
        self.seats = Seats()

    def admit(self, one: Listener) -> None:
        """One more stream; another gives way where there are too many."""
        if one.seat:
            self.seats.take(one.seat)
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
        seats = self.seats.taken(monotonic())
        try:
            with self._desk.db.reading() as session:
                version = report.version(session)
                lived_by = {one.session_id for one in listeners}
                lived_by |= {one.session_id for one in seats}
                signed_in = people.open_sessions(session, lived_by, now(session))
        except SQLAlchemyError as error:
            log.warning("the database does not answer; looking again", why=str(error))
            for one in listeners:
                one.hear(one.seen, (one.seat and one.seat.told) or (), monotonic())
            return
        here = presence.here(one for one in seats if one.session_id in signed_in)
        for one in listeners:
            if one.session_id in signed_in:
                at_its = here.get(one.seat.share_id, ()) if one.seat else ()
                one.hear(version, at_its, monotonic())
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
    app.add_url_rule("/live/here", view_func=here, methods=["POST"])
    app.add_url_rule("/healthz", view_func=healthz)
    metrics.add(app)
    return app


def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


def events() -> Response:
    """A stream of versions, for ten minutes; the browser then comes again.

    Where its page shows a share (`?share=`), of who else has that open as well.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not _ours(origin):
        return _told(403, "This stream is for the desk's own pages.")
    with current.reading() as at:
        token = request.cookies.get(guards.cookie_name(), "")
        session = people.signed_in(at.session, token, at.now)
    if session is None:
        return _told(401, "Sign in first.")
    watch: Watch = current_app.extensions["watch"]
    person, sign_in, seat = session.user_id, session.id, _seat(session)
    take_over(
        request.environ, lambda it: watch.admit(Listener(person, sign_in, it, seat))
    )
    begun = iter(("retry: 2000\n\n",))  # of no known length: it goes on
    return _shared(Response(begun, mimetype="text/event-stream"))


def here() -> Response:
    """A page speaks up at its seat, whose key it alone knows. Asks no database."""
    origin = request.headers.get("Origin")
    if origin is not None and not _ours(origin):
        return _told(403, "This is for the desk's own pages.")
    watch: Watch = current_app.extensions["watch"]
    tab, writes = forms.number(forms.value_of("tab")), forms.value_of("writes")
    if watch.seats.hear(forms.value_of("seat"), tab or 0, bool(writes), monotonic()):
        return _shared(Response(status=204))
    return _told(404, "This page has no seat any more: its next stream gives it one.")


def _seat(session: SignedIn) -> Seat | None:
    share_id = forms.number(request.args.get("share", ""))
    if share_id is None:
        return None
    who = session.user
    return Seat(who.id, session.id, who.name, share_id, monotonic())


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
