"""People: readers and writers at the dashboard while posts fall due."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select

from desk import db, people
from desk.lifecycle import State
from desk.models import Post, User
from tests.bench.engine.burst import Burst, Unsound, burst, together
from tests.bench.engine.lateness import Lateness, rank
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.quiet import tree_s
from tests.bench.engine.running import Scene

PAGES = ("/status", "/inbox")  # each reader asks for one after the other, at once
WRITERS = 4
TYPES_EVERY_S = 1.0  # as often as the page saves by itself
PATIENCE_S = 60.0
SHOWN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Answers:
    """What the people were told: seconds a page and a saving, and what failed."""

    pages: list[float] = field(default_factory=list)
    savings: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, into: list[float]) -> Iterator[None]:
        """One answer; what failed took its time, too."""
        began = time.monotonic()
        try:
            yield
        except Failed as failed:
            self.failed.append(str(failed))
        into.append(time.monotonic() - began)


@dataclass(frozen=True)
class Seen:
    """One burst beside so many readers."""

    readers: int
    lateness: Lateness
    pages: int
    p50: float
    p95: float
    saving_p95: float
    failed: tuple[str, ...]
    cpu_ms: float  # of the dashboard's processes, an answer
    others: float  # share of the machine that someone else took

    @classmethod
    def of(cls, readers: int, burst: Burst, told: Answers, cpu_s: float) -> Seen:
        pages, savings = sorted(told.pages), sorted(told.savings)
        return cls(
            readers,
            burst.lateness,
            len(pages),
            rank(pages, 0.5),
            rank(pages, 0.95),
            rank(savings, 0.95),
            tuple(told.failed),
            cpu_s / (len(pages) + len(savings)) * 1000,
            burst.others,
        )

    def __str__(self) -> str:
        return (
            f"{self.readers} readers: {self.pages} pages, p50 {self.p50:.2f}, "
            f"p95 {self.p95:.2f} s; savings p95 {self.saving_p95:.2f} s; "
            f"{len(self.failed)} failed {self.failed[:3]}; posts {self.lateness}; "
            f"{self.cpu_ms:.0f} ms of CPU an answer; others took {self.others:.0%}"
        )


def measure(scene: Scene, posts: int, readers: int) -> Seen:
    """A burst while the readers look and the writers type, from before it on."""
    began = _web_s(scene)
    with at_work(scene.room, readers) as told:
        if not scene.room.wait(lambda: len(told.savings) >= WRITERS, PATIENCE_S):
            raise Unsound(f"Nobody can write: {told.failed}")
        seen = burst(scene, together(scene, posts))
    return Seen.of(readers, seen, told, _web_s(scene) - began)


def _web_s(scene: Scene) -> float:
    pid = scene.room.parts["web"].pid
    return tree_s({pid} if pid else set())


@contextmanager
def at_work(room: Newsroom, readers: int, writers: int = WRITERS) -> Iterator[Answers]:
    told, leave = Answers(), threading.Event()
    threads = [
        threading.Thread(target=_read, args=(Browser(room), told, leave, number))
        for number in range(readers)
    ] + [
        threading.Thread(target=_write, args=(Browser(room), told, leave, post_id))
        for post_id in drafts(room, writers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        leave.set()
        for thread in threads:
            thread.join(PATIENCE_S)


class Browser:
    """One person's, signed in, on one connection that is kept open."""

    def __init__(self, room: Newsroom, person: User | None = None) -> None:
        with room.desk.db.writing() as session:
            now = db.now(session)
            who = person or people.ensure_admin(session, now)
            token = people.begin_session(session, who.id, "bench", now)
        self._cookies = {"desk": token}
        self._at = urlsplit(room.address).netloc
        self._link = HTTPConnection(self._at, timeout=PATIENCE_S)

    def beside(self) -> Browser:
        """Another connection of the same browser."""
        other = copy(self)
        other._link = HTTPConnection(self._at, timeout=PATIENCE_S)
        return other

    def ask(self, method: str, path: str, form: Sequence[tuple[str, str]] = ()) -> str:
        """The page. Raises `Failed` on any answer but a good one."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = {"Cookie": cookies, "HX-Request": "true" if form else "false"}
        if form:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        sent = urlencode(form) if form else None
        try:
            answer, body = self._asked(method, path, sent, head)
        except (OSError, HTTPException) as error:
            raise Failed(f"{path}: {error!r}") from error
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status != 200:
            raise Failed(f"{path}: {answer.status}")
        return body

    def give(self, path: str, kind: str, body: bytes) -> int:
        """How a form of this media type is answered."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = {"Cookie": cookies, "HX-Request": "true", "Content-Type": kind}
        answer, _ = self._asked("POST", path, body, head)
        return answer.status

    def _asked(
        self, method: str, path: str, sent: str | bytes | None, head: dict[str, str]
    ) -> tuple[HTTPResponse, str]:
        """Once more where the server had closed the kept connection meanwhile."""
        for last in (False, True):
            try:
                self._link.request(method, path, sent, head)
                answer = self._link.getresponse()
                return answer, answer.read().decode()
            except ConnectionError:
                self._link.close()
                if last:
                    raise
            except (OSError, HTTPException):
                self._link.close()
                raise
        raise AssertionError


def elsewhere() -> None:
    """People's browsers are not on the desk's machine: there this thread gives way."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class Failed(Exception):
    """What a person got instead of their page."""


def _read(browser: Browser, told: Answers, leave: threading.Event, number: int) -> None:
    elsewhere()
    while not leave.is_set():
        number += 1
        with told.timed(told.pages):
            browser.ask("GET", PAGES[number % len(PAGES)])


def _write(
    browser: Browser, told: Answers, leave: threading.Event, post_id: int
) -> None:
    """Types on, and is saved from the revision that the last answer named."""
    elsewhere()
    revision = 1
    page = browser.ask("GET", f"/posts/{post_id}")
    csrf = TOKEN.search(page)
    assert csrf, page
    its = {name: unescape(value) for name, value in SHOWN.findall(page)}
    shown = {name: value for name, value in its.items() if name.endswith(f"-{post_id}")}
    while not leave.wait(TYPES_EVERY_S):
        typed = {
            "csrf_token": csrf[1],
            f"text-{post_id}": f"The ferry returns, says version {revision}",
            f"revision-{post_id}": str(revision),
        }
        with told.timed(told.savings):
            browser.ask(
                "POST", f"/posts/{post_id}/write", list((shown | typed).items())
            )
            revision += 1


def drafts(room: Newsroom, count: int) -> list[int]:
    """The last drafts that nobody has touched."""
    query = select(Post.id).where(Post.state == State.DRAFT, Post.revision == 1)
    with room.desk.db.reading() as session:
        return list(session.scalars(query.order_by(Post.id.desc()).limit(count)))
