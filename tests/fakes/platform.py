"""What every fake platform can do: be published to, be looked at, and misbehave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What becomes of the answer to one request."""

    CLOSED = "closed"  # the connection closes without a word
    STALLED = "stalled"  # nothing comes, for ever
    HALF = "half"  # half of the answer, then the connection closes
    DRIP = "drip"  # a byte now and then
    STATUS = "status"  # another answer, whole
    DIFFERENT = "different"  # the platform publishes and tells of another text


PUBLISHING = "publishing"  # whichever request publishes on a platform


@dataclass(frozen=True)
class Trouble:
    """One request's fate: was it acted on, and what does the sender hear?"""

    kind: Kind
    accepted: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    late: float = 0  # seconds after the answer in which it is acted on after all
    on: str = PUBLISHING  # which requests: how method and path begin

    def meets(self, request: str, publishing: str) -> bool:
        """Whether this request meets it; `publishing`: how those begin that publish."""
        return request.startswith(publishing if self.on == PUBLISHING else self.on)


class Case(StrEnum):
    """Contract cases that a platform may say do not apply to it."""

    NETWORK = "it is spoken to over a network"
    CREDENTIALS = "it takes a credential"
    LIMITS_RATE = "it limits the rate"
    REFUSES_TEXT = "it may refuse a text"


@dataclass(frozen=True)
class Seen:
    """A post as the platform's readers see it."""

    remote_id: str
    url: str
    text: str  # its words, and its link where the platform shows it among them
    link: str | None
    alts: tuple[str, ...]
    at: datetime
    key: str = ""


class FakePlatform(Protocol):
    """One platform of our own, as strict as the real one."""

    @property
    def lacks(self) -> Mapping[Case, str]:
        """The cases that don't apply, each with its reason."""

    def credentials(self) -> dict[str, str]: ...

    def published(self) -> list[Seen]:
        """Oldest first."""

    def expect(self, *troubles: Trouble) -> None:
        """What the next requests meet, one after the other."""

    def allow(self, posts: int) -> None:
        """From now on so many more go out in its window, and its headers say so."""

    def requests(self) -> list[str]:
        """Every request so far, as method and path."""

    def vanish(self) -> None:
        """From now on nobody answers at its address."""
