"""Parts of a house that are forked: killed, heard and tended as any other."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.faults import forked
from tests.faults.forked import Forked, nursery

SERVES = "exec python -m http.server --bind ${HERE:-127.0.0.1} 0"


@contextmanager
def begun(line: str, name: str = "part", **environment: str) -> Iterator[Forked]:
    kept = {"PATH": os.environ["PATH"]}
    part = Forked(name, ["/bin/sh", "-c", line], {**kept, **environment})
    part.tend()
    try:
        yield part
    finally:
        part.end()


def test_is_a_child_in_a_session_of_its_own_and_is_killed_for_good() -> None:
    with begun(SERVES) as part:
        first = part.pid
        assert first
        assert _said(part, "Serving HTTP")
        assert os.getsid(first) == first
        assert _parent(first) == os.getpid()

        part.signal(signal.SIGKILL)
        _waited(lambda: not part.running())

        said = part.tend()
        assert said == "part was killed by signal 9; starting it again in 0.0 s."
        assert part.pid not in (None, first)
    assert not Path(f"/proc/{first}").exists()


def test_houses_that_begin_at_once_share_what_they_are_forked_from() -> None:
    """Two would take each other's orphans away, and a part would end as it begins."""
    forked._own.cache_clear()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: nursery(), range(8)))

    assert len(found) == 1


def test_has_an_environment_of_its_own_and_its_variables_are_filled_in() -> None:
    with begun(SERVES, HERE="127.0.0.2", STANDFIRST_HOME="/nowhere") as part:
        assert _said(part, "127.0.0.2")

    assert "STANDFIRST_HOME" not in os.environ


def test_ends_with_its_own_words_and_status() -> None:
    with begun("exec python -m zipfile --list") as part:
        assert _said(part, "usage: ")
        assert _waited(lambda: not part.running())

        assert (part.tend() or "").startswith("part ended (2)")


def test_what_is_only_run_tells_its_words_apart_and_its_status() -> None:
    done = nursery().run(["python", "-m", "zipfile", "--list"], os.environ)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: ")


def test_what_people_look_at_gives_way_to_what_goes_out() -> None:
    with begun(SERVES, name="web") as part:
        assert _said(part, "Serving HTTP")

        assert os.getpriority(os.PRIO_PROCESS, part.pid or 0) > os.nice(0)


def test_what_is_to_be_loaded_before_it_is_started_as_ever() -> None:
    with begun(f"AHEAD=1 {SERVES}") as part:
        path = Path(f"/proc/{part.pid}/cmdline")
        assert _waited(lambda: b"http.server" in path.read_bytes())


def _parent(pid: int) -> int:
    told = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(told[1]) if told else 0


def _said(part: Forked, words: str) -> bool:
    return _waited(lambda: any(words in line for line in part.hear()))


def _waited(until: Callable[[], bool], patience_s: float = 60) -> bool:
    give_up = time.monotonic() + patience_s
    while not until():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True
