"""The five errors, each named for its cure. Nothing else may leave a connector."""

from __future__ import annotations

from datetime import datetime


class ConnectorError(Exception):
    """One of five, named for its cure. Holds plain values only; survives pickling."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Rejected(ConnectorError):
    """Not published: the platform refuses this post. An editor must change it."""

    def __init__(self, reason: str, duplicate: bool = False) -> None:
        super().__init__(reason)
        self.duplicate = duplicate

    def __reduce__(self) -> tuple[type[Rejected], tuple[str, bool]]:
        return type(self), (self.reason, self.duplicate)


class Unauthorized(ConnectorError):
    """Not published: the credential is not accepted. Reconnect the channel."""


class RateLimited(ConnectorError):
    """Not published: the platform wants us to wait `until` (aware UTC).

    `shared`: the limit is the app's, so every account that uses the app waits.
    """

    def __init__(self, reason: str, until: datetime, shared: bool = False) -> None:
        super().__init__(reason)
        self.until = until
        self.shared = shared

    def __reduce__(self) -> tuple[type[RateLimited], tuple[str, datetime, bool]]:
        return type(self), (self.reason, self.until, self.shared)


class Unavailable(ConnectorError):
    """Surely not published: nothing left the house, or the call could not publish."""


class Unclear(Unavailable):
    """The server did answer a look, in a way that proves nothing."""


class OutcomeUnknown(ConnectorError):
    """Perhaps published: the answer was lost. Never send again without looking.

    `named`: the id that it named all the same; then that very id is looked at.
    """

    def __init__(self, reason: str, named: str = "") -> None:
        super().__init__(reason)
        self.named = named

    def __reduce__(self) -> tuple[type[OutcomeUnknown], tuple[str, str]]:
        return type(self), (self.reason, self.named)
