"""Holds and embargoes: what stands in a post's way, and what is left when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, holds
from desk.desk import Desk
from desk.holds import BadHold, Held, Lifted
from desk.models import Article
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


def hold(desk: Desk, scope: str = "desk", target: str = "") -> Held:
    with desk.db.writing() as session:
        now = db.now(session)
        return holds.hold(session, scope=scope, target=target, now=now)


def lift(desk: Desk, scope: str = "desk", target: str = "") -> Lifted:
    with desk.db.writing() as session:
        now = db.now(session)
        return holds.lift(session, scope=scope, target=target, now=now)


def make_about(desk: Desk, channel: int, headline: str, section: str) -> int:
    """A due post about an article."""
    post_id = factories.make_scheduled(desk, channel, f"Read this {channel}")
    with desk.db.writing() as session:
        article = Article(
            slug="a",
            identity=headline,
            headline=headline,
            section=section,
            created_at=db.now(session),
        )
        session.add(article)
        session.flush()
        article_id = article.id
    steps.alter(desk, post_id, article_id=article_id)
    return post_id


def test_nothing_goes_out_of_a_desk_on_hold(any_desk: Desk) -> None:
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))

    hold(any_desk)
    factories.run_due(any_desk)

    assert Scripted.live() == []


def test_a_hold_takes_back_what_is_about_to_go_out(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claim = steps.claimed(any_desk)

    told = hold(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert told == Held(given_back=1, already_going_out=0)
    assert steps.call(any_desk, claim) is None
    assert (post.state, post.fence) == ("scheduled", claim.fence + 1)


def test_a_hold_says_what_is_already_going_out(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    call = steps.sending_now(any_desk)

    told = hold(any_desk)
    call.answer(any_desk, steps.receipt("1"))

    assert told == Held(given_back=0, already_going_out=1)
    assert factories.look_up(any_desk, post_id).state == "published"


@pytest.mark.parametrize(
    ("scope", "target", "live"),
    [
        ("channel", "1", ["Read this 2"]),
        ("post", "2", ["Read this 1"]),
        ("section", "BRÜCKEN", ["Read this 2"]),
        ("section", "brücke", ["Read this 1", "Read this 2"]),
        ("keyword", "überfall", ["Read this 2"]),
        ("keyword", "ÜBERFALL", ["Read this 2"]),
        ("keyword", "100 %", ["Read this 1"]),
        ("keyword", "%", ["Read this 1"]),
        ("keyword", "r_ad", ["Read this 1", "Read this 2"]),
        ("keyword", "a\\b", ["Read this 1"]),
        ("keyword", "READ", []),
        ("desk", "", []),
    ],
)
def test_a_hold_covers_what_it_names_and_nothing_else(
    any_desk: Desk, scope: str, target: str, live: list[str]
) -> None:
    one = factories.make_channel(any_desk, "One")
    make_about(any_desk, one, "Überfall in Köln", "Brücken")
    two = factories.make_channel(any_desk, "Two")
    make_about(any_desk, two, r"Der a\b-Test: 100 % dabei", "Sport")

    hold(any_desk, scope, target)
    factories.run_due(any_desk)

    assert sorted(Scripted.live()) == live


def test_what_fell_due_during_a_hold_waits_for_a_person(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    overdue = factories.make_scheduled(any_desk, channel)
    ahead = factories.now_of(any_desk) + timedelta(hours=1)
    later = factories.make_scheduled(any_desk, channel, "Later", due_at=ahead)
    hold(any_desk)

    told = lift(any_desk)
    factories.run_due(any_desk)

    assert (told, Scripted.live()) == (Lifted(triage=1), [])
    assert factories.look_up(any_desk, overdue).triage == "held"
    assert factories.look_up(any_desk, later).triage is None


def test_a_held_post_that_also_waits_for_its_platform_waits_for_a_person(
    desk: Desk,
) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    again = factories.now_of(desk) + timedelta(minutes=5)
    steps.alter(desk, post_id, next_at=again, not_before=again)
    hold(desk)

    lift(desk)

    assert factories.look_up(desk, post_id).triage == "held"


def test_a_post_under_two_holds_stays_held_when_one_ends(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    hold(any_desk)
    hold(any_desk, "keyword", "dodge")

    told = lift(any_desk)
    factories.run_due(any_desk)

    assert (told, Scripted.live()) == (Lifted(triage=0), [])
    assert factories.look_up(any_desk, post_id).triage is None


def test_the_same_hold_twice_is_one_hold(desk: Desk) -> None:
    hold(desk)
    hold(desk)
    with desk.db.reading() as session:
        standing = len(holds.list_holds(session))

    lift(desk)

    with desk.db.reading() as session:
        assert (standing, holds.list_holds(session)) == (1, [])


def test_lifting_what_is_not_held_does_nothing(desk: Desk) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))

    assert lift(desk) == Lifted(triage=0)


@pytest.mark.parametrize(("scope", "target"), [("galaxy", "x"), ("keyword", " ")])
def test_a_hold_on_nothing_is_refused(desk: Desk, scope: str, target: str) -> None:
    with pytest.raises(BadHold, match="Say what to hold"):
        hold(desk, scope, target)


def test_nothing_goes_out_before_the_embargo_ends(any_desk: Desk) -> None:
    post_id = make_about(any_desk, factories.make_channel(any_desk), "Secret", "News")
    claim = steps.claimed(any_desk)
    ends = factories.now_of(any_desk) + timedelta(minutes=30)
    with any_desk.db.writing() as session:
        session.get_one(Article, 1).embargo_at = ends

    early = steps.call(any_desk, claim)
    steps.rescue(any_desk, factories.now_of(any_desk) + timedelta(minutes=1))

    assert early is None
    assert factories.claim(any_desk, ends - timedelta(seconds=3)) == []
    assert [c.post_id for c in factories.claim(any_desk, ends)] == [post_id]
