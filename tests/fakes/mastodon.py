"""A strict Mastodon server on the loopback, which can lose answers in every way.

In a test:    with MastodonFake(mode="ignores") as fake: ...
As a process: python -m tests.fakes.mastodon --port 3000 --mode races --log posts.jsonl

Every accepted post is in the log, one JSON line each, before its answer leaves.
Other processes read GET /fake/published, and POST /fake/expect a list of troubles.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from werkzeug.formparser import parse_form_data

from tests.fakes import troubles
from tests.fakes.allowance import Allowance
from tests.fakes.platform import Case, Kind, Seen, Trouble
from tests.fakes.timeline import Invalid, Json, Timeline

TOKEN = "fake-token-7f3a"
WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Mode:
    """How a kind of server treats keys and forms, and what it says it is."""

    honours: bool
    races: bool = False
    json_only: bool = False
    software: str = "mastodon"
    version: str = "4.4.2"  # as the API tells it


MODES = {
    "honours": Mode(honours=True),
    "ignores": Mode(honours=False, software="gotosocial", version="0.19.1"),
    "races": Mode(honours=True, races=True),
    "json-only": Mode(
        honours=True, races=True, json_only=True, software="other", version="4.2.0"
    ),
}


class MastodonFake:
    """The server. `expect` says what the next requests meet."""

    def __init__(
        self, mode: str = "honours", port: int = 0, log: Path | None = None
    ) -> None:
        self.mode = MODES[mode]
        self.bad_token_status = 401
        self.media_v2 = True
        self.media_waits = 0  # polls until an upload is ready
        self.instance_v2 = True
        self.nodeinfo = True
        self.allowance: Allowance | None = None  # of requests; None: it limits nobody
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.timeline = Timeline(self.address, log=log)
        self._expected: list[Trouble] = []
        self._requests: list[str] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._up = False

    def __enter__(self) -> MastodonFake:
        self._thread.start()
        self._up = True
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    @property
    def lacks(self) -> dict[Case, str]:
        return {}

    def credentials(self) -> dict[str, str]:
        return {"server": self.address, "token": TOKEN}

    def published(self) -> list[Seen]:
        return [_seen(post) for post in list(self.timeline.posts)]

    def expect(self, *expected: Trouble) -> None:
        with self._lock:
            self._expected += expected

    def allow(self, posts: int) -> None:
        self.allowance = Allowance(posts, WINDOW, self.timeline.now)

    def requests(self) -> list[str]:
        return [one for one in self._requests if " /fake/" not in one]

    def vanish(self) -> None:
        self.stopping.set()
        if self._up:
            self._up = False
            self._server.shutdown()
            self._server.server_close()

    def meets(self, request: str) -> Trouble | None:
        """Take the first trouble that waits for such a request."""
        with self._lock:
            self._requests.append(request)
            if " /fake/" in request:
                return None
            for trouble in self._expected:
                if trouble.meets(request, "POST /api/v1/statuses"):
                    self._expected.remove(trouble)
                    return trouble
        return None

    def create(self, asked: Json, key: str) -> Json:
        """Publish as this kind of server does, the key heeded or not."""
        if not (self.mode.honours and key):
            return self.timeline.add(asked, key)
        if self.mode.races:
            return self._create_unlocked(asked, key)
        with self.timeline.lock:
            return self._create_unlocked(asked, key)

    def _create_unlocked(self, asked: Json, key: str) -> Json:
        known = self.timeline.known(key)
        if known is not None:
            return known
        if self.mode.races:
            time.sleep(0.05)  # long enough for its twin to look as well
        status = self.timeline.add(asked, key)
        self.timeline.remember(key, status)
        return status


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    fake: MastodonFake

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(cast(Any, request), cast(Any, client_address))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> MastodonFake:
        return cast(_Server, self.server).fake

    def log_message(self, *_: object) -> None:
        """Nothing: a test run has words enough."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.fake.timeline.now(), usegmt=True)

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        trouble = self.fake.meets(f"{self.command} {self.path}")
        if trouble is None:
            status, answer = self._route(body)
            self._send(status, answer)
        else:
            self._misbehave(trouble, body)

    def _misbehave(self, trouble: Trouble, body: bytes) -> None:
        if trouble.kind is Kind.DIFFERENT:
            body = json.dumps({"status": "Other words"}).encode()
            self._send(*self._route(body))
            return
        right = json.dumps(self._route(body)[1]).encode() if trouble.accepted else b"{}"
        troubles.answer(self, trouble, right, self.fake.stopping)
        if trouble.late:
            self.fake.stopping.wait(trouble.late)
            self._route(body)

    def _send(self, status: int, answer: object) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        if allowance := self.fake.allowance:
            reset = allowance.reset_at.isoformat(timespec="milliseconds")
            self.send_header("X-RateLimit-Limit", str(allowance.limit))
            self.send_header("X-RateLimit-Remaining", str(allowance.left))
            self.send_header("X-RateLimit-Reset", reset.replace("+00:00", "Z"))
        self.end_headers()
        self.wfile.write(data)

    def _route(self, body: bytes) -> tuple[int, object]:
        path = urlsplit(self.path).path
        public = self._public(path, body)
        if public is not None:
            return public
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.fake.bad_token_status, {"error": "The access token is invalid"}
        if self.fake.allowance and not self.fake.allowance.spend(1):
            return 429, {"error": "Too many requests"}
        try:
            return self._private(path, body)
        except Invalid as error:
            return 422, {"error": str(error)}
        except ValueError:
            return 400, {"error": "Unparseable request"}

    def _public(self, path: str, body: bytes) -> tuple[int, object] | None:
        fake = self.fake
        match path:
            case "/fake/published":
                return 200, fake.timeline.posts
            case "/fake/expect":
                fake.expect(*[_trouble(one) for one in json.loads(body)])
                return 200, {}
            case "/api/v1/instance":
                return 200, {"version": fake.mode.version, "max_toot_chars": 500}
            case "/api/v2/instance" if fake.instance_v2:
                return 200, self._instance()
            case "/.well-known/nodeinfo" if fake.nodeinfo:
                return 200, {"links": [{"href": f"{fake.address}/nodeinfo/2.0"}]}
            case "/nodeinfo/2.0" if fake.nodeinfo:
                named = {"name": fake.mode.software, "version": fake.mode.version}
                return 200, {"software": named}
        return None

    def _private(self, path: str, body: bytes) -> tuple[int, object]:
        timeline = self.fake.timeline
        match [self.command, *path.strip("/").split("/")]:
            case ["POST", "api", "v1", "statuses"]:
                return self._create(body)
            case ["POST", "api", "v2", "media"] if self.fake.media_v2:
                return self._upload(body)
            case ["POST", "api", "v1", "media"]:
                return self._upload(body)
            case ["GET", "api", "v1", "media", media_id]:
                return self._media(media_id)
            case ["GET", "api", "v1", "accounts", "verify_credentials"]:
                count = len(timeline.posts)
                return 200, {"id": "1", "acct": "desk", "statuses_count": count}
            case ["GET", "api", "v1", "accounts", "1", "statuses"]:
                asked = parse_qs(urlsplit(self.path).query)
                limit = int(asked.get("limit", ["20"])[0])
                return 200, timeline.page(limit, asked.get("max_id", [None])[0])
            case ["GET", "api", "v1", "statuses", post_id, "source"]:
                post = timeline.found(post_id)
                if post:
                    return 200, {"id": post_id, "text": post["text"]}
        return 404, {"error": "Record not found"}

    def _create(self, body: bytes) -> tuple[int, object]:
        key = self.headers.get("Idempotency-Key", "")
        if self.headers.get_content_type() == "application/json":
            return 200, self.fake.create(json.loads(body), key)
        if self.fake.mode.json_only:
            empty = self.fake.timeline.upload(b"", "", "", "", 0)
            return 200, self.fake.create({"media_ids": [empty["id"]]}, key)
        form = parse_qs(body.decode())
        asked: Json = {"status": form.get("status", [""])[0]}
        asked["media_ids"] = form.get("media_ids[]", [])
        return 200, self.fake.create(asked, key)

    def _upload(self, body: bytes) -> tuple[int, object]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        _, form, files = parse_form_data(environ)
        file = files.get("file")
        if file is None or not (file.mimetype or "").startswith("image/"):
            raise Invalid("Validation failed: File type is not supported")
        alt = form.get("description", "")
        if len(alt) > 1500:
            raise Invalid("Validation failed: Description is too long")
        focus = form.get("focus", "0,0")
        if not all(-1 <= float(part) <= 1 for part in focus.split(",")):
            raise Invalid("Validation failed: Focus is invalid")
        timeline, waits = self.fake.timeline, self.fake.media_waits
        with file.stream as stream:
            media = timeline.upload(stream.read(), file.mimetype, alt, focus, waits)
        return (202 if waits else 200), timeline.attachment(media)

    def _media(self, media_id: str) -> tuple[int, object]:
        media = self.fake.timeline.media.get(media_id)
        if media is None:
            return 404, {"error": "Record not found"}
        media["waits"] -= 1
        ready = media["waits"] <= 0
        return (200 if ready else 206), self.fake.timeline.attachment(media)

    def _instance(self) -> Json:
        return {
            "version": self.fake.mode.version,
            "source_url": "https://github.com/mastodon/mastodon"
            if self.fake.mode.software == "mastodon"
            else "https://example.org/source",
            "configuration": {
                "statuses": {
                    "max_characters": self.fake.timeline.limit,
                    "max_media_attachments": 4,
                    "characters_reserved_per_url": 23,
                },
                "media_attachments": {
                    "supported_mime_types": ["image/jpeg", "image/png", "image/webp"],
                    "image_size_limit": 16_777_216,
                    "image_matrix_limit": 33_177_600,
                    "description_limit": 1500,
                },
            },
        }


def _seen(post: Json) -> Seen:
    return Seen(
        remote_id=post["id"],
        url=post["url"],
        text=post["text"],
        link=post["link"],
        alts=tuple(media["alt"] for media in post["media"]),
        at=datetime.fromisoformat(post["at"]),
        key=post["key"],
    )


def _trouble(told: Json) -> Trouble:
    return Trouble(**{**told, "kind": Kind(told["kind"])})


@contextmanager
def open_fake(folder: Path) -> Iterator[MastodonFake]:
    """What the contract suite asks every fake module for."""
    with MastodonFake(log=folder / "published.jsonl") as fake:
        yield fake


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=MODES, default="honours")
    parser.add_argument("--log", type=Path)
    parser.add_argument(
        "--expect", default="[]", help="troubles of the first posts, as a JSON list"
    )
    asked = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with MastodonFake(asked.mode, asked.port, asked.log) as fake:
        fake.expect(*[_trouble(one) for one in json.loads(asked.expect)])
        sys.stdout.write(f"{fake.address}\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
