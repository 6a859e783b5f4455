"""Notices: what is told after a press of the posts that it was about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from textwrap import shorten

from flask import url_for

from desk import wakeup
from desk.lifecycle import State
from desk.models import Post
from desk.posts import working_copies
from desk.scheduling import NOW_IN, outlook
from web import answers, cards, current, planned
from web.planned import MOST

LATE = timedelta(hours=12)  # from the first time to the last: is read until closed
LONGEST = 80  # letters of a headline


def tell_scheduled(
    scheduled: Sequence[Post],
    now: datetime,
    *,
    rest: str = "",
    undo: str = "posts.undo",
    stays: bool = False,
) -> None:
    """Say what each got and why no sooner, and how to undo it. `now`: of that press.

    `rest`: what was left, in sentences; `stays`: some of it failed, it is said beside.
    """
    tell_foreseen(scheduled)
    with current.reading() as at:
        done = cards.find_anew(scheduled, at)
        account = _account(done, at, now)
        said = f"{_scheduled_words(done, now, bool(account.times))}. {rest}".strip()
        answers.say(
            said,
            undo=undo,
            of=[post.id for post in done],
            undo_s=planned.undoable_s(done, now),
            left=done,
            account=account,
            stays=stays or bool(rest) or is_far_apart(done),
        )


def is_far_apart(done: Sequence[Post]) -> bool:
    """Do these go out so far from each other that it should be read?"""
    times = planned.by_time(done)
    return bool(times) and times[-1][0] - times[0][0] > LATE


def _scheduled_words(done: Sequence[Post], now: datetime, listed: bool) -> str:
    """`listed`: each time stands below."""
    where = planned.on_channels(done)
    if any(post.state == State.IN_REVIEW for post in done):
        said = f"Sent for approval{where}"
        return said if listed else f"{said}: {planned.times_in_words(done, now)}"
    return f"Scheduled{where}" if listed else planned.planned_words(done, now, where)


def _account(
    done: Sequence[Post], at: current.Moment, now: datetime
) -> answers.Account:
    """As it was committed."""
    first, times = done[0], planned.by_time(done)
    ahead = outlook.ahead_of(current.desk_opened(), at.session, done, now)
    listed = any(ahead.values()) or (len(times) > 1 and times[-1][0] > now + NOW_IN)
    told = [
        (
            moment.isoformat(),
            [(post.channel_id, len(ahead.get(post.id, ()))) for post in its],
        )
        for moment, its in times[:MOST]
        if listed
    ]
    return answers.Account(
        about=shorten(first.article.headline, LONGEST, placeholder="…")
        if first.article
        else "",
        see=url_for("share_account.page", share_id=first.share_id),
        times=told,
        more=len(times) - MOST if listed and len(times) > MOST else 0,
    )


def tell_foreseen(scheduled: Iterable[Post]) -> None:
    """Say what may keep these from going out in time, as they stand by now."""
    with current.reading() as at:
        found = [
            said
            for post in cards.find_anew(scheduled, at)
            for said in cards.foreseen_of(post, at)
        ]
    if found:
        answers.say(" ".join(dict.fromkeys(found)), kind="held")


def tell_unsaved(given: Iterable[Post]) -> None:
    """Say what this person wrote over these and did not save: it does not go out."""
    with current.reading() as at:
        mine = [post for post in cards.find_anew(given, at) if _has_unsaved(post, at)]
        names = ", ".join(post.channel.name for post in mine)
    if names:
        answers.say(
            f"Your unsaved words for {names} are not in it: they are kept on its page.",
            kind="held",
        )


def _has_unsaved(post: Post, at: current.Moment) -> bool:
    copy = working_copies.find_copy(at.session, post.id, current.me().id)
    return working_copies.typed_words(post, copy).differs(post)


def tell_unseen(unseen: Iterable[Post]) -> None:
    """Say that nothing was done with these, and why."""
    with current.reading() as at:
        names = ", ".join(post.channel.name for post in cards.find_anew(unseen, at))
    answers.say(
        f"Changed on {names} since you opened this page: read it as it stands now, "
        "then press again.",
        kind="held",
    )


def wake_clock() -> None:
    wakeup.call(current.settings())
