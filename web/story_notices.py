"""Story notices: what is told after stories got their times by one press."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from desk import moments
from desk.lifecycle import State
from desk.models import Post
from desk.report import happenings
from desk.scheduling.sharing import Plan
from web import answers, cards, current, guards, notices, planned
from web.guards import Permission

NAMED = 3  # stories that are told one by one
A_MOMENT = timedelta(seconds=1)
OF_LATE = timedelta(hours=1)  # so old may the page be that somebody presses on


def tell(article_id: int, done: list[Post], plan: Plan, now: datetime) -> None:
    """Of one story. `now`: of that press."""
    left = " ".join(reasons_of(plan))
    if not done:
        left = f"{_who_was_first(article_id)} {left}".strip()
        answers.say(f"Nothing was scheduled. {left}".strip(), kind="bad")
        return
    notices.tell_scheduled(done, now, rest=left, undo="inbox.unshare")


def tell_all(
    done: Sequence[Post], stories: int, left: Sequence[tuple[str, Plan]]
) -> None:
    """Of several, with the headlines of those of which something is left."""
    said = [
        f"“{headline}”: {' '.join(reasons_of(plan)) or 'nothing to schedule.'}"
        for headline, plan in left[:NAMED]
    ]
    if len(left) > NAMED:
        said.append(f"{len(left) - NAMED} more stay ticked.")
    rest = " ".join(said)
    if not done:
        answers.say(f"Nothing was scheduled. {rest}".strip(), kind="bad")
        return
    if left:
        need = "needs" if len(left) == 1 else "need"
        rest = f"{len(left)} {need} you. {rest}"
    verb = "Scheduled" if guards.allowed(Permission.PUBLISH) else "Sent for approval"
    where = f" {count(stories)}{planned.on_channels(apart(done))}"
    with current.reading() as at:
        times = planned.times_in_words(cards.find_anew(done, at), at.now)
    answers.say(
        f"{verb}{where}: {times}. {rest}".strip(),
        undo="inbox.unshare",
        of=[post.id for post in done],
        left=done,
        stays=bool(left) or notices.is_far_apart(done),
    )


def count(stories: int) -> str:
    return "1 story" if stories == 1 else f"{stories} stories"


def _who_was_first(article_id: int) -> str:
    """Where somebody gave the story its times since this page showed it."""
    with current.reading() as at:
        event = happenings.last_given_time(at.session, article_id, at.now - OF_LATE)
        if event is None:
            return ""
        did = (
            "sent it for approval" if event.state == State.IN_REVIEW else "scheduled it"
        )
        recent = at.now - event.at < A_MOMENT
        when = "just now" if recent else moments.relative(event.at, at.now)
        return f"{event.who} {did} {when}."


def reasons_of(plan: Plan) -> list[str]:
    """Why something of a story was left, a sentence each."""
    left = []
    if plan.unfit:
        left.append(f"Open it to mend what {', '.join(plan.unfit)} can't take.")
    if plan.slotless:
        left.append(f"No free slot on {', '.join(plan.slotless)}.")
    if plan.returned:
        where = ", ".join(plan.returned)
        left.append(f"Changes were asked on {where}: open it to make them.")
    if plan.changed:
        where = ", ".join(plan.changed)
        left.append(f"Changed on {where} since you opened this page: look again.")
    return left


def apart(done: Collection[Post]) -> list[Post]:
    """One a channel."""
    return list({post.channel_id: post for post in done}.values())
