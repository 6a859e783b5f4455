"""Conflicts: what somebody changed since another saw it is theirs, and stays so."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from desk.lifecycle import IllegalMove

SINCE = (
    "Someone changed this since your page showed it, so nothing was done. Load the "
    "page again and look at it as it stands now."
)


class Overtaken(IllegalMove):
    """Someone changed it, or decided on it, since this person saw it."""


def mark(value: object) -> str:
    """How a thing stands, for a form's hidden field: words, or a few letters of them.

    The same for the same value, and for no other.
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, datetime):
        return value.isoformat() if value else ""
    said = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def refuse_changed(over: str | None, value: object) -> None:
    """Raises `Overtaken` where the thing stands otherwise than it was seen.

    `over`: its `mark` by then; None: nobody saw it. Call it in the transaction that
    writes, with the thing's row locked.
    """
    if over is not None and over != mark(value):
        raise Overtaken(SINCE)
