"""The calls that a fake Mastodon server takes, and what it answers to each."""

from __future__ import annotations

import json
import sys
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, parse_qsl, urlsplit

from werkzeug.formparser import parse_form_data

from tests.fakes import pages, troubles
from tests.fakes.platform import Kind, Trouble
from tests.fakes.timeline import Invalid, Json

if TYPE_CHECKING:
    from tests.fakes.mastodon import MastodonFake

TOKEN = "fake-token-7f3a"
LISTING = "/api/v1/accounts/1/statuses"
MEDIA_TYPES = ["image/jpeg", "image/png", "image/webp"]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    fake: MastodonFake

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(cast(Any, request), cast(Any, client_address))


class Calls(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> MastodonFake:
        return cast(Server, self.server).fake

    def log_message(self, *_: object) -> None:
        """Nothing: a test run has words enough."""

    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Date" or self.fake.habits.dates:
            super().send_header(keyword, value)

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
        if self.path.startswith(LISTING) and isinstance(answer, list):
            self.send_header("Link", pages.links(self.fake.address + LISTING, answer))
        if allowance := self.fake.allowance:
            reset = allowance.reset_at.isoformat(timespec="milliseconds")
            self.send_header("X-RateLimit-Limit", str(allowance.limit))
            self.send_header("X-RateLimit-Remaining", str(allowance.left))
            self.send_header("X-RateLimit-Reset", reset.replace("+00:00", "Z"))
        self.end_headers()
        self.wfile.write(data)

    def _route(self, body: bytes) -> tuple[int, object]:
        path = urlsplit(self.path).path
        public = self._control(path, body) or self._public(path)
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

    def _control(self, path: str, body: bytes) -> tuple[int, object] | None:
        """What tests of other processes ask of the fake itself."""
        match self.command, path:
            case _, "/fake/published":
                return 200, self.fake.timeline.posts
            case "POST", "/fake/expect":
                self.fake.expect(*map(told_trouble, json.loads(body)))
                return 200, {}
            case "POST", "/fake/habits":
                self.fake.become(**json.loads(body))
                return 200, {}
        return None

    def _public(self, path: str) -> tuple[int, object] | None:
        fake = self.fake
        match path:
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
            case ["GET", "api", "v1", "accounts", "verify_credentials" | "1"]:
                return 200, timeline.account()
            case ["GET", "api", "v1", "accounts", "1", "statuses"]:
                return 200, timeline.page(dict(parse_qsl(urlsplit(self.path).query)))
            case ["GET", "api", "v1", "statuses", post_id]:
                if post := timeline.found(post_id):
                    return 200, timeline.shown(post)
            case ["GET", "api", "v1", "statuses", post_id, "source"]:
                post = timeline.found(post_id)
                if post and self.fake.habits.source:
                    return 200, timeline.source(post)
        return 404, {"error": "Record not found"}

    def _create(self, body: bytes) -> tuple[int, object]:
        key = self.headers.get("Idempotency-Key", "")
        post = self.fake.create(self._asked(body), key)
        return self.fake.timeline.way.status, self.fake.timeline.told(post)

    def _asked(self, body: bytes) -> Json:
        if self.headers.get_content_type() == "application/json":
            asked = json.loads(body)
            if not isinstance(asked, dict):
                raise Invalid("Validation failed: not an object")
            return asked
        if self.fake.mode.json_only:
            return {"media_ids": [self.fake.timeline.upload(b"", "", "", "", 0)["id"]]}
        form = parse_qs(body.decode())
        asked = {"status": form.get("status", [""])[0]}
        return asked | {"media_ids": form.get("media_ids[]", [])}

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
                    "supported_mime_types": MEDIA_TYPES,
                    "image_size_limit": 16_777_216,
                    "image_matrix_limit": 33_177_600,
                    "description_limit": 1500,
                },
            },
        }


def told_trouble(told: Json) -> Trouble:
    """A trouble as another process tells it."""
    return Trouble(**{**told, "kind": Kind(told["kind"])})
