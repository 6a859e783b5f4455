"""The folder of pictures: files that never change, named by their digest."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from desk.picturing.accepting import BadPicture
from desk.refusal import Refusal, RefusalKind

DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchPicture(Refusal):
    """The folder doesn't hold what a record names."""

    kind = RefusalKind.MISSING


class Pictures:
    """A folder whose file names are the SHA-256 of what is in them, and nothing else.

    The same picture put twice is one file; a half-written one is never seen.
    """

    def __init__(self, folder: Path, keep_free: int = 0) -> None:
        """`keep_free`: bytes of the disk that no new picture of a person's may take."""
        self.folder, self._keep_free = folder, keep_free

    def refuse_full(self) -> None:
        """Before a person's picture is taken in: what goes out needs room first.

        Raises `BadPicture`.
        """
        home = self.folder if self.folder.exists() else self.folder.parent
        if shutil.disk_usage(home).free < self._keep_free:
            raise BadPicture(
                "The disk of this desk is nearly full, so it takes no more pictures: "
                "tell whoever runs it. What is planned goes out all the same."
            )

    def put(self, data: bytes) -> str:
        """Store these bytes and return their digest."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_whole(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of this digest."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NoSuchPicture(
                f"The picture {sha256[:12]} is not in {self.folder}: restore that "
                "folder from a backup, or choose the picture again."
            ) from None

    def derived(self, sha256: str, kind: str, make: Callable[[bytes], bytes]) -> bytes:
        """What is made of a picture, such as its "card": made once, then kept."""
        path = self.path(sha256).with_name(f"{sha256}.{kind}")
        if not path.exists():
            _write_whole(path, make(self.get(sha256)))
        return path.read_bytes()

    def path(self, sha256: str) -> Path:
        """Where the file with this digest is, or would be."""
        if not DIGEST.fullmatch(sha256):
            raise NoSuchPicture(f"{sha256!r} is not the digest of a picture.")
        return self.folder / sha256[:2] / sha256


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the target, then rename: a reader sees all of it or nothing."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
