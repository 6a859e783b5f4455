"""The receipt journal: what the database could not take yet, in a file meanwhile."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import structlog

from connectors.base import Prepared, Receipt
from desk import channels, db
from desk.desk import Desk
from desk.models import Channel
from desk.publishing import recording
from desk.publishing.outbox import Intent
from desk.publishing.recording import Answered
from desk.timekeeping import ClockReading

FOLDER = "receipts"

log = structlog.get_logger(__name__)


class Journal:
    """One process's file, locked while it lives: who finds it free may read it.

    Only receipts stand in it. What was refused is asked for anew, and found absent.
    """

    def __init__(self, home: Path, worker: str) -> None:
        name = f"{worker.replace(':', '-')}-{uuid4().hex}.jsonl"
        self._path = home / FOLDER / name
        self._file: int | None = None

    def keep(self, answered: Iterable[Answered]) -> None:
        """On disk when this returns. Raises OSError where there is no room."""
        lines = [
            _line(intent, outcome)
            for intent, outcome in answered
            if isinstance(outcome, Receipt)
        ]
        if lines:
            os.write(self._opened(), "".join(lines).encode())
            os.fsync(self._opened())

    def clear(self) -> None:
        """All of it is on record."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            self.close()

    def close(self) -> None:
        """Leave it to whoever comes next, as the end of the process does."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            new = self._path.with_suffix(".new")  # nobody reads it before it is locked
            how = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(new, how, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            new.rename(self._path)
        return self._file


def _line(intent: Intent, receipt: Receipt) -> str:
    said = {
        "post": intent.post_id,
        "channel": intent.channel_id,
        "part": intent.part_id,
        "try": intent.number,
        "fence": intent.fence,
        "remote_id": receipt.remote_id,
        "url": receipt.url,
        "warnings": list(receipt.warnings),
    }
    return json.dumps(said) + "\n"


def journals_left(home: Path) -> list[Path]:
    """The journals there are, of processes dead or alive."""
    return sorted((home / FOLDER).glob("*.jsonl"))


def replay_journals(desk: Desk) -> int:
    """Put on record what processes that died had in hand; gives how many receipts.

    Harmless to repeat. Raises DBAPIError while the database is away.
    """
    count = 0
    for path in journals_left(desk.settings.home):
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its process lives, and sees to it
            answered = list(_answered(desk, file))
            with desk.db.writing() as session:
                recording.record_outcomes(session, answered)
            path.unlink()
        count += len(answered)
        log.info("receipts of a dead process are on record", receipts=len(answered))
    return count


def _answered(desk: Desk, lines: Iterable[str]) -> Iterator[Answered]:
    with desk.db.reading() as session:
        read = ClockReading.of(db.now(session))
        for line in lines:
            if not line.endswith("\n"):
                return  # it died while it wrote this
            said = json.loads(line)
            channel = session.get_one(Channel, said["channel"])
            intent = Intent(
                said["post"],
                said["channel"],
                said["part"],
                said["try"],
                said["fence"],
                channel.credential_version,
                False,  # however it is: each of these gets the careful way
                Prepared("", ""),
                channels.connect(desk, channel),
                read,
            )
            warnings = tuple(said["warnings"])
            yield intent, Receipt(said["remote_id"], said["url"], warnings=warnings)
