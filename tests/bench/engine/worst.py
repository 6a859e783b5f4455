"""The worst, one by one: how long each takes to be answered, and what others notice."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from PIL import Image

from desk import db, people
from desk.models import User
from desk.models.people import Role
from tests.bench.engine import pasting
from tests.bench.engine.lateness import rank
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.people import TOKEN, Browser, at_work, drafts, elsewhere
from tests.growing import HEADLINE

PICTURES = 16  # that one person gives at once
PHOTO = (4_000, 3_000)  # of a telephone
TRIES, AGAIN_S = 8, 4.0  # of another person's photo, and how long after the last one
READERS = 2
TAKEN = 200  # in place, with what changed


@dataclass(frozen=True)
class Given:
    """How one thing was answered, and after how long."""

    what: str
    status: int
    seconds: float


@dataclass(frozen=True)
class Seen:
    words: Sequence[Given]
    pictures: Sequence[Given]
    photo: Sequence[Given]  # another person's, until it was taken
    pages: Sequence[float]  # what others waited for a page meanwhile
    failed: Sequence[str]

    @property
    def slowest(self) -> Given:
        return max(self.words, key=lambda one: one.seconds)

    @property
    def taken_at_once(self) -> bool:
        return len(self.photo) == 1 and self.photo[0].status == TAKEN

    def __str__(self) -> str:
        late, large = self.slowest, max(one.seconds for one in self.pictures)
        tried = ", ".join(f"{one.status} in {one.seconds:.1f} s" for one in self.photo)
        return (
            f"{len(self.words)} pastes, one by one: {_statuses(self.words)}, p50 "
            f"{rank(sorted(one.seconds for one in self.words), 0.5):.2f}, longest "
            f"{late.seconds:.2f} s ({late.what!r}); {len(self.pictures)} pictures of "
            f"one person at once: {_statuses(self.pictures)}, longest {large:.1f} s; "
            f"another's photo: {tried}; {len(self.pages)} pages p50 "
            f"{rank(self.pages, 0.5):.2f}, p95 {rank(self.pages, 0.95):.2f}, max "
            f"{max(self.pages):.2f} s, {len(self.failed)} failed {self.failed[:3]}"
        )


@dataclass
class Giver:
    """Someone who gives the desk things, on as many connections as it takes."""

    room: Newsroom
    person: User
    token: str = field(init=False)
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.room, self.person)
        page = TOKEN.search(self.browser.ask("GET", "/inbox"))
        assert page
        self.token = page[1]

    def paste(self, words: str) -> Given:
        what = f"{words.removeprefix(HEADLINE).strip()[:20]}×{len(words):,}"
        return self._give(what, "/articles", pasting.text("source", words))

    def upload(self, post_id: int, file: pasting.File) -> Given:
        """On a connection of its own, in the same browser."""
        where = pasting.picture_of(self.room, post_id)
        form = pasting.upload(f"picture-{post_id}", file)
        return self._give(file[0], where, form, self.browser.beside())

    def _give(
        self, what: str, where: str, form: pasting.Form, by: Browser | None = None
    ) -> Given:
        kind, body = form
        began = time.monotonic()
        sent = body.replace(b"TOKEN", self.token.encode(), 1)
        status = (by or self.browser).give(where, kind, sent)
        return Given(what, status, time.monotonic() - began)


def measure(room: Newsroom) -> Seen:
    """Each paste is a person's of its own: nothing is held against its giver yet."""
    worst = pasting.pastes()
    first, other, *givers = (
        Giver(room, _invited(room, f"Person {number}"))
        for number in range(2 + len(worst))
    )
    *posts, last = drafts(room, PICTURES + 1)
    with at_work(room, READERS, writers=0) as told:
        words = [
            giver.paste(f"{HEADLINE}\n\n{one}")
            for giver, one in zip(givers, worst, strict=True)
        ]
        with ThreadPoolExecutor(PICTURES, initializer=elsewhere) as tabs:
            large = pasting.pictures()
            given = [
                tabs.submit(first.upload, post_id, large[number % len(large)])
                for number, post_id in enumerate(posts)
            ]
            time.sleep(0.5)
            photo = list(_tried(other, last))
            pictures = [one.result() for one in given]
    return Seen(words, pictures, photo, sorted(told.pages), told.failed)


def _tried(giver: Giver, post_id: int) -> Iterator[Given]:
    """As a person does who is told to come again: until it is taken."""
    drawn = Image.radial_gradient("L").resize(PHOTO).convert("RGB")
    into = io.BytesIO()
    drawn.save(into, "JPEG")
    for number in range(TRIES):
        time.sleep(AGAIN_S if number else 0)
        given = giver.upload(post_id, ("photo.jpg", into.getvalue()))
        yield given
        if given.status == TAKEN:
            return


def _statuses(given: Sequence[Given]) -> str:
    counted = sorted(Counter(one.status for one in given).items())
    return ", ".join(f"{n} x {status}" for status, n in counted)


def _invited(room: Newsroom, name: str) -> User:
    email = f"{name.replace(' ', '').lower()}@paper.org"
    with room.desk.db.writing() as session:
        now = db.now(session)
        return people.invite(session, email, name, Role.EDITOR, now)[0]
