"""A platform's answer, and what it means where it is no success."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from urllib.parse import urlsplit

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from connectors.http.retry_after import parse_date, retry_at

UNDECIDED = {408, 499}  # a proxy's own words: the platform may have had the call


@dataclass(frozen=True)
class Response:
    """A whole answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime  # by our clock, when its last byte was here
    host: str
    irreversible: bool  # of the call that it answers
    words: str = ""  # the platform's own, short, no secret and no markup in them

    @property
    def ok(self) -> bool:
        return self.status in (HTTPStatus.OK, HTTPStatus.CREATED)

    @property
    def reason(self) -> str:
        """What an editor is told about it."""
        said = f": {self.words.rstrip('.')}" if self.words else ""
        return f"{self.host} answered {self.status}{said}.{self._elsewhere}"

    @property
    def _elsewhere(self) -> str:
        """Where a redirect points, which nobody follows: most often a wrong address."""
        if self.status // 100 != 3:
            return ""
        try:
            place = urlsplit(self.headers.get("Location", ""))
        except ValueError:
            return ""
        if not place.hostname:
            return ""
        return f" It points to {place.scheme}://{place.hostname}: is that its address?"

    @cached_property
    def skew(self) -> timedelta | None:
        """How far the platform's clock is ahead of ours; None: it doesn't say."""
        told = parse_date(self.headers.get("Date", ""))
        return told - self.at if told else None

    def json(self) -> object:
        """What it says. Raises as a lost answer does, when that can't be read."""
        try:
            told = json.loads(self.body)
            return _sound(told) if _HALVES.search(self.body) else told
        except (ValueError, RecursionError):
            raise self.lost("an answer that can't be read") from None

    def entry(self) -> dict[str, object]:
        """A JSON object, or a lost answer."""
        found = self.json()
        if not isinstance(found, dict):
            raise self.lost("an answer of another shape")
        return found

    def lost(self, what: str) -> ConnectorError:
        """The error for a success that isn't one."""
        return lost(f"{self.host} gave {what} ({self.status}).", self.irreversible)


_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")  # of letters, which may stand alone


def _sound(value: object) -> object:
    """The same, in which every text can be written down: no half of a letter."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_sound(one) for one in value]
        case dict():
            return {str(_sound(name)): _sound(one) for name, one in value.items()}
        case _:
            return value


def refusal(response: Response, now: datetime) -> ConnectorError:
    """What an answer that isn't a success means (400, 403, 422: see each platform)."""
    reason = response.reason
    match response.status:
        case 401:
            return Unauthorized(reason)
        case 429:
            return RateLimited(reason, retry_at(response.headers, now, response.skew))
        case code if code in UNDECIDED:
            return lost(reason, response.irreversible)
        case code if 400 <= code < 500:
            return Rejected(reason)
        case _:
            return lost(reason, response.irreversible)


def lost(reason: str, irreversible: bool) -> ConnectorError:
    """The error for an answer that was lost on its way."""
    return OutcomeUnknown(reason) if irreversible else Unavailable(reason)
