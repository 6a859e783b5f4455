"""A burst in bad weather: every class of platform, kills, zombies, racing editors.

    python -m tests.faults.burst --seed 7 --database postgresql

Trouble for some seconds, then quiet until all is settled; the checker says how it was.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from desk import channels, db, posts, scheduling
from desk.scheduling import At
from tests.databases import Postgres
from tests.faults import histories, mischief
from tests.faults.checker import UNDER_WAY, Violation
from tests.faults.editors import Due, Editors
from tests.faults.histories import Wishes, explained
from tests.faults.house import House
from tests.faults.sides import Side, bluesky, mastodon, paper
from tests.faults.weather import StormyBluesky, StormyMastodon, Weather

PARTS = ("clock", "clock-2", "worker", "worker-2", "background")
EACH = 20  # posts on every channel
AHEAD_S = 5.0
OVER_S = 12.0  # the posts fall due within it
TROUBLE_S = AHEAD_S + OVER_S
LINGERS_S = 40.0  # on a slow machine, until enough posts have met it
PATIENCE_S = 150.0
DEADLINE_S = 6.0  # of a call: a look gives up after a quarter of it
RACED = 3  # one post in so many meets an editor
GOOD_REQUESTS = 4  # before the token of one channel dies


@dataclass(frozen=True)
class Verdict:
    """How one seed went."""

    seed: int
    database: str
    seconds: float
    states: Counter[str]
    answers: Counter[str]  # of editors
    weather: Counter[str]
    mischief: Counter[str]
    violations: list[Violation]

    @property
    def well(self) -> bool:
        return not self.violations

    def __str__(self) -> str:
        counts = (self.states, self.answers, self.weather, self.mischief)
        told = [
            ", ".join(f"{n} {what}" for what, n in sorted(c.items())) for c in counts
        ]
        named = Counter(one.invariant for one in self.violations)
        how = "well" if self.well else f"BROKEN {dict(named)}"
        head = f"seed {self.seed} on {self.database}: {how}, {self.seconds:.0f} s"
        lines = zip(("posts", "editors", "weather", "mischief"), told, strict=True)
        return "\n".join([head, *(f"  {name}: {line}" for name, line in lines)])


def play(folder: Path, database_url: str, seed: int, each: int = EACH) -> Verdict:
    """One desk in one burst, and how it was."""
    draw, began, wishes = random.Random(seed), time.monotonic(), Wishes()
    with ExitStack() as stack:
        house = House(
            folder / "home",
            database_url,
            parts=PARTS,
            changes="hurried",
            call_deadline_s=DEADLINE_S,
        )
        weather, sides = stack.enter_context(storm(house, draw))
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        acts = mischief.plan(draw, PARTS, TROUBLE_S)
        due = write(house, sides, wishes, draw, each)
        editors = Editors(house, wishes, draw)
        racing = editors.race(draw.sample(due, len(due) // RACED))
        doing = mischief.do(house, acts)
        racing.join()
        doing.join()
        house.wait(lambda: enough(weather, each), LINGERS_S)
        for one in weather:
            one.cleared.set()
        editors.finish()
        house.wait(lambda: settled(house, wishes), PATIENCE_S)
        found = histories.check(house, sides, wishes)
        return Verdict(
            seed,
            "postgresql" if database_url else "sqlite",
            time.monotonic() - began,
            Counter(post.state for post in histories.posts_of(house, wishes)),
            editors.answers,
            sum((one.met for one in weather), Counter()),
            mischief.counted(acts),
            found,
        )


@contextmanager
def storm(
    house: House, draw: random.Random
) -> Iterator[tuple[list[Weather], list[Side]]]:
    """All four classes of exactly-once, each in weather of its own, and paper."""

    def weather(share: float, slow_s: float = 0.0) -> Weather:
        made.append(Weather(random.Random(draw.random()), share, slow_s))
        return made[-1]

    made: list[Weather] = []
    with ExitStack() as stack:
        exact = stack.enter_context(StormyBluesky(weather(0.2)))
        named = {
            "Window": ("honours", weather(0.5)),
            "Natural": ("ignores", weather(0.05)),
            "None": ("json-only", weather(0.5)),
            "Slow": ("ignores", weather(0.05, slow_s=2.0)),
            "Stopped": ("honours", weather(0.0)),
        }
        fakes = {
            name: stack.enter_context(StormyMastodon(mode, one))
            for name, (mode, one) in named.items()
        }
        sides = [bluesky("Exact", exact), *(mastodon(n, f) for n, f in fakes.items())]
        for side in sides:
            side.join(house)
        with house.desk.db.writing() as session:
            channels.find_channel_named(
                session, "Natural"
            ).exactly_once_override = "natural"
        named["Stopped"][1].dies_after = GOOD_REQUESTS
        yield made, [*sides, paper(house)]


def write(
    house: House,
    sides: Sequence[Side],
    wishes: Wishes,
    draw: random.Random,
    each: int,
) -> list[Due]:
    """Posts on every channel, due at moments drawn from the same few seconds."""
    due: list[Due] = []
    with house.desk.db.writing() as session:
        now = db.now(session)
        for side in sides:
            channel = channels.find_channel_named(session, side.name)
            for number in range(each):
                text = f"Dodge returns to {side.name}, line {number}"
                at = now + timedelta(seconds=AHEAD_S + draw.uniform(0, OVER_S))
                post = posts.create(session, channel.id, text=text, now=now)
                scheduling.schedule(house.desk, session, post.id, At(at), now=now)
                wishes.wrote(post.id, text)
                due.append((post.id, at))
    return due


def enough(weather: Sequence[Weather], each: int) -> bool:
    """One trouble for each post of a channel, and more."""
    return sum(one.met.total() - one.met["fine"] for one in weather) > each


def settled(house: House, wishes: Wishes) -> bool:
    """Every post is where it stays, or waits for a person."""
    return not any(
        (post.state in UNDER_WAY and not post.waits)
        or (post.state == "unconfirmed" and not post.needs_person)
        for post in histories.posts_of(house, wishes)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--url", default="", help="of an empty database that is there")
    parser.add_argument("--each", type=int, default=EACH, help="posts on every channel")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="burst-")))
        url = asked.url
        if not url and asked.database == "postgresql":
            url = stack.enter_context(Postgres(folder)).migrated()
        verdict = play(folder, url, asked.seed, asked.each)
    sys.stdout.write(f"{verdict}\n")
    if not verdict.well:
        sys.stdout.write(f"{explained(verdict.violations)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
