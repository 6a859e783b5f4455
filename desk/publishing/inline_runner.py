"""The inline runner: the road of one post in the caller's thread, a step at a time."""

from __future__ import annotations

import time
from collections import deque

from desk.desk import Desk
from desk.lifecycle import State
from desk.publishing.claiming import Claim
from desk.publishing.outbox import Ready
from desk.publishing.publisher import Publisher
from desk.publishing.publisher_steps import (
    Call,
    Commit,
    Process,
    Record,
    Step,
    carry_out,
)


def publish(desk: Desk, claim: Claim, worker: str) -> None:
    """Publish every part of a claimed post that is not live yet, before it is due too.

    Waits while the database is away.
    """
    publisher, process = Publisher(size=1), Process(desk, worker)
    steps: deque[Step] = deque(publisher.begin([claim]))
    while steps:
        steps += publisher.know(carry_out(steps.popleft(), process))
        while not steps and (wait_s := _wait_s(publisher)) is not None:
            time.sleep(wait_s)
            steps += [*publisher.due(), *publisher.answers()]


def _wait_s(publisher: Publisher) -> float | None:
    waits = publisher.wait_s(), publisher.record_wait_s()
    return min((wait for wait in waits if wait is not None), default=None)


def send_again(desk: Desk, ready: Ready, worker: str) -> State | None:
    """One more attempt with the same bytes; None: it may not go out.

    Raises what its transactions raise. A thread goes on by its next claim.
    """
    process = Process(desk, worker)
    for intent in Commit([ready]).carry_out(process).made:
        called = Call(intent).carry_out(process)
        answered = [(called.intent, called.outcome)]
        return Record(answered).carry_out(process).states[intent.post_id]
    return None
