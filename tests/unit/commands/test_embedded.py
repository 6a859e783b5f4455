"""The embedded Valkey: it starts, answers, survives kill -9 and is never an orphan."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from commands import embedded
from commands.processes import Process
from commands.supervising import Supervisor, supervised
from desk.config import Settings

PARENT = """
import os, sys, time
from pathlib import Path
from commands import embedded
from commands.processes import Process
from desk.config import Settings

settings = Settings(home=Path(sys.argv[1]))
Process("valkey", embedded.command(settings), os.environ).tend()
time.sleep(60)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, redis_url="")


@pytest.fixture
def supervisor(settings: Settings) -> Iterator[Supervisor]:
    everything = {"web", "live", "clock", "worker", "background"}
    with supervised(Supervisor(settings, os.environ, without=everything)) as running:
        yield running


def client(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.redis)


def test_answers_as_soon_as_it_is_started(
    supervisor: Supervisor, settings: Settings
) -> None:
    with client(settings) as connection:
        assert connection.ping()


def test_listens_on_its_socket_only_and_keeps_a_journal(
    supervisor: Supervisor, settings: Settings
) -> None:
    with client(settings) as connection:
        told = connection.config_get("*")

    assert told["port"] == "0"
    assert told["appendonly"] == "yes"
    assert told["maxmemory-policy"] == "noeviction"
    assert settings.valkey_socket.stat().st_mode & 0o077 == 0


def test_comes_back_with_its_data_after_kill_9(
    supervisor: Supervisor, settings: Settings
) -> None:
    with client(settings) as connection:
        connection.rpush("queue", "a", "b")
        connection.execute_command("WAITAOF", 1, 0, 2000)
    first = supervisor.pids()["valkey"]

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not embedded.answers(settings.valkey_socket))
    assert supervisor.until(lambda: embedded.answers(settings.valkey_socket), 5)

    assert supervisor.pids()["valkey"] != first
    with client(settings) as connection:
        assert connection.lrange("queue", 0, -1) == [b"a", b"b"]


def test_uses_a_valkey_that_already_answers(
    supervisor: Supervisor, settings: Settings
) -> None:
    second = Supervisor(settings, os.environ, without={"web", "live", "clock"})
    second._processes.clear()

    with supervised(second):
        second.turn()
        assert second.pids() == {}

    assert embedded.answers(settings.valkey_socket)


def test_starts_over_a_stale_socket(settings: Settings) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(settings.valkey_socket))
    everything = {"web", "live", "clock", "worker", "background"}

    with supervised(Supervisor(settings, os.environ, without=everything)):
        assert embedded.answers(settings.valkey_socket)


def test_starts_nothing_where_a_broker_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, redis_url="redis://127.0.0.1:1/0")
    everything = {"web", "live", "clock", "worker", "background"}

    with supervised(Supervisor(settings, os.environ, without=everything)) as running:
        assert running.pids() == {}


def test_dies_with_a_parent_that_was_killed(settings: Settings) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(settings.home)])
    wait_for(lambda: embedded.answers(settings.valkey_socket))

    parent.kill()
    parent.wait()

    wait_for(lambda: not embedded.answers(settings.valkey_socket))


def test_takes_a_short_socket_path_in_a_deep_home(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    settings = Settings(home=deep, redis_url="")

    everything = {"web", "live", "clock", "worker", "background"}
    with (
        supervised(Supervisor(settings, os.environ, without=everything)),
        client(settings) as connection,
    ):
        assert connection.ping()
    assert len(str(settings.valkey_socket)) < 100


def test_a_home_with_a_space_gives_an_address_that_means_the_socket(
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path / "my desk #1", redis_url="")

    assert settings.redis == f"unix://{settings.valkey_socket}"
    assert " " not in settings.redis
    assert "#" not in settings.redis


def test_silence_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "mute.sock"
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(path))
        mute.listen()

        assert not embedded.answers(path)


def test_a_process_that_dies_is_started_again_within_a_second() -> None:
    process = Process("sleeper", ["sleep", "60"], os.environ)
    process.tend()
    first = process.pid
    assert first

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not process.running())
    said = process.tend()

    assert said == "sleeper was killed by signal 9; starting it again in 0.0 s."
    assert process.pid not in (None, first)
    process.end()


def test_what_people_look_at_gives_way_to_what_goes_out() -> None:
    web, worker = (
        Process(name, ["sleep", "60"], os.environ) for name in ("web", "worker")
    )
    for process in (web, worker):
        process.tend()

    nice = [os.getpriority(os.PRIO_PROCESS, one.pid or 0) for one in (web, worker)]

    assert nice[0] > nice[1] == os.getpriority(os.PRIO_PROCESS, 0)
    for process in (web, worker):
        process.end()


def test_a_process_that_keeps_failing_is_given_pauses() -> None:
    process = Process("broken", ["false"], os.environ)

    pauses: list[str] = []

    def tended() -> bool:
        pauses.extend(filter(None, [process.tend()]))
        return len(pauses) == 2

    wait_for(tended)

    assert pauses[0] == "broken ended (1); starting it again in 0.0 s."
    assert pauses[1] == "broken ended (1); starting it again in 0.5 s."
