"""Promises taken out of the engine, each of which the model must miss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from connectors import reconciliation
from connectors.reconciliation import Judge
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Post
from desk.publishing import leases
from tests.faults.breaking import (
    Put,
    call_before_intent,
    no_fence,
    resent_when_lost,
)


def never_frozen(patch: pytest.MonkeyPatch) -> None:
    """A worker that wakes up makes its call, however old the intent is."""
    patch.setitem(vars(engine.intents), "acted_on_within", timedelta(days=9))


def sending_is_rescued(patch: pytest.MonkeyPatch) -> None:
    """A sending post whose lease ran out is simply sent again."""

    def rescue(_desk: object, session: Session, now: object) -> tuple[int, int]:
        late = update(Post).where(Post.lease_until < now)
        late = late.where(Post.state.in_((State.CLAIMED, State.SENDING)))
        session.execute(late.values(state=State.SCHEDULED, lease_until=None))
        return 0, 0

    patch.setattr(leases, "rescue", rescue)


def any_list_is_proof(patch: pytest.MonkeyPatch) -> None:
    """A list that may lag behind proves that a post is not there."""
    patch.setattr(Judge, "_is_fresh", lambda *_: True)


def any_count_is_proof(patch: pytest.MonkeyPatch) -> None:
    """A count that agrees with the list proves it, however soon."""
    patch.setattr(reconciliation, "CACHED", timedelta(days=-9))


Break = Callable[[pytest.MonkeyPatch], None]


def _as_in_processes(taken_out: Callable[[Put], None]) -> Break:
    """The same, from the same place, as the fault suite takes out of real processes."""
    return lambda patch: taken_out(patch.setattr)


BREAKS: dict[str, Break] = {
    "no fence in the intent": _as_in_processes(no_fence),
    "the call before the intent": _as_in_processes(call_before_intent),
    "a lost answer is sent again": _as_in_processes(resent_when_lost),
    "no look at the intent's age": never_frozen,
    "sending is rescued as claimed": sending_is_rescued,
    "any list is proof": any_list_is_proof,
    "any count is proof": any_count_is_proof,
}
