"""The contract: what every platform's connector takes, gives back and may raise.

Its values and errors stand in `connectors/contract/`; everybody imports them from here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from connectors.contract.channel import Account, Class, Field, Kind, Limits
from connectors.contract.delivery import (
    OTHERWISE,
    UNSHOWN,
    Prepared,
    RateLimit,
    Receipt,
    Staged,
)
from connectors.contract.errors import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unclear,
)
from connectors.contract.message import (
    About,
    Card,
    Image,
    Message,
    Preview,
    Problem,
    Shape,
)
from connectors.contract.problems import find_problems
from connectors.contract.reconciliation import (
    Besides,
    CantTell,
    Finding,
    Found,
    NotThere,
    OnRecord,
    Sought,
)
from connectors.typography import words_without_links

__all__ = [
    "OTHERWISE",
    "UNSHOWN",
    "About",
    "Account",
    "Besides",
    "CantTell",
    "Card",
    "Class",
    "Connector",
    "ConnectorError",
    "Field",
    "Finding",
    "Found",
    "Image",
    "Kind",
    "Limits",
    "Message",
    "NotThere",
    "OnRecord",
    "OutcomeUnknown",
    "Prepared",
    "Preview",
    "Problem",
    "RateLimit",
    "RateLimited",
    "Receipt",
    "Rejected",
    "Shape",
    "Sought",
    "Staged",
    "Unauthorized",
    "Unavailable",
    "Unclear",
]


class Connector(ABC):
    """One platform. Inherit, declare the fields and limits, write the methods."""

    platform: ClassVar[str]  # the entry point's name
    title: ClassVar[str]
    # our own drawing for it, and no logo: a path of lines in a square of 16
    sign: ClassVar[str] = "M2.5 3.5h11v7.5H7.5l-3 2.5V11h-2z"
    fields: ClassVar[tuple[Field, ...]] = ()
    default_limits: ClassVar[Limits]
    built_in: ClassVar[bool] = False  # a new desk has a channel on it by itself
    # Every wait of `publish` is one of connectors/http/: one thread may make hundreds
    waits_cooperatively: ClassVar[bool] = False
    # Calls of one account side by side, from each process; None: any number
    at_once: ClassVar[int | None] = None
    settle: ClassVar[timedelta] = timedelta(seconds=10)  # until a listing shows a post
    deadline: timedelta = timedelta(seconds=20)  # of one publish call; the desk sets it
    shape: ClassVar[Shape] = Shape.ABOVE  # of the cards of links
    refuses_repeats: ClassVar[timedelta | None] = None  # the same words within it
    tells_cards: ClassVar[bool] = False  # a link shows what we say of its page
    dates_posts: ClassVar[bool] = False  # a post says its own time, as `redated` has it

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        """`limits`: what `check` learned; None: the platform's usual ones."""
        self.credentials = credentials
        self.limits = limits or self.default_limits

    @property
    def host(self) -> str:
        """The server that a publish goes to; empty: the platform is one place.

        When it does not answer, only channels on the same one wait.
        """
        return ""

    @property
    def app(self) -> str:
        """The app that it speaks by, as a digest; empty: it shares no app's limits."""
        return ""

    @abstractmethod
    def length(self, message: Message) -> int:
        """How long the platform will say this is, its link included."""

    def over(self, message: Message) -> int:
        """By how much it is too long, in any way the platform counts; 0: it fits."""
        return max(0, self.length(message) - self.limits.text)

    @abstractmethod
    def stage(self, message: Message) -> Staged:
        """Upload what the post needs. Harmless to repeat.

        Raises `Rejected` before any request where `problems` has something to say.
        """

    @abstractmethod
    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        """The exact bytes to send. Reads no clock, makes no call.

        `at`: the post's own time; `after`: the receipt of the thread's part before.
        """

    def compared(self, message: Message) -> str:
        """Its words as the platform surely takes them for those of an earlier one.

        Without links. Only where `refuses_repeats`.
        """
        return words_without_links(message.text)

    def redated(self, prepared: Prepared, at: datetime) -> Prepared:
        """The same post, under the same name, that says another time of itself.

        For what goes out later than it was composed for, before its first call; only
        where `dates_posts`.
        """
        return prepared

    @abstractmethod
    def publish(self, prepared: Prepared) -> Receipt:
        """The one irreversible call. Raises one of the five errors."""

    @abstractmethod
    def check(self) -> Account:
        """Who is this, on what software, with which class of exactly-once?"""

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        """What became of one attempt whose answer was lost. Never raises."""
        return CantTell(f"{self.title} offers no way to look")

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord] = (),
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        """The same for all attempts in doubt on this account, in their order.

        A connector that lists posts reads one listing for all of them. `known`: our
        posts that may stand in it, newest first. `besides`, asked once it was read:
        the same anew, and attempts that may have come into it meanwhile.
        """
        return [self.find(one.prepared, one.since) for one in sought]

    def renew_at(self) -> datetime | None:
        """When its session must be renewed: in the past where it has none yet.

        None: the credentials need no renewing.
        """
        return None

    def renew(self) -> Mapping[str, str]:
        """A new session, as values to keep beside the credentials; one call at a time.

        Values named as no field are kept as secrets and come back in `credentials`.
        Raises `Unauthorized`, `RateLimited` or `Unavailable`.
        """
        return {}

    def whose(self, handle: str) -> str:
        """What tells the account of a handle, such as `@ana`, from any other."""
        return f"{self.platform} {handle.casefold()}"

    def preview(self, message: Message) -> Preview:
        """How its readers will see this: images, or else the card of the link."""
        text = "\n\n".join(filter(None, [message.text, message.link]))
        if message.images or not message.link or message.card is None:
            return Preview(text, message.images)
        return Preview(text, card=message.card, shape=self.shape)

    def remarks(self, message: Message) -> list[str]:
        """What an editor should know before sending, such as its cost; in sentences."""
        return []

    def problems(self, message: Message) -> list[Problem]:
        """What the platform can't carry, for the editor."""
        length = self.length(message)
        return find_problems(message, length, self.limits, self.title)

    def refuse(self, message: Message) -> None:
        """Raise `Rejected` with every problem; first thing in `stage` and `compose`."""
        if found := self.problems(message):
            raise Rejected(" ".join(map(str, found)))
