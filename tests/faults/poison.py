"""The desk's processes, which die whenever they touch a poisoned post: for tests.

python -m tests.faults.poison text worker      it is deadly to make ready
python -m tests.faults.poison answer worker    what the platform says is deadly
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
from typing import NoReturn

from celery.__main__ import main as celery

from commands.processes import procfile
from connectors.base import Prepared
from desk.desk import Desk
from desk.publishing import calling, preparing
from desk.publishing.outbox import Intent
from desk.publishing.preparing import Work
from desk.publishing.recording import Answer
from desk.timekeeping import Pulse
from workers import clock

POISON = "poison"


def text() -> None:
    prepare = preparing.prepare

    def deadly(desk: Desk, work: Work) -> Prepared:
        if POISON in work.post.text:
            _die()
        return prepare(desk, work)

    preparing.prepare = deadly


def answer() -> None:
    call = calling.call

    def deadly(intent: Intent, pulse: Pulse | None = None) -> Answer:
        outcome = call(intent, pulse)
        if POISON in intent.prepared.body:
            _die()
        return outcome

    calling.call = deadly


def launched(kind: str, part: str) -> str:
    """The command that runs this part of the Procfile so."""
    return f"exec python -m tests.faults.poison {kind} {part}"


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


def main(kind: str, part: str) -> None:
    {"text": text, "answer": answer}[kind]()
    if part == "clock":  # it publishes what no worker picks up
        clock.main()
        return
    port = os.environ["STANDFIRST_PORT"]
    words = procfile()[part][-1].replace("${STANDFIRST_PORT:-8420}", port)
    sys.argv = shlex.split(words)[1:]
    celery()


if __name__ == "__main__":
    main(*sys.argv[1:])
