"""Every way in which a server may redraw or treat a post, through the whole desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete

from connectors.base import Class
from connectors.mastodon import Mastodon
from desk.config import Settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Breaker, Post
from tests import factories
from tests.fakes.catalogue import LIST
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.ways import Way
from tests.faults.checker import Accepted, Attempt, violations
from tests.faults.checker import Post as Checked
from tests.unit.publishing import steps

SAID = "Thanks @the.paper@paper.example and @ThePaper: an *exclusive* “report”, "
LINK = "https://paper.example/a?utm_source=desk&id=7"
LOOKS = 8  # after which the desk has settled it, or has asked a person
NAME = "There"


@dataclass
class There:
    """A desk, and a server that treats posts in one way after the other."""

    desk: Desk
    server: MastodonFake
    channel_id: int
    ways: Sequence[Way]
    written: int = 0

    def send(self, way: Way, *, lost: bool) -> Post:
        """One post, until the desk does nothing more about it by itself."""
        self.server.become(way=way.name)
        self._forget()
        self.written += 1
        text = f"{SAID}{self.written} {LINK}"
        post_id = factories.make_scheduled(self.desk, self.channel_id, text)
        if lost:
            self.server.expect(Trouble(Kind.CLOSED, accepted=True))
        factories.run_due(self.desk)
        for _ in range(LOOKS):
            post = steps.look(self.desk, post_id)
            if post.state == State.PUBLISHED or post.needs_person:
                return post
            factories.run_due(self.desk)
        return factories.look_up(self.desk, post_id)

    def live(self, post: Post) -> list[Accepted]:
        return [
            Accepted(NAME, seen.text, seen.at, seen.remote_id, seen.key)
            for seen in self.server.published()
            if seen.text == post.text
        ]

    def _forget(self) -> None:
        """Neither what was lost nor how much was sent before stands in the way."""
        steps.alter_channel(self.desk, self.channel_id, spent=0, not_before=None)
        with self.desk.db.writing() as session:
            session.execute(delete(Breaker))


@pytest.fixture(params=[Class.NONE, Class.NATURAL, Class.WINDOW])
def there(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Path
) -> Iterator[There]:
    """A server that honours keys where the class says so, and ignores them else."""
    once: Class = request.param
    (tmp_path / "home").mkdir()
    shutil.copy(migrated, tmp_path / "home")
    settings = Settings(home=tmp_path / "home", redis_url="")
    desk = Desk.open(settings, {"mastodon": Mastodon})
    mode = "honours" if once is Class.WINDOW else "ignores"
    with MastodonFake(mode) as server:
        number = factories.make_channel(desk, NAME, "mastodon", **server.credentials())
        steps.alter_channel(desk, number, exactly_once_override=once)
        yield There(desk, server, number, LIST if once is Class.NONE else LIST[::3])
    desk.db.engine.dispose()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lost", [True, False], ids=["answer lost", "answered"])
def test_nothing_is_live_twice_or_called_absent_in_any_way(
    there: There, lost: bool
) -> None:
    wrong = [
        f"{way.name}: {told}"
        for way in there.ways
        for told in _wrong(there, there.send(way, lost=lost))
    ]

    assert wrong == []
    assert len(there.server.published()) == len(there.ways)


def _wrong(there: There, post: Post) -> Iterator[str]:
    """By the checker's rules, and by what a person is given to decide with."""
    live, tries = there.live(post), steps.attempts(there.desk, post.id)
    case = Checked(
        post.id,
        NAME,
        (post.text,),
        post.state,
        None,
        post.parts[0].remote_id,
        post.needs_person,
        findable=False,  # what can't be told apart is for a person
        attempts=tuple(
            Attempt(one.number, one.fence, one.intent_at, one.outcome) for one in tries
        ),
    )
    yield from (str(one) for one in violations(live, [case], tries[-1].deadline_at))
    if any(one.outcome == "not there" for one in tries):
        yield "it was called absent"
    if post.state == State.UNCONFIRMED and not _is_pointed_to(post, live):
        yield f"a person is not told where: {post.reason} {post.lookalikes}"
    if post.state not in (State.PUBLISHED, State.UNCONFIRMED):
        yield f"it is {post.state}"


def _is_pointed_to(post: Post, live: Sequence[Accepted]) -> bool:
    """Whether a person is given its link; where the server tells none, its reason."""
    ids = {one.remote_id for one in live}
    links = {link.rpartition("/")[2] for link in post.lookalikes}
    return bool(ids & links) or "without its time" in post.reason
