"""A worker's runner: whatever goes wrong with one post keeps no other waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from connectors.base import (
    Limits,
    Message,
    Prepared,
    Receipt,
    Staged,
    Unauthorized,
)
from desk import db, rush
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Heartbeat, Picture, Post
from desk.vault import Vault, new_key
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from workers.runner import Runner

PATIENCE_S = 10.0
ON_ITS_WAY = {"claimed", "sending"}


class Broken(Scripted):
    """A connector with a bug, at one place or at another."""

    platform = "broken"
    title = "Broken"
    at: ClassVar[str] = ""

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        super().__init__(credentials, limits)
        self._stumble("connecting")

    @property
    def host(self) -> str:
        self._stumble("naming its server")
        return ""

    def renew_at(self) -> datetime | None:
        self._stumble("asking for its session")
        return None

    def stage(self, message: Message) -> Staged:
        self._stumble("uploading")
        return super().stage(message)

    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        self._stumble("composing")
        prepared = super().compose(message, staged, key, at, after)
        if self.at == "its bytes":
            return Prepared(key, "\ud800")  # no text that can be stored
        if self.at == "a later part" and after is not None:
            raise RuntimeError("a bug")
        return prepared

    def _stumble(self, at: str) -> None:
        if self.at == at:
            raise RuntimeError("a bug")


@pytest.fixture
def newsroom(any_desk: Desk) -> Iterator[Desk]:
    """Channel 1 works, channel 2 has the buggy connector, channel 3 is as 1."""
    desk = replace(any_desk, connectors={"scripted": Scripted, "broken": Broken})
    factories.make_channel(desk, "Well")
    factories.make_channel(desk, "Broken", "broken")
    factories.make_channel(desk, "Other")
    yield desk
    Broken.at = ""


@pytest.fixture
def runner(newsroom: Desk) -> Iterator[Runner]:
    made = Runner(newsroom, size=8)
    yield made
    made.close()


def settled(desk: Desk, runner: Runner) -> dict[str, Post]:
    """Every post by its text, once a worker has had all that is due in one chunk."""
    claims = [claim.pair for claim in factories.claim(desk)]
    runner.take(claims)
    post_ids = [post_id for post_id, _ in claims]
    give_up = time.monotonic() + PATIENCE_S
    posts = [factories.look_up(desk, post_id) for post_id in post_ids]
    while any(post.state in ON_ITS_WAY for post in posts):
        assert time.monotonic() < give_up, {post.text: post.state for post in posts}
        time.sleep(0.05)
        posts = [factories.look_up(desk, post_id) for post_id in post_ids]
    return {post.text: post for post in posts}


def sealed_by_another(desk: Desk, channel_id: int) -> None:
    """Its secret, as a desk with other keys keeps it."""
    sealed = Vault([new_key()]).seal({"token": "t"}, f"channel {channel_id}")
    steps.alter_channel(desk, channel_id, secrets=sealed)


def test_a_secret_that_no_key_opens_stops_its_channel_and_no_other(
    newsroom: Desk, runner: Runner
) -> None:
    for channel_id, text in ((3, "Shut"), (1, "Well"), (3, "Shut too")):
        factories.make_scheduled(newsroom, channel_id, text)
    sealed_by_another(newsroom, 3)

    posts = settled(newsroom, runner)

    assert {text: post.state for text, post in posts.items()} == {
        "Shut": "scheduled",
        "Well": "published",
        "Shut too": "scheduled",
    }
    stopped = steps.channel_of(newsroom, 3)
    assert stopped.stopped_at is not None
    assert "No key of this desk opens" in stopped.stopped_why
    assert stopped.stopped_why == posts["Shut"].reason
    assert steps.channel_of(newsroom, 1).stopped_at is None
    assert factories.claim(newsroom) == []


def other_keys(desk: Desk) -> Desk:
    return replace(desk, vault=Vault([new_key()]))


def test_a_worker_with_other_keys_leaves_its_posts_to_the_next(newsroom: Desk) -> None:
    factories.make_scheduled(newsroom, 1, "Not by this one")
    with newsroom.db.writing() as session:
        session.add(Heartbeat(name="elsewhere:1", kind="publish", at=db.now(session)))
    runner = Runner(other_keys(newsroom), size=8)

    post = settled(newsroom, runner)["Not by this one"]

    runner.close()
    assert (post.state, post.tries) == ("scheduled", 0)
    assert post.next_at is not None
    assert post.next_at > factories.now_of(newsroom)
    assert steps.channel_of(newsroom, 1).stopped_at is None


def test_the_only_worker_with_other_keys_stops_the_channel(newsroom: Desk) -> None:
    factories.make_scheduled(newsroom, 1, "By nobody")
    runner = Runner(other_keys(newsroom), size=8)

    post = settled(newsroom, runner)["By nobody"]

    runner.close()
    assert post.state == "scheduled"
    assert steps.channel_of(newsroom, 1).stopped_why == post.reason


@pytest.mark.parametrize(
    "at",
    [
        "connecting",
        "naming its server",
        "asking for its session",
        "uploading",
        "composing",
        "its bytes",
    ],
)
def test_a_bug_in_one_connector_ends_its_posts_and_no_others(
    newsroom: Desk, runner: Runner, at: str
) -> None:
    for channel_id, text in ((2, "Broken"), (1, "Well"), (3, "Other")):
        factories.make_scheduled(newsroom, channel_id, text)
    Broken.at = at

    posts = settled(newsroom, runner)

    assert {text: post.state for text, post in posts.items()} == {
        "Broken": "failed",
        "Well": "published",
        "Other": "published",
    }
    assert "could not make this post ready" in posts["Broken"].reason
    assert posts["Broken"].lease_until is None


def test_a_bug_at_the_next_part_of_a_thread_ends_that_thread(
    newsroom: Desk, runner: Runner
) -> None:
    steps.make_thread(newsroom, "One", "Two", channel_id=2)
    Broken.at = "a later part"

    post = settled(newsroom, runner)["One"]

    assert (post.state, Scripted.live()) == ("failed", ["One"])
    assert "could not make this post ready" in post.reason


def broken_limits(desk: Desk, post_id: int) -> None:
    steps.alter_channel(desk, 3, limits={"text": 5})


def no_connector(desk: Desk, post_id: int) -> None:
    steps.alter_channel(desk, 3, platform="gone")


def no_picture(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        picture = Picture(
            sha256="0" * 64,
            media_type="image/png",
            width=40,
            height=30,
            bytes=5,
            created_at=db.now(session),
        )
        session.add(picture)
        session.flush()
        session.get_one(Post, post_id).picture_id = picture.id


@pytest.mark.parametrize(
    ("trouble", "state", "says"),
    [
        (broken_limits, "failed", "could not make this post ready"),
        (no_connector, "scheduled", "There is no connector “gone”"),
        (no_picture, "failed", "picture is missing"),
    ],
)
def test_what_is_missing_on_record_is_said_on_the_post(
    newsroom: Desk,
    runner: Runner,
    trouble: Callable[[Desk, int], None],
    state: str,
    says: str,
) -> None:
    post_id = factories.make_scheduled(newsroom, 3, "Missing")
    factories.make_scheduled(newsroom, 1, "Well")
    trouble(newsroom, post_id)

    posts = settled(newsroom, runner)

    assert (posts["Missing"].state, posts["Well"].state) == (state, "published")
    assert says in posts["Missing"].reason


def test_a_file_that_can_not_be_read_now_is_tried_again(
    newsroom: Desk, runner: Runner
) -> None:
    post_id = factories.make_scheduled(newsroom, 3, "Later")
    Scripted.staging.append(OSError(24, "Too many open files"))

    post = settled(newsroom, runner)["Later"]

    assert (post.id, post.state, post.tries) == (post_id, "scheduled", 1)
    assert post.next_at is not None
    assert post.next_at > factories.now_of(newsroom)
    assert "Too many open files" in post.reason


def test_a_post_far_ahead_is_let_go_of_as_well(newsroom: Desk, runner: Runner) -> None:
    """It is said before it is due, and nobody holds it until then."""
    due_at = factories.now_of(newsroom) + timedelta(seconds=1.5)
    factories.make_scheduled(newsroom, 2, "Broken", due_at)
    Broken.at = "composing"

    post = settled(newsroom, runner)["Broken"]

    assert post.state == "failed"
    assert not runner.full


@pytest.mark.parametrize(("each", "told"), [(1, False), (5, True)])
def test_many_posts_that_leave_at_once_are_told_to_whoever_shows_pages(
    desk: Desk, each: int, told: bool
) -> None:
    due_at = factories.now_of(desk) + timedelta(seconds=1.8)  # all are ready by then
    for number in range(5):
        channel = factories.make_channel(desk, f"Channel {number}")
        for post in range(each):
            factories.make_scheduled(desk, channel, f"{number}.{post}", due_at)
    runner = Runner(desk, size=40)

    posts = settled(desk, runner)
    runner.close()

    assert {post.state for post in posts.values()} == {"published"}
    assert (desk.settings.home / rush.NAME).exists() == told


class Revoked(Scripted):
    """Its token is dead; it takes its time to say so, and counts who asked."""

    uploads: ClassVar[bool] = False
    asked: ClassVar[list[str]] = []

    def stage(self, message: Message) -> Staged:
        if self.uploads:
            raise self._no(message.text)
        return super().stage(message)

    def publish(self, prepared: Prepared) -> Receipt:
        raise self._no(prepared.key)

    def _no(self, what: str) -> Unauthorized:
        self.asked.append(what)
        time.sleep(0.1)
        return Unauthorized("The token was revoked.")


@pytest.fixture
def revoked(any_desk: Desk) -> Iterator[Desk]:
    yield replace(any_desk, connectors={"scripted": Revoked})
    Revoked.uploads = False
    Revoked.asked.clear()


@pytest.mark.parametrize("uploads", [False, True])
def test_a_dead_token_is_refused_a_few_times_and_not_for_each_post(
    revoked: Desk, uploads: bool
) -> None:
    Revoked.uploads = uploads
    channel = factories.make_channel(revoked)
    for number in range(20):
        post_id = factories.make_scheduled(revoked, channel, f"Post {number}")
        if uploads:
            steps.alter(revoked, post_id, link="https://news.example/story")
    runner = Runner(revoked, size=40)

    posts = settled(revoked, runner).values()
    runner.close()

    assert len(Revoked.asked) <= engine.slots.first
    assert {(post.state, post.tries) for post in posts} == {("scheduled", 0)}
    stopped = steps.channel_of(revoked, channel)
    assert stopped.stopped_why == "The token was revoked."
