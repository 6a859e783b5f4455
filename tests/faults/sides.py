"""The other side of every channel: what its readers see, whatever the desk thinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from desk import channels
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.mastodon import MODES, MastodonFake
from tests.fakes.paper import PaperFake
from tests.fakes.platform import FakePlatform, Trouble
from tests.fakes.x import XFake
from tests.faults.house import House
from tests.testbeds.pds import Pds


@dataclass(frozen=True)
class Side:
    """One platform; `expect` does nothing where it is a real server."""

    name: str
    platform: str
    credentials: dict[str, str]
    texts: Callable[[], list[str]]
    expect: Callable[[Trouble], None]

    def join(self, house: House) -> None:
        """Make it a channel of this desk."""
        now = house.now()
        channels.add(house.desk, self.platform, self.name, self.credentials, now)


@contextmanager
def open_sides(pds: Pds, member: int) -> Iterator[list[Side]]:
    """Every class of exactly-once: four kinds of Mastodon server, X, and Bluesky."""
    with ExitStack() as stack:
        fakes: list[tuple[str, str, FakePlatform]] = [
            (name, "mastodon", stack.enter_context(MastodonFake(name)))
            for name in MODES
        ]
        fakes.append(("X", "x", stack.enter_context(XFake())))
        fakes.append(("Bluesky", "bluesky", stack.enter_context(BlueskyFake())))
        yield [*(_side(*one) for one in fakes), _real(pds, member)]


def paper(house: House) -> Side:
    """The desk's own paper."""
    return _side("Paper", "paper", PaperFake(house.settings.home / "paper"))


def _side(name: str, platform: str, fake: FakePlatform) -> Side:
    def texts() -> list[str]:
        return [seen.text for seen in fake.published()]

    return Side(name, platform, fake.credentials(), texts, fake.expect)


def _real(pds: Pds, member: int) -> Side:
    def texts() -> list[str]:
        return [str(record["text"]) for record in pds.records(member)]

    return Side(
        "Real Bluesky", "bluesky", pds.credentials(member), texts, lambda _: None
    )
