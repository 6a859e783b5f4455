"""A post follows its share until it says something of its own."""

from __future__ import annotations

from datetime import timedelta

from desk import db, posts, scheduling
from desk.desk import Desk
from desk.models import Post
from desk.posts import undo
from desk.posts.editing import Change
from desk.scheduling import At, NextSlot
from tests.factories import look_up, make_channel, make_post, now_of
from tests.unit.articles.taken import drafts, give_slots, take
from tests.unit.shares.sharing import INES, edit, own

HOUR = timedelta(hours=1)


def test_drafts_of_a_story_follow_one_share(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    assert first.share_id == second.share_id
    assert own(any_desk, first.id) == own(any_desk, second.id) == set()


def test_what_is_written_for_one_channel_is_its_own(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    edit(any_desk, first.id, Change(text="In other words"))
    assert own(any_desk, first.id) == {"text"}
    edit(any_desk, first.id, Change(link="https://elsewhere.example/"))
    assert own(any_desk, first.id) == {"text", "link"}
    edit(any_desk, first.id, Change(credit="Somebody"))
    assert own(any_desk, first.id) == {"text", "link", "pictures"}
    assert own(any_desk, second.id) == set()


def test_who_writes_the_shares_words_again_follows_it(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    edit(any_desk, first.id, Change(text="In other words"))
    edit(any_desk, first.id, Change(text=first.text))

    assert own(any_desk, first.id) == set()


def test_undo_brings_back_that_it_followed(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    with any_desk.db.writing() as session:
        now = db.now(session)
        change = Change(text="In other words", picture_id=0, alt="", credit="")
        undo.change_with_undo(any_desk, session, first.id, change, now=now, by=INES)
    changed = own(any_desk, first.id)
    with any_desk.db.writing() as session:
        undo.bring_back(any_desk, session, first.id, now=db.now(session), by=INES)

    assert changed == {"text", "pictures"}
    assert own(any_desk, first.id) == set()


def schedule(desk: Desk, post: Post, when: scheduling.When) -> None:
    with desk.db.writing() as session:
        scheduling.schedule(desk, session, post.id, when, now=db.now(session), by=INES)


def test_a_time_that_is_picked_for_one_channel_is_its_own(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    give_slots(any_desk, second.channel_id)

    schedule(any_desk, first, At(now_of(any_desk) + HOUR))
    schedule(any_desk, second, NextSlot())
    assert own(any_desk, first.id) == {"time"}
    assert own(any_desk, second.id) == set()

    with any_desk.db.writing() as session:
        scheduling.to_draft(session, first.id, now=db.now(session), by=INES)
    assert own(any_desk, first.id) == set()


def test_a_post_that_is_made_alone_is_a_share_of_its_own(any_desk: Desk) -> None:
    channel = make_channel(any_desk)
    one, other = (make_post(any_desk, channel, "Rain") for _ in range(2))

    with any_desk.db.reading() as session:
        share = posts.find_post(session, one).share

    assert share.text == "Rain"
    assert share.id != look_up(any_desk, other).share_id
    assert own(any_desk, one) == set()
