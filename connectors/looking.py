"""Looking: which posts of an account's listing are those whose answers were lost.

One listing serves every attempt in doubt. What it can't prove it does not say: a new
post of ours that nobody can explain is never “not there”, nor is a post that a listing
may not show yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from connectors.sameness import Words

SHOWN = 5  # posts that a person is pointed to
UNEXPLAINED = "There is a new post that may be it."
SEVERAL = "Several posts in doubt may be the one that is there."
STALE = "The platform's list of posts may not show everything yet."
NO_TIME = "There is a post that may be it, and its server does not say the time."

Frame = tuple[object, ...]  # what is compared besides words: images, place in a thread


@dataclass(frozen=True)
class Shown:
    """A post of the listing."""

    receipt: Receipt
    at: datetime  # by the platform's own clock
    words: tuple[Words, ...] = ()  # in every way that it can be read
    frame: Frame = ()
    own: bool = True  # written by us: no boost, nobody else's
    counted: bool = True  # the platform counts it among the account's posts
    text: str = ""  # to see how much it has in common with what was sent


@dataclass(frozen=True)
class Asked:
    """An attempt in doubt, as it is compared: times are by the platform's own clock."""

    sought: Sought
    words: Words
    frame: Frame
    since: datetime
    until: datetime
    doubtful_from: datetime  # before `since`, where the platform tells no time


@dataclass(frozen=True)
class Listing:
    """A listing, newest first, read back past every attempt that is asked about."""

    shown: tuple[Shown, ...]
    whole: bool  # to the account's first post
    total: int | None  # the account's posts, as the platform counts them
    ahead: timedelta = timedelta(0)  # the platform's clock, of ours


Alike = Callable[[Words, Words], bool]  # what was sent, what is shown
TIERS: tuple[Alike, ...] = (Words.same, Words.drawn, Words.begun)


class Judge:
    """What a listing says of the attempts that were asked about."""

    def __init__(
        self, asked: Sequence[Asked], listing: Listing, known: Sequence[OnRecord]
    ) -> None:
        self._asked, self._listing, self._known = asked, listing, known
        self._new = [
            one
            for one in listing.shown
            if one.own and not any(told.is_(one.receipt) for told in known)
        ]
        self._takers: dict[int, list[int]] = {}  # of each new post: which attempts
        for alike in TIERS:
            self._take(alike)

    def findings(self) -> list[Finding]:
        """One for each attempt, in their order."""
        return [self._finding(number) for number in range(len(self._asked))]

    def unexplained(self) -> list[Shown]:
        """New posts that neither a receipt nor an attempt explains, newest first."""
        return [one for place, one in enumerate(self._new) if place not in self._takers]

    def unsettled(self) -> list[Asked]:
        """Attempts that no post of the listing is."""
        settled = self._settled()
        return [one for number, one in enumerate(self._asked) if number not in settled]

    def _settled(self) -> set[int]:
        return {number for takers in self._takers.values() for number in takers}

    def _take(self, alike: Alike) -> None:
        """Give each post to the attempts that it is; to the letter goes first."""
        settled = self._settled()
        left = [
            (number, one)
            for number, one in enumerate(self._asked)
            if number not in settled
        ]
        for place, shown in enumerate(self._new):
            takers = [number for number, one in left if _is(one, shown, alike)]
            if takers and place not in self._takers:
                self._takers[place] = takers

    def _finding(self, number: int) -> Finding:
        one = self._asked[number]
        places = [place for place, them in self._takers.items() if number in them]
        if places:
            return self._found(one, places)
        strange = self.unexplained()
        if seen := [shown for shown in strange if shown.at >= one.since]:
            return CantTell(UNEXPLAINED, seen=_receipts(seen))
        if seen := [shown for shown in strange if shown.at >= one.doubtful_from]:
            return CantTell(NO_TIME, seen=_receipts(seen))
        return NotThere() if self._is_fresh(one) else CantTell(STALE)

    def _found(self, one: Asked, places: Sequence[int]) -> Finding:
        """Twins, whose words are the same, are the desk's to tell; others are not."""
        shown = sorted((self._new[place] for place in places), key=lambda one: one.at)
        takers = {number for place in places for number in self._takers[place]}
        if any(self._asked[number].words != one.words for number in takers):
            return CantTell(SEVERAL, seen=_receipts(shown))
        return Found(tuple(one.receipt for one in shown))

    def _is_fresh(self, one: Asked) -> bool:
        """Whether the listing would show the attempt's post, if there were one.

        It shows a later one; or it shows as many as the account counts.
        """
        later = any(shown.at >= one.until for shown in self._listing.shown)
        return later or self._counts_agree(one)

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


def _is(one: Asked, shown: Shown, alike: Alike) -> bool:
    in_time = shown.at >= one.since and shown.frame == one.frame
    return in_time and any(alike(one.words, words) for words in shown.words)


def _receipts(shown: Sequence[Shown]) -> tuple[Receipt, ...]:
    return tuple(one.receipt for one in shown[:SHOWN])


@dataclass(frozen=True)
class Clock:
    """The platform's clock beside ours, as well as can be told."""

    ahead: timedelta
    tolerance: timedelta
    doubt: timedelta = timedelta(0)  # how much earlier than that it may yet be
    at_most: timedelta = timedelta.min  # as another sign of it says

    def asked(self, sought: Sought, words: Words, frame: Frame) -> Asked:
        since = sought.since + self.ahead - self.tolerance
        until = sought.until + max(self.ahead, self.at_most) + self.tolerance
        return Asked(sought, words, frame, since, until, since - self.doubt)


TOLERANCE = timedelta(seconds=2)  # a Date header counts whole seconds
MINUTE = timedelta(minutes=1)
ANY_ZONE = timedelta(hours=15)  # a server without a clock may tell the hour of any
UNTOLD = Clock(timedelta(0), MINUTE, ANY_ZONE)


def clock(
    skew: timedelta | None, shown: Sequence[Shown], known: Sequence[OnRecord]
) -> Clock:
    """By its Date header, and by the posts that both it and we have on record.

    Where the two differ its posts may be told by another clock, so the earlier one
    counts. Our record of a post is younger than the post, by seconds or by minutes: so
    its clock seems to be behind, by the least at best, and more posts count as new.
    """
    ours = {one.remote_id: one.at for one in known}
    told = [
        one.at - ours[one.receipt.remote_id]
        for one in shown
        if one.receipt.remote_id in ours
    ]
    signs = [*([] if skew is None else [skew]), *([max(told)] if told else [])]
    if not signs:
        return UNTOLD
    coarse = bool(shown) and all(one.at.second == 0 for one in shown)
    tolerance = MINUTE if coarse else TOLERANCE
    return Clock(min(signs), tolerance, at_most=max(signs))
