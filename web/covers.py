"""Covers: what became of several posts, each state once with the channels in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from desk.lifecycle import State
from desk.models import Hold, Post
from desk.posts.marks import Mark
from web import marks, states
from web.states import Look

APART = 2  # times that are told one by one; more are told as a range
LIVE, SCHEDULED = states.LOOKS[State.PUBLISHED], states.LOOKS[State.SCHEDULED]
LED_BY_TIME = frozenset({SCHEDULED, states.HELD})
ORDER = ("is-live", "is-needs", "is-going", "is-held", "", "is-draft")  # of styles
WORDS = {SCHEDULED: "", states.LOOKS[State.IN_REVIEW]: "waits for approval"}
TO = Markup("%s to %s")
Its = Sequence[Post | Mark]


@dataclass(frozen=True)
class Cover:
    """Posts of one state, with the time that goes with it."""

    look: Look
    posts: Its
    first: datetime | None = None
    last: datetime | None = None

    @property
    def word(self) -> str:
        """The state; empty where its time says it."""
        return WORDS.get(self.look, self.look.word).capitalize()


def covers_of(its: Iterable[Post | Mark], holds: Collection[Hold]) -> list[Cover]:
    """What is not left out, the best news first."""
    by_look: dict[Look, list[Post | Mark]] = defaultdict(list)
    for post in sorted(its, key=lambda post: post.channel.name.lower()):
        if post.state != State.CANCELLED:
            by_look[states.look_of(post, holds)].append(post)
    found = [cover for look, some in by_look.items() for cover in _told(look, some)]
    return sorted(found, key=lambda cover: ORDER.index(cover.look.style))


def _told(look: Look, its: Its) -> list[Cover]:
    if look is LIVE:
        its = _newest(its)
        times = [post.published_at for post in its if post.published_at]
        return [Cover(look, its, max(times, default=None))]
    if look not in LED_BY_TIME:
        return [Cover(look, its)]
    by_time: dict[datetime | None, list[Post | Mark]] = defaultdict(list)
    for post in its:
        by_time[post.due_at].append(post)
    times = sorted(at for at in by_time if at)
    if len(times) > APART:
        return [Cover(look, its, times[0], times[-1])]
    return [Cover(look, by_time[at], at) for at in times]


def _newest(its: Its) -> Its:
    """Of a channel that a story was live on several times, the last one."""
    by_channel: dict[int, Post | Mark] = {}
    for post in sorted(its, key=lambda post: post.id):
        by_channel[post.channel.id] = post
    return [post for post in its if by_channel[post.channel.id] is post]


def times_of(cover: Cover, now: datetime) -> Markup:
    """Its time, or the range of its times; empty where it has none."""
    if cover.first is None:
        return Markup("")
    alone = "" if cover.word else "Today"
    first = marks.near(cover.first, now, alone)
    if cover.last is None:
        return first
    return TO % (first, marks.near(cover.last, now, "today"))
