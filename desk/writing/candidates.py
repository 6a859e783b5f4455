"""Choosing candidates: different ones, each of which passes every gate."""

from __future__ import annotations

from datetime import datetime

from desk.reading.article import Reading
from desk.writing.candidate import Candidate, Length, Role, Written


def candidates(
    reading: Reading, length: Length, limit: int, now: datetime
) -> Written:
    """Up to six different texts for a post, best first; fewer with the reason said."""
    if length(reading.headline) <= limit:
        only = Candidate(reading.headline, Role.HEADLINE, (reading.headline,))
        return Written((only,))
    return Written((), ("The headline is too long for this channel.",))
