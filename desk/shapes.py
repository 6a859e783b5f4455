"""Shapes: what a thing looks like as JSON, for commands, exports and an API alike.

Each stands beside its noun, in a `shapes` of that room.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A time in JSON: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
