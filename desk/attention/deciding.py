"""Deciding: a person's word on posts for which nothing happens without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk import channels, posts, preferences, scheduling, transition
from desk.catch_up import ITS_TURN
from desk.channels import backoff, waiting
from desk.desk import Desk
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import IllegalMove, Outcome, State
from desk.models import Part, Post
from desk.models.posts import Triage
from desk.people.actors import DESK, Actor
from desk.people.rights import Permission
from desk.posts import UNSEEN, Seen
from desk.posts.validation import TooLong
from desk.publishing import late_receipts, live_twice
from desk.publishing.lateness import live_words
from desk.sendable import FIRST

IN_DOUBT = frozenset({State.UNCONFIRMED})


@dataclass(frozen=True)
class SentAgain:
    """What became of posts that were sent again together."""

    sent: list[Post]
    left: list[str]  # why each of the others was not, in sentences
    kept: list[str]  # what keeps those that were, in sentences


def confirm_live(
    session: Session,
    post_id: int,
    url: str,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """A person says an unconfirmed post is live, and where."""
    post = posts.lock_in_state(session, post_id, IN_DOUBT, by, Permission.PUBLISH, seen)
    if not url.strip():
        raise IllegalMove("Paste the link of the post, so that readers can find it.")
    part = next(part for part in post.parts if part.remote_id is None)
    _refuse_known(session, part, url)
    part.remote_id, part.url, part.published_at = url, url, now
    post.lookalikes = []
    if all(other.remote_id for other in post.parts):
        post.published_at, post.needs_person, post.look_at = now, False, None
        post.reason = ""
        return posts.alter(
            session, post, f"Confirmed: {url}", now, by, to=State.PUBLISHED
        )
    post.needs_person, post.look_at = False, None
    return posts.alter(session, post, f"Confirmed: {url}", now, by, to=State.SCHEDULED)


def confirm_absent(
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """A person says an unconfirmed post is not there: send it again."""
    post = posts.lock_in_state(session, post_id, IN_DOUBT, by, Permission.PUBLISH, seen)
    for part in post.parts:
        if part.remote_id is None:
            part.key, part.staged = posts.new_key(), None
            for attempt in part.attempts:
                if attempt.outcome == Outcome.UNKNOWN:
                    attempt.outcome = Outcome.NOT_THERE
    post.needs_person, post.look_at, post.lookalikes = False, None, []
    post.tries = post.blind_looks = post.resends = 0
    posts.give_time(post, channels.find_channel(session, post.channel_id), now)
    post.looks = 1  # by a person: it goes out without another one
    late_receipts.look_later(post, now)
    said = "Not there, says a person: sent again."
    return posts.alter(session, post, said, now, by, to=State.SCHEDULED)


def send_all(
    desk: Desk,
    session: Session,
    post_ids: Sequence[int],
    *,
    now: datetime,
    by: Actor = DESK,
    wait: timedelta = timedelta(),
    seen: Mapping[int, Seen] = UNSEEN,
) -> SentAgain:
    """Send these again, 30 s apart on each channel, what was due first going first.

    `wait`: for so long they can be undone. One that can't go out stays as it is, and
    so does one that is not as it was `seen`.
    """
    sent: list[Post] = []
    left: list[str] = []
    turns: dict[int, int] = defaultdict(int)
    for post_id in _in_order(session, post_ids):
        try:
            with session.begin_nested():
                post = scheduling.retry(
                    desk,
                    session,
                    post_id,
                    now=now,
                    by=by,
                    wait=wait,
                    seen=seen.get(post_id),
                )
        except (IllegalMove, TooLong) as refusal:
            left.append(str(refusal))
            continue
        _take_turn(post, turns[post.channel_id], now + wait)
        turns[post.channel_id] += 1
        sent.append(post)
    return SentAgain(sent, left, _kept(desk, session, turns, now))


def _in_order(session: Session, post_ids: Sequence[int]) -> Sequence[int]:
    """These, locked, as they go out: what was due first goes first."""
    posts.lock_all(session, post_ids)
    given = select(Post.id).where(Post.id.in_(post_ids))
    return session.scalars(given.order_by(FIRST, Post.due_at, Post.id)).all()


def _take_turn(post: Post, turn: int, at: datetime) -> None:
    """The first of its channel goes at once, each other one a while later."""
    if turn:
        post.not_before = post.next_at = at + engine.catch_up.gap * turn
        post.reason = ITS_TURN


def _kept(
    desk: Desk, session: Session, channel_ids: Iterable[int], now: datetime
) -> list[str]:
    """The limits that their channels wait for."""
    zone, said = preferences.zone(session, desk.settings), []
    for channel_id in sorted(channel_ids):
        channel = channels.find_channel(session, channel_id)
        if backoff.waits_as_asked(channel, now):
            said.append(
                f"{waiting.wait_words(channel, zone)}: one post goes to find out."
            )
        elif backoff.is_waiting(channel, now):
            said.append(f"{waiting.wait_words(channel, zone)}.")
    return said


def drop_all(
    session: Session,
    post_ids: Sequence[int],
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Mapping[int, Seen] = UNSEEN,
) -> list[Post]:
    """None of these goes out, or all stay as they are; all of them can be put back."""
    posts.lock_all(session, post_ids)
    return [
        scheduling.cancel(session, one, now=now, by=by, seen=seen.get(one))
        for one in post_ids
    ]


def leave(
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """A thread that stopped half way stays as it is, and asks nobody any more."""
    post = posts.locked(session, post_id, by, Permission.PUBLISH, seen)
    if post.state != State.FAILED or not live_words(post):
        raise IllegalMove("Only a thread that is partly live can be left as it is.")
    post.triage = Triage.LEFT
    return posts.alter(session, post, "Left as it is.", now, by)


def deleted(
    session: Session,
    post_id: int,
    url: str,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """A person deleted this one of two that were live: the other one is the post's."""
    post = posts.locked(session, post_id, by, Permission.PUBLISH, seen)
    live = live_twice.double_parts(post)
    if not live:
        raise IllegalMove("This post is live once: there is nothing to choose.")
    double = next((one for one in live if url in one.links), None)
    if double is None:
        raise IllegalMove("That is none of its links. Load the page again.")
    stays = live_twice.settle_deleted(post, double, url)
    if post.state == State.PUBLISHED:
        post.reason = live_twice.double_words(post)
    transition.raise_fence(post)
    note(session, post, f"The other one was deleted: {stays} stays.", now, by)
    return post


def _refuse_known(session: Session, part: Part, url: str) -> None:
    other = select(Part.post_id).where(
        Part.channel_id == part.channel_id,
        or_(Part.remote_id == url, Part.url == url),
        Part.id != part.id,
    )
    if (post_id := session.scalar(other)) is not None:
        raise IllegalMove(f"That link is post {post_id} already: paste another one.")
