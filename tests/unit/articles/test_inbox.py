"""The inbox: what stands in it, what is shared from it, what is dismissed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import Rejected
from desk import articles, db, scheduling, shares
from desk.articles import filters, inbox
from desk.articles.filters import Show, Which
from desk.articles.inbox import Page
from desk.articles.rows import Step
from desk.desk import Desk
from desk.lifecycle import Priority, State
from desk.models import Article, Post, WorkingCopy
from desk.people.actors import Actor
from desk.reading import Reading
from desk.scheduling import At, Now, approving, sharing
from desk.scheduling.sharing import Plan
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, give_slots, put_due, take


def page(desk: Desk, show: Show = Show.ALL, section: str = "") -> Page:
    with desk.db.reading() as session:
        return inbox.page(session, Which(show, section), db.now(session))


def shown(desk: Desk, show: Show = Show.ALL, section: str = "") -> list[int]:
    return [row.article.id for row in page(desk, show, section).rows]


def plan(desk: Desk, article_id: int) -> Plan:
    with desk.db.reading() as session:
        return sharing.plan(desk, session, article_id, db.now(session))


def share(desk: Desk, planned: Plan) -> list[int]:
    """The numbers of the posts that were scheduled."""
    with desk.db.writing() as session:
        now = db.now(session)
        done = sharing.share(desk, session, planned, now=now, by=Actor("Ines"))
        return [post.id for post in done]


def test_the_newest_article_stands_first_with_its_posts_by_channel(
    any_desk: Desk,
) -> None:
    old = take(any_desk, "Bay", "Aldon")
    new = take(any_desk, number=2)

    rows = page(any_desk).rows

    assert [row.article.id for row in rows] == [new, old]
    assert [post.channel.name for post in rows[0].posts] == ["Aldon", "Bay"]


def test_a_post_of_the_inbox_names_who_is_writing_there(any_desk: Desk) -> None:
    article = take(any_desk, "Aldon", "Bay")
    first, _ = drafts(any_desk, article)
    anna = factories.make_person(any_desk, "Anna")
    with any_desk.db.writing() as session:
        at = {"saved_at": db.now(session)}
        session.add(WorkingCopy(post_id=first.id, person_id=anna.id, revision=1, **at))

    (row,) = page(any_desk).rows

    writing = [[copy.person.name for copy in post.copies] for post in row.posts]
    assert writing == [["Anna"], []]


def test_filters_ask_what_became_of_an_article(any_desk: Desk) -> None:
    shared, untouched = take(any_desk, "Aldon"), take(any_desk, number=2)
    elsewhere = take(any_desk, section="Life", number=3)
    (post,) = drafts(any_desk, shared)
    with any_desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(
            any_desk, session, post.id, Now(), now=now, priority="breaking"
        )

    assert shown(any_desk, Show.UNSHARED) == [elsewhere, untouched]
    assert shown(any_desk, Show.BREAKING) == [shared]
    assert shown(any_desk, section="Life") == [elsewhere]
    with any_desk.db.reading() as session:
        assert inbox.sections(session) == ["Life", "Transport"]


def test_what_is_dismissed_is_found_again_and_its_posts_stay(any_desk: Desk) -> None:
    article = take(any_desk, "Aldon")
    with any_desk.db.writing() as session:
        inbox.dismiss(session, article, db.now(session))

    assert shown(any_desk) == []
    assert shown(any_desk, Show.DISMISSED) == [article]
    assert [post.state for post in drafts(any_desk, article)] == [State.DRAFT]
    with any_desk.db.writing() as session:
        inbox.bring_back(session, article)
    assert shown(any_desk) == [article]


def test_a_long_inbox_is_read_page_by_page(desk: Desk) -> None:
    taken = [take(desk, number=number) for number in range(inbox.SHOWN + 1)]

    first = page(desk)
    with desk.db.reading() as session:
        second = inbox.page(session, Which(), db.now(session), before=first.older)

    assert [row.article.id for row in first.rows] == taken[:0:-1]
    assert [row.article.id for row in second.rows] == taken[:1]
    assert second.older is None


def test_sharing_fills_free_slots_and_names_what_it_leaves(any_desk: Desk) -> None:
    article = take(any_desk, "Aldon", "Bay")
    first, _ = drafts(any_desk, article)
    give_slots(any_desk, first.channel_id)

    planned = plan(any_desk, article)
    shared = share(any_desk, planned)

    assert shared == [first.id]
    assert planned.slotless == ["Bay"]
    states = [post.state for post in drafts(any_desk, article)]
    assert states == [State.SCHEDULED, State.DRAFT]


def test_sharing_leaves_what_its_platform_can_not_take(desk: Desk) -> None:
    article = take(desk, "Aldon")
    (post,) = drafts(desk, article)
    give_slots(desk, post.channel_id)
    with desk.db.writing() as session:
        row = session.merge(post)
        row.text = "long " * 80

    planned = plan(desk, article)

    assert (planned.fit, planned.unfit) == ({}, ["Aldon"])


def test_a_draft_that_someone_else_scheduled_meanwhile_keeps_its_time(
    any_desk: Desk,
) -> None:
    article = take(any_desk, "Aldon")
    (post,) = drafts(any_desk, article)
    give_slots(any_desk, post.channel_id)
    planned = plan(any_desk, article)
    with any_desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(any_desk, session, post.id, Now(), now=now)

    shared = share(any_desk, planned)

    assert shared == []
    assert drafts(any_desk, article)[0].slot_at is None


def next_unshared(desk: Desk, after: int, show: Show = Show.ALL) -> int | None:
    with desk.db.reading() as session:
        return inbox.next_unshared(session, after, Which(show), db.now(session))


def test_the_next_story_is_the_next_older_one_that_nobody_shared(
    any_desk: Desk,
) -> None:
    last = take(any_desk, "Aldon")
    shared = take(any_desk, number=2)
    first = take(any_desk, number=3)
    give_slots(any_desk, drafts(any_desk, shared)[0].channel_id)
    share(any_desk, plan(any_desk, shared))

    assert next_unshared(any_desk, first) == last
    assert next_unshared(any_desk, last) is None


def test_the_next_story_is_of_the_list_that_one_works_through(any_desk: Desk) -> None:
    old = take(any_desk, "Aldon")
    new = take(any_desk, number=2)

    assert next_unshared(any_desk, new, Show.BREAKING) is None
    assert next_unshared(any_desk, new, Show.UNSHARED) == old


def counted(desk: Desk) -> dict[Show, int]:
    with desk.db.reading() as session:
        return filters.counts(session, db.now(session)).by_show


def put_live(desk: Desk, article_id: int, ago: timedelta = timedelta()) -> None:
    """Its first draft goes out, and did so that long ago."""
    post = drafts(desk, article_id)[0]
    put_due(desk, post.id)
    with desk.db.writing() as session:
        its = session.get_one(Post, post.id)
        assert its.published_at
        its.published_at -= ago


def test_each_filter_says_how_many_it_has(any_desk: Desk) -> None:
    partly, _ = take(any_desk, "Aldon", "Bay"), take(any_desk, number=2)
    put_live(any_desk, partly)
    dismissed = take(any_desk, number=3)
    with any_desk.db.writing() as session:
        inbox.dismiss(session, dismissed, db.now(session))

    assert counted(any_desk) == {
        Show.ALL: 2,
        Show.UNSHARED: 1,
        Show.PARTLY: 1,
        Show.BREAKING: 0,
        Show.AGAIN: 0,
    }
    assert shown(any_desk, Show.PARTLY) == [partly]


def test_an_article_without_a_post_is_not_shared(any_desk: Desk) -> None:
    bare = take(any_desk)

    assert shown(any_desk, Show.UNSHARED) == [bare]
    assert counted(any_desk)[Show.UNSHARED] == 1


@pytest.mark.parametrize(
    ("days", "marked_by", "offered"),
    [
        (15, "class", True),
        (15, "label", True),
        (15, "", False),
        (13, "class", False),
    ],
)
def test_an_evergreen_story_is_offered_again_after_a_fortnight(
    any_desk: Desk, days: int, marked_by: str, offered: bool
) -> None:
    story = take(any_desk, "Aldon")
    put_live(any_desk, story, timedelta(days=days))
    with any_desk.db.writing() as session:
        (post,) = session.scalars(select(Post)).all()
        if marked_by == "class":
            post.priority = Priority.EVERGREEN
        if marked_by == "label":
            post.share.labels = shares.labels(session, ["evergreen"])

    assert shown(any_desk, Show.AGAIN) == ([story] if offered else [])
    assert counted(any_desk)[Show.AGAIN] == offered


def test_what_is_planned_again_is_not_offered_again(any_desk: Desk) -> None:
    story = take(any_desk, "Aldon", "Bay")
    put_live(any_desk, story, timedelta(days=20))
    with any_desk.db.writing() as session:
        for post in session.scalars(select(Post)):
            post.priority = Priority.EVERGREEN
        now = db.now(session)
        again = drafts(any_desk, story)[1]
        scheduling.schedule(
            any_desk, session, again.id, At(now + timedelta(hours=1)), now=now
        )

    assert shown(any_desk, Show.AGAIN) == []


@pytest.mark.parametrize("words", ["FERRY", "elev", "tran", "ines", "Özil", "özil"])
def test_a_story_is_found_by_headline_section_and_author(
    any_desk: Desk, words: str
) -> None:
    found = take(any_desk)
    with any_desk.db.writing() as session:
        session.get_one(Article, found).authors = ["Ines Özil"]

    with any_desk.db.reading() as session:
        now = db.now(session)
        its = inbox.page(session, Which(words=words), now).rows
        none = inbox.page(session, Which(words="goalkeeper"), now).rows

    assert [row.article.id for row in its] == [found]
    assert none == []


def test_what_came_since_is_counted_and_moves_no_list(any_desk: Desk) -> None:
    seen = take(any_desk)
    before = page(any_desk)
    take(any_desk, number=2)

    with any_desk.db.reading() as session:
        after = inbox.page(session, Which(), db.now(session), until=before.newest)

    assert [row.article.id for row in after.rows] == [seen]
    assert after.newer == 1
    assert page(any_desk).newer == 0


def step(desk: Desk) -> Step:
    return page(desk).rows[0].step


def test_the_next_step_of_a_story_is_what_nobody_did_yet(any_desk: Desk) -> None:
    take(any_desk)
    assert step(any_desk) == Step.OPEN
    story = take(any_desk, "Aldon", number=2)
    assert step(any_desk) == Step.SHARE
    (post,) = drafts(any_desk, story)
    with any_desk.db.writing() as session:
        session.get_one(Post, post.id).revision = 2
    assert step(any_desk) == Step.GO_ON
    with any_desk.db.writing() as session:
        now = db.now(session)
        at = At(now + timedelta(hours=1))
        scheduling.schedule(
            any_desk, session, post.id, at, now=now, needs_approval=True
        )
    assert step(any_desk) == Step.REVIEW
    with any_desk.db.writing() as session:
        approving.approve(
            any_desk, session, post.id, 2, now=now, by=Actor("Ines"), seen=None
        )
    assert step(any_desk) == Step.OPEN
    with any_desk.db.writing() as session:
        session.get_one(Post, post.id).next_at = now
    factories.run_due(any_desk)
    assert step(any_desk) == Step.SHARE_AGAIN


def test_what_is_wrong_with_a_story_comes_before_what_is_new(any_desk: Desk) -> None:
    story = take(any_desk, "Aldon", "Bay")
    Scripted.script.append(Rejected("No."))
    put_due(any_desk, drafts(any_desk, story)[0].id)

    assert step(any_desk) == Step.SEE_WHY


def test_stories_are_filtered_by_one_of_their_authors(any_desk: Desk) -> None:
    with any_desk.db.writing() as session:
        now = db.now(session)
        for number, by in enumerate([("Inés Marlow", "Bo"), ("Bo Inés",), ()], 1):
            reading = Reading(f"text:{number}", f"Story {number}", authors=by)
            articles.keep(session, reading, None, now, None)

    with any_desk.db.reading() as session:
        found = inbox.page(session, Which(author="Inés Marlow"), now)
        part = inbox.page(session, Which(author="Inés"), now)
        names = inbox.authors(session)

    assert [row.article.headline for row in found.rows] == ["Story 1"]
    assert part.rows == []
    assert names == ["Bo", "Bo Inés", "Inés Marlow"]
