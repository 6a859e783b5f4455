"""States as screens show them: a word, a shape and a colour, never one alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.lifecycle import State
from desk.models import Hold, Post
from desk.posts.marks import Mark
from desk.posts.reasons import was_sent_back


@dataclass(frozen=True)
class Look:
    word: str
    icon: str
    style: str


LOOKS = {
    State.DRAFT: Look("draft", "pencil", "is-draft"),
    State.IN_REVIEW: Look("in review", "eye", "is-held"),
    State.SCHEDULED: Look("scheduled", "clock", ""),
    State.CLAIMED: Look("publishing", "turn", "is-going"),
    State.SENDING: Look("publishing", "turn", "is-going"),
    State.PUBLISHED: Look("live", "check", "is-live"),
    State.FAILED: Look("failed", "warning", "is-needs"),
    State.UNCONFIRMED: Look("not confirmed", "question", "is-needs"),
    State.MISSED: Look("missed", "missed", "is-needs"),
    State.CANCELLED: Look("cancelled", "slash", "is-draft"),
}
WAITS_FOR_PERSON = Look("waits for you", "hand", "is-held")
LOOKING = Look("checking", "turn", "is-going")
HELD = Look("held", "hand", "is-held")
CHANGES = Look("changes asked", "pencil", "is-held")
TWICE = Look("live twice", "warning", "is-needs")


def look_of(post: Post | Mark, holds: Iterable[Hold] = ()) -> Look:
    if post.state == State.SCHEDULED and post.triage:
        return LOOKING if post.look_at else WAITS_FOR_PERSON
    if post.state == State.SCHEDULED and any(hold.scope == "desk" for hold in holds):
        return HELD
    if was_sent_back(post):
        return CHANGES
    if post.state == State.UNCONFIRMED and not post.needs_person:
        return LOOKING
    if post.state == State.PUBLISHED and post.twice_url:
        return TWICE
    return LOOKS[State(post.state)]
