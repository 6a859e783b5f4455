"""A strict Mastodon server on the loopback, which can lose answers in every way.

In a test:    with MastodonFake("ignores", habits=Habits(lists_lag=40)) as fake: ...
As a process: python -m tests.fakes.mastodon --port 3000 --mode races --log posts.jsonl

Every accepted post is in the log, one JSON line each, with its text as it was sent,
before its answer leaves. Other processes read GET /fake/published, POST /fake/expect
a list of troubles, and POST /fake/habits an object of those that change.
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
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fakes import ids
from tests.fakes.allowance import Allowance
from tests.fakes.habits import Habits
from tests.fakes.mastodon_calls import TOKEN, Calls, Server, told_trouble
from tests.fakes.modes import MODES
from tests.fakes.platform import Case, Seen, Trouble
from tests.fakes.redrawings import named
from tests.fakes.timeline import Json, Timeline

__all__ = [
    "MODES",
    "TOKEN",
    "Habits",
    "MastodonFake",
    "arguments",
    "open_fake",
    "told_habits",
]

WINDOW = timedelta(minutes=5)


class MastodonFake:
    """The server. `expect` says what the next requests meet."""

    def __init__(
        self,
        mode: str = "honours",
        port: int = 0,
        log: Path | None = None,
        habits: Habits | None = None,
    ) -> None:
        self.mode = MODES[mode]
        self.bad_token_status = 401
        self.media_v2 = True
        self.media_waits = 0  # polls until an upload is ready
        self.instance_v2 = True
        self.nodeinfo = True
        self.allowance: Allowance | None = None  # of requests; None: it limits nobody
        self.stopping = threading.Event()
        self._server = Server(("127.0.0.1", port), Calls)
        self._server.fake = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.timeline = Timeline(self.address, log=log, habits=habits or Habits())
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

    @property
    def habits(self) -> Habits:
        return self.timeline.habits

    def become(self, **changed: Any) -> None:
        """Change these habits; old posts are shown in the new way, too."""
        habits = replace(self.habits, **changed)
        named(habits.way)  # a name that nobody knows is told at once
        self.timeline.habits = habits

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
        """Publish as this kind of server does, the key heeded or not: the post."""
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
        post = self.timeline.add(asked, key)
        self.timeline.remember(key, post)
        return post


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


@contextmanager
def open_fake(folder: Path) -> Iterator[MastodonFake]:
    """What the contract suite asks every fake module for."""
    with MastodonFake(log=folder / "published.jsonl") as fake:
        yield fake


def main() -> None:
    asked = arguments().parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with MastodonFake(asked.mode, asked.port, asked.log, told_habits(asked)) as fake:
        fake.expect(*map(told_trouble, json.loads(asked.expect)))
        sys.stdout.write(f"{fake.address}\n")
        sys.stdout.flush()
        ended.wait()


def arguments() -> argparse.ArgumentParser:
    """How a process of its own is told what it is."""
    usual = Habits()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=MODES, default="honours")
    parser.add_argument("--log", type=Path)
    parser.add_argument(
        "--expect", default="[]", help="troubles of the first posts, as a JSON list"
    )
    parser.add_argument("--way", default=usual.way)
    parser.add_argument("--lists-lag", type=float, default=usual.lists_lag)
    parser.add_argument("--count-lag", type=float, default=usual.count_lag)
    parser.add_argument("--no-dates", dest="dates", action="store_false")
    parser.add_argument("--no-source", dest="source", action="store_false")
    parser.add_argument("--hides", default=usual.hides)
    parser.add_argument("--page", type=int, default=usual.page)
    parser.add_argument("--ids", choices=ids.MADE, default=usual.ids)
    parser.add_argument("--people", nargs="*", default=usual.people)
    parser.add_argument("--domains", nargs="*", default=usual.domains)
    return parser


def told_habits(asked: argparse.Namespace) -> Habits:
    told = vars(asked)
    return Habits(**{one.name: told[one.name] for one in fields(Habits)})


if __name__ == "__main__":
    main()
