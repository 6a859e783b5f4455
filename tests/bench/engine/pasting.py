"""Pasting: people who paste and upload the worst there is, while posts fall due."""

from __future__ import annotations

import io
import secrets
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import docx
from PIL import Image

from desk import posts
from tests.bench.engine.burst import burst, together
from tests.bench.engine.lateness import Lateness, rank
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.people import TOKEN, Browser, at_work, drafts, elsewhere
from tests.bench.engine.quiet import processes
from tests.bench.engine.running import Scene
from tests.bench.engine.watching import pss_mb
from tests.growing import FRAGMENTS

LONGEST = 100_000  # letters of a paste
SIDE = 7_000  # pixels: 49 million in all
DEEP = 60_000  # tags within tags
WEIGHED_EVERY_S = 0.5
PATIENCE_S = 60.0
READERS = 4
FILES = 2  # that an uploader gives by turns; who pastes words has more of them
STORY = "word/document.xml"
NESTED = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f"<w:body>{'<w:sdt>' * DEEP}a{'</w:sdt>' * DEEP}</w:body></w:document>"
)

File = tuple[str, bytes]


@dataclass
class Pasted:
    """What became of what was pasted: how each was answered, and after how long."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    words_s: list[float] = field(default_factory=list)  # of those, for pasted words
    most_mb: float = 0.0  # of all processes of the desk together


@dataclass(frozen=True)
class Seen:
    people: int
    lateness: Lateness
    pages: Sequence[float]
    failed: Sequence[str]
    pasted: Pasted

    @property
    def p95(self) -> float:
        return rank(self.pages, 0.95)

    def __str__(self) -> str:
        given = sorted(self.pasted.seconds)
        said = ", ".join(f"{n} x {s}" for s, n in sorted(self.pasted.statuses.items()))
        return (
            f"{self.people} people pasting: {len(given)} given ({said}), "
            f"p50 {rank(given, 0.5):.1f}, max {given[-1]:.1f} s, "
            f"of words {max(self.pasted.words_s):.1f} s; "
            f"{len(self.pages)} pages p50 {rank(self.pages, 0.5):.2f}, "
            f"p95 {self.p95:.2f} s, {len(self.failed)} failed {self.failed[:3]}; "
            f"at most {self.pasted.most_mb:,.0f} MB; posts {self.lateness}"
        )


def pastes() -> list[str]:
    return ["1 " * 12_000, *(one * (LONGEST // len(one)) for one in FRAGMENTS)]


def word_files() -> list[File]:
    many = docx.Document()
    for _ in range(2_000):
        many.add_paragraph("Aa Bb said “a b c d e f.” " * 2)
    whole = _written(many)
    return [("many.docx", whole), ("deep.docx", _with_story(whole, NESTED))]


def pictures() -> list[File]:
    drawn = Image.new("RGB", (SIDE, SIDE), (43, 80, 200))
    drawn.paste(Image.radial_gradient("L").resize((SIDE, SIDE)))
    made = []
    for name, kind in (("large.png", "PNG"), ("large.jpg", "JPEG")):
        into = io.BytesIO()
        drawn.save(into, kind)
        made.append((name, into.getvalue()))
    return made


def measure(scene: Scene, posts: int, people: int) -> Seen:
    """A burst while so many people give the desk the worst, and a few look on."""
    pasted = Pasted()
    with (
        giving(scene.room, people, pasted),
        at_work(scene.room, READERS, writers=0) as told,
    ):
        burst(scene, together(scene, posts))  # by its end all children are at work
        lateness = burst(scene, together(scene, posts)).lateness
    return Seen(people, lateness, sorted(told.pages), told.failed, pasted)


@contextmanager
def giving(room: Newsroom, people: int, pasted: Pasted) -> Iterator[None]:
    """Every fourth of them uploads pictures, every fourth files; the others paste."""
    leave = threading.Event()
    words, files, drawn = pastes(), word_files(), pictures()
    threads = [threading.Thread(target=_weigh, args=(room, pasted, leave))]
    for number, post_id in enumerate(drafts(room, people)):
        browser = Browser(room)
        where: Callable[[], str] = _inbox
        match number % 4:
            case 0:
                forms = [upload(f"picture-{post_id}", one) for one in drawn]
                where = partial(picture_of, room, post_id)
            case 1:
                forms = [upload("file", one) for one in files]
            case _:
                mine = words[number % len(words) :] + words[: number % len(words)]
                forms = [text("source", one) for one in mine]
        given = (browser, where, forms, pasted, leave)
        threads.append(threading.Thread(target=_give, args=given))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        leave.set()
        for thread in threads:
            thread.join(PATIENCE_S)


Form = tuple[str, bytes]  # its media type, and itself but for the token and the end


def _inbox() -> str:
    return "/articles"


def picture_of(room: Newsroom, post_id: int) -> str:
    """Where a picture of this post goes, with what its page shows by now."""
    with room.desk.db.reading() as session:
        post = posts.find_post(session, post_id)
        shown = {"stood": posts.stands(post), "arranged": posts.arrangement(post)}
    query = urlencode({f"{name}-{post_id}": said for name, said in shown.items()})
    return f"/posts/{post_id}/picture?{query}"


def _give(
    browser: Browser,
    where: Callable[[], str],
    forms: Sequence[Form],
    pasted: Pasted,
    leave: threading.Event,
) -> None:
    elsewhere()
    page = TOKEN.search(browser.ask("GET", "/inbox"))
    assert page
    number = 0
    while not leave.is_set():
        kind, body = forms[number % len(forms)]
        began = time.monotonic()
        sent = body.replace(b"TOKEN", page[1].encode(), 1)
        status = browser.give(where(), kind, sent)
        took = time.monotonic() - began
        pasted.seconds.append(took)
        if len(forms) > FILES:
            pasted.words_s.append(took)
        pasted.statuses[status] += 1
        number += 1


def _weigh(room: Newsroom, pasted: Pasted, leave: threading.Event) -> None:
    while not leave.wait(WEIGHED_EVERY_S):
        roots = {part.pid for part in room.parts.values() if part.pid}
        weights = []
        for pid in processes(roots):
            try:
                weights.append(pss_mb(pid))
            except (OSError, ValueError):
                continue  # ended since
        pasted.most_mb = max(pasted.most_mb, sum(weights))


def upload(name: str, file: File) -> Form:
    head = f'name="{name}"; filename="{file[0]}"\r\nContent-Type: application/x'
    return _form((head, file[1]))


def text(name: str, words: str) -> Form:
    return _form((f'name="{name}"', words.encode()))


def _form(*fields: tuple[str, bytes]) -> Form:
    """A form of parts, with a place for the token in the first."""
    edge = secrets.token_hex(12)
    whole = io.BytesIO()
    for head, value in (('name="csrf_token"', b"TOKEN"), *fields):
        whole.write(f"--{edge}\r\nContent-Disposition: form-data; {head}".encode())
        whole.write(b"\r\n\r\n" + value + b"\r\n")
    whole.write(f"--{edge}--\r\n".encode())
    return f"multipart/form-data; boundary={edge}", whole.getvalue()


def _written(document: docx.document.Document) -> bytes:
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue()


def _with_story(whole: bytes, story: str) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, story if name == STORY else old.read(name))
    return made.getvalue()
