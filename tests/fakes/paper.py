"""The paper as its readers see it: the folder, and nothing of how it got there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.fakes.platform import Case, Seen, Trouble

ADDRESS = "http://127.0.0.1:8420"


class PaperFake:
    """A folder. It has no network, no credential, no rate and no taste in texts."""

    lacks: Mapping[Case, str] = {
        Case.NETWORK: "paper is a folder: no answer can be lost on a wire",
        Case.CREDENTIALS: "paper is a folder: nobody signs in to it",
        Case.LIMITS_RATE: "paper takes posts as fast as a disk does",
        Case.REFUSES_TEXT: "paper is patient: it takes any text that fits",
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = None

    def credentials(self) -> dict[str, str]:
        return {"folder": str(self.folder), "address": ADDRESS}

    def published(self) -> list[Seen]:
        if not self.folder.is_dir():
            return []
        files = (self.folder / "posts").glob("[!.]*.json")
        return sorted((_seen(file) for file in files), key=lambda seen: seen.at)

    def expect(self, *troubles: Trouble) -> None:
        raise AssertionError("paper meets no troubles on a wire")

    def allow(self, posts: int) -> None:
        raise AssertionError("paper limits no rate")

    def requests(self) -> list[str]:
        return []

    def vanish(self) -> None:
        """As a disk does that is no longer mounted, with a file in its place."""
        if self.folder.is_dir():
            shutil.move(self.folder, self.folder.with_name("gone"))
        self.folder.write_text("not a folder")


def _seen(file: Path) -> Seen:
    told = json.loads(file.read_text())
    return Seen(
        remote_id=file.stem,
        url=f"{ADDRESS}/paper/{file.stem}",
        text=told["text"],
        link=told["link"],
        alts=tuple(image["alt"] for image in told["images"]),
        at=datetime.fromisoformat(told["published_at"]),
    )


@contextmanager
def open_fake(folder: Path) -> Iterator[PaperFake]:
    yield PaperFake(folder / "paper")
