"""The sandbox: what goes wrong in a child stays there, and says which limit it met."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pytest

from desk import picturing, sandbox
from desk.reading import parsing
from desk.sandbox import MEGABYTE, Exhausted, Limits, Line, Over, Sandbox

LIMITS = Limits(seconds=1, memory=400 * MEGABYTE)
PATIENT = replace(LIMITS, seconds=2, grace_s=60)  # however busy the machine is


def nothing() -> None:
    """Loaded before the child is shut in."""


def echo(said: str) -> str:
    return said


def who() -> int:
    return os.getpid()


def explode(_: object = None) -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def swell(size: int) -> int:
    return len(bytearray(size))


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        sum(range(1_000))


def crash(_: object = None) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep_on(_: object = None) -> None:
    threading.Event().wait()


def object_to(said: str) -> str:
    raise ValueError(said)


class Odd(Exception):
    """Nothing makes it again from what it holds."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)
        self.other = lambda: other


def raise_odd(_: object = None) -> None:
    raise Odd("one", "other")


def recurse(depth: int) -> int:
    return recurse(depth + 1)


def call_out(address: tuple[str, int]) -> None:
    socket.create_connection(address)


def resolve(name: str) -> None:
    socket.getaddrinfo(name, 80)


def write(path: Path) -> None:
    path.write_text("written")


def query(path: Path) -> None:
    sqlite3.connect(path)


def start_program(_: object = None) -> None:
    subprocess.run(["true"], check=True)


def environment() -> dict[str, str]:
    return dict(os.environ)


HELD: list[TextIO] = []


def hold_open(path: Path) -> None:
    HELD.append(path.open())


def live_and_hold(path: str) -> None:
    """What a process of the desk does, whose child holds this pipe open."""
    Sandbox("tests", LIMITS, nothing, ValueError).run(hold_open, Path(path))
    print("held", flush=True)  # noqa: T201  # the test waits for it
    signal.pause()


@pytest.fixture
def child() -> Sandbox:
    return Sandbox("a test", LIMITS, nothing, ValueError)


def test_what_a_child_makes_comes_back(child: Sandbox) -> None:
    assert child.run(echo, "Words") == "Words"
    assert child.run(who) != os.getpid()


def test_one_child_serves_task_after_task(child: Sandbox) -> None:
    assert child.run(who) == child.run(who)


def test_what_a_child_objects_to_is_raised_here(child: Sandbox) -> None:
    with pytest.raises(ValueError, match="no article"):
        child.run(object_to, "no article")


@pytest.mark.parametrize("do", [raise_odd, recurse, len])
def test_what_a_library_raises_in_a_child_is_told_as_a_limit(
    child: Sandbox, do: Callable[[object], object]
) -> None:
    before = child.run(who)

    with pytest.raises(Exhausted) as caught:
        child.run(do, 0)

    assert caught.value.over is Over.FAULT
    assert child.run(who) == before


@pytest.mark.parametrize(
    ("do", "limits", "over"),
    [
        pytest.param(explode, PATIENT, Over.TIME, marks=pytest.mark.slow),
        (sleep_on, LIMITS, Over.BUSY),
        (crash, LIMITS, Over.DEATH),
    ],
)
def test_what_hangs_or_dies_is_ended_and_the_next_is_served(
    do: Callable[[object], None], limits: Limits, over: Over
) -> None:
    child = Sandbox("a test", limits, nothing, ValueError)
    before = child.run(who)

    with pytest.raises(Exhausted) as caught:
        child.run(do, None)

    assert caught.value.over is over
    assert child.run(echo, "after") == "after"
    assert child.run(who) != before


def test_what_swells_is_refused_and_takes_nothing_from_the_next(
    child: Sandbox,
) -> None:
    before = child.run(who)

    with pytest.raises(Exhausted) as caught:
        child.run(swell, 1_000 * MEGABYTE)

    assert caught.value.over is Over.MEMORY
    assert child.run(swell, 10 * MEGABYTE) == 10 * MEGABYTE
    assert child.run(who) != before


def test_who_waits_too_long_is_told_to_come_again(
    child: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE_S", 0.1)
    said: list[Over] = []

    all_sleep([child] * 4, said)

    assert sorted(said) == [Over.BUSY, *[Over.TURN] * 3]


def test_the_children_of_a_process_leave_threads_to_its_others(
    child: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "line", line := Line())
    other, said = Sandbox("another", LIMITS, nothing, ValueError), list[Over]()
    line.limit(2)

    all_sleep([child, other, child, other], said)

    assert sorted(said) == [Over.BUSY, Over.BUSY, Over.TURN, Over.TURN]
    assert child.run(echo, "free again") == "free again"


@pytest.mark.slow
def test_who_ran_over_the_limit_is_cut_short_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "line", Line())
    child = Sandbox("a test", PATIENT, nothing, ValueError)

    assert over_of(child, "Bob") is Over.TIME
    assert over_of(child, "Bob") is Over.SLICE


@pytest.mark.slow
def test_who_got_no_processor_is_not_cut_short_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "line", Line())
    hasty = Sandbox("a test", replace(PATIENT, grace_s=-1.5), nothing, ValueError)
    child = Sandbox("a test", PATIENT, nothing, ValueError)

    assert over_of(hasty, "Bob") is Over.BUSY
    assert over_of(child, "Bob") is Over.TIME


@pytest.mark.parametrize("over", Over)
def test_whichever_limit_is_met_there_is_a_sentence_for_it(over: Over) -> None:
    assert {picturing.WHY[over][-1], parsing.WHY[over][-1]} == {"."}


def test_what_a_child_burnt_is_counted_for_its_giver(
    child: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "line", Line())
    child.run(burn, 0.0)  # it is loaded

    done = child._run(LIMITS, burn, (0.3,))

    assert 0.3 <= done.burnt < LIMITS.seconds


def over_of(child: Sandbox, person: str) -> Over:
    """Which limit an explosion of this person's met."""
    token = sandbox.giver.set(person)
    try:
        with pytest.raises(Exhausted) as caught:
            child.run(explode, None)
    finally:
        sandbox.giver.reset(token)
    return caught.value.over


def all_sleep(children: Sequence[Sandbox], said: list[Over]) -> None:
    """Each in a thread of its own, at once, until it is ended or refused."""

    def sleep_in(one: Sandbox) -> None:
        try:
            one.run(sleep_on, None)
        except Exhausted as error:
            said.append(error.over)

    threads = [threading.Thread(target=sleep_in, args=(one,)) for one in children]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_child_reaches_nothing(tmp_path: Path) -> None:
    child = Sandbox("a test", LIMITS, nothing, PermissionError)

    for do, what in (
        (call_out, ("127.0.0.1", 9)),
        (resolve, "localhost"),
        (write, tmp_path / "file"),
        (query, tmp_path / "desk.sqlite3"),
        (start_program, None),
    ):
        with pytest.raises(PermissionError):
            child.run(do, what)
    assert list(tmp_path.iterdir()) == []


def test_a_child_has_no_secrets_of_the_environment(
    child: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:secret@127.0.0.1/desk")

    assert "DATABASE_URL" not in child.run(environment)


def test_a_killed_process_leaves_no_child_behind(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    lives = f"from {__name__} import live_and_hold; live_and_hold({str(pipe)!r})"
    with subprocess.Popen(
        [sys.executable, "-c", lives], stdout=subprocess.PIPE
    ) as parent:
        held = os.open(pipe, os.O_WRONLY)  # waits until the child reads there
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"held\n"
        parent.kill()

    nobody_reads = select.poll()
    nobody_reads.register(held, select.POLLERR)
    gone = nobody_reads.poll(20_000)
    os.close(held)

    assert gone
