"""A platform's clock beside ours: which of its posts are new, and which came after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from connectors.base import OnRecord, Sought
from connectors.content_match import ComparableText
from connectors.reconciliation import Asked, Frame, Shown


@dataclass(frozen=True)
class PlatformClock:
    """The platform's clock beside ours, as well as can be told."""

    ahead: timedelta  # at least
    tolerance: timedelta
    at_most: timedelta = timedelta.min  # ahead of ours
    doubt: timedelta = timedelta(0)  # how much earlier than that it may yet be
    alike: timedelta = timedelta(0)  # the same, of a post that says our words
    strange: timedelta = timedelta(0)  # the same, of a post that nobody can explain

    def asked(self, sought: Sought, words: ComparableText, frame: Frame) -> Asked:
        since = sought.since + self.ahead - self.tolerance
        until = sought.until + max(self.ahead, self.at_most) + self.tolerance
        return Asked(
            sought,
            words,
            frame,
            since,
            until,
            doubtful_from=since - self.doubt,
            alike_from=since - self.alike,
            strange_from=since - max(self.doubt, self.strange),
        )


TOLERANCE = timedelta(seconds=2)  # a Date header counts whole seconds
MINUTE = timedelta(minutes=1)
ANY_ZONE = timedelta(hours=15)  # a server without a clock may tell the hour of any
# Where no post of ours tells how far the posts' own clock is off, a header may be.
UNTOLD = timedelta(hours=2)
NEVER_SET = timedelta(days=25_000)  # and its clock may stand at 1970


def platform_clock(
    skew: timedelta | None, shown: Sequence[Shown], known: Sequence[OnRecord]
) -> PlatformClock:
    """By its Date header, and by the posts that both it and we have on record.

    Where the two differ its posts may be told by another clock, so neither is believed
    alone: the earlier one says which posts are new, the later one which came after.
    """
    told = _clock_of_known_posts(shown, known)
    if told is None:
        return _clock_of_header(skew, shown)
    least, most = told
    if skew is not None:
        least, most = min(least, skew), max(most, skew)
    return PlatformClock(least, _tolerance(shown), most)


def _clock_of_known_posts(
    shown: Sequence[Shown], known: Sequence[OnRecord]
) -> tuple[timedelta, timedelta] | None:
    """How far its posts' clock is ahead, at least and at most.

    Each post came between our call and our record of it, which for one that was found
    later lies minutes after: the tightest bounds count.
    """
    ours = {one.remote_id: one for one in known}
    both = [
        (one.at, ours[one.receipt.remote_id])
        for one in shown
        if one.receipt.remote_id in ours
    ]
    if not both:
        return None
    least = max(at - record.at for at, record in both)
    most = min(at - record.sent_at for at, record in both)
    return least, most


def _clock_of_header(skew: timedelta | None, shown: Sequence[Shown]) -> PlatformClock:
    """By its Date header alone, or by nothing.

    Nothing says that its posts are told by the clock of its header, so one with our
    words may be ours whatever hour it says, and one that nobody can explain if it is
    of the last hours. Where its times have no zone, or there is
    no header, that goes for any post.
    """
    if skew is None or not all(one.zoned for one in shown):
        ahead = skew or timedelta(0)
        return PlatformClock(ahead, MINUTE, ahead + ANY_ZONE, ANY_ZONE, NEVER_SET)
    return PlatformClock(skew, _tolerance(shown), skew, alike=NEVER_SET, strange=UNTOLD)


def _tolerance(shown: Sequence[Shown]) -> timedelta:
    """Some clocks count whole minutes."""
    whole = bool(shown) and all(
        one.at.second == one.at.microsecond == 0 for one in shown
    )
    return MINUTE if whole else TOLERANCE
