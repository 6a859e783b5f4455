"""Promises taken out of the engine, each of which the model must miss."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from connectors import looking
from connectors.base import OutcomeUnknown, Unavailable
from connectors.looking import Judge
from desk.lifecycle import State
from desk.models import Post
from desk.publishing import intents, rescuing, sending
from desk.publishing.intents import Intent, Ready
from desk.publishing.records import Answer
from desk.timekeeping import Reading
from tests.faults.model.agents import pause
from tests.faults.model.timing import Moment
from tests.faults.model.workers import Worker


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Whoever ever claimed a post gets an intent for it, however old the claim is."""

    def anyones(claims: Collection[tuple[int, int]]) -> ColumnElement[bool]:
        return Post.id.in_([post_id for post_id, _ in claims])

    patch.setattr(intents, "ours", anyones)


def call_before_intent(patch: pytest.MonkeyPatch) -> None:
    """First the call, then the commit that says that it is about to be made."""

    def hasty(self: Worker, ready: Sequence[Ready], boot: float) -> None:
        pause(Moment(self.clock, boot))
        for one in ready:
            outcome = sending.call(_unwritten(one, self))
            made = self._intend([one])
            self.answered += [(intent, outcome) for intent in made]
        self._spawn("record", self._record)

    patch.setattr(Worker, "_send", hasty)


def _unwritten(one: Ready, worker: Worker) -> Intent:
    return Intent(
        one.claim.post_id,
        one.channel_id,
        one.part_id,
        0,
        one.claim.fence,
        one.credential_version,
        one.whole,
        one.prepared,
        one.connector,
        Reading(worker.clock.wall, worker.clock.boot),
    )


def resent_when_lost(patch: pytest.MonkeyPatch) -> None:
    """A lost answer counts as surely not published, and so it is sent again."""
    call = sending.call

    def hopeful(intent: Intent) -> Answer:
        outcome = call(intent)
        if isinstance(outcome, OutcomeUnknown):
            return Unavailable(outcome.reason)
        return outcome

    patch.setattr(sending, "call", hopeful)


def never_frozen(patch: pytest.MonkeyPatch) -> None:
    """A worker that wakes up makes its call, however old the intent is."""
    patch.setattr(sending, "FROZEN", timedelta(days=9))


def sending_is_rescued(patch: pytest.MonkeyPatch) -> None:
    """A sending post whose lease ran out is simply sent again."""

    def rescue(_desk: object, session: Session, now: object) -> tuple[int, int]:
        late = update(Post).where(Post.lease_until < now)
        late = late.where(Post.state.in_((State.CLAIMED, State.SENDING)))
        session.execute(late.values(state=State.SCHEDULED, lease_until=None))
        return 0, 0

    patch.setattr(rescuing, "rescue", rescue)


def any_list_is_proof(patch: pytest.MonkeyPatch) -> None:
    """A list that may lag behind proves that a post is not there."""
    patch.setattr(Judge, "_is_fresh", lambda *_: True)


def any_count_is_proof(patch: pytest.MonkeyPatch) -> None:
    """A count that agrees with the list proves it, however soon."""
    patch.setattr(looking, "CACHED", timedelta(days=-9))


Break = Callable[[pytest.MonkeyPatch], None]
BREAKS: dict[str, Break] = {
    "no fence in the intent": no_fence,
    "the call before the intent": call_before_intent,
    "a lost answer is sent again": resent_when_lost,
    "no look at the intent's age": never_frozen,
    "sending is rescued as claimed": sending_is_rescued,
    "any list is proof": any_list_is_proof,
    "any count is proof": any_count_is_proof,
}
