"""The desk's processes with something taken out: a launcher for tests, no switch.

    python -m tests.faults.breaking no-fence worker

Three promises that the suite must miss at once when they are gone, and one change that
breaks nothing: `hurried` shortens waits, so that a seed is over in a minute.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType

from celery.__main__ import main as celery
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from commands.processes import procfile
from connectors import waiting
from connectors.base import OutcomeUnknown, Unavailable
from desk.lifecycle import State
from desk.models import Post
from desk.publishing import breakers, claiming, intents, sending
from desk.publishing.intents import Intent, Ready
from desk.publishing.records import Answer
from desk.timekeeping import Reading
from workers import clock


def no_fence() -> None:
    """Whoever ever claimed a post may act on it, however old the claim is."""

    def anyones(claims: Collection[tuple[int, int]]) -> ColumnElement[bool]:
        return Post.id.in_([post_id for post_id, _ in claims])

    for module in (claiming, intents, sending):
        _put(module, "ours", anyones)


def intent_after_call() -> None:
    """First the call, then the commit that says that it is about to be made."""
    intend, call = intents.intend, sending.call
    outcomes: dict[tuple[int, int], Answer] = {}

    def late(
        session: Session,
        ready: Sequence[Ready],
        worker: str,
        read: Reading,
        held_as: State = State.CLAIMED,
    ) -> list[Intent]:
        for one in ready:
            outcomes[one.part_id, one.claim.fence] = call(_unwritten(one))
        return intend(session, ready, worker, Reading.of(read.now()), held_as)

    def called(intent: Intent) -> Answer:
        return outcomes.pop((intent.part_id, intent.fence))

    _put(intents, "intend", late)
    _put(sending, "call", called)


def _unwritten(one: Ready) -> Intent:
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
        Reading.of(datetime.now(UTC)),
    )


def resend_on_lost() -> None:
    """A lost answer counts as surely not published, and so it is sent again."""
    call = sending.call

    def hopeful(intent: Intent) -> Answer:
        outcome = call(intent)
        if isinstance(outcome, OutcomeUnknown):
            return Unavailable(outcome.reason)
        return outcome

    _put(sending, "call", hopeful)


def hurried() -> None:
    """A breaker's first wait, and that after a 429 that names no time: seconds."""
    _put(breakers, "FIRST_WAIT", timedelta(seconds=2))
    _put(waiting, "USUAL", timedelta(seconds=4))


CHANGES: dict[str, Callable[[], None]] = {
    "no-fence": no_fence,
    "intent-after-call": intent_after_call,
    "resend-on-lost": resend_on_lost,
    "hurried": hurried,
}


def _put(module: ModuleType, name: str, value: object) -> None:
    if not hasattr(module, name):
        raise SystemExit(f"{module.__name__} has no {name} to take out any more.")
    setattr(module, name, value)


def main() -> None:
    """CHANGE[,CHANGE] and a process type of the Procfile, or its command."""
    changes, *command = sys.argv[1:]
    if command[0] in procfile():
        line = procfile()[command[0]][2].removeprefix("exec ")
        again = f"exec python -m tests.faults.breaking {shlex.quote(changes)} {line}"
        os.execvp("/bin/sh", ["/bin/sh", "-c", again])  # noqa: S606  # it is a shell
    for name in changes.split(","):
        CHANGES[name]()
    sys.argv = command
    if command[0] == "celery":
        celery()
    else:
        clock.main()


if __name__ == "__main__":
    main()
