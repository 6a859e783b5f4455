"""The fair queue: who is served next by a child that parses, and who comes again.

Who has burnt least in the last minutes is next, and one reading a person is under
way. Among those who burnt as little, who has not asked in vain is next, and then whose
is smallest. Where all places are taken, who would be served last is told to come again.

A rule without a clock: `now` is seconds of any clock that only moves on. What the desk
does by itself is nobody's, and is served as it comes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import Enum

HALF_LIFE_S = 120.0  # of what is remembered of someone
FORGOTTEN = 0.01  # less of it is nothing
WASTEFUL = 0.5  # one that gave nothing is held against someone for two minutes
WASTED_S = 1.0  # of computing, for nothing: what is refused at once is no waste
FIRST_SLICE = 5  # of the seconds: this part
KEPT_S = 1.0  # a child is for who was just served: a paste is several tasks
NOBODY = ""


class Standing(Enum):
    WAITING = "waiting"
    SERVED = "served"
    AWAY = "away"  # told to come again


@dataclass(eq=False)
class Ask:
    """One task of a person's, for one child."""

    person: str
    child: Hashable
    number: int
    size: int = 0  # bytes of what is to be read
    standing: Standing = Standing.WAITING


@dataclass(frozen=True)
class Record:
    """What is remembered of someone; it halves every two minutes."""

    burnt: float = 0.0  # seconds of computing
    in_vain: float = 0.0  # asks that were told to come again
    wasted: float = 0.0  # readings that took long and gave nothing
    at: float = 0.0

    def aged(self, now: float) -> Record:
        left = 0.5 ** ((now - self.at) / HALF_LIFE_S)
        return Record(self.burnt * left, self.in_vain * left, self.wasted * left, now)

    @property
    def forgotten(self) -> bool:
        return max(self.burnt, self.in_vain, self.wasted) < FORGOTTEN


@dataclass(frozen=True)
class Kept:
    """A child, for a moment, for the next task of a person."""

    person: str
    until: float


class Turns:
    """Of all children of a process, and of all who wait for them."""

    def __init__(self, places: int | None = None) -> None:
        """`places`: how many may wait or be served, all kinds together."""
        self._places = places
        self._records: dict[str, Record] = {}
        self._waiting: list[Ask] = []
        self._served: dict[Hashable, Ask] = {}  # by child
        self._kept: dict[Hashable, Kept] = {}  # by child
        self._asked = 0

    def ask(self, person: str, child: Hashable, now: float, size: int = 0) -> Ask:
        self._asked += 1
        made = Ask(person, child, self._asked, size)
        self._waiting.append(made)
        if self._places is not None and len(self._all()) > self._places:
            self.leave(max(self._waiting, key=lambda one: self._rank(one, now)), now)
        self._serve(child, now)
        return made

    def leave(self, ask: Ask, now: float) -> None:
        """It is told to come again, or has waited long enough."""
        self._waiting.remove(ask)
        ask.standing = Standing.AWAY
        self._remember(ask.person, now, in_vain=1)

    def end(
        self, ask: Ask, burnt: float, gave: bool, now: float, tried: bool = True
    ) -> None:
        """What was served is done, and gave something or not; the next is served.

        `tried`: did it have all the computing that it was given? Nothing is held
        against who was cut short by a busy machine.
        """
        del self._served[ask.child]
        wasted = tried and not gave and burnt >= WASTED_S
        self._remember(ask.person, now, burnt=burnt, wasted=wasted)
        if ask.person != NOBODY and gave:
            self._kept[ask.child] = Kept(ask.person, now + KEPT_S)
        self.go_on(now)

    def go_on(self, now: float) -> None:
        """Serve whoever may be: someone's end frees them for every child."""
        for child in {one.child for one in self._waiting}:
            self._serve(child, now)

    def seconds(self, ask: Ask, whole: int, now: float) -> int:
        """How long it may compute: a slice, for who wasted, or where others wait.

        Those others are who burnt no more: a mob takes nothing from who pastes once.
        """
        wasted = self._record(ask.person, now).wasted >= WASTEFUL
        if wasted or any(self._as_good(one, ask, now) for one in self._waiting):
            return max(1, whole // FIRST_SLICE)
        return whole

    def _as_good(self, other: Ask, than: Ask, now: float) -> bool:
        if other.child != than.child or NOBODY in {other.person, than.person}:
            return False
        burnt = self._burnt(than.person, now)
        return other.person != than.person and self._burnt(other.person, now) <= burnt

    def _serve(self, child: Hashable, now: float) -> None:
        ready = [one for one in self._waiting if self._ready(one, child, now)]
        if child in self._served or not ready:
            return
        first = min(ready, key=lambda one: self._rank(one, now))
        self._waiting.remove(first)
        self._served[child] = first
        self._kept.pop(child, None)
        first.standing = Standing.SERVED

    def _ready(self, ask: Ask, child: Hashable, now: float) -> bool:
        if ask.child != child:
            return False
        busy = any(one.person == ask.person for one in self._served.values())
        return ask.person == NOBODY or not (busy or self._kept_from(ask, now))

    def _kept_from(self, ask: Ask, now: float) -> bool:
        """Whether the child waits for another person, who burnt no more."""
        kept = self._kept.get(ask.child)
        if kept is None or kept.person == ask.person or kept.until <= now:
            return False
        return self._burnt(kept.person, now) <= self._burnt(ask.person, now)

    def _rank(self, ask: Ask, now: float) -> tuple[int | float, ...]:
        """The lower, the sooner: further asks of a person stand behind first ones."""
        own = sum(
            one.person == ask.person and one.number < ask.number for one in self._all()
        )
        vain = self._record(ask.person, now).in_vain
        return own, self._burnt(ask.person, now), vain, ask.size, ask.number

    def _burnt(self, person: str, now: float) -> int:
        """Whole seconds: what a usual paste takes puts nobody behind another."""
        return int(self._record(person, now).burnt)

    def _all(self) -> list[Ask]:
        return [*self._waiting, *self._served.values()]

    def _record(self, person: str, now: float) -> Record:
        return self._records.get(person, Record()).aged(now)

    def _remember(
        self,
        person: str,
        now: float,
        burnt: float = 0.0,
        in_vain: int = 0,
        wasted: bool = False,
    ) -> None:
        if person == NOBODY:
            return
        was = self._record(person, now)
        self._records[person] = Record(
            was.burnt + burnt, was.in_vain + in_vain, was.wasted + wasted, now
        )
        self._records = dict(self._remembered(now))

    def _remembered(self, now: float) -> Iterator[tuple[str, Record]]:
        for person, record in self._records.items():
            if not record.aged(now).forgotten:
                yield person, record
