"""Reconciliation: which posts of a listing are those whose answers were lost.

One listing serves every attempt in doubt. What it can't prove it does not say: a new
post of ours that nobody can explain is never “not there”, nor is a post that a listing
may not show yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.base import (
    CantTell,
    Finding,
    Found,
    NotThere,
    OnRecord,
    Receipt,
    Sought,
)
from connectors.content_match import ComparableText

SHOWN = 5  # posts that a person is pointed to
UNEXPLAINED = "There is a new post that may be it."
SEVERAL = "Several posts in doubt may be the one that is there."
STALE = "The platform's list of posts may not show everything yet."
NO_TIME = "There is a post that may be it, and its server does not say the time."
# A server may give its list and its count out of one cache, both as old, and then they
# agree on what is gone. Forty seconds past the call's deadline is a minute past its
# beginning; a second look comes seconds later, and settles before a minute and a half.
CACHED = timedelta(seconds=40)

Frame = tuple[object, ...]  # what is compared besides words: images, place in a thread


@dataclass(frozen=True)
class Shown:
    """A post of the listing."""

    receipt: Receipt
    at: datetime  # by the platform's own clock
    words: tuple[ComparableText, ...] = ()  # in every way that it can be read
    frame: Frame = ()
    own: bool = True  # written by us: no boost, nobody else's
    counted: bool = True  # the platform counts it among the account's posts
    zoned: bool = True  # its time says in which zone it is told
    text: str = ""  # to see how much it has in common with what was sent


@dataclass(frozen=True)
class Asked:
    """An attempt in doubt, as it is compared: times are by the platform's own clock."""

    sought: Sought
    words: ComparableText
    frame: Frame
    since: datetime
    until: datetime
    doubtful_from: datetime  # before `since`, where the platform tells no time
    alike_from: datetime  # the same, of a post that says these words
    strange_from: datetime  # the same, of a post that nobody can explain


@dataclass(frozen=True)
class Listing:
    """A listing, newest first, read back past every attempt that is asked about."""

    shown: tuple[Shown, ...]
    whole: bool  # to the account's first post
    total: int | None  # the account's posts, as the platform counts them
    read_at: datetime  # by our clock, when it was asked for
    ahead: timedelta = timedelta(0)  # the platform's clock, of ours


Alike = Callable[[ComparableText, ComparableText], bool]  # what was sent, what is shown
InTime = Callable[[Asked, Shown], bool]
SURE: tuple[Alike, ...] = (ComparableText.is_same, ComparableText.is_same_redrawn)
TIERS: tuple[Alike, ...] = (*SURE, ComparableText.may_be_same)


class Judge:
    """What a listing says of the attempts that were asked about."""

    def __init__(
        self, asked: Sequence[Asked], listing: Listing, known: Sequence[OnRecord]
    ) -> None:
        listing = replace(listing, shown=_each_once(listing.shown))
        self._asked, self._listing, self._known = asked, listing, known
        self._new = [
            one
            for one in listing.shown
            if one.own and not any(told.is_(one.receipt) for told in known)
        ]
        self._takers: dict[int, list[int]] = {}  # of each new post: which attempts
        self._doubtful: set[int] = set()  # posts that a person may have written as well
        doubtful = any(one.doubtful_from < one.since for one in asked)
        for in_time in (_surely, _perhaps) if doubtful else (_surely,):
            for alike in TIERS:
                self._take(alike, in_time)

    def findings(self) -> list[Finding]:
        """One for each attempt, in their order."""
        return [self._finding(number) for number in range(len(self._asked))]

    def unexplained(self) -> list[Shown]:
        """New posts that neither a receipt nor an attempt explains, newest first."""
        return [one for place, one in enumerate(self._new) if place not in self._takers]

    def unknown(self) -> list[Shown]:
        """New posts of which nobody knows for sure what they are, newest first."""
        return [
            one
            for place, one in enumerate(self._new)
            if place not in self._takers or place in self._doubtful
        ]

    def unsettled(self) -> list[Asked]:
        """Attempts that no post of the listing surely is."""
        settled = {
            number
            for place, takers in self._takers.items()
            if place not in self._doubtful
            for number in takers
        }
        return [one for number, one in enumerate(self._asked) if number not in settled]

    def _settled(self) -> set[int]:
        return {number for takers in self._takers.values() for number in takers}

    def _take(self, alike: Alike, in_time: InTime) -> None:
        """Give each post to the attempts that it is; to the letter goes first."""
        settled = self._settled()
        left = [
            (number, one)
            for number, one in enumerate(self._asked)
            if number not in settled
        ]
        for place, shown in enumerate(self._new):
            takers = [
                number
                for number, one in left
                if in_time(one, shown) and _is(one, shown, alike)
            ]
            if takers and place not in self._takers:
                self._takers[place] = takers
                if alike not in SURE:
                    self._doubtful.add(place)

    def _finding(self, number: int) -> Finding:
        one = self._asked[number]
        places = [place for place, them in self._takers.items() if number in them]
        if places:
            return self._found(one, places)
        strange = self.unexplained()
        if seen := [shown for shown in strange if shown.at >= one.since]:
            return CantTell(UNEXPLAINED, seen=_receipts(seen))
        if seen := [shown for shown in strange if _may_be(one, shown)]:
            return CantTell(NO_TIME, seen=_receipts(seen))
        if self._is_fresh(one):
            return NotThere()
        return too_early(STALE, one.sought)

    def _found(self, one: Asked, places: Sequence[int]) -> Finding:
        """Twins, whose bytes are the same, are the desk's to tell.

        Others that only look the same here (two pictures, two servers of one name)
        can't be told apart by what is shown. And what anybody may have written (the
        beginning of ours, our words with another sign) is no proof.
        """
        shown = sorted((self._new[place] for place in places), key=lambda one: one.at)
        takers = {number for place in places for number in self._takers[place]}
        if any(_are_two(one.sought, self._asked[number].sought) for number in takers):
            return CantTell(SEVERAL, seen=_receipts(shown))
        if self._doubtful.intersection(places):
            return CantTell(UNEXPLAINED, seen=_receipts(shown))
        return Found(tuple(one.receipt for one in shown))

    def _is_fresh(self, one: Asked) -> bool:
        """Whether the listing would show the attempt's post, if there were one.

        It shows a later one; or it shows as many as the account counts, so long after
        the call that both are hardly from before it.
        """
        later = any(shown.at >= one.until for shown in self._listing.shown)
        aged = self._listing.read_at >= one.sought.until + CACHED
        return later or (aged and self._counts_agree(one))

    def _counts_agree(self, one: Asked) -> bool:
        """Whether what is listed, and what we know to be there, is all that is counted.

        Of an account that was read in whole; else since the newest of our posts in
        whose answer the platform told the count.
        """
        listing = self._listing
        if listing.total is None:
            return False
        if listing.whole:
            return self._there(listing.shown, self._known) == listing.total
        names = [shown.receipt.remote_id for shown in listing.shown]
        for place, before in enumerate(self._known):
            told = before.total is not None and before.at < one.sought.since
            if told and before.remote_id in names:
                newer = listing.shown[: names.index(before.remote_id)]
                since = self._there(newer, self._known[:place])
                return (before.total or 0) + since == listing.total
        return False

    def _there(self, shown: Sequence[Shown], known: Sequence[OnRecord]) -> int:
        """How many posts these are; of an unlisted one a receipt is proof enough."""
        listed = [one.receipt for one in self._listing.shown]
        unlisted = [one for one in known if not any(map(one.is_, listed))]
        newer = [one for one in unlisted if self._is_within_reach(one)]
        return sum(one.counted for one in shown) + len(newer)

    def _is_within_reach(self, known: OnRecord) -> bool:
        """Whether the list was read back to when it was sent, and so is behind."""
        shown, ahead = self._listing.shown, self._listing.ahead
        return not shown or known.sent_at + ahead >= shown[-1].at


def too_early(why: str, sought: Sought) -> CantTell:
    """A listing that proves nothing; before both caches are over none could."""
    return CantTell(why, again_at=sought.until + CACHED)


def _are_two(one: Sought, other: Sought) -> bool:
    """Whether these are tries of two posts, whose bytes differ."""
    tries_of_one = bool(one.of) and one.of == other.of
    return not tries_of_one and one.prepared.body != other.prepared.body


def _is(one: Asked, shown: Shown, alike: Alike) -> bool:
    same = (alike(one.words, words) for words in shown.words)
    return shown.frame == one.frame and any(same)


def _surely(one: Asked, shown: Shown) -> bool:
    return shown.at >= one.since


def _perhaps(one: Asked, shown: Shown) -> bool:
    return shown.at >= one.doubtful_from


def _may_be(one: Asked, shown: Shown) -> bool:
    """Whether it is from then after all, as badly as its server tells the time."""
    if shown.at >= one.strange_from:
        return True
    if shown.at < one.alike_from:
        return False
    return any(_is(one, shown, tier) for tier in TIERS)


def _each_once(shown: Sequence[Shown]) -> tuple[Shown, ...]:
    """Pages of a list that grows meanwhile overlap, and show a post on both."""
    return tuple({one.receipt.remote_id: one for one in shown}.values())


def _receipts(shown: Sequence[Shown]) -> tuple[Receipt, ...]:
    return tuple(one.receipt for one in shown[:SHOWN])
