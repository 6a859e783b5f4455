"""Reconciliation: attempts whose answer was lost, and what a look says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connectors.contract.delivery import Prepared, Receipt
from connectors.contract.errors import (
    ConnectorError,
    OutcomeUnknown,
    Unavailable,
    Unclear,
)


@dataclass(frozen=True)
class Sought:
    """An attempt whose answer was lost, and when its call was made."""

    prepared: Prepared
    since: datetime  # the first call with these bytes began, by our clock
    until: datetime  # the last one had surely ended, by our clock
    named: str = ""  # an id that an unclear answer named
    of: str = ""  # whose try it is: several of one need not be told apart


@dataclass(frozen=True)
class OnRecord:
    """A post of this account whose receipt we have: it explains no other attempt."""

    remote_id: str
    url: str
    at: datetime  # when we had its receipt, by our clock
    sent_at: datetime  # when the call began, by our clock: long before, if it was lost
    total: int | None = None  # the account's posts by then, as its answer told

    def is_(self, receipt: Receipt) -> bool:
        """By its id; by its link where a person gave no more. Links may be shared."""
        if self.remote_id in ("", self.url):
            return receipt.url == self.url
        return receipt.remote_id == self.remote_id


@dataclass(frozen=True)
class Besides:
    """What else of ours a listing may show, as it is known once it was read."""

    sought: tuple[Sought, ...]  # attempts that began meanwhile, and are in doubt
    known: tuple[OnRecord, ...]


@dataclass(frozen=True)
class Found:
    """Every post that could be ours, oldest first, published after `since`."""

    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class NotThere:
    """Surely not published, and that is proven.

    By a 200, as the same account, paged back past `since`, in a listing that is fresh
    (it has a later post, or as many as the account counts), without any new post of
    ours that no receipt and no other attempt explains.
    """


@dataclass(frozen=True)
class CantTell:
    reason: str
    away: bool = False  # the server did not answer: it says nothing of the post
    seen: tuple[Receipt, ...] = ()  # posts there that may be it
    # before this, by our clock, no look of this kind could tell
    again_at: datetime | None = field(default=None, compare=False)

    @property
    def listed(self) -> bool:
        """Whether the server did show its posts, whatever they prove."""
        return bool(self.seen or self.again_at)

    @classmethod
    def by(cls, error: ConnectorError) -> CantTell:
        """What an error on the way of a look means."""
        silent = isinstance(error, Unavailable | OutcomeUnknown)
        return cls(error.reason, silent and not isinstance(error, Unclear))


Finding = Found | NotThere | CantTell
