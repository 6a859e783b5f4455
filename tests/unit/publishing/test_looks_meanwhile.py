"""What begins while a listing is read may be in it, and is nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from connectors.mastodon import Mastodon
from connectors.x import X
from desk.desk import Desk
from tests import factories
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import Heard, XFake
from tests.unit.publishing import steps

LISTINGS = ("GET /api/v1/accounts/1/statuses", "GET /2/users/1001/tweets")
# as readers see them there, one is the other: no listing tells the accounts apart
OURS = "Thanks @mayor@north.example https://paper.example/a"
THEIRS = "Thanks @mayor@south.example https://paper.example/a"


class Slow:
    """Something that happens as a listing is asked for, once."""

    happens: Callable[[], object] | None = None

    def asked(self, request: str) -> None:
        if self.happens and request.startswith(LISTINGS):
            happens, self.happens = self.happens, None
            happens()


class SlowMastodon(Slow, MastodonFake):
    def meets(self, request: str) -> Trouble | None:
        self.asked(request)
        return super().meets(request)


class SlowX(Slow, XFake):
    def meets(self, heard: Heard) -> Trouble | None:
        self.asked(f"{heard.method} {heard.path}")
        return super().meets(heard)


Fake = SlowMastodon | SlowX


@pytest.fixture(params=["mastodon", "x"])
def fake(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Fake]:
    """The account of the one channel, which takes what it answers nobody."""
    platform: str = request.param
    desk.connectors.update(mastodon=Mastodon, x=X)  # type: ignore[attr-defined]
    made: Fake = SlowMastodon("ignores") if platform == "mastodon" else SlowX()
    with made:
        factories.make_channel(desk, "There", platform, **made.credentials())
        yield made


def lost(desk: Desk, fake: Fake) -> int:
    """A post that never came there."""
    post_id = factories.make_scheduled(desk, 1, OURS)
    fake.expect(Trouble(Kind.CLOSED))
    factories.run_due(desk)
    return post_id


def in_the_air(desk: Desk) -> steps.Call:
    """Another post, which is there before its answer is."""
    factories.make_scheduled(desk, 1, THEIRS)
    call = steps.sending_now(desk)
    call.work.connector.publish(call.intent.prepared)
    return call


def test_a_post_that_goes_out_meanwhile_is_not_taken_for_another(
    desk: Desk, fake: Fake
) -> None:
    post_id = lost(desk, fake)
    fake.happens = lambda: in_the_air(desk)

    post = steps.look(desk, post_id)

    [there] = fake.published()
    assert (post.state, post.parts[0].remote_id) == ("unconfirmed", None)
    assert [link.rpartition("/")[2] for link in post.lookalikes] == [there.remote_id]


def test_a_post_that_is_answered_meanwhile_is_on_record(desk: Desk, fake: Fake) -> None:
    post_id = lost(desk, fake)

    def happens() -> None:
        call = in_the_air(desk)
        [there] = fake.published()
        call.answer(desk, steps.receipt(there.remote_id))

    fake.happens = happens

    post = steps.look(desk, post_id)

    assert (post.state, post.parts[0].remote_id) == ("unconfirmed", None)
    assert post.lookalikes == []


def test_what_began_later_takes_nothing_from_who_is_looked_for(
    desk: Desk, fake: Fake
) -> None:
    post_id = factories.make_scheduled(desk, 1, f"Other {OURS}")
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    factories.run_due(desk)
    fake.happens = lambda: in_the_air(desk)

    post = steps.look(desk, post_id)

    assert post.state == "published"
