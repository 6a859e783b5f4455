"""One post's way through the engine, on both databases."""

from __future__ import annotations

from connectors.base import Class, OutcomeUnknown
from desk.desk import Desk
from tests import factories
from tests.fakes.scripted import Scripted


def test_a_due_post_is_published_once(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))

    factories.run_due(any_desk)
    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, Scripted.live()) == ("published", ["Dodge returns"])
    assert post.parts[0].url == "https://scripted.example/1"


def test_a_lost_answer_is_never_sent_again_blindly(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(lost_after_taking)

    factories.run_due(desk)
    unconfirmed = factories.look_up(desk, post_id).state
    factories.run_due(desk)

    assert (unconfirmed, len(Scripted.live())) == ("unconfirmed", 1)


def test_a_lost_answer_is_found_on_the_platform(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(lost_after_taking)
    factories.run_due(desk)
    look_at = factories.look_up(desk, post_id).look_at
    assert look_at is not None

    factories.reconcile(desk, look_at)

    assert factories.look_up(desk, post_id).state == "published"
    assert len(Scripted.live()) == 1


def test_the_same_bytes_go_again_where_that_is_harmless(any_desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    Scripted.script.append(OutcomeUnknown("the line was cut"))
    factories.run_due(any_desk)
    look_at = factories.look_up(any_desk, post_id).look_at
    assert look_at is not None

    factories.reconcile(any_desk, look_at)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, Scripted.live()) == ("published", ["Dodge returns"])


def lost_after_taking(prepared):  # type: ignore[no-untyped-def]
    Scripted.take(prepared)
    return OutcomeUnknown("the line was cut")
