"""The vault: secrets encrypted at rest, each bound to the record it belongs to."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from desk.config import Settings
from desk.refusal import Refusal, RefusalKind

FILE = "keys"  # in the home folder


class Locked(Refusal):
    """A secret can't be read, or the keys can't; says in a sentence why."""

    kind = RefusalKind.CONFLICT


class Vault:
    """Seals with the first key, unseals with any of them."""

    def __init__(
        self, keys: list[str], again: Callable[[], list[str]] | None = None
    ) -> None:
        """`again`: reads them anew, for `look_again`."""
        self._again = again
        self._first = keys[0]
        self._take(keys)

    @classmethod
    def open(cls, settings: Settings) -> Vault:
        """With the keys that are set, else with the file 'keys' in the home folder."""
        if settings.keys:
            return cls([key.strip() for key in settings.keys.split(",")])
        path = settings.home / FILE
        return cls(_kept(path), again=partial(_read, path))

    @staticmethod
    def at_hand(settings: Settings) -> bool:
        """Whether there are keys to open it with; else `open` makes a new one."""
        return bool(settings.keys) or (settings.home / FILE).exists()

    @property
    def fingerprints(self) -> frozenset[str]:
        """Of all its keys. No key can be made of one."""
        return frozenset(_fingerprint(key) for key in self._keys)

    @property
    def seals_with(self) -> str:
        """The fingerprint of the key that seals."""
        return _fingerprint(self._keys[0])

    def seal(self, values: Mapping[str, str], bound_to: str) -> bytes:
        return self._fernet.encrypt(
            json.dumps({"for": bound_to, "values": dict(values)}).encode()
        )

    def unseal(self, sealed: bytes, bound_to: str) -> dict[str, str]:
        """Raises `Locked` where no key fits, or the secret is another record's."""
        try:
            opened = json.loads(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise Locked(
                f"No key of this desk opens the secret of {bound_to}: bring back the "
                "key it was sealed with, or enter the secret again."
            ) from None
        if opened["for"] != bound_to:
            raise Locked(f"The secret of {bound_to} belongs to {opened['for']}.")
        values: dict[str, str] = opened["values"]
        return values

    def rotate(self, sealed: bytes, bound_to: str) -> bytes:
        """The same secret, sealed with the first key."""
        return self.seal(self.unseal(sealed, bound_to), bound_to)

    def look_again(self) -> None:
        """Take in what came to the file since; the keys at hand stay."""
        found = self._again() if self._again else []
        added = [key for key in found if key not in self._keys]
        if added:
            self._take([*added, *self._keys])

    def derive(self, purpose: str) -> bytes:
        """A secret of its own for one purpose, such as signing sessions."""
        return hmac.digest(self._first.encode(), purpose.encode(), "sha256")

    def __repr__(self) -> str:
        return "Vault(…)"

    def _take(self, keys: list[str]) -> None:
        self._fernet, self._keys = _ring(keys), keys


def new_key() -> str:
    return Fernet.generate_key().decode()


def _ring(keys: list[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise Locked(
            "STANDFIRST_KEYS (or the file 'keys' in the home folder) holds a key "
            "that is not one: make one with 'desk keys new'."
        ) from None


def _kept(path: Path) -> list[str]:
    """The keys in this file; made at the first start, for this user's eyes only."""
    if not path.exists():
        beside = path.with_suffix(f".{uuid4().hex}")
        _write(beside, [new_key()])
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(beside, path)
        beside.unlink()
    keys = _read(path)
    if not keys:
        raise Locked(
            f"{path} is empty: bring back its keys, or delete it to start new."
        )
    return keys


def _read(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def _fingerprint(key: str) -> str:
    return hmac.digest(key.encode(), b"fingerprint", "sha256").hex()[:16]


def add_key(home: Path) -> None:
    """Put a new key first in the home folder's file; the old ones still open."""
    path = home / FILE
    beside = path.with_suffix(".new")
    _write(beside, [new_key(), *_kept(path)])
    beside.replace(path)


def _write(path: Path, keys: list[str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
