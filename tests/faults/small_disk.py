"""A disk of a few megabytes, which a test may fill to the last byte."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = 64 * 1024


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mounted at this folder; skips where this machine does not let us."""
    folder.mkdir(mode=0o700)
    told = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "none", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        pytest.skip(f"No small disk can be mounted here: {told.stderr.strip()}")
    try:
        yield folder
    finally:  # lazily: a process that was killed may still be letting go of it
        subprocess.run(["umount", "--lazy", folder], check=True)


class Ballast:
    """A file that takes whatever room there is."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ballast"

    def fill(self) -> None:
        with self._file.open("ab", buffering=0) as file:
            for size in (BLOCK, 4096, 1):
                _write_until_full(file.fileno(), b"\0" * size)

    def drop(self) -> None:
        self._file.unlink()


def _write_until_full(descriptor: int, block: bytes) -> None:
    while True:
        try:
            os.write(descriptor, block)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return
