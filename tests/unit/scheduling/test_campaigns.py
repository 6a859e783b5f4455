"""Campaigns: several shares of one story over days, in words that differ."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from desk import articles, db, preferences, shares
from desk.conflicts import Overtaken, mark
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post, Slot
from desk.models.people import Role
from desk.people.actors import DESK, Actor
from desk.people.rights import NotYours
from desk.scheduling import campaigns
from desk.scheduling.campaigns import BadCampaign, Made, TooFewWords, Wanted
from desk.scheduling.queueing import NoFreeSlot
from tests import factories
from tests.web.articles import FERRY

WANTED = Wanted(shares=3, days=3)


def story(desk: Desk, *names: str, slots: bool = True) -> int:
    """The ferry, on channels with two slots a day."""
    for name in names:
        channel = factories.make_channel(desk, name)
        if slots:
            with desk.db.writing() as session:
                session.add_all(
                    Slot(channel_id=channel, weekday=day, local_time=time(hour))
                    for day in range(7)
                    for hour in (7, 23)
                )
    return articles.take(desk, FERRY, factories.now_of(desk), None).article_id


def make(desk: Desk, article: int, wanted: Wanted = WANTED, by: Actor = DESK) -> Made:
    planned = campaigns.plan(desk, article, wanted, by=by, pictured=True)
    with desk.db.writing() as session:
        made = campaigns.make(
            desk,
            session,
            planned,
            now=db.now(session),
            by=by,
            over=mark(planned.stood),
        )
        assert [post.share_id for post in made.scheduled]
    return made


def posts_of(desk: Desk, article: int) -> list[Post]:
    with desk.db.reading() as session:
        its = select(Post).where(Post.article_id == article).order_by(Post.id)
        return list(session.scalars(its.options(joinedload(Post.channel))))


def zone_of(desk: Desk) -> ZoneInfo:
    with desk.db.reading() as session:
        return preferences.zone(session, desk.settings)


def days_of(desk: Desk, its: list[Post]) -> list[int]:
    zone, now = zone_of(desk), factories.now_of(desk)
    today = now.astimezone(zone).date()
    return [(at.astimezone(zone).date() - today).days for p in its if (at := p.due_at)]


def test_three_shares_lie_days_apart_and_never_say_the_same(desk: Desk) -> None:
    article = story(desk, "Aldon", "Bay")

    made = make(desk, article)

    its = posts_of(desk, article)
    assert len({post.share_id for post in its}) == len(made.shares) == 3
    ids = [share.id for share in made.shares]
    by_share = [[post for post in its if post.share_id == one] for one in ids]
    words = [share.text for share in made.shares]
    assert len(set(words)) == 3
    first, second, third = [days_of(desk, some) for some in by_share]
    begins = min(first)
    assert begins in (0, 1)
    assert (second, third) == ([begins + 1] * 2, [begins + 3] * 2)
    assert {post.state for post in its} == {State.SCHEDULED}
    held = [(post.channel_id, post.slot_at) for post in its]
    assert len(set(held)) == 6
    assert None not in {slot for _, slot in held}


def test_days_count_from_the_one_on_which_the_first_share_begins(desk: Desk) -> None:
    article = story(desk, "Aldon")
    today = factories.now_of(desk).astimezone(zone_of(desk)).weekday()
    near = [(today + ahead) % 7 for ahead in (0, 1)]
    with desk.db.writing() as session:
        session.execute(delete(Slot).where(Slot.weekday.in_(near)))

    make(desk, article)

    assert days_of(desk, posts_of(desk, article)) == [2, 3, 5]


def test_what_is_planned_is_what_is_made(desk: Desk) -> None:
    article = story(desk, "Aldon")
    planned = campaigns.plan(desk, article, WANTED, by=DESK)

    made = make(desk, article)

    assert [step.said for step in planned.steps] == [one.text for one in made.shares]
    shown = [at for step in planned.steps for at in step.slots.values()]
    assert shown == [post.due_at for post in made.scheduled]


def test_the_drafts_that_wait_are_its_first_share(desk: Desk) -> None:
    article = story(desk, "Aldon")
    (draft,) = posts_of(desk, article)

    made = make(desk, article)

    assert made.was_there
    assert made.was_there.id == draft.share_id == made.shares[0].id


def test_a_second_campaign_says_nothing_of_the_first_again(desk: Desk) -> None:
    article = story(desk, "Aldon")
    first = make(desk, article, Wanted(shares=2, days=1))

    planned = campaigns.plan(desk, article, Wanted(shares=2, days=1), by=DESK)

    said = {share.text for share in first.shares}
    assert planned.steps
    assert not said & {step.said for step in planned.steps}


def test_more_shares_than_the_story_has_words_for_are_refused(desk: Desk) -> None:
    article = story(desk, "Aldon")

    with pytest.raises(TooFewWords, match=r"words for \d shares.* plan \d"):
        make(desk, article, Wanted(shares=6, days=3))

    assert len(posts_of(desk, article)) == 1


def test_without_free_slots_nothing_is_made(desk: Desk) -> None:
    article = story(desk, "Aldon", slots=False)

    with pytest.raises(NoFreeSlot, match="add weekly times"):
        make(desk, article)

    assert len(posts_of(desk, article)) == 1


def test_a_channel_without_slots_keeps_its_draft_and_gets_no_other(
    desk: Desk,
) -> None:
    factories.make_channel(desk, "Slotless")
    article = story(desk, "Aldon")

    made = make(desk, article)

    on = {post.id: post.channel.name for post in posts_of(desk, article)}
    assert sorted(on.values()) == ["Aldon", "Aldon", "Aldon", "Slotless"]
    assert [on[post.id] for post in made.left] == ["Slotless"]


def test_one_undo_leaves_the_story_as_it_was(desk: Desk) -> None:
    article = story(desk, "Aldon")
    (draft,) = posts_of(desk, article)
    made = make(desk, article)
    new = [post.id for post in posts_of(desk, article) if post.id != draft.id]

    with desk.db.writing() as session:
        campaigns.take_back(session, new, [draft.id], now=db.now(session), by=DESK)

    after = {post.id: post.state for post in posts_of(desk, article)}
    assert after.pop(draft.id) == State.DRAFT
    assert set(after.values()) == {State.CANCELLED}
    with desk.db.reading() as session:
        newest = shares.newest_of(session, article)
        assert newest
        assert newest.id == draft.share_id
    again = make(desk, article)
    assert [one.text for one in again.shares] == [one.text for one in made.shares]


def test_what_changed_since_it_was_shown_is_not_planned_over(desk: Desk) -> None:
    article = story(desk, "Aldon")
    planned = campaigns.plan(desk, article, WANTED, by=DESK, pictured=True)
    seen = mark(planned.stood)
    make(desk, article, Wanted(shares=2, days=1))

    with pytest.raises(Overtaken), desk.db.writing() as session:
        campaigns.make(desk, session, planned, now=db.now(session), by=DESK, over=seen)


@pytest.mark.parametrize(("number", "days"), [(1, 3), (7, 3), (3, 0), (3, 15)])
def test_numbers_out_of_range_get_a_sentence(number: int, days: int) -> None:
    with pytest.raises(BadCampaign, match="2 to 6 shares over 1 to 14 days"):
        Wanted(number, days)


def test_shares_are_spaced_by_days() -> None:
    assert Wanted(3, 3).days_ahead == [0, 1, 3]
    assert Wanted(2, 7).days_ahead == [0, 7]
    assert Wanted(4, 14).days_ahead == [0, 4, 9, 14]


def _person(desk: Desk, role: Role) -> Actor:
    made = factories.make_person(desk, f"A {role}", role)
    return Actor(made.name, made.id)


def test_an_author_asks_for_approval_by_it(desk: Desk) -> None:
    article = story(desk, "Aldon")

    make(desk, article, by=_person(desk, Role.AUTHOR))

    its = posts_of(desk, article)
    assert {post.state for post in its} == {State.IN_REVIEW}
    assert all(post.due_at for post in its)


def test_whoever_only_reads_plans_nothing(desk: Desk) -> None:
    article = story(desk, "Aldon")

    with pytest.raises(NotYours):
        campaigns.plan(desk, article, WANTED, by=_person(desk, Role.ANALYST))
