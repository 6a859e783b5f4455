"""Platforms: four strict ones, and the log of every request that they accepted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from connectors.base import (
    Besides,
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Finding,
    Found,
    OnRecord,
    OutcomeUnknown,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Sought,
    Unauthorized,
    Unavailable,
)
from connectors.content_match import comparable
from connectors.platform_clock import PlatformClock
from connectors.reconciliation import Judge, Listing, Shown
from tests.fakes.scripted import Scripted
from tests.faults.model.agents import pause
from tests.faults.model.timing import VirtualClock

WINDOW = timedelta(hours=1)
DEADLINE = timedelta(seconds=20)  # of a call: nothing is accepted after it
LAG = timedelta(seconds=7)  # until a listing shows a post


class Fate(StrEnum):
    """What becomes of a request at its platform."""

    ACCEPTED = "accepted"
    ODD = "accepted, shown in other words"
    NAMED = "accepted, 502 that names it"
    SILENT = "accepted, answer lost"
    STALLED = "answer lost, accepted later perhaps"
    LOST = "lost with its answer"
    REFUSED = "refused"
    DUPLICATE = "refused as a duplicate"
    LIMITED = "429"
    UNAUTHORIZED = "401"
    UNREACHED = "503 before the first byte"


@dataclass(frozen=True)
class Accepted:
    """What a platform acted on; not `fresh`: it knew the key and showed nothing new."""

    account: str
    at: datetime
    key: str
    text: str
    remote_id: str
    fresh: bool


@dataclass
class Request:
    """One call on its way, whatever becomes of whoever made it."""

    platform: Strict
    prepared: Prepared
    at: datetime
    answer: Receipt | ConnectorError | None = None
    gone: bool = False  # nothing more comes of it

    @property
    def over(self) -> bool:
        return self.answer is not None

    @property
    def account(self) -> str:
        return self.platform.credentials["account"]

    @property
    def text(self) -> str:
        return str(json.loads(self.prepared.body)["text"])


@dataclass
class Site:
    """All platforms together: what flies to them, and what they accepted."""

    clock: VirtualClock
    log: list[Accepted] = field(default_factory=list)
    flying: list[Request] = field(default_factory=list)
    arrived: list[Request] = field(default_factory=list)  # not looked at by the rules
    blind: set[str] = field(default_factory=set)  # accounts that nobody may list
    were_blind: set[str] = field(default_factory=set)
    lag: dict[str, timedelta] = field(default_factory=dict)  # of an account's list
    cached: set[str] = field(default_factory=set)  # whose count is as old as the list

    def ask(self, platform: Strict, prepared: Prepared) -> Request:
        request = Request(platform, prepared, self.clock.wall)
        self.flying.append(request)
        self.arrived.append(request)
        return request

    def decide(self, request: Request, fate: Fate, wait_s: float = 60) -> None:
        """Let it end so. Only what is stalled may still be accepted later."""
        request.gone = fate is not Fate.STALLED
        told: Receipt | ConnectorError = OutcomeUnknown("The line was cut.")
        match fate:
            case Fate.ACCEPTED:
                told = self._take(request)
            case Fate.ODD:
                told = _odd(self._take(request))
            case Fate.NAMED:
                told = _unclear(self._take(request))
            case Fate.SILENT:
                self._take(request)
            case Fate.REFUSED:
                told = Rejected("These words are not wanted here.")
            case Fate.DUPLICATE:
                told = Rejected("You said that already.", duplicate=True)
            case Fate.LIMITED:
                until = self.clock.wall + timedelta(seconds=wait_s)
                told = RateLimited("Too fast.", until)
            case Fate.UNAUTHORIZED:
                told = Unauthorized("The token was revoked.")
            case Fate.UNREACHED:
                told = Unavailable("Nobody answers.")
        request.answer = request.answer or told
        self._forget()

    def pass_by(self) -> None:
        """Nothing is accepted after a call's deadline."""
        for request in self.flying:
            if request.at + DEADLINE < self.clock.wall:
                request.gone = True
                request.answer = request.answer or OutcomeUnknown("No answer in time.")
        self._forget()

    def _forget(self) -> None:
        self.flying = [request for request in self.flying if not request.gone]

    def _take(self, request: Request) -> Receipt | ConnectorError:
        """Accept it as its class promises: the same key may be the same post."""
        once, now = request.platform.once, self.clock.wall
        ours = [one for one in self.log if one.account == request.account]
        same = [one for one in ours if one.key == request.prepared.key]
        if once is Class.WINDOW:
            same = [one for one in same if one.fresh and now - one.at < WINDOW]
        if once is Class.NATURAL and any(one.text == request.text for one in ours):
            return Rejected("You said that already.", duplicate=True)
        known = same[0].remote_id if same and once in DEDUPLICATES else None
        remote_id = known or f"{request.account}{len(ours) + 1}"
        self.log.append(
            Accepted(
                request.account,
                now,
                request.prepared.key,
                request.text,
                remote_id,
                fresh=known is None,
            )
        )
        return receipt_of(remote_id)

    def listed(self, account: str) -> Listing | None:
        """What the account's list shows by now, and its count; None: nothing."""
        if account in self.blind:
            return None
        posts = [one for one in self.log if one.account == account and one.fresh]
        until = self.clock.wall - self.lag.get(account, LAG)
        shown = [_shown(one) for one in reversed(posts) if one.at <= until]
        count = len(shown if account in self.cached else posts)
        return Listing(tuple(shown), True, count, self.clock.wall)

    def has(self, account: str, remote_id: str) -> bool:
        mine = (one for one in self.log if one.account == account)
        return any(one.remote_id == remote_id for one in mine)


class Strict(Scripted):
    """The scripted connector, at a platform that the model decides for."""

    site: ClassVar[Site]

    def publish(self, prepared: Prepared) -> Receipt:
        request = self.site.ask(self, prepared)
        pause(request)
        if isinstance(request.answer, Receipt):
            return request.answer
        raise request.answer or AssertionError("An agent went on without an answer.")

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord] = (),
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        """By the rules of a connector that has nothing but a list."""
        pause()
        listing = self.site.listed(self.credentials["account"])
        pause()
        if listing is None:
            return [CantTell("The listing is away.")] * len(sought)
        late = besides() if besides else Besides((), tuple(known))
        asked = [
            EXACTLY.asked(one, comparable(json.loads(one.prepared.body)["text"]), ())
            for one in [*sought, *late.sought]
        ]
        found = Judge(asked, listing, late.known).findings()[: len(sought)]
        return [
            self._named(one, finding)
            for one, finding in zip(sought, found, strict=True)
        ]

    def _named(self, one: Sought, finding: Finding) -> Finding:
        account = self.credentials["account"]
        if one.named and self.site.has(account, one.named):
            return Found((receipt_of(one.named),))
        return finding


class Exact(Strict):
    platform, title, once = "exact", "Exact", Class.EXACT


class Window(Strict):
    platform, title, once = "window", "Window", Class.WINDOW


class Natural(Strict):
    platform, title, once = "natural", "Natural", Class.NATURAL


class Nothing(Strict):
    platform, title, once = "nothing", "Nothing", Class.NONE


DEDUPLICATES = (Class.EXACT, Class.WINDOW)
KINDS: tuple[type[Strict], ...] = (Exact, Window, Natural, Nothing)
CONNECTORS: dict[str, type[Connector]] = {kind.platform: kind for kind in KINDS}


EXACTLY = PlatformClock(timedelta(0), timedelta(0))


def _shown(one: Accepted) -> Shown:
    return Shown(receipt_of(one.remote_id), one.at, (comparable(one.text),))


def _odd(told: Receipt | ConnectorError) -> Receipt | ConnectorError:
    remark = ("It shows other words than were sent.",)
    return replace(told, warnings=remark) if isinstance(told, Receipt) else told


def _unclear(told: Receipt | ConnectorError) -> ConnectorError:
    if isinstance(told, Receipt):
        return OutcomeUnknown("It answered 502.", told.remote_id)
    return told


def receipt_of(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"https://strict.example/{remote_id}")
