"""A receipt in hand outlives its process, even while the database is away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.base import OutcomeUnknown
from desk.desk import Desk
from desk.publishing import receipt_journal
from desk.publishing.receipt_journal import Journal
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


@pytest.fixture
def call(any_desk: Desk) -> steps.Call:
    """A call that the platform took, and whose outcome is not on record."""
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    return steps.sending_now(any_desk)


def dies(any_desk: Desk, call: steps.Call) -> None:
    """A worker with the receipt in its journal, killed before it could record it."""
    kept = Journal(any_desk.settings.home, "gone:7")
    kept.keep([(call.intent, Scripted.take(call.intent.prepared))])
    kept.close()


def test_a_dead_process_s_receipt_is_put_on_record(
    any_desk: Desk, call: steps.Call
) -> None:
    dies(any_desk, call)

    assert receipt_journal.replay_journals(any_desk) == 1

    post = factories.look_up(any_desk, call.intent.post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "1")
    assert receipt_journal.journals_left(any_desk.settings.home) == []


def test_it_settles_what_was_already_in_doubt(any_desk: Desk, call: steps.Call) -> None:
    dies(any_desk, call)
    steps.rescue(any_desk, call.intent.read.at + timedelta(minutes=1))
    doubted = factories.look_up(any_desk, call.intent.post_id).state

    receipt_journal.replay_journals(any_desk)

    assert doubted == "unconfirmed"
    assert factories.look_up(any_desk, call.intent.post_id).state == "published"


def test_a_living_process_s_journal_is_left_alone(
    any_desk: Desk, call: steps.Call
) -> None:
    kept = Journal(any_desk.settings.home, "here:8")
    kept.keep([(call.intent, Scripted.take(call.intent.prepared))])

    assert receipt_journal.replay_journals(any_desk) == 0
    assert len(receipt_journal.journals_left(any_desk.settings.home)) == 1
    kept.clear()
    assert receipt_journal.journals_left(any_desk.settings.home) == []


def test_half_a_line_is_as_if_it_were_not_written(
    any_desk: Desk, call: steps.Call
) -> None:
    dies(any_desk, call)
    (path,) = receipt_journal.journals_left(any_desk.settings.home)
    path.write_text(path.read_text()[:-5])

    assert receipt_journal.replay_journals(any_desk) == 0
    assert factories.look_up(any_desk, call.intent.post_id).state == "sending"


def test_what_was_refused_is_not_kept(any_desk: Desk, call: steps.Call) -> None:
    kept = Journal(any_desk.settings.home, "here:9")

    kept.keep([(call.intent, OutcomeUnknown(steps.CUT))])

    assert receipt_journal.journals_left(any_desk.settings.home) == []
