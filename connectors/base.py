"""The contract: what every platform's connector takes, gives back and may raise."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar

from connectors.links import cut_out


class Class(StrEnum):
    """What a channel can promise about a repeated publish (its exactly-once class)."""

    EXACT = "exact"  # the same bytes again are harmless, for ever
    WINDOW = "window"  # the same key again is harmless while the window lasts
    NATURAL = "natural"  # the platform refuses the same text twice, mostly
    NONE = "none"  # a repeat is a second post


class Kind(StrEnum):
    """What may stand in a field of the channel form; the desk refuses anything else."""

    TEXT = "text"
    SERVER = "server"  # that the connector speaks to: https, and no private network
    ADDRESS = "address"  # that readers open: http or https
    FOLDER = "folder"  # below the desk's home


@dataclass(frozen=True)
class Field:
    """One line of the channel form; a secret one is encrypted and never shown again."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    default: str = ""  # may hold {home} and {address}, which the desk fills in
    hint: str = ""  # where to find it, in a sentence
    kind: Kind = Kind.TEXT
    group: str = ""  # fields that stand together, such as the four keys of one way in


@dataclass(frozen=True)
class Limits:
    """What one post may hold. Lengths are in the connector's own unit."""

    text: int
    images: int = 4
    image_bytes: int = 5_000_000
    image_pixels: int = 33_000_000
    alt: int = 1500
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")
    link: int | None = None  # what any link counts; None: its own length
    posts: int | None = None  # that the platform takes in `per`; None: not limited
    reserve: int = 0  # of these, kept for pictures, looks, and people's own posts
    per: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Image:
    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str = ""
    focus: tuple[float, float] = (0.5, 0.5)  # shares of width and height, from top left
    credit: str = ""

    @property
    def description(self) -> str:
        """Alt text with the credit behind it, for platforms with no place for one."""
        if not self.credit or self.credit in self.alt:
            return self.alt
        return f"{self.alt} ({self.credit})".lstrip()


@dataclass(frozen=True)
class Card:
    """What a link shows of its page, where it is us who must say so."""

    title: str
    description: str = ""
    image: Image | None = None


@dataclass(frozen=True)
class Message:
    """One part of a post, as an editor sees it: text, and a link that stands apart.

    With images they are shown, and the link is among the words; without any, the
    link shows its card.
    """

    text: str
    link: str | None = None
    images: tuple[Image, ...] = ()
    language: str | None = None  # BCP 47
    card: Card | None = None  # of the link


class About(StrEnum):
    """What of a message is to be mended."""

    TEXT = "text"
    LINK = "link"  # or the card that it shows
    IMAGE = "image"
    ALT = "alt"


@dataclass(frozen=True)
class Problem:
    """What a platform can't carry, in a sentence for the editor."""

    sentence: str
    about: About = About.TEXT

    def __str__(self) -> str:
        return self.sentence


class Shape(StrEnum):
    """How a platform draws the card of a link."""

    ABOVE = "above"  # the picture, then title and description
    OVER = "over"  # the picture with the title on it
    BESIDE = "beside"  # a small picture beside the title
    BARE = "bare"  # no card: the link alone


@dataclass(frozen=True)
class Preview:
    """A post as the platform's readers will see it."""

    text: str  # with the link, where the platform shows it among the words
    images: tuple[Image, ...] = ()
    card: Card | None = None
    shape: Shape = Shape.BARE


@dataclass(frozen=True)
class Staged:
    """Uploads and containers that the platform already holds (JSON values)."""

    data: Mapping[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Prepared:
    """The exact bytes to send, as JSON text, and the key that goes with them."""

    key: str
    body: str = field(repr=False)


@dataclass(frozen=True)
class Room:
    """How many more posts a platform says it takes, and when it counts anew."""

    left: int
    until: datetime  # by our clock, aware UTC
    shared: bool = False  # by all accounts of the app, not of this one alone


# Of an answer that names a post of ours: what it shows of that, for a person.
OTHERWISE = "It shows other words than were sent: look at it."
UNSHOWN = "The answer named it, and did not show its words: look at it."


@dataclass(frozen=True)
class Receipt:
    """What the platform gave back; `warnings` name what it did not carry as asked."""

    remote_id: str
    url: str
    published_at: datetime | None = None  # by the platform's own clock
    warnings: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = field(default=(), compare=False)  # one a limit
    age: timedelta | None = field(default=None, compare=False)  # by that same clock
    total: int | None = field(default=None, compare=False)  # the account's posts by now


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

    @classmethod
    def by(cls, error: ConnectorError) -> CantTell:
        """What an error on the way of a look means."""
        silent = isinstance(error, Unavailable | OutcomeUnknown)
        return cls(error.reason, silent and not isinstance(error, Unclear))


Finding = Found | NotThere | CantTell


@dataclass(frozen=True)
class Account:
    """Who the credentials belong to, on what software, and what that can promise."""

    remote_id: str
    name: str
    software: str
    version: str
    exactly_once: Class
    limits: Limits
    window: timedelta | None = None  # with Class.WINDOW
    expires_at: datetime | None = None  # when the credential ends
    warnings: tuple[str, ...] = ()


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


class Connector(ABC):
    """One platform. Inherit, declare the fields and limits, write the methods."""

    platform: ClassVar[str]  # the entry point's name
    title: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()
    default_limits: ClassVar[Limits]
    built_in: ClassVar[bool] = False  # a new desk has a channel on it by itself
    # Every wait of `publish` is one of connectors/http/: one thread may make hundreds
    gives_way: ClassVar[bool] = False
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
        return _plain_words(message.text)

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
        found = []
        limits, over = self.limits, self.length(message) - self.limits.text
        if over > 0:
            said = f"The text is {over} over the limit of {limits.text}."
            found.append(Problem(said))
        if not (message.text.strip() or message.images or message.link):
            found.append(Problem("The post has no text."))
        if len(message.images) > limits.images:
            said = f"{self.title} takes {limits.images} images at most."
            found.append(Problem(said, About.IMAGE))
        for image in message.images:
            found += self._image_problems(image)
        return found

    def _image_problems(self, image: Image) -> Iterator[Problem]:
        limits = self.limits
        if image.media_type not in limits.media_types:
            said = f"{self.title} does not take {image.media_type} images."
            yield Problem(said, About.IMAGE)
        if len(image.data) > limits.image_bytes:
            said = f"The image is over {limits.image_bytes:,} bytes."
            yield Problem(said, About.IMAGE)
        if (over := len(image.description) - limits.alt) > 0:
            said = f"The alt text is {over} over the limit of {limits.alt}."
            yield Problem(said, About.ALT)

    def refuse(self, message: Message) -> None:
        """Raise `Rejected` with every problem; first thing in `stage` and `compose`."""
        if found := self.problems(message):
            raise Rejected(" ".join(map(str, found)))


@lru_cache(maxsize=5_000)  # a channel's plan is compared with each post that joins it
def _plain_words(text: str) -> str:
    words = unicodedata.normalize("NFC", cut_out(text))
    seen = (one for one in words if unicodedata.category(one) != "Cf")
    return " ".join("".join(seen).split())
