"""Campaigns: several shares of one story, planned over days, each in other words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from desk import articles, channels, posts, preferences, scheduling, shares, slots
from desk.articles import angles
from desk.articles.angles import Angle
from desk.conflicts import refuse_changed
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import reasons
from desk.posts.validation import TooLong
from desk.refusal import Refusal, RefusalKind
from desk.scheduling import NextSlot, queueing
from desk.scheduling.planning import Planned
from desk.scheduling.queueing import NoFreeSlot
from desk.shares.fitting import Scaled

SHARES = range(2, 7)  # a story has six candidates at most
DAYS = range(1, 15)  # from the first to the last

Slots = Mapping[int, datetime | None]  # by channel; None: it has no free one


class BadCampaign(Refusal):
    """It can't be planned like that; says why."""

    kind = RefusalKind.INVALID


class TooFewWords(Refusal):
    """The story has not as many candidates as shares are wanted."""

    kind = RefusalKind.UNFIT


@dataclass(frozen=True)
class Wanted:
    """How many shares, and how many days from the first to the last."""

    shares: int = 3
    days: int = 3

    def __post_init__(self) -> None:
        if self.shares not in SHARES or self.days not in DAYS:
            raise BadCampaign(
                f"A campaign has {SHARES[0]} to {SHARES[-1]} shares over {DAYS[0]} to "
                f"{DAYS[-1]} days."
            )

    @property
    def days_ahead(self) -> list[int]:
        """Of each share, from the first: the same day, the next, the third after it."""
        return [n * self.days // (self.shares - 1) for n in range(self.shares)]


@dataclass(frozen=True)
class Step:
    """One share of it, and when its posts would go out."""

    said: str
    kind: str  # what its words are, as editors call it; empty: a person's
    slots: Slots
    share_id: int | None = None  # None: it is yet to be made
    angle: Angle | None = None


@dataclass(frozen=True)
class Campaign:
    """What would be made, as it was shown before anybody pressed."""

    article_id: int
    wanted: Wanted
    steps: Sequence[Step]
    stood: object  # the story's shares by then


@dataclass(frozen=True)
class Made:
    """What a press made: the shares, the first of which may have been there."""

    shares: Sequence[Share]
    was_there: Share | None
    scheduled: Sequence[Post]
    left: Sequence[Post] = field(default=())  # drafts still, for want of a slot or fit


def plan(
    desk: Desk, article_id: int, wanted: Wanted, *, by: Actor, pictured: bool = False
) -> Campaign:
    """What would be said, and when. Writes nothing, and takes a second: no session.

    A share of it that nobody has given a time is its first. `pictured`: with pictures,
    for making it. Raises `NotYours`, `Unreadable`.
    """
    with desk.db.reading() as session:
        rights.refuse(session, by, Permission.WRITE)
        story = angles.story_of(desk, session, article_id)
        first = _open_share(session, article_id)
        its = [post.channel_id for post in _drafts(session, first)] if first else []
        stood = standing(session, article_id)
    none: Mapping[int, Scaled] = {one.id: None for one in story.channels}
    scaled = angles.fit_pictures(desk, story) if pictured else none
    more = wanted.shares - (1 if first else 0)
    found = angles.find_angles(desk, story, more, scaled)
    on = [its] if first else []
    on += [[one.channel_id for one in angle.drafts] for angle in found]
    with desk.db.reading() as session:
        times = _slots(desk, session, on, wanted.days_ahead, story.now)
    steps = [Step(first.text, "", times.pop(0), first.id)] if first else []
    steps += [_step(*one) for one in zip(found, times, strict=True)]
    return Campaign(article_id, wanted, steps, stood)


def _step(angle: Angle, free: Slots) -> Step:
    """A channel without a free slot has no post of it: nobody would give it a time."""
    there = [one for one in angle.drafts if free[one.channel_id]]
    angle = Angle(there or angle.drafts)
    return Step(angle.said, angle.kind.spoken, free, angle=angle)


def why_not(campaign: Campaign) -> Refusal | None:
    """What keeps it from being made, in a sentence; None: nothing does."""
    there, wanted = len(campaign.steps), campaign.wanted.shares
    if there < SHARES[0]:
        return TooFewWords(
            "This story has no words that were not shared yet: share it again, and "
            "write what is new."
        )
    if there < wanted:
        return TooFewWords(
            f"This story has words for {there} shares that are not the same, and not "
            f"for {wanted}: plan {there}, or write a further one yourself."
        )
    if not all(any(step.slots.values()) for step in campaign.steps):
        return NoFreeSlot(
            "No channel of it has a free slot for each: add weekly times under Queue, "
            "or share the story by hand."
        )
    return None


def make(
    desk: Desk,
    session: Session,
    campaign: Campaign,
    *,
    now: datetime,
    by: Actor,
    over: str | None = None,
) -> Made:
    """All of it in one transaction; whose role may not publish asks for approval by it.

    `over`: the mark of how the story's shares stood when it was seen. Raises
    `Overtaken`, `NotYours`, `TooFewWords`, `NoFreeSlot`.
    """
    rights.refuse(session, by, Permission.WRITE)
    if refusal := why_not(campaign):
        raise refusal
    article = articles.find_article(session, campaign.article_id)
    session.refresh(article, with_for_update=True)
    posts.lock_all(session, [post.id for post in posts.drafts(session, article.id)])
    refuse_changed(over, standing(session, article.id))
    made, slots_of = list[Share](), dict[int, Slots]()
    was_there = None
    for step in campaign.steps:
        if step.angle is None:
            share = was_there = shares.find_share(session, step.share_id or 0)
        else:
            share = angles.store_angle(desk, session, article, step.angle, now, by)
        made.append(share)
        slots_of[share.id] = step.slots
    its = [post for share in made for post in _drafts(session, share)]
    its.sort(key=queueing.by_channel)
    given = [
        post
        for post in its
        if _give(desk, session, post, slots_of[post.share_id], now, by)
    ]
    return Made(made, was_there, given, [post for post in its if post not in given])


def take_back(
    session: Session,
    made: Collection[int],
    were_there: Collection[int],
    *,
    now: datetime,
    by: Actor,
) -> None:
    """Undo: posts of shares that it made are cancelled, those of others are drafts."""
    posts.lock_all(session, [*made, *were_there])
    for post_id in sorted(were_there):
        scheduling.to_draft(session, post_id, now=now, by=by)
    for post_id in sorted(made):
        post = posts.lock_editable(session, post_id, by)
        posts.alter(session, post, "Cancelled.", now, by, to=State.CANCELLED)


def standing(session: Session, article_id: int) -> object:
    """The story's shares, and what the one says that nobody gave a time."""
    its = [share.id for share in shares.standing_of(session, article_id)]
    first = _open_share(session, article_id)
    said = [(post.id, post.revision) for post in _drafts(session, first)]
    return [its, said]


def _open_share(session: Session, article_id: int) -> Share | None:
    """The newest, where all of it are drafts that may go out."""
    found = shares.newest_of(session, article_id)
    if found is None:
        return None
    its = shares.posts_of(session, found.id)
    drafts = [post for post in its if post.state == State.DRAFT]
    rest = [post for post in its if post.state not in (State.DRAFT, State.CANCELLED)]
    asked = any(reasons.was_sent_back(post) for post in drafts)
    return found if drafts and not rest and not asked else None


def _drafts(session: Session, share: Share | None) -> list[Post]:
    its = shares.posts_of(session, share.id) if share else []
    return [post for post in its if post.state == State.DRAFT and not post.left_out]


def _slots(
    desk: Desk,
    session: Session,
    on: Sequence[Sequence[int]],
    days_ahead: Sequence[int],
    now: datetime,
) -> list[Slots]:
    """For each share, on the channels that it has: none of them before its day.

    Days count from the one on which the first share begins.
    """
    zone = preferences.zone(session, desk.settings)
    wanted = {id_ for some in on for id_ in some}
    weekly = channels.weekly_slots_of(session, list(wanted))
    coming = {id_: slots.upcoming(weekly[id_], now, zone) for id_ in wanted}
    last = now + timedelta(days=2 + max(days_ahead))
    free = queueing.free_of_each(session, coming, dict.fromkeys(wanted, last))
    found, begins = list[Slots](), now
    for some, ahead in zip(on, days_ahead, strict=False):
        since = _day_after(begins, ahead, zone)
        found.append({id_: _first(free[id_], since) for id_ in some})
        if len(found) == 1:
            begins = min(filter(None, found[0].values()), default=now)
    return found


def _day_after(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When that day begins, so many after this one."""
    midnight = datetime.combine(at.astimezone(zone).date(), time(), zone)
    return midnight + timedelta(days=days)


def _first(times: Iterator[datetime], since: datetime) -> datetime | None:
    return next((at for at in times if at >= since), None)


def _give(
    desk: Desk, session: Session, post: Post, free: Slots, now: datetime, by: Actor
) -> bool:
    """Its slot; what its channel can't carry, or would hear twice, stays a draft."""
    slot_at = free.get(post.channel_id)
    if slot_at is None:
        return False
    when = NextSlot(since=slot_at)
    try:
        with session.begin_nested():
            scheduling.schedule(
                desk, session, post.id, when, now=now, by=by, planned=Planned(slot_at)
            )
    except (NoFreeSlot, TooLong):
        return False
    return True
