"""Servers that redraw posts, on three classes of exactly-once; one answer of two lost.

    python -m tests.faults.redrawn blank "cut to 60"

The checker says what came of it: live twice, called absent, stuck, untold.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from desk import channels, db, posts, scheduling
from desk.scheduling import At
from tests.fakes.catalogue import WAYS
from tests.fakes.habits import Habits
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.ways import Way
from tests.faults import histories
from tests.faults.burst import settled
from tests.faults.checker import Post, Violation, violations
from tests.faults.histories import Wishes, explained
from tests.faults.house import House
from tests.faults.sides import Side, mastodon

CLASSES = {"window": "honours", "natural": "ignores", "none": "ignores"}
LOST = Trouble(Kind.CLOSED, accepted=True)
AHEAD_S, OVER_S = 5.0, 10.0
PATIENCE_S = 240.0
DEADLINE_S = 3.0  # of a call
EACH = 2  # posts of a channel; the answer of the first is lost


@dataclass(frozen=True)
class Verdict:
    """How it ended: states, by the way's name, and what was wrong."""

    states: Counter[tuple[str, str]]
    violations: list[Violation]

    def __str__(self) -> str:
        told = [f"{way}: {n} {state}" for (way, state), n in self.states.items()]
        return "\n".join([*told, explained(self.violations)])


def play(home: Path, ways: Sequence[str]) -> Verdict:
    with ExitStack() as stack:
        house, wishes = House(home, call_deadline_s=DEADLINE_S), Wishes()
        servers = stack.enter_context(_servers(house, ways))
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        _write(house, [side.name for side, _ in servers], wishes)
        house.wait(lambda: settled(house, wishes), PATIENCE_S)
        ways_of = {side.name: way for side, way in servers}
        known = [
            _judged(post, WAYS[ways_of[post.channel]])
            for post in histories.posts_of(house, wishes)
        ]
        accepted = [one for side, _ in servers for one in side.accepted()]
        states = Counter((ways_of[post.channel], post.state) for post in known)
        return Verdict(states, violations(accepted, known, house.now()))


@contextmanager
def _servers(house: House, ways: Sequence[str]) -> Iterator[list[tuple[Side, str]]]:
    servers: list[tuple[Side, str]] = []
    with ExitStack() as stack:
        for way in ways:
            for promise, mode in CLASSES.items():
                habits = Habits(way=way)
                fake = stack.enter_context(MastodonFake(mode, habits=habits))
                fake.expect(LOST)
                side = mastodon(f"{way}, {promise}", fake)
                side.join(house)
                servers.append((side, way))
                _promise(house, side.name, promise)
        yield servers


def _promise(house: House, name: str, promise: str) -> None:
    with house.desk.db.writing() as session:
        channels.find_channel_named(session, name).exactly_once_override = promise


def _write(house: House, names: Sequence[str], wishes: Wishes) -> None:
    with house.desk.db.writing() as session:
        now, step = db.now(session), OVER_S / (EACH * len(names))
        for number in range(EACH * len(names)):
            channel = channels.find_channel_named(session, names[number % len(names)])
            text = _text(number)
            post = posts.create(session, channel.id, text=text, now=now)
            at = At(now + timedelta(seconds=AHEAD_S + number * step))
            scheduling.schedule(house.desk, session, post.id, at, now=now)
            wishes.wrote(post.id, text)


def _text(number: int) -> str:
    return (
        f"{number}: thanks @The.Paper@paper.example and @thepaper for an *exclusive* "
        f"“report”!\n\n- one & two\n- three\n\nhttps://paper.example/story?id={number}"
    )


def _judged(post: Post, way: Way) -> Post:
    """What a server does not show cannot be settled by asking it."""
    return replace(post, findable=way.legible and way.leads and way.dated)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="redrawn-") as folder:
        verdict = play(Path(folder) / "home", sys.argv[1:] or list(WAYS))
    sys.stdout.write(f"{verdict}\n")
    sys.exit(bool(verdict.violations))


if __name__ == "__main__":
    main()
