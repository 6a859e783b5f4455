"""The desk's processes with something taken out: a launcher for tests, no switch.

    python -m tests.faults.breaking no-fence worker

Three promises that the suite must miss at once when they are gone (the model must as
well: it takes them out of the same places), and one change that breaks nothing:
`hurried` shortens waits, so that a seed is over in a minute.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from celery.__main__ import main as celery
from sqlalchemy import ColumnElement

from commands.processes import procfile
from connectors.base import OutcomeUnknown, Unavailable
from connectors.http import retry_after
from desk.engine_settings import engine
from desk.models import Post
from desk.publishing import leases, outbox, preparing
from desk.publishing.outbox import Intent, Ready
from desk.publishing.publisher_steps import Call, Called, Commit, Committed, Process
from desk.publishing.recording import Answer
from desk.timekeeping import ClockReading
from workers import clock

Put = Callable[[object, str, object], None]


def no_fence(put: Put) -> None:
    """Whoever ever claimed a post may act on it, however old the claim is."""

    def anyones(claims: Collection[tuple[int, int]]) -> ColumnElement[bool]:
        return Post.id.in_([post_id for post_id, _ in claims])

    for module in (leases, outbox, preparing):
        put(module, "fence_stands", anyones)


def call_before_intent(put: Put) -> None:
    """First the call, then the commit that says that it is about to be made."""
    commit, call = Commit.carry_out, Call.carry_out
    outcomes: dict[tuple[int, int], Answer] = {}

    def hasty(self: Commit, process: Process) -> Committed:
        for one in self.ready:
            outcome = call(Call(_unwritten(one)), process).outcome
            outcomes[one.part_id, one.claim.fence] = outcome
        return commit(self, process)

    def called(self: Call, process: Process) -> Called:
        made = self.intent
        return Called(made, outcomes.pop((made.part_id, made.fence)))

    put(Commit, "carry_out", hasty)
    put(Call, "carry_out", called)


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
        ClockReading.of(datetime.now(UTC)),
    )


def resent_when_lost(put: Put) -> None:
    """A lost answer counts as surely not published, and so it is sent again."""
    call = Call.carry_out

    def hopeful(self: Call, process: Process) -> Called:
        called = call(self, process)
        if isinstance(called.outcome, OutcomeUnknown):
            return replace(called, outcome=Unavailable(called.outcome.reason))
        return called

    put(Call, "carry_out", hopeful)


def hurried(put: Put) -> None:
    """A breaker's first wait, and that after a 429 that names no time: seconds."""
    _set(engine.circuit_breakers, "first_wait", timedelta(seconds=2))
    put(retry_after, "USUAL", timedelta(seconds=4))


def _set(settings: object, name: str, value: object) -> None:
    """A setting of the engine: they are frozen, and checked when they are made."""
    if name not in vars(settings):
        raise SystemExit(f"{settings} has no {name} to change any more.")
    vars(settings)[name] = value


CHANGES: dict[str, Callable[[Put], None]] = {
    "no-fence": no_fence,
    "intent-after-call": call_before_intent,
    "resend-on-lost": resent_when_lost,
    "hurried": hurried,
}


def _put(owner: object, name: str, value: object) -> None:
    if not hasattr(owner, name):
        raise SystemExit(f"{owner} has no {name} to take out any more.")
    setattr(owner, name, value)


def main() -> None:
    """CHANGE[,CHANGE] and a process type of the Procfile, or its command."""
    changes, *command = sys.argv[1:]
    if command[0] in procfile():
        line = procfile()[command[0]][2].removeprefix("exec ")
        again = f"exec python -m tests.faults.breaking {shlex.quote(changes)} {line}"
        os.execvp("/bin/sh", ["/bin/sh", "-c", again])  # noqa: S606  # it is a shell
    for name in changes.split(","):
        CHANGES[name](_put)
    sys.argv = command
    if command[0] == "celery":
        celery()
    else:
        clock.main()


if __name__ == "__main__":
    main()
