"""A scene: a desk, its platforms, a burst of posts, one trouble, and how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk import channels, posts, scheduling
from desk.scheduling import At
from tests.fakes.mastodon import MastodonFake
from tests.fakes.paper import PaperFake
from tests.fakes.platform import FakePlatform, Seen
from tests.fakes.timeline import Json
from tests.faults import histories
from tests.faults.checker import Accepted, violations
from tests.faults.histories import Wishes
from tests.faults.jumping import Jumping
from tests.faults.troubled import Surroundings, Troubled

DATABASES = ["sqlite", "postgresql"]
KINDS = ("honours", "ignores", "json-only")  # window, natural and none
AHEAD_S = 4.0  # beyond the clock's lead, so that every step lies ahead
LEASE_S = 5.0  # of a claim, past due
AT_ONCE = 3  # more, and they are late by each other's doing


Draft = tuple[int, str, str]  # number, channel, text


@dataclass(frozen=True)
class Planned:
    """A post of the burst."""

    post_id: int
    channel: str
    text: str
    due_at: datetime


@dataclass(frozen=True)
class Ending:
    """How it ended, as the readers and the desk see it."""

    problems: list[str]
    late_s: dict[str, float]  # by text
    planned: list[Planned]
    began: datetime  # the trouble, by the database's clock
    over: datetime
    said: list[str]
    history: str
    noted: Mapping[str, object] = field(default_factory=dict)

    @property
    def meanwhile_s(self) -> list[float]:
        """How late those were that were due while the trouble lasted."""
        due = {one.text for one in self.planned if self.began < one.due_at < self.over}
        return [late for text, late in self.late_s.items() if text in due]

    def heard(self, words: str) -> int:
        return sum(words in line for line in self.said)


class SlowFake(MastodonFake):
    """A server that may take its time."""

    takes_s = 0.0

    def create(self, asked: Json, key: str) -> Json:
        """Published at once, told late."""
        status = super().create(asked, key)
        self.stopping.wait(self.takes_s)
        return status


class Scene:
    """The desk and the other side of each of its channels."""

    def __init__(self, house: Troubled, sides: dict[str, FakePlatform]) -> None:
        self.house, self.sides = house, sides
        self.planned: list[Planned] = []
        self.noted: dict[str, object] = {}
        self.wishes = Wishes()
        self.may_end = {"published"}
        self.clock = Jumping()  # the desk's, which the database keeps
        self.machine = Jumping()  # the processes' own, by which Paper tells its times
        self.skipped: list[tuple[datetime, datetime]] = []  # what it never showed

    def now(self) -> datetime:
        return self.house.now()

    def slow_down(self, seconds: float) -> None:
        """Every server takes so long to answer from now on."""
        for side in self.sides.values():
            if isinstance(side, SlowFake):
                side.takes_s = seconds

    def burst(self, count: int, over_s: float, ahead_s: float = AHEAD_S) -> None:
        """So many posts, falling due one after the other, on every channel in turn."""
        names, so_far = list(self.sides), len(self.planned)
        numbers = range(so_far, so_far + count)
        said = [(names[n % len(names)], f"Dodge returns, {n}") for n in numbers]
        self.burst_of(said, over_s, ahead_s)

    def burst_of(
        self, said: Sequence[tuple[str, str]], over_s: float, ahead_s: float = AHEAD_S
    ) -> None:
        """These texts, each on a channel."""
        # made first: on a busy machine it takes seconds that nobody is late
        drafts = self._drafts(said)
        step = timedelta(seconds=over_s / len(drafts))
        due_at = self.now() + timedelta(seconds=ahead_s)
        self._plan(drafts, [due_at + number * step for number in range(len(drafts))])

    def plan(self, times: Sequence[datetime]) -> None:
        """One more post for each of these times."""
        names = list(self.sides)
        said = [
            (names[number % len(names)], f"Dodge returns at {at}")
            for number, at in enumerate(times)
        ]
        self._plan(self._drafts(said), times)

    def _drafts(self, said: Sequence[tuple[str, str]]) -> list[Draft]:
        now, made = self.now(), list[Draft]()
        with self.house.desk.db.writing() as session:
            for name, text in said:
                channel = channels.find_channel_named(session, name)
                post = posts.create(session, channel.id, text=text, now=now)
                self.wishes.wrote(post.id, text)
                made.append((post.id, name, text))
        return made

    def _plan(self, drafts: Sequence[Draft], times: Sequence[datetime]) -> None:
        desk, now = self.house.desk, self.now()
        with desk.db.writing() as session:
            for draft, due_at in zip(drafts, times, strict=True):
                due = At(due_at)
                scheduling.schedule(desk, session, draft[0], due, now=now)
                self.planned.append(Planned(*draft, due_at))

    def seen(self) -> dict[str, list[Seen]]:
        """What readers see, by text."""
        found: dict[str, list[Seen]] = defaultdict(list)
        for side in self.sides.values():
            for seen in side.published():
                found[seen.text].append(seen)
        return found

    def live(self) -> int:
        return sum(len(seen) for seen in self.seen().values())

    def problems(self) -> list[str]:
        """What no trouble excuses, says the checker; and that anything was not sent."""
        known = histories.posts_of(self.house, self.wishes)
        begun = {
            text: [one.intent_at for one in post.attempts]
            for post in known
            for text in post.texts
        }
        found = violations(self.accepted(begun), known, self.now())
        unsent = [post for post in known if post.state not in self.may_end]
        return [str(one) for one in found] + [
            f"{post.texts[-1]} ended as {post.state}" for post in unsent
        ]

    def accepted(
        self, begun: Mapping[str, Sequence[datetime]] | None = None
    ) -> list[Accepted]:
        """Every platform's log, in the desk's own time; `begun`: intents, by text."""
        begun = begun or {}
        return [
            Accepted(
                name,
                seen.text,
                self.clock.shows(self._truly(name, seen.at), begun.get(seen.text, ())),
                seen.remote_id,
            )
            for name, side in self.sides.items()
            for seen in side.published()
        ]

    def _truly(self, name: str, at: datetime) -> datetime:
        return self.machine.truly(at) if name == "Paper" else at

    def late_s(self) -> dict[str, float]:
        """Of the posts on a platform that says when it had them."""
        accepted = {one.text: one.at for one in reversed(self.accepted())}
        return {
            one.text: (accepted[one.text] - one.due_at).total_seconds()
            for one in self.planned
            if one.channel != "Paper" and one.text in accepted
        }


Trouble = Callable[[Scene], None]


@contextmanager
def opened(
    home: Path,
    database_url: str,
    around: Surroundings | None = None,
    ahead: timedelta = timedelta(),
) -> Iterator[Scene]:
    """A desk with its channels, whose processes run."""
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(SlowFake(name)) for name in KINDS}
        house = Troubled(home, database_url, around)
        house.ahead = ahead
        for fake in fakes.values():
            fake.timeline.clock_ahead = ahead
        for name, fake in fakes.items():
            channels.add(house.desk, "mastodon", name, fake.credentials(), house.now())
        paper = PaperFake(house.settings.home / "paper")
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        yield Scene(house, {**fakes, "Paper": paper})


def play(
    home: Path,
    database_url: str,
    trouble: Trouble,
    *,
    count: int = 60,
    over_s: float = 8.0,
    around: Surroundings | None = None,
    patience_s: float = 120,
) -> Ending:
    """One desk, one burst, one trouble, and quiet until all is settled."""
    with opened(home, database_url, around) as scene:
        scene.burst(count, over_s)
        began = scene.house.now()
        trouble(scene)
        over = scene.house.now()
        scene.house.wait(scene.house.settled, patience_s)
        return ended(scene, began, over)


def ended(scene: Scene, began: datetime, over: datetime) -> Ending:
    return Ending(
        scene.problems(),
        scene.late_s(),
        scene.planned,
        began,
        over,
        scene.house.said,
        scene.house.history(),
        scene.noted,
    )


Scenarios = dict[tuple[str, str], Future[Ending]]
Play = Callable[[Path, str], Ending]


@contextmanager
def running(
    request: pytest.FixtureRequest,
    plays: Mapping[str, Play],
    address: Callable[[str], str],
    at_once: int = AT_ONCE,
) -> Iterator[Scenarios]:
    """Every scenario that a test of this module asks for, several at a time."""
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    with ThreadPoolExecutor(at_once) as pool:
        yield {
            (row, database): pool.submit(
                plays[row], factory.mktemp("house") / "home", address(database)
            )
            for row, database in _wanted(request)
        }


def _wanted(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    found = [
        (str(item.callspec.params["row"]), str(item.callspec.params["database"]))
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module is request.module
        and hasattr(item, "callspec")
        and {"row", "database"} <= item.callspec.params.keys()
    ]
    return list(dict.fromkeys(found))
