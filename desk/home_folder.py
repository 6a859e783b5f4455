"""The home folder: what a desk keeps, for its own user's eyes alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OURS = ("keys", "desk.sqlite3", "installation.json", "migrating.lock")
KEPT = frozenset(  # whatever the desk puts there by itself
    {
        *OURS,
        "desk.sqlite3-shm",
        "desk.sqlite3-wal",
        "pictures",
        "receipts",
        "rush",
        "up.lock",
        "valkey",
        "valkey.sock",
    }
)
OTHERS = 0o077  # what the group and everyone else may do
PRIVATE = 0o700


def open_home(home: Path) -> None:
    """Make the folder, and let nobody else into it or into what this process makes.

    A folder that is there already is closed where it is this desk's own: a home that
    was set to a folder of other things is left as it is, and `desk doctor` says so.
    """
    os.umask(OTHERS)
    home.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    if is_open(home) and _is_ours(home):
        home.chmod(PRIVATE)


def is_open(home: Path) -> bool:
    """May others on this machine look into it?"""
    return bool(home.stat().st_mode & OTHERS)


def keeps(name: str) -> bool:
    """Is this the name of something that the desk has in its home for itself?"""
    plain = name.lower()  # as on disks that don't tell them apart
    return plain.startswith(".") or plain in KEPT


def _is_ours(home: Path) -> bool:
    seen = home.stat()
    if seen.st_uid != os.getuid() or seen.st_mode & stat.S_ISVTX:
        return False
    return any((home / name).exists() for name in OURS) or not any(home.iterdir())
