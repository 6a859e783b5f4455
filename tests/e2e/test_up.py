"""`desk up` and `desk demo` as a newcomer types them: real processes, nothing left."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.config import Settings
from desk.db import Database
from desk.lifecycle import State
from desk.models import Post
from tests.databases import free_port
from tests.fakes.mastodon import TOKEN, MastodonFake
from tests.faults.forked import nursery

DESK = (sys.executable, "-m", "commands")
READY_S = 90


class Running:
    """A `desk up` of this test's own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, **environment(home)}
        self.log = home.with_name("up.log")
        with self.log.open("w") as log:
            self.child = subprocess.Popen(
                [*DESK, "up"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: "Ctrl-C stops" in self.said(), READY_S, self.said)

    def said(self) -> str:
        return self.log.read_text()

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return typed(self.environment, *words)

    def processes(self) -> dict[int, str]:
        """Every process of this home, by its environment or (Valkey's) its title."""
        mark = f"STANDFIRST_HOME={self.home}\0".encode()
        return {
            pid: line
            for pid, line, told in all_processes()
            if (mark in told or f"{self.home}/" in line) and pid != self.child.pid
        }

    def one(self, words: str) -> int:
        return min(pid for pid, line in self.processes().items() if words in line)

    def published(self) -> list[str]:
        posts = json.loads(self.types("post", "list", "--json").stdout)
        return [post["text"] for post in posts if post["state"] == "published"]

    def wait_for_published(self, text: str, seconds: float) -> None:
        """By its records: whoever types a command takes the processors from it."""
        database = Database(Settings(home=self.home, database_url="").database)
        query = select(Post.id).where(Post.text == text, Post.state == State.PUBLISHED)

        def there() -> bool:
            with database.reading() as session:
                return session.scalar(query) is not None

        wait_for(there, seconds, self.said)
        database.engine.dispose()

    def end(self) -> None:
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(60)


def environment(home: Path) -> dict[str, str]:
    return {
        "STANDFIRST_HOME": str(home),
        "STANDFIRST_PORT": str(free_port()),
        "STANDFIRST_LIVE_PORT": str(free_port()),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }


def typed(told: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Its processes are those that are typed, but what they load is loaded already."""
    return nursery().run(("python", "-m", "tests.e2e.soon", *words), told)


def all_processes() -> Iterator[tuple[int, str, bytes]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            yield int(folder.name), line, (folder / "environ").read_bytes() + b"\0"
        except OSError:
            continue  # it ended meanwhile


def wait_for(
    condition: Callable[[], bool], seconds: float, said: Callable[[], str] = str
) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, said()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    desk = Running(tmp_path_factory.mktemp("up") / "home")
    yield desk
    desk.end()


def test_prints_where_to_go_and_a_link_that_shows_a_button(running: Running) -> None:
    link = re.search(r"Sign in +(http\S+/sign-in/\S+)", running.said())

    assert link
    with urllib.request.urlopen(link[1]) as page:
        assert b"<button" in page.read()


def test_is_refused_twice_in_one_home(running: Running) -> None:
    again = running.types("up")

    assert again.returncode == 2
    assert again.stderr.startswith("A desk is running in")
    assert again.stderr.count("\n") == 1


def test_is_refused_where_the_port_is_taken(running: Running, tmp_path: Path) -> None:
    told = {**running.environment, "STANDFIRST_HOME": str(tmp_path / "other")}

    refused = typed(told, "up")

    assert refused.returncode == 2
    assert f"Port {told['STANDFIRST_PORT']} is in use" in refused.stderr


@pytest.mark.parametrize("words", ["workers.clock", "queues publish", "valkey-server"])
def test_what_was_killed_is_back_and_publishes(running: Running, words: str) -> None:
    first = running.one(words)
    text = f"After the end of {words}."

    os.kill(first, signal.SIGKILL)
    wait_for(
        lambda: any(
            words in line and pid != first for pid, line in running.processes().items()
        ),
        5,
        running.said,
    )
    running.types("post", "add", "--channel", "paper", "--text", text, "--at", "now")

    running.wait_for_published(text, 30)
    assert running.published().count(text) == 1


def test_the_doctor_finds_all_well(running: Running) -> None:
    wait_for(lambda: running.types("doctor").returncode == 0, 30, running.said)


def test_ends_clean_and_goes_on_where_it_was(tmp_path: Path) -> None:
    desk = Running(tmp_path / "home")
    desk.types("post", "add", "--channel", "paper", "--text", "Before.", "--at", "now")
    desk.wait_for_published("Before.", 20)
    assert desk.published() == ["Before."]

    os.kill(desk.child.pid, signal.SIGINT)
    assert desk.child.wait(40) == 0
    assert desk.processes() == {}

    again = Running(tmp_path / "home")
    assert again.published() == ["Before."]
    again.child.kill()
    again.child.wait()
    wait_for(lambda: again.processes() == {}, 30, again.said)


def test_the_demo_publishes_to_paper_and_leaves_nothing(tmp_path: Path) -> None:
    told = {**os.environ, **environment(tmp_path / "real"), "TMPDIR": str(tmp_path)}

    demo = typed(told, "demo", "--json")

    assert demo.returncode == 0, demo.stderr
    posts = json.loads(demo.stdout)
    assert [(post["channel"], post["state"]) for post in posts] == [
        ("Paper", "published")
    ]
    assert list(posts[0]) == [
        "channel",
        "platform",
        "state",
        "due_at",
        "published_at",
        "lateness_s",
        "url",
    ]
    assert 0 <= posts[0]["lateness_s"] < 5
    assert list(tmp_path.iterdir()) == []


def test_the_demo_publishes_for_real_to_a_channel_that_is_named(tmp_path: Path) -> None:
    told = {**os.environ, **environment(tmp_path / "real"), "TMPDIR": str(tmp_path)}
    with MastodonFake() as fake:
        fields = ("--set", f"server={fake.address}", "--set", f"token={TOKEN}")
        typed(told, "channel", "add", "mastodon", "--name", "Toots", *fields)
        before = records(tmp_path / "real")

        demo = typed(told, "demo", "--channel", "toots", "--json")

        assert demo.returncode == 0, demo.stderr
        assert {post["channel"] for post in json.loads(demo.stdout)} == {
            "Paper",
            "Toots",
        }
        assert len(fake.published()) == 1
    assert records(tmp_path / "real") == before


def test_the_demo_of_a_desk_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    told = {**os.environ, **environment(tmp_path / "real"), "TMPDIR": str(tmp_path)}

    demo = typed(told, "demo", "--channel", "Toots")

    assert demo.returncode == 2
    assert "There is no desk in" in demo.stderr
    assert list(tmp_path.iterdir()) == []


def records(home: Path) -> dict[str, bytes]:
    """Every file of a home, SQLite's own scratch files aside."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.suffix not in (".sqlite3-shm", ".sqlite3-wal")
    }
