"""Doubles: what is live twice is a part, in words, in links and in what is written."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from connectors.base import Found, OutcomeUnknown, Receipt, Rejected
from desk import report
from desk.attention import causes, deciding
from desk.attention.causes import Cause
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Attempt, Post
from desk.publishing import late_receipts, live_twice
from desk.report import exporting
from desk.report.records import Filter
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

UTC = ZoneInfo("UTC")
LATE = steps.receipt("late")


def look_again(desk: Desk, post_id: int) -> Post:
    at = factories.look_up(desk, post_id).recheck_at
    assert at is not None
    factories.reconcile(desk, at)
    return factories.look_up(desk, post_id)


def thread_twice(desk: Desk) -> int:
    """A thread whose second part shows up twice."""
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.extend([Scripted.take, OutcomeUnknown(steps.CUT)])
    factories.run_due(desk)
    steps.look(desk, post_id, times=2)
    factories.run_due(desk)
    Scripted.looks.append(Found((LATE,)))
    look_again(desk, post_id)
    return post_id


def delete(desk: Desk, post_id: int, url: str | None) -> Post:
    steps.within(desk, deciding.deleted, post_id=post_id, url=url)
    return factories.look_up(desk, post_id)


def links(post: Post) -> list[str | None]:
    return [part.url for part in post.parts]


def test_a_part_that_is_live_twice_is_named_with_its_own_two_links(
    any_desk: Desk,
) -> None:
    post = factories.look_up(any_desk, thread_twice(any_desk))

    (double,) = live_twice.double_parts(post)

    assert (double.part.position, double.links) == (2, (post.parts[1].url, LATE.url))
    assert post.reason == "Part 2 is live twice: delete one of the two."
    said = report.state_words(post, UTC, factories.now_of(any_desk))
    assert said.startswith("Part 2 is live twice, published")


def test_the_list_of_needs_says_which_part_it_is(desk: Desk) -> None:
    thread_twice(desk)

    with desk.db.reading() as session:
        (group,) = causes.needing(session, factories.now_of(desk))

    assert group.cause is Cause.TWICE
    assert group.more(group.posts[0]) == "Part 2 is live twice: delete one of the two."


def test_the_part_keeps_the_id_of_the_one_that_stays(any_desk: Desk) -> None:
    post_id = thread_twice(any_desk)
    parts = factories.look_up(any_desk, post_id).parts

    post = delete(any_desk, post_id, parts[1].url)

    told = [(part.remote_id, part.url) for part in post.parts]
    assert told == [(parts[0].remote_id, parts[0].url), (LATE.remote_id, LATE.url)]
    assert (post.twice_url, post.reason) == (None, "")
    assert steps.outcomes(any_desk, post_id) == ["published", "published", "deleted"]


def test_where_the_second_was_deleted_nothing_is_overwritten(desk: Desk) -> None:
    post_id = thread_twice(desk)
    before = links(factories.look_up(desk, post_id))

    post = delete(desk, post_id, LATE.url)

    assert (links(post), post.twice_url) == (before, None)
    assert steps.outcomes(desk, post_id) == ["published", "deleted", "published"]


def test_a_link_of_another_part_is_neither_of_the_two(desk: Desk) -> None:
    post_id = thread_twice(desk)
    first = factories.look_up(desk, post_id).parts[0].url or ""

    with pytest.raises(IllegalMove, match="none of its links"):
        delete(desk, post_id, first)


def shows_up(desk: Desk, post_id: int, part: int, late: Receipt) -> None:
    """A try of this part is live as well."""
    with desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        its = post.parts[part - 1]
        first = its.attempts[0]
        again = Attempt(
            channel_id=first.channel_id,
            number=len(its.attempts) + 1,
            fence=first.fence,
            key=f"{first.key} again",
            body=first.body,
            digest=first.digest,
            worker=first.worker,
            intent_at=first.intent_at,
            deadline_at=first.deadline_at,
        )
        its.attempts.append(again)
        late_receipts.settle_attempt(again, late)
        now = factories.now_of(desk)
        late_receipts.accept_receipt(session, post, its, late, now, on_time=False)


def test_of_two_doubles_both_are_told_until_each_is_settled(desk: Desk) -> None:
    post_id = thread_twice(desk)
    shows_up(desk, post_id, 1, steps.receipt("again"))
    post = factories.look_up(desk, post_id)
    told = [(one.part.position, one.second) for one in live_twice.double_parts(post)]
    assert told == [(1, steps.receipt("again").url), (2, LATE.url)]
    assert post.reason == "Parts 1 and 2 are live twice: delete one of each two."

    post = delete(desk, post_id, LATE.url)

    assert [one.part.position for one in live_twice.double_parts(post)] == [1]
    assert post.reason == "Part 1 is live twice: delete one of the two."
    assert delete(desk, post_id, post.parts[0].url).twice_url is None


def test_of_three_that_are_live_the_one_that_was_deleted_is_gone(desk: Desk) -> None:
    post_id = thread_twice(desk)
    third = steps.receipt("third")
    shows_up(desk, post_id, 2, third)
    second = factories.look_up(desk, post_id).parts[1].url

    post = delete(desk, post_id, third.url)

    assert post.reason == "Part 2 is live twice: delete one of the two."
    assert live_twice.double_parts(post)[0].links == (second, LATE.url)


def test_a_thread_that_stopped_keeps_its_reason_beside_its_double(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    factories.run_due(desk)
    steps.look(desk, post_id, times=2)
    Scripted.script.extend([Scripted.take, Rejected("No.")])
    factories.run_due(desk)
    Scripted.looks.append(Found((LATE,)))
    post = look_again(desk, post_id)

    assert (post.state, causes.cause_of(post)) == ("failed", Cause.TWICE)
    assert post.reason == "1 of 2 live. No."

    after = delete(desk, post_id, LATE.url)
    assert (causes.cause_of(after), after.reason) == (Cause.PARTLY, post.reason)


def test_an_export_pairs_the_links_of_one_part(any_desk: Desk) -> None:
    post_id = thread_twice(any_desk)
    post = factories.look_up(any_desk, post_id)

    (row,) = exporting.rows(any_desk, Filter())

    assert row["live_twice_link"] == LATE.url
    assert row["live_link"] == post.parts[1].url
