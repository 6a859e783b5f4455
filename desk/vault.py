"""The vault: secrets encrypted at rest, each bound to the record it belongs to."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from desk.config import Settings


class Locked(Exception):
    """A secret can't be read, or the keys can't; says in a sentence why."""


class Vault:
    """Seals with the first key, unseals with any of them."""

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise Locked(
                "STANDFIRST_KEYS (or the file 'keys' in the home folder) holds a key "
                "that is not one: make one with 'desk keys new'."
            ) from None
        self._first = keys[0]

    @classmethod
    def open(cls, settings: Settings) -> Vault:
        """With the keys that are set, else with the file 'keys' in the home folder."""
        if settings.keys:
            return cls([key.strip() for key in settings.keys.split(",")])
        return cls(_kept(settings.home / "keys"))

    def seal(self, values: Mapping[str, str], bound_to: str) -> bytes:
        return self._fernet.encrypt(
            json.dumps({"for": bound_to, "values": dict(values)}).encode()
        )

    def unseal(self, sealed: bytes, bound_to: str) -> dict[str, str]:
        """Raises `Locked` where no key fits, or the secret is another record's."""
        try:
            opened = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
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

    def derive(self, purpose: str) -> bytes:
        """A secret of its own for one purpose, such as signing sessions."""
        return hmac.digest(self._first.encode(), purpose.encode(), "sha256")

    def __repr__(self) -> str:
        return "Vault(…)"


def new_key() -> str:
    return Fernet.generate_key().decode()


def _kept(path: Path) -> list[str]:
    """The keys in this file; made at the first start, for this user's eyes only."""
    if not path.exists():
        beside = path.with_suffix(f".{uuid4().hex}")
        _write(beside, [new_key()])
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(beside, path)
        beside.unlink()
    keys = path.read_text().split()
    if not keys:
        raise Locked(
            f"{path} is empty: bring back its keys, or delete it to start new."
        )
    return keys


def add_key(home: Path) -> None:
    """Put a new key first in the home folder's file; the old ones still open."""
    path = home / "keys"
    beside = path.with_suffix(".new")
    _write(beside, [new_key(), *_kept(path)])
    beside.replace(path)


def _write(path: Path, keys: list[str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
