"""Maybe live: what readers may see of a post though the desk does not count it as live.

Told by facts: what its tries came to, and whether the desk still looks for them.
"""

from __future__ import annotations

from connectors.base import Class
from desk import channels
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.models.posts import Triage

UNANSWERED = (None, Outcome.UNKNOWN)
MAYBE = (Outcome.UNKNOWN, Outcome.NOT_THERE)
OPEN = (None, *MAYBE)
DESK_LOOKS = "the desk looks again by itself"


def was_sent_again(post: Post) -> bool:
    """One of its tries was called absent, and may show up beside the next one."""
    return any(may_be_second(post, part) for part in post.parts)


def may_be_second(post: Post, part: Part) -> bool:
    """The same for a part of it.

    Under one key there is one post, where the platform promises that.
    """
    exact = channels.exactly_once(post.channel) is Class.EXACT
    return any(
        one.outcome == Outcome.NOT_THERE and not (exact and one.key == part.key)
        for one in part.attempts
    )


def is_unanswered(part: Part) -> bool:
    """One of its tries may be live for all that anybody knows."""
    return any(one.outcome in UNANSWERED for one in part.attempts)


def may_be_live(post: Post) -> bool:
    """A part of it that the desk does not count as live may be, all the same."""
    if post.state == State.PUBLISHED:
        return False
    if (
        post.state == State.UNCONFIRMED
        or post.triage == Triage.RESTORED
        or post.lookalikes
    ):
        return True
    missing = [part for part in post.parts if part.remote_id is None]
    return any(_is_open(post, one) for part in missing for one in part.attempts)


def earlier_words(post: Post) -> str:
    """What is to be known of its earlier tries, and who looks; nothing without one."""
    if may_be_twice(post):
        found = "look at the other post there" if post.lookalikes else DESK_LOOKS
        return f"It was sent again, and may be live twice: {found}."
    if not may_be_live(post) or post.state == State.UNCONFIRMED:
        return ""
    looks = post.recheck_at is not None and not post.lookalikes
    who = DESK_LOOKS if looks else "look there"
    return f"It may be live by an earlier try: {who}."


def may_be_twice(post: Post) -> bool:
    """It is live, and so may be another try of it."""
    if post.state != State.PUBLISHED or post.twice_url is not None:
        return False
    tries = [one for part in post.parts for one in part.attempts]
    looked_for = post.recheck_at is not None
    return bool(post.lookalikes) or (
        looked_for and any(_is_open(post, one) for one in tries)
    )


def _is_open(post: Post, one: Attempt) -> bool:
    """Nobody knows what became of it, or the desk looks for it once more."""
    if one.outcome == Outcome.NOT_THERE:
        return post.recheck_at is not None
    return one.outcome in UNANSWERED
