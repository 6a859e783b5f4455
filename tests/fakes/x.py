"""A strict X on the loopback: signatures are checked, and answers can be lost.

In a test:    with XFake() as fake: ...          with the four OAuth 1.0a keys
              with XFake(oauth=2) as fake: ...   with tokens that end and rotate
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.fakes import troubles
from tests.fakes.allowance import Allowance
from tests.fakes.platform import Case, Kind, Seen, Trouble
from tests.fakes.x_access import CLIENT_ID, KEYS, Access, Refused
from tests.fakes.x_posts import ACCOUNT, PLACE, Json, Posts, invalid

WINDOW = 15 * 60
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Heard:
    """One request, whole."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes


class XFake:
    """The server. `expect` says what the next requests meet."""

    def __init__(
        self, oauth: int = 1, port: int = 0, log: Path | None = None, allowed: int = 100
    ) -> None:
        self.oauth = oauth
        self.allowed = allowed  # posts in a quarter of an hour
        self.app_day: Allowance | None = None  # of all accounts of the app
        self.fields = "post.fields"  # the name that it knows for them
        self.premium = "None"
        self.dates = True  # answers have a Date header
        self.access = Access()
        self.token, self.refresh_token = self.access.grant()
        self.posts = Posts(log)
        self.heard: list[Heard] = []
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._expected: list[Trouble] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._up = False

    def __enter__(self) -> XFake:
        self._thread.start()
        self._up = True
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    @property
    def lacks(self) -> dict[Case, str]:
        return {}

    def credentials(self) -> dict[str, str]:
        """What a newsroom would have typed when it connected the channel."""
        if self.oauth == 1:
            return {"server": self.address, **KEYS}
        return {
            "server": self.address,
            "client_id": CLIENT_ID,
            "oauth2_access_token": self.token,
            "refresh_token": self.refresh_token,
        }

    def published(self) -> list[Seen]:
        return [_seen(post) for post in list(self.posts.posts)]

    def expect(self, *expected: Trouble) -> None:
        with self._lock:
            self._expected += expected

    def allow(self, posts: int) -> None:
        self.allowed = len(self.posts.posts) + posts

    def allow_app(self, posts: int) -> None:
        """The same for the app in a day, whichever account posts."""
        self.app_day = Allowance(posts, DAY, self.posts.now)

    def requests(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.heard]

    def vanish(self) -> None:
        self.stopping.set()
        if self._up:
            self._up = False
            self._server.shutdown()
            self._server.server_close()

    def meets(self, heard: Heard) -> Trouble | None:
        """Take the first trouble that waits for such a request."""
        request = f"{heard.method} {heard.path}"
        with self._lock:
            self.heard.append(heard)
            for trouble in self._expected:
                if trouble.meets(request, "POST /2/tweets"):
                    self._expected.remove(trouble)
                    return trouble
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    fake: XFake

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(cast(Any, request), cast(Any, client_address))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> XFake:
        return cast(_Server, self.server).fake

    def log_message(self, *_: object) -> None:
        """Nothing: a test run has words enough."""

    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Date" or self.fake.dates:
            super().send_header(keyword, value)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.fake.posts.now(), usegmt=True)

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        heard = Heard(self.command, self.path, dict(self.headers), body)
        trouble = self.fake.meets(heard)
        if trouble is None:
            self._send(*self._answer(body))
        else:
            self._misbehave(trouble, body)

    def _misbehave(self, trouble: Trouble, body: bytes) -> None:
        if trouble.kind is Kind.DIFFERENT:
            self._send(*self._answer(b'{"text": "Other words"}'))
            return
        right = json.dumps(self._answer(body)[1]).encode() if trouble.accepted else b""
        troubles.answer(self, trouble, right or b"{}", self.fake.stopping)
        if trouble.late:
            self.fake.stopping.wait(trouble.late)
            self._answer(body)

    def _send(self, status: int, answer: object) -> None:
        data = json.dumps(answer).encode()
        kind = "application/problem+json" if status >= 400 else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        left = max(0, self.fake.allowed - len(self.fake.posts.posts))
        reset = int(self.fake.posts.now().timestamp()) + WINDOW
        self.send_header("x-rate-limit-limit", str(self.fake.allowed))
        self.send_header("x-rate-limit-remaining", str(left))
        self.send_header("x-rate-limit-reset", str(reset))
        if day := self.fake.app_day:
            ends = int(day.reset_at.timestamp())
            self.send_header("x-app-limit-24hour-limit", str(day.limit))
            self.send_header("x-app-limit-24hour-remaining", str(day.left))
            self.send_header("x-app-limit-24hour-reset", str(ends))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, body: bytes) -> tuple[int, object]:
        path = urlsplit(self.path).path
        told = self.headers.get("Authorization", "")
        try:
            if path == "/2/oauth2/token":
                return 200, self.fake.access.refresh(body.decode(), told)
            uri = f"{self.fake.address}{self.path}"
            self.fake.access.admit(self.command, uri, told)
            return self._route(path, body)
        except Refused as error:
            return error.status, error.body

    def _route(self, path: str, body: bytes) -> tuple[int, object]:
        posts = self.fake.posts
        query = {name: one[0] for name, one in parse_qs(self._query).items()}
        match self.command, path:
            case "POST", "/2/tweets":
                self._within_limits()
                return 201, {"data": posts.add(self._json(body))}
            case "POST", "/2/media/upload":
                return 200, {"data": posts.upload(self._json(body))}
            case "GET", "/2/media/upload":
                return 200, {"data": posts.polled(query.get("media_id", ""))}
            case "POST", "/2/media/metadata":
                return 200, {"data": posts.describe(self._json(body))}
            case "GET", "/2/users/me":
                return 200, {"data": self._me(query)}
            case "GET", place if place == f"/2/users/{ACCOUNT}/tweets":
                return 200, self._page(query)
        raise Refused(404, "Not Found", "Not Found")

    @property
    def _query(self) -> str:
        return urlsplit(self.path).query

    def _json(self, body: bytes) -> Json:
        """JSON alone: a form may hold no post and no picture here."""
        if self.headers.get_content_type() != "application/json":
            raise Refused(415, "Unsupported Media Type", "Send application/json.")
        try:
            asked = json.loads(body)
        except ValueError:
            raise invalid("The body is not JSON.") from None
        if not isinstance(asked, dict):
            raise invalid("The body is not an object.")
        return asked

    def _within_limits(self) -> None:
        day = self.fake.app_day
        full = len(self.fake.posts.posts) >= self.fake.allowed
        if full or (day and not day.spend(1)):
            raise Refused(429, "Too Many Requests", "Too Many Requests")

    def _me(self, query: Mapping[str, str]) -> Json:
        self._known(query, {"user.fields"})
        whole = {
            "id": ACCOUNT,
            "username": "desk",
            "name": "The Desk",
            "public_metrics": {"tweet_count": self.fake.posts.count()},
            "subscription_type": self.fake.premium,
        }
        asked = {"id", "username", "name", *query.get("user.fields", "").split(",")}
        return {name: whole[name] for name in whole if name in asked}

    def _page(self, query: Mapping[str, str]) -> Json:
        self._known(query, {"max_results", "pagination_token", self.fake.fields})
        size = int(query.get("max_results", "10"))
        if not 5 <= size <= 100:
            raise invalid("The `max_results` query parameter value is not valid")
        fields = set(query.get(self.fake.fields, "").split(","))
        return self.fake.posts.page(size, query.get("pagination_token", ""), fields)

    def _known(self, query: Mapping[str, str], known: set[str]) -> None:
        if unknown := set(query) - known:
            raise invalid(f"The query parameter [{min(unknown)}] is not one of {known}")


def _seen(post: Json) -> Seen:
    return Seen(
        remote_id=post["id"],
        url=f"{PLACE}{post['id']}",
        text=post["text"],
        link=post["link"],
        alts=tuple(post["alts"]),
        at=datetime.fromisoformat(post["at"]),
    )


@contextmanager
def open_fake(folder: Path) -> Iterator[XFake]:
    """What the contract suite asks every fake module for."""
    with XFake(log=folder / "published.jsonl") as fake:
        yield fake
