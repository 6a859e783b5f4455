"""Habits: on which channels someone did not share last, offered to them again.

How they timed it is no habit: a time that was right for one story would be given to
the next without a word, and several would go out in the same minute.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy.orm import Session

from desk.models import Preference

LEFT_OUT = "left_out"


def usually_left_out(session: Session, user_id: int) -> frozenset[int]:
    """Channels, by number."""
    kept = session.get(Preference, _name(user_id))
    return frozenset(json.loads(kept.value)[LEFT_OUT]) if kept else frozenset()


def learn_left_out(session: Session, user_id: int, channels: Collection[int]) -> None:
    kept = json.dumps({LEFT_OUT: sorted(channels)})
    session.merge(Preference(name=_name(user_id), value=kept))


def _name(user_id: int) -> str:
    return f"habit of {user_id}"
