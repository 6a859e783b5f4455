"""What was tried three times and never answered is looked for, not sent again."""

from __future__ import annotations

from connectors.base import Class, OutcomeUnknown
from desk.desk import Desk
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


def test_the_same_bytes_go_three_times_at_most(any_desk: Desk) -> None:
    """Else a post whose answer kills its worker would kill one after the other."""
    Scripted.once = Class.EXACT
    post_id = steps.unconfirmed(any_desk, taken=True)
    Scripted.script += [OutcomeUnknown("lost again")] * 5

    post = steps.look(any_desk, post_id, times=3)

    assert len(steps.attempts(any_desk, post_id)) == 3
    assert (post.state, Scripted.live()) == ("published", ["Dodge returns"])
