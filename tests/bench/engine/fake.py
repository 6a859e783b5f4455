"""A platform that takes its time, and notes when each request was there whole.

As a process: python -m tests.bench.engine.fake 3000 3001
The second port is a host of its own, where posts hang. GET /log tells every post.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time

ANSWER_S = 0.2
HANG_S = 30.0

# who asks: the token of a Mastodon account, or that of OAuth 1.0a or 2 on X
_WHO = re.compile(
    rb"^authorization:[^\r]*?(?:bearer |oauth_token=\")([\w-]+)", re.I | re.M
)
_KEY = re.compile(rb"^idempotency-key: *([^\r]+)", re.I | re.M)
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.I | re.M)
_CLOSE = re.compile(rb"^connection: *close", re.I | re.M)

INSTANCE = {
    "version": "4.4.2",
    "source_url": "https://github.com/mastodon/mastodon",
}


class Platform:
    """What it has been sent: by whom, under which key, and when."""

    def __init__(self) -> None:
        self.posts: list[tuple[float, str, str, int]] = []  # at, who, key, status
        self.dead: set[str] = set()  # tokens that are refused

    def answer(self, method: str, path: str, who: str, key: str, body: bytes) -> Answer:
        if method == "POST" and path in ("/api/v1/statuses", "/2/tweets"):
            return self._posted(path, who, key, body)
        return 200, self._told(path, who)

    def _posted(self, path: str, who: str, key: str, body: bytes) -> Answer:
        status = 401 if who in self.dead else 200
        self.posts.append((time.time(), who, key, status))
        if status == 401:
            return 401, {"error": "The access token is invalid"}
        number, sent = str(len(self.posts)), json.loads(body)
        if path == "/2/tweets":
            return 201, {"data": {"id": number, "text": sent["text"]}}
        return 200, {
            "id": number,
            "url": f"http://127.0.0.1/@{who}/{number}",
            "created_at": "2026-11-23T12:00:00.000Z",
            "content": f"<p>{sent['status']}</p>",
            "visibility": sent.get("visibility", "public"),
            "media_attachments": [],
        }

    def _told(self, path: str, who: str) -> object:
        number = str(int(who.encode().hex() or "0", 16))  # every token, an account
        match path.partition("?")[0].strip("/").split("/"):
            case ["log"]:
                return self.posts
            case ["refuse", token]:
                self.dead.add(token)
            case ["api", "v1", "accounts", "verify_credentials"]:
                return {"id": number, "acct": who, "statuses_count": 0}
            case ["api", "v2", "instance"]:
                return INSTANCE
            case ["2", "users", "me"]:
                return {"data": {"id": number, "username": who}}
        return {}


Answer = tuple[int, object]


class Line(asyncio.Protocol):
    """One connection; kept alive unless its user wants it closed."""

    def __init__(self, platform: Platform, hangs: bool) -> None:
        self._platform = platform
        self._wait_s = HANG_S if hangs else ANSWER_S
        self._had = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._had += data
        head, whole, rest = self._had.partition(b"\r\n\r\n")
        told = _LENGTH.search(head)
        length = int(told[1]) if told else 0
        if not whole or len(rest) < length:
            return
        self._had = rest[length:]
        self._heard(head, rest[:length])

    def _heard(self, head: bytes, body: bytes) -> None:
        method, path = head.split(b" ", 2)[:2]
        answer = self._platform.answer(
            method.decode(), path.decode(), _found(_WHO, head), _found(_KEY, head), body
        )
        closes = _CLOSE.search(head) is not None
        if method == b"POST":
            loop = asyncio.get_running_loop()
            loop.call_later(self._wait_s, self._send, answer, closes)
        else:
            self._send(answer, closes)

    def _send(self, answer: Answer, closes: bool) -> None:
        if self._transport.is_closing():
            return
        body = json.dumps(answer[1]).encode()
        head = (
            f"HTTP/1.1 {answer[0]} Said\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Connection: {'close' if closes else 'keep-alive'}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        if closes:
            self._transport.close()


def _found(pattern: re.Pattern[bytes], head: bytes) -> str:
    match = pattern.search(head)
    return match[1].decode() if match else ""


async def serve(port: int, hanging: int) -> None:
    loop, platform = asyncio.get_running_loop(), Platform()
    gc.disable()  # a pause of ours would look like lateness of theirs
    for one, hangs in ((port, False), (hanging, True)):
        await loop.create_server(
            lambda hangs=hangs: Line(platform, hangs),  # type: ignore[misc]  # its own
            "127.0.0.1",
            one,
            backlog=4096,
        )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
