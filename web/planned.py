"""Planned: when posts that were given their times together go out, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from desk import moments
from desk.models import Channel, Post
from desk.scheduling import NOW_IN
from web import current

MOST = 4  # times in one sentence
READ_WITHIN = timedelta(minutes=1)


def on_channels(posts: Sequence[Post]) -> str:
    return f" on {len(posts)} channel{'' if len(posts) == 1 else 's'}"


def planned_words(posts: Sequence[Post], now: datetime, where: str = "") -> str:
    """What was done with their times: "Going out on 3 channels"."""
    if all(post.due_at and post.due_at <= now + NOW_IN for post in posts):
        return f"Going out{where}"
    return f"Scheduled{where}: {times_in_words(posts, now)}"


def by_time(posts: Sequence[Post]) -> list[tuple[datetime, list[Post]]]:
    """Which of these go out together, the first first."""
    found = defaultdict[datetime, list[Post]](list)
    for post in posts:
        if post.due_at is not None:
            found[post.due_at].append(post)
    return sorted(found.items())


def times_in_words(posts: Sequence[Post], now: datetime) -> str:
    """What each got; of many times the first and the last."""
    (first, _), *others = times = by_time(posts)
    if not others:
        return _in_words(first, now)
    if len(times) > MOST:
        return f"from {_in_words(first, now)} to {_in_words(times[-1][0], now)}"
    return "; ".join(f"{_names(its)} {_in_words(at, now)}" for at, its in times)


def near_words(at: datetime, now: datetime) -> str:
    """A time as people say it: "17:30" today, else "Mon 07:30"."""
    clock, zone = moments.clock(at, current.zone()), current.zone()
    day = moments.near_day(at, now, zone)
    return clock if day == moments.near_day(now, now, zone) else f"{day} {clock}"


def ahead_words(on: Sequence[tuple[Channel, int]]) -> str:
    """Why a time is no sooner one, of how much goes out before it on its channels."""
    if len({ahead for _, ahead in on}) == 1:
        ahead = on[0][1]
        each = "of it" if len(on) == 1 else "on each"
        return f"{ahead} ahead {each}" if ahead else ""
    return ", ".join(f"{ahead} ahead on {one.name}" for one, ahead in on if ahead)


def undoable_s(posts: Sequence[Post], now: datetime) -> int | None:
    """For how many seconds all of them can be stopped; None: longer than anyone reads.

    0: the first of them is on its way.
    """
    first = min((post.due_at for post in posts if post.due_at), default=now)
    left = max(timedelta(), first - now)
    return int(left.total_seconds()) if left < READ_WITHIN else None


def _in_words(at: datetime, now: datetime) -> str:
    if at <= now + NOW_IN:
        return "now"  # a number of seconds would stand there when they are over
    return moments.local(at, current.zone())


def _names(posts: Sequence[Post]) -> str:
    names = [post.channel.name for post in posts]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
