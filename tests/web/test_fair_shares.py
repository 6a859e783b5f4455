"""Fair shares: whoever pastes once is read, whatever others keep pasting."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from desk.models.people import Role
from tests.web.test_dawdlers import process

ATTACKERS = 6
AT_ONCE = 3  # pastes of each of them
LINKS = 24  # of one person, at once
PASTES = 3  # of one who is honest
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
WORST = ("a\n\n" * 330_000, "By Aa Bb\n" * 110_000, "Aa Bb. " * 14_000)
HONEST = (
    "Museum reopens after {}\n\nThe city museum reopened on Friday after two years of "
    "repairs, its director said. Visitors queued from dawn.\n\nEntry is free in June."
)


class Site:
    """One that has its connections, and answers none until it is told to."""

    def __init__(self) -> None:
        self._at = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.address = f"127.0.0.1:{self._at.getsockname()[1]}"
        self.asked: list[socket.socket] = []
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self.asked.append(self._at.accept()[0])

    def close(self) -> None:
        self._at.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        self._at.close()
        for one in self.asked:
            one.close()


class Browser:
    """Someone who is signed in at a dashboard's own process."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._cookies = port, {"desk": token}
        self._form = ""

    def again(self) -> Browser:
        """The same person in another one."""
        return Browser(self._port, self._cookies["desk"])

    def paste(self, words: str) -> tuple[int, str]:
        """Status and page; the words are as a form sends them."""
        if not self._form:
            found = TOKEN.search(self._asked("GET", "/inbox", "")[1])
            assert found is not None
            self._form = found[1]
        form = f"csrf_token={quote_plus(self._form)}&source={words}"
        return self._asked("POST", "/articles", form)

    def _asked(self, method: str, path: str, body: str) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={kept}" for name, kept in self._cookies.items())
        head = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        head["Origin"] = f"http://127.0.0.1:{self._port}"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, head)
        answer = connection.getresponse()
        for said in answer.headers.get_all("Set-Cookie", []):
            name, _, kept = said.partition(";")[0].partition("=")
            self._cookies[name] = kept
        page = answer.read().decode()
        connection.close()
        return answer.status, page


@pytest.fixture
def site() -> Iterator[Site]:
    with closing(Site()) as made:
        yield made


@pytest.fixture
def browsers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Site
) -> Iterator[list[Browser]]:
    monkeypatch.setenv("STANDFIRST_UPLOADS", "100000")
    monkeypatch.setenv("STANDFIRST_FETCH_ALLOW", site.address)
    with process("web", tmp_path) as (port, _):
        settings = Settings(home=tmp_path, database_url="", redis_url="")
        tokens = [signed_in(settings, number) for number in range(ATTACKERS + 1)]
        yield [Browser(port, token) for token in tokens]


def signed_in(settings: Settings, number: int) -> str:
    desk = Desk.open(settings, {})
    with desk.db.writing() as session:
        now = db.now(session)
        email = f"editor{number}@paper.org"
        user, _ = people.invite(session, email, f"Editor {number}", Role.EDITOR, now)
        return people.begin_session(session, user.id, "Firefox on Linux", now)


@contextmanager
def attacking(browsers: list[Browser]) -> Iterator[None]:
    """Each pastes the worst, several at once, again and again until the end."""
    over, crowded = threading.Event(), threading.Event()

    def attack(browser: Browser, words: str) -> None:
        pasted = quote_plus(f"Headline\n\n{words}")
        while not over.wait(0.05):
            if browser.paste(pasted)[0] == 422:
                crowded.set()

    with ExitStack() as held:
        for browser in browsers:
            for words in WORST[:AT_ONCE]:
                thread = threading.Thread(target=attack, args=(browser.again(), words))
                thread.start()
                held.callback(thread.join)
        held.callback(over.set)
        crowded.wait(30)  # one of them was told to come again
        yield


def test_who_pastes_once_is_read_while_six_paste_the_worst(
    browsers: list[Browser],
) -> None:
    *attackers, honest = browsers

    with attacking(attackers):
        answers = [
            honest.paste(quote_plus(HONEST.format(number)))[0]
            for number in range(PASTES)
        ]

    assert answers == [303] * PASTES


def test_links_to_a_site_that_is_slow_keep_one_thread_each_person_waiting(
    browsers: list[Browser], site: Site
) -> None:
    attacker, honest = browsers[:2]
    link = quote_plus(f"http://{site.address}/story")

    with ThreadPoolExecutor(LINKS) as tabs:
        pasted = [tabs.submit(attacker.again().paste, link) for _ in range(LINKS)]
        answer = honest.paste(quote_plus(HONEST.format(1)))[0]
        pages = [one.result()[1] for one in pasted]

    assert answer == 303
    assert len(site.asked) == 1
    assert sum("still waits for another site" in page for page in pages) == LINKS - 1
    assert all(f"{site.address}/story" in page for page in pages if "still" in page)
