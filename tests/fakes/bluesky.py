"""A strict Bluesky server on the loopback, stricter than the real one about facets.

In a test:  with BlueskyFake() as fake: ...

Every accepted post is in the log, one JSON line each, before its answer leaves.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from tests.fakes import troubles
from tests.fakes.allowance import Allowance
from tests.fakes.bluesky_lexicon import POSTS, Json, faults
from tests.fakes.bluesky_repo import DID, TID, Refused, Repo, seen, uri
from tests.fakes.platform import Case, Kind, Seen, Trouble

HANDLE = "desk.example"
PASSWORD = "abcd-efgh-ijkl-mnop"
PUBLISHING = "POST /xrpc/com.atproto.repo.putRecord"
POINTS = 2  # that a putRecord costs
HOUR = timedelta(hours=1)
LOGINS, LOGIN_WINDOW_S = 30, 300


class BlueskyFake:
    """The server. `expect` says what the next requests meet."""

    def __init__(self, log: Path | None = None) -> None:
        self.repo = Repo()
        self.log = log
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.access_lasts_s = 7200
        self.logins: list[float] = []
        self.allowance: Allowance | None = None  # of points; None: it limits nobody
        self.sessions: dict[str, float] = {}  # access token -> when it ends
        self.refreshing: dict[str, str] = {}  # refresh token -> its successor
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._expected: list[Trouble] = []
        self._requests: list[str] = []
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._up = False

    def __enter__(self) -> BlueskyFake:
        self._thread.start()
        self._up = True
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    @property
    def lacks(self) -> dict[Case, str]:
        return {}

    def credentials(self) -> dict[str, str]:
        return {"server": self.address, "handle": HANDLE, "app_password": PASSWORD}

    def published(self) -> list[Seen]:
        with self.lock:
            return [seen(one) for one in self.repo.records.values()]

    def expect(self, *expected: Trouble) -> None:
        with self.lock:
            self._expected += expected

    def allow(self, posts: int) -> None:
        self.allowance = Allowance(POINTS * posts, HOUR, lambda: datetime.now(UTC))

    def requests(self) -> list[str]:
        """Every request but those for a session, which the desk keeps."""
        return [one for one in self._requests if "Session" not in one or "get" in one]

    def vanish(self) -> None:
        self.stopping.set()
        if self._up:
            self._up = False
            self._server.shutdown()
            self._server.server_close()

    def forget_sessions(self) -> None:
        """As a server does that was given a new signing key."""
        with self.lock:
            self.sessions.clear()
            self.refreshing.clear()

    def meets(self, request: str) -> Trouble | None:
        """Take the first trouble that waits for such a request."""
        with self.lock:
            self._requests.append(request)
            for trouble in self._expected:
                if trouble.meets(request, PUBLISHING):
                    self._expected.remove(trouble)
                    return trouble
        return None

    def begin(self) -> Json:
        """A new session: an access token that ends, and one to refresh it with."""
        access = token(time.time() + self.access_lasts_s, len(self.sessions))
        refresh = token(time.time() + 90 * 86400, len(self.sessions), "refresh")
        self.sessions[access] = time.time() + self.access_lasts_s
        self.refreshing[refresh] = ""
        return {
            "did": DID,
            "handle": HANDLE,
            "accessJwt": access,
            "refreshJwt": refresh,
            "active": True,
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    fake: BlueskyFake

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(cast(Any, request), cast(Any, client_address))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> BlueskyFake:
        return cast(_Server, self.server).fake

    def log_message(self, *_: object) -> None:
        """Nothing: a test run has words enough."""

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        trouble = self.fake.meets(f"{self.command} {self.path}")
        if trouble is None:
            self._send(*self._route(body))
        else:
            self._misbehave(trouble, body)

    def _misbehave(self, trouble: Trouble, body: bytes) -> None:
        if trouble.kind is Kind.DIFFERENT:
            status, told = self._route(body)
            self._send(status, {**told, "uri": uri("2222222222222")})
            return
        right = json.dumps(self._route(body)[1]).encode() if trouble.accepted else b"{}"
        troubles.answer(self, trouble, right, self.fake.stopping)
        if trouble.late:
            self.fake.stopping.wait(trouble.late)
            self._route(body)

    def _send(self, status: int, answer: Json) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        allowance = self.fake.allowance
        if allowance and self.path.endswith(".putRecord"):
            reset = int(allowance.reset_at.timestamp())
            self.send_header("ratelimit-limit", str(allowance.limit))
            self.send_header("ratelimit-remaining", str(allowance.left))
            self.send_header("ratelimit-reset", str(reset))
            self.send_header("ratelimit-policy", f"{allowance.limit};w=3600")
        self.end_headers()
        self.wfile.write(data)

    def _route(self, body: bytes) -> tuple[int, Json]:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        try:
            with self.fake.lock:
                return 200, self._answer(parts.path.rpartition("/")[2], query, body)
        except Refused as error:
            return error.status, error.answer
        except (ValueError, KeyError, TypeError) as error:
            return 400, {"error": "InvalidRequest", "message": str(error)}

    def _answer(self, method: str, query: dict[str, str], body: bytes) -> Json:
        match f"{self.command} {method}":
            case "POST com.atproto.server.createSession":
                return self._sign_in(json.loads(body))
            case "POST com.atproto.server.refreshSession":
                return self._refresh()
            case "GET com.atproto.server.describeServer":
                return {"did": "did:web:fake.example", "blobUploadLimit": 5_242_880}
            case "GET _health":
                return {"version": "0.5.35"}
            case "GET com.atproto.identity.resolveHandle":
                if query["handle"] != HANDLE:
                    raise Refused(400, "InvalidRequest", "Unable to resolve handle")
                return {"did": DID}
            case "GET com.atproto.repo.getRecord":
                return self._record(query)
        self._authorize()
        match f"{self.command} {method}":
            case "GET com.atproto.server.getSession":
                return {"did": DID, "handle": HANDLE, "active": True}
            case "POST com.atproto.repo.uploadBlob":
                return self._upload(body)
            case "POST com.atproto.repo.putRecord":
                return self._put(json.loads(body))
        raise Refused(501, "MethodNotImplemented")

    def _bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _authorize(self) -> None:
        if not self._bearer():
            raise Refused(401, "AuthMissing", "Authentication Required")
        ends = self.fake.sessions.get(self._bearer())
        if ends is None:
            raise Refused(400, "InvalidToken", "Token could not be verified")
        if ends <= time.time():
            raise Refused(400, "ExpiredToken", "Token has expired")

    def _sign_in(self, asked: Json) -> Json:
        fake, now = self.fake, time.time()
        fake.logins = [one for one in fake.logins if one > now - LOGIN_WINDOW_S]
        if len(fake.logins) >= LOGINS:
            raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
        fake.logins.append(now)
        if (asked["identifier"], asked["password"]) not in (
            (HANDLE, PASSWORD),
            (DID, PASSWORD),
        ):
            told = "Invalid identifier or password"
            raise Refused(401, "AuthenticationRequired", told)
        return fake.begin()

    def _refresh(self) -> Json:
        """Rotates; an old token keeps working for a while and gives the same one."""
        fake = self.fake
        if self._bearer() not in fake.refreshing:
            raise Refused(400, "ExpiredToken", "Token has been revoked")
        successor = fake.refreshing[self._bearer()]
        if not successor:
            successor = json.dumps(fake.begin())
            fake.refreshing[self._bearer()] = successor
        return cast(Json, json.loads(successor))

    def _record(self, query: dict[str, str]) -> Json:
        if query["repo"] != DID:
            raise Refused(502, "UpstreamFailure", "Upstream service unreachable")
        found = self.fake.repo.records.get(query["rkey"])
        if found is None or query["collection"] != POSTS:
            raise Refused(400, "RecordNotFound", "Could not locate record")
        return found

    def _upload(self, body: bytes) -> Json:
        media_type = self.headers.get("Content-Type", "")
        if not media_type.startswith("image/"):
            raise Refused(400, "InvalidMimeType", "Not an image")
        return {"blob": self.fake.repo.upload(body, media_type)}

    def _put(self, asked: Json) -> Json:
        if self.fake.allowance and not self.fake.allowance.spend(POINTS):
            raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
        if asked["repo"] != DID or asked["collection"] != POSTS:
            raise Refused(400, "InvalidRequest", "Not this account's repository")
        if not TID.fullmatch(asked["rkey"]):
            raise Refused(400, "InvalidRequest", "Invalid TID string")
        if wrong := faults(asked["record"], self.fake.repo.blobs):
            raise Refused(400, "InvalidRequest", f"Invalid {POSTS} record: {wrong}")
        known = asked["rkey"] in self.fake.repo.records
        put = self.fake.repo.put(asked["rkey"], asked)
        if not known and self.fake.log:
            with self.fake.log.open("a") as log:
                log.write(json.dumps(put) + "\n")
        return {"uri": put["uri"], "cid": put["cid"], "validationStatus": "valid"}


def token(ends: float, number: int, scope: str = "appPass") -> str:
    """As unsigned as a fake may be, and with an end that can be read."""
    body = {
        "scope": f"com.atproto.{scope}",
        "sub": DID,
        "exp": int(ends),
        "jti": number,
    }
    parts = ({"typ": "JWT"}, body, {"sig": number})
    encoded = (base64.urlsafe_b64encode(json.dumps(one).encode()) for one in parts)
    return ".".join(one.decode().rstrip("=") for one in encoded)


@contextmanager
def open_fake(folder: Path) -> Iterator[BlueskyFake]:
    """What the contract suite asks every fake module for."""
    with BlueskyFake(log=folder / "published.jsonl") as fake:
        yield fake
