"""The inbox: what stands in it, what is shared from it, what is dismissed."""

from __future__ import annotations

from desk import db, scheduling
from desk.articles import inbox
from desk.articles.inbox import Page, Show
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import WorkingCopy
from desk.people.actors import Actor
from desk.scheduling import Now, sharing
from desk.scheduling.sharing import Plan
from tests import factories
from tests.unit.articles.taken import drafts, give_slots, take


def page(desk: Desk, show: Show = Show.ALL, section: str = "") -> Page:
    with desk.db.reading() as session:
        return inbox.page(session, show, section)


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
        second = inbox.page(session, before=first.older)

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
        return inbox.next_unshared(session, after, show)


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
