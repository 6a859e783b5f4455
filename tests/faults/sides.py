"""The other side of every channel: what its readers see, whatever the desk thinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from desk import channels
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.mastodon import MODES, MastodonFake
from tests.fakes.paper import PaperFake
from tests.fakes.platform import FakePlatform, Seen, Trouble
from tests.fakes.x import XFake
from tests.faults.checker import Accepted
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
    accepted: Callable[[], list[Accepted]] = list  # every request it acted on

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
        yield [*(side(*one) for one in fakes), _real(pds, member)]


def paper(house: House) -> Side:
    """The desk's own paper."""
    fake = PaperFake(house.settings.home / "paper")

    def written(seen: Seen) -> datetime:
        file = fake.folder / "posts" / f"{seen.remote_id}.json"
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)

    return side("Paper", "paper", fake, written)


def mastodon(name: str, fake: MastodonFake) -> Side:
    return side(name, "mastodon", fake)


def bluesky(name: str, fake: BlueskyFake) -> Side:
    """Its posts tell when they are due, so it keeps by itself when each one came."""
    return side(name, "bluesky", fake, lambda seen: fake.repo.taken[seen.key])


def side(
    name: str,
    platform: str,
    fake: FakePlatform,
    came: Callable[[Seen], datetime] = lambda seen: seen.at,
) -> Side:
    def texts() -> list[str]:
        return [seen.text for seen in fake.published()]

    def accepted() -> list[Accepted]:
        return [
            Accepted(name, seen.text, came(seen), seen.remote_id, seen.key)
            for seen in fake.published()
        ]

    return Side(name, platform, fake.credentials(), texts, fake.expect, accepted)


def _real(pds: Pds, member: int) -> Side:
    def texts() -> list[str]:
        return [str(record["text"]) for record in pds.records(member)]

    return Side(
        "Real Bluesky", "bluesky", pds.credentials(member), texts, lambda _: None
    )
