"""Going: which posts of a share can go out at their chosen times, and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from desk import posts, scheduling, shares
from desk.desk import Desk
from desk.models import Post, Share
from desk.people.actors import Actor
from desk.posts import Seen, following, repeats, validation
from desk.scheduling import NOW_IN, At, NextSlot, Now, When, planning, queueing
from desk.scheduling.planning import Planned
from desk.shares.editing import put_in
from desk.shares.rendering import Field

Times = Mapping[int, When]  # by the numbers of posts
Keys = Mapping[int, str | None]


class Hindrance(StrEnum):
    """What keeps a post from the time that was chosen."""

    UNFIT = "unfit"  # its channel can't carry it
    SLOTLESS = "slotless"  # its channel has no free slot
    REPEATED = "repeated"  # the same words go out there too near to it


@dataclass(frozen=True)
class Plan:
    """What was found for each post, before the transaction that gives them times."""

    fit: dict[int, Planned] = field(default_factory=dict)
    kept: dict[int, Hindrance] = field(default_factory=dict)


def plan(desk: Desk, session: Session, times: Times, now: datetime) -> Plan:
    its = [posts.find_post(session, one) for one in times]
    free = queueing.next_slots(session, desk, {post.channel_id for post in its}, now)
    found = Plan()
    for post in its:
        slot, when = free[post.channel_id], times[post.id]
        if why := hindrance(desk, session, post, when, slot, now):
            found.kept[post.id] = why
        else:
            fit = planning.fitness(post, post.channel)
            found.fit[post.id] = Planned(slot, fit)
    return found


def hindrance(
    desk: Desk,
    session: Session,
    post: Post,
    when: When,
    slot: datetime | None,
    now: datetime,
) -> Hindrance | None:
    """`slot`: the next free one of its channel."""
    if validation.problems(desk, post, post.channel):
        return Hindrance.UNFIT
    at = time_of(when, slot, now)
    if at is None:
        return Hindrance.SLOTLESS
    if repeats.stands_against(desk, session, post, post.text, at):
        return Hindrance.REPEATED
    return None


def time_of(when: When, slot: datetime | None, now: datetime) -> datetime | None:
    """When it would go out, its channel's next free slot being this."""
    match when:
        case At(due_at=at):
            return at
        case Now():
            return now + NOW_IN
        case NextSlot():
            return slot


def schedule(
    desk: Desk,
    session: Session,
    share_id: int,
    times: Times,
    planned: Plan,
    *,
    common: When,
    now: datetime,
    by: Actor,
    seen: Mapping[int, Seen],
    keys: Keys,
) -> list[Post]:
    """Give each post that was found fit its time; the others stay as they are.

    `common`: what was chosen for the whole share; `keys`: idempotency keys.
    Raises as `scheduling.schedule` does.
    """
    share = shares.locked(session, share_id, by)
    its = following.posts_of(session, share)
    fit = [post for post in its if post.id in planned.fit and post.id in seen]
    rest = [post for post in its if post not in fit]
    _pick(session, share, rest, common, now, by)
    return [
        scheduling.schedule(
            desk,
            session,
            post.id,
            times[post.id],
            now=now,
            by=by,
            idempotency_key=keys.get(post.id),
            seen=seen[post.id],
            planned=planned.fit[post.id],
        )
        for post in sorted(fit, key=queueing.by_channel)
    ]


def _pick(
    session: Session,
    share: Share,
    rest: Sequence[Post],
    common: When,
    now: datetime,
    by: Actor,
) -> None:
    """The share's time is this from now on, unless others follow another already."""
    if isinstance(common, Now):
        return
    due_at = common.due_at if isinstance(common, At) else None
    led = any(post.state in repeats.PLANNED and not post.own_time for post in rest)
    if share.due_at != due_at and not led:
        put_in(session, share, {Field.DUE_AT: due_at}, now, by)
