"""Posts of before are carried over into shares, and back, with nothing lost."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.desk import Desk
from desk.migrating import downgrade, upgrade
from desk.models import Post
from desk.posts.editing import Change
from tests import factories
from tests.unit.articles.taken import drafts, take
from tests.unit.publishing import steps
from tests.unit.shares.sharing import edit, share_of

BEFORE = "0031"
HOUR = timedelta(hours=1)


def rows(desk: Desk) -> list[str]:
    """All that posts of before consist of."""
    new = {"share_id", "own_text", "own_pictures", "own_link", "own_time"}
    old = [one for one in Post.__table__.columns if one.name not in new]
    with desk.db.engine.connect() as link:
        return list(map(str, link.execute(select(*old).order_by(Post.id))))


def again(desk: Desk) -> None:
    """As a desk of before would have it, brought up to this version."""
    there = rows(desk)
    downgrade(desk.settings, BEFORE)
    upgrade(desk.settings)
    assert rows(desk) == there


def test_posts_made_together_are_one_share(any_desk: Desk) -> None:
    story = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    other = drafts(any_desk, take(any_desk, number=2))
    alone = factories.make_post(any_desk, story[0].channel_id)

    again(any_desk)

    made = [factories.look_up(any_desk, one.id).share_id for one in story]
    later = [factories.look_up(any_desk, one.id).share_id for one in other]
    own = factories.look_up(any_desk, alone).share_id
    assert len(set(made)) == len(set(later)) == 1
    assert len({made[0], later[0], own}) == 3
    assert share_of(any_desk, story[0].id).article_id == story[0].article_id


def test_who_said_the_same_follows_and_who_did_not_has_its_own(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    edit(any_desk, second.id, Change(text="In other words"))
    edit(any_desk, third.id, Change(alt="The ferry", link="https://elsewhere.example/"))

    again(any_desk)

    share = share_of(any_desk, first.id)
    one, two, three = (
        factories.look_up(any_desk, n.id) for n in (first, second, third)
    )
    assert (share.text, share.link) == (first.text, first.link)
    assert [seen.alt for seen in share.pictures] == [first.alt]
    assert (one.own_text, one.own_link, one.own_pictures) == (False, False, False)
    assert (two.own_text, two.own_link, two.own_pictures) == (True, False, False)
    assert (three.own_text, three.own_link, three.own_pictures) == (False, True, True)


def test_a_time_that_was_picked_for_all_is_the_shares(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    at = factories.now_of(any_desk) + timedelta(hours=3)
    for post, due_at in ((first, at), (second, at), (third, at + HOUR)):
        steps.alter(any_desk, post.id, due_at=due_at, state="scheduled", next_at=due_at)

    again(any_desk)

    posts = [factories.look_up(any_desk, one.id) for one in (first, second, third)]
    assert share_of(any_desk, first.id).due_at == at
    assert [one.own_time for one in posts] == [False, False, True]
    assert [one.due_at for one in posts] == [at, at, at + HOUR]


def test_messages_without_a_story_are_one_share_with_the_same_words_only(
    any_desk: Desk,
) -> None:
    channels = [factories.make_channel(any_desk, name) for name in "ABC"]
    made = [
        factories.make_post(any_desk, channel, said)
        for channel, said in zip(channels, ("Rain", "Rain", "Snow"), strict=True)
    ]
    at = factories.now_of(any_desk)
    for post_id in made:
        steps.alter(any_desk, post_id, created_at=at)

    again(any_desk)

    rain, same, snow = (factories.look_up(any_desk, one).share_id for one in made)
    assert rain == same != snow


def test_shares_that_are_made_afterwards_have_numbers_of_their_own(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    known = [factories.make_post(any_desk, channel) for _ in range(3)]

    again(any_desk)
    later = factories.make_post(any_desk, channel)

    ids = [factories.look_up(any_desk, one).share_id for one in (*known, later)]
    assert len(set(ids)) == 4
