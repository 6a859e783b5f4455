"""A share's posts get their times together, those that can."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from desk import db
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.posts import Seen
from desk.posts import editing as posts
from desk.scheduling import At, NextSlot, Now, When, going, outlook
from desk.scheduling.going import Hindrance, Plan
from tests.factories import look_up, make_scheduled, now_of
from tests.unit.articles.taken import drafts, give_slots, take
from tests.unit.shares.sharing import INES, edit, own, share_of

HOUR = timedelta(hours=1)


def plan(desk: Desk, times: Mapping[int, When]) -> Plan:
    with desk.db.reading() as session:
        return going.plan(desk, session, times, db.now(session))


def go(
    desk: Desk,
    its: list[Post],
    common: When,
    own_times: Mapping[int, When] | None = None,
) -> Plan:
    """Plan them and give them their times."""
    times = {post.id: common for post in its} | dict(own_times or {})
    planned = plan(desk, times)
    with desk.db.writing() as session:
        going.schedule(
            desk,
            session,
            its[0].share_id,
            times,
            planned,
            common=common,
            now=db.now(session),
            by=INES,
            seen={post.id: Seen.of(look_up(desk, post.id)) for post in its},
            keys={},
        )
    return planned


def test_what_keeps_a_post_from_its_time_is_named_by_its_kind(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    edit(any_desk, first.id, posts.Change(text="long " * 80))

    planned = plan(any_desk, {first.id: NextSlot(), second.id: NextSlot()})

    assert planned.fit == {}
    assert planned.kept == {
        first.id: Hindrance.UNFIT,
        second.id: Hindrance.SLOTLESS,
    }


def test_a_picked_time_is_the_shares_and_followed(any_desk: Desk) -> None:
    its = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR

    go(any_desk, its, At(at))

    assert share_of(any_desk, its[0].id).due_at == at
    assert [look_up(any_desk, post.id).due_at for post in its] == [at, at]
    assert own(any_desk, its[0].id) == set()


def test_one_that_was_picked_for_a_channel_alone_is_its_own(any_desk: Desk) -> None:
    first, second = its = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR

    go(any_desk, its, At(at), {second.id: At(at + HOUR)})

    assert (own(any_desk, first.id), own(any_desk, second.id)) == (set(), {"time"})


def test_a_second_press_moves_nothing_that_follows_the_first(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR
    go(any_desk, [first], At(at))

    go(any_desk, [second], At(at + HOUR))

    assert share_of(any_desk, first.id).due_at == at
    assert look_up(any_desk, first.id).due_at == at
    assert own(any_desk, second.id) == {"time"}


def test_now_is_ten_seconds_away_and_no_time_of_the_share(any_desk: Desk) -> None:
    its = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    before = now_of(any_desk)

    go(any_desk, its, Now())

    post = look_up(any_desk, its[0].id)
    assert post.state == State.SCHEDULED
    assert post.due_at is not None
    assert post.due_at >= before + timedelta(seconds=10)
    assert share_of(any_desk, post.id).due_at is None


def test_the_outlook_names_what_stands_in_the_slots_before_the_free_one(
    any_desk: Desk,
) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    give_slots(any_desk, first.channel_id)
    on = [first.channel_id, second.channel_id]
    with any_desk.db.reading() as session:
        now = db.now(session)
        free = outlook.outlooks(any_desk, session, on, now)[first.channel_id].at
    assert free is not None
    other = make_scheduled(any_desk, first.channel_id, "Storm Ottilie\nMore", free)
    make_scheduled(any_desk, first.channel_id, "In no slot", free + HOUR / 7)

    with any_desk.db.reading() as session:
        seen = outlook.outlooks(any_desk, session, on, now)

    one = seen[first.channel_id]
    assert one.at is not None
    assert one.at > free
    assert [(ahead.post_id, ahead.at, ahead.title) for ahead in one.ahead] == [
        (other, free, "Storm Ottilie")
    ]
    assert seen[second.channel_id] == outlook.Outlook(None)


def test_what_is_ahead_of_a_post_stands_in_earlier_slots_of_its_channel(
    any_desk: Desk,
) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    for post in (first, second):
        give_slots(any_desk, post.channel_id)
    now = now_of(any_desk)
    on = [first.channel_id, second.channel_id]
    with any_desk.db.reading() as session:
        free = outlook.outlooks(any_desk, session, on, now)[first.channel_id].at
    assert free
    before = make_scheduled(any_desk, first.channel_id, "Storm Ottilie", free)
    beside = free + timedelta(minutes=7)
    make_scheduled(any_desk, second.channel_id, "In no slot", beside)

    go(any_desk, [first, second], NextSlot())
    its = [look_up(any_desk, post.id) for post in (first, second)]
    with any_desk.db.reading() as session:
        ahead = outlook.ahead_of(any_desk, session, its, now)

    assert [one.post_id for one in ahead[first.id]] == [before]
    assert ahead[second.id] == []
