"""What needs a person: one definition, told by cause."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.base import Rejected, Unavailable
from desk import attention, holds, report, scheduling
from desk.attention import Trouble, causes, deciding
from desk.attention.causes import Cause, Group, Sure
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.people.actors import Actor
from desk.scheduling import undoing
from tests import factories
from tests.factories import look_up, make_scheduled, run_due
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, put_due, take
from tests.unit.publishing import steps

ROME = ZoneInfo("Europe/Rome")
HOUR = timedelta(hours=1)
NIGHT = "This account may not post at night."


def groups(desk: Desk) -> list[Group]:
    with desk.db.reading() as session:
        return causes.needing(session, factories.now_of(desk))


def the_group(desk: Desk) -> Group:
    (found,) = groups(desk)
    return found


def refused(desk: Desk, channel: int, text: str = "Dodge returns") -> int:
    Scripted.script.append(Rejected(NIGHT))
    post_id = factories.make_scheduled(desk, channel, text)
    factories.run_due(desk)
    return post_id


def missed(desk: Desk, channel: int) -> int:
    post_id = factories.make_scheduled(desk, channel)
    steps.expire(desk, factories.now_of(desk) + 2 * HOUR)
    return post_id


def test_nothing_needs_a_person_on_a_quiet_desk(any_desk: Desk) -> None:
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.run_due(any_desk)

    assert groups(any_desk) == []
    with any_desk.db.reading() as session:
        counted = report.counts(session, factories.now_of(any_desk))
    assert counted.needs_you == 0


def test_what_one_platform_refused_alike_is_one_group(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk, "Gazette")
    made = {refused(any_desk, channel, text) for text in ("One", "Two")}

    found = the_group(any_desk)

    assert {post.id for post in found.posts} == made
    assert (found.title, found.said) == ("Refused by Gazette", NIGHT)
    assert (found.happened, found.sure) == ("Nothing was published.", Sure.NOT_SENT)
    assert found.bulk


def test_a_reason_of_our_own_is_not_put_in_the_platforms_mouth(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk, "Gazette"))
    steps.alter(desk, post_id, tries=10)
    Scripted.script.append(Unavailable("The line is down."))
    factories.run_due(desk)

    found = the_group(desk)

    assert (found.title, found.said) == ("Gazette could not be reached", "")
    assert found.happened == "The line is down."


def test_the_most_pressing_cause_comes_first(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    missed(desk, channel)
    refused(desk, channel)
    twice = factories.make_scheduled(desk, channel)
    factories.run_due(desk)
    steps.alter(desk, twice, twice_url="https://scripted.example/99")

    found = groups(desk)

    assert [one.cause for one in found] == [Cause.TWICE, Cause.FAILED, Cause.MISSED]
    assert [one.sure for one in found] == [Sure.SENT, Sure.NOT_SENT, Sure.NOT_SENT]


def test_a_doubt_is_no_need_while_the_desk_looks_by_itself(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=True)
    looking = groups(any_desk)

    steps.alter(any_desk, post_id, needs_person=True, reason="Two there look like it.")

    assert looking == []
    found = the_group(any_desk)
    assert (found.cause, found.sure) == (Cause.MAYBE, Sure.CANT_TELL)
    assert found.happened == "It may be live, but two there look like it."
    assert not found.bulk


def test_what_fell_due_during_a_hold_needs_a_person(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    later = factories.make_scheduled(
        any_desk,
        factories.make_channel(any_desk, "Later"),
        due_at=factories.now_of(any_desk) + HOUR,
    )
    steps.within(any_desk, holds.hold)
    held = the_group(any_desk)
    steps.within(any_desk, holds.lift)
    lifted = the_group(any_desk)

    assert (held.cause, lifted.cause) == (Cause.HELD, Cause.ASIDE)
    assert [post.id for post in (*held.posts, *lifted.posts)] == [post_id] * 2
    assert not held.bulk
    assert lifted.bulk
    assert later not in {post_id}


def test_what_a_restored_desk_put_aside_may_be_live(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.alter(desk, post_id, triage="restored", reason="A copy.")

    found = the_group(desk)

    assert (found.sure, found.bulk) == (Sure.CANT_TELL, False)


def test_a_missed_post_that_waited_says_for_what(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    plain, waited = missed(desk, channel), missed(desk, channel)
    steps.alter(desk, waited, reason="Too late, not sent. It was waiting: a limit.")

    found = the_group(desk)

    told = {post.id: found.more(post) for post in found.posts}
    assert told == {plain: "", waited: "Too late, not sent. It was waiting: a limit."}


@pytest.mark.parametrize(
    ("values", "trouble", "words"),
    [
        ({"stopped_at": 0}, Trouble.STOPPED, "Reconnect Gazette: 2 posts wait."),
        (
            {"credential_expires_at": 3 * 24},
            Trouble.ENDING,
            "Reconnect Gazette soon: its credential ends on",
        ),
        (
            {"credential_expires_at": -1},
            Trouble.ENDING,
            "Reconnect Gazette: its credential ended on",
        ),
        ({"not_before": 1}, Trouble.LIMITED, "Gazette asked us to wait until"),
    ],
)
def test_a_channel_in_trouble_says_what_to_do(
    any_desk: Desk, values: dict[str, int], trouble: Trouble, words: str
) -> None:
    channel = factories.make_channel(any_desk, "Gazette")
    now = factories.now_of(any_desk)
    for ahead in (HOUR, 2 * HOUR):
        factories.make_scheduled(any_desk, channel, due_at=now + ahead)
    ((name, hours),) = values.items()
    steps.alter_channel(any_desk, channel, **{name: now + hours * HOUR})

    with any_desk.db.reading() as session:
        (found,) = attention.channels(session, now)
        counted = report.counts(session, now).needs_you

    assert (found.trouble, found.waiting, counted) == (trouble, 2, 1)
    assert found.words(ROME, now).startswith(words)


@pytest.mark.parametrize(
    "values",
    [
        {"credential_expires_at": 8 * 24},
        {"not_before": 0.1},
        {"stopped_at": 0, "retired_at": 0},
    ],
)
def test_a_channel_that_is_well_or_gone_needs_nobody(
    desk: Desk, values: dict[str, float]
) -> None:
    channel, now = factories.make_channel(desk), factories.now_of(desk)
    steps.alter_channel(desk, channel, **{k: now + v * HOUR for k, v in values.items()})

    with desk.db.reading() as session:
        assert attention.channels(session, now) == []


def test_a_group_goes_out_again_spaced_on_each_channel(any_desk: Desk) -> None:
    one, two = (factories.make_channel(any_desk, name) for name in "AB")
    ids = [refused(any_desk, channel) for channel in (one, one, two)]

    done = steps.within(any_desk, deciding.send_all, post_ids=ids)

    posts = [factories.look_up(any_desk, post_id) for post_id in ids]
    waits = [
        (post.next_at - post.due_at).total_seconds()
        for post in posts
        if post.next_at and post.due_at
    ]
    assert ([post.id for post in done.sent], done.left) == (ids, [])
    assert waits == [0, 30, 0]
    factories.run_due(any_desk)
    assert len(Scripted.live()) == 2


def test_one_that_can_not_go_out_stays_while_the_others_go(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    good, bad = refused(any_desk, channel), refused(any_desk, channel)
    steps.alter(any_desk, bad, text="long " * 80)

    done = steps.within(any_desk, deciding.send_all, post_ids=[bad, good])

    assert [post.id for post in done.sent] == [good]
    assert "over the limit of 280" in done.left[0]
    assert factories.look_up(any_desk, bad).state == "failed"
    assert factories.look_up(any_desk, good).state == "scheduled"


def test_what_was_dropped_is_put_back_as_it_stood(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    ids = [refused(any_desk, channel), missed(any_desk, channel)]
    before = [factories.look_up(any_desk, post_id) for post_id in ids]

    steps.within(any_desk, deciding.drop_all, post_ids=ids)
    dropped = [factories.look_up(any_desk, post_id).state for post_id in ids]
    steps.within(any_desk, undoing.put_back, post_ids=ids, by=Actor("Ann"))

    after = [factories.look_up(any_desk, post_id) for post_id in ids]
    assert dropped == ["cancelled", "cancelled"]
    assert [(post.state, post.reason, post.due_at) for post in after] == [
        (post.state, post.reason, post.due_at) for post in before
    ]


def test_a_cancelled_post_gets_its_time_and_slot_back(any_desk: Desk) -> None:
    due_at = factories.now_of(any_desk) + HOUR
    post_id = factories.make_scheduled(
        any_desk, factories.make_channel(any_desk), due_at=due_at
    )
    steps.within(any_desk, scheduling.cancel, post_id=post_id)

    steps.within(any_desk, undoing.put_back, post_ids=[post_id], by=Actor("Ann"))

    after = factories.look_up(any_desk, post_id)
    assert (after.state, after.due_at) == ("scheduled", due_at)


def test_a_draft_is_put_back_at_the_time_that_it_had(any_desk: Desk) -> None:
    due_at = factories.now_of(any_desk) + HOUR
    post_id = factories.make_scheduled(
        any_desk, factories.make_channel(any_desk), due_at=due_at
    )
    steps.within(any_desk, scheduling.to_draft, post_id=post_id)
    drafted = factories.look_up(any_desk, post_id)

    steps.within(any_desk, undoing.put_back, post_ids=[post_id], by=Actor("Ann"))

    after = factories.look_up(any_desk, post_id)
    assert (drafted.state, drafted.due_at) == ("draft", None)
    assert (after.state, after.due_at) == ("scheduled", due_at)


def test_a_moved_post_is_moved_back(any_desk: Desk) -> None:
    now = factories.now_of(any_desk)
    post_id = factories.make_scheduled(
        any_desk, factories.make_channel(any_desk), due_at=now + HOUR
    )
    with any_desk.db.writing() as session:
        steps.reschedule(any_desk, session, post_id, now + 2 * HOUR, "normal")

    steps.within(any_desk, undoing.put_back, post_ids=[post_id], by=Actor("Ann"))

    assert factories.look_up(any_desk, post_id).due_at == now + HOUR


def test_a_failed_post_that_was_moved_fails_again(any_desk: Desk) -> None:
    post_id = refused(any_desk, factories.make_channel(any_desk))
    later = factories.now_of(any_desk) + HOUR
    with any_desk.db.writing() as session:
        steps.reschedule(any_desk, session, post_id, later, "normal")

    steps.within(any_desk, undoing.put_back, post_ids=[post_id], by=Actor("Ann"))

    after = factories.look_up(any_desk, post_id)
    assert (after.state, after.reason) == ("failed", NIGHT)


def test_a_draft_that_never_had_a_time_has_no_way_back(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))

    with pytest.raises(IllegalMove, match="nothing to undo"):
        steps.within(desk, undoing.put_back, post_ids=[post_id], by=Actor("Ann"))


def test_of_two_live_ones_the_one_that_stays_is_the_posts(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.run_due(any_desk)
    other = "https://scripted.example/99"
    first = factories.look_up(any_desk, post_id).parts[0].url
    steps.alter(any_desk, post_id, twice_url=other, reason="It is live twice.")

    steps.within(any_desk, deciding.deleted, post_id=post_id, url=first)

    after = factories.look_up(any_desk, post_id)
    assert (after.parts[0].url, after.twice_url, after.reason) == (other, None, "")
    assert groups(any_desk) == []


def test_a_link_that_is_neither_of_the_two_is_refused(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)
    with pytest.raises(IllegalMove, match="live once"):
        steps.within(desk, deciding.deleted, post_id=post_id, url="https://a.example")
    steps.alter(desk, post_id, twice_url="https://scripted.example/99")

    with pytest.raises(IllegalMove, match="none of its links"):
        steps.within(desk, deciding.deleted, post_id=post_id, url="https://a.example")


def test_a_thread_that_is_left_as_it_is_asks_nobody_any_more(any_desk: Desk) -> None:
    post_id = steps.make_thread(any_desk, "One", "Two")
    Scripted.script.extend([Scripted.take, Rejected(NIGHT)])
    factories.run_due(any_desk)
    stopped = the_group(any_desk)

    steps.within(any_desk, deciding.leave, post_id=post_id)

    assert (stopped.cause, stopped.sure) == (Cause.PARTLY, Sure.PARTLY)
    assert factories.look_up(any_desk, post_id).state == "failed"
    assert groups(any_desk) == []


def test_only_a_thread_can_be_left_half_way(desk: Desk) -> None:
    post_id = refused(desk, factories.make_channel(desk))

    with pytest.raises(IllegalMove, match="partly live"):
        steps.within(desk, deciding.leave, post_id=post_id)


def refused_story(desk: Desk) -> list[int]:
    """A story that two platforms refused for reasons of their own."""
    story = take(desk, "Aldon", "Bay")
    its = drafts(desk, story)
    for post, why in zip(its, (NIGHT, "Too many links."), strict=True):
        Scripted.script.append(Rejected(why))
        put_due(desk, post.id)
    return [post.id for post in its]


def test_the_trouble_of_a_share_stands_once_with_all_its_channels(desk: Desk) -> None:
    its = refused_story(desk)

    found = the_group(desk)

    (bundle,) = found.bundles
    told = found.troubles_of(bundle)
    assert sorted(one.post.id for one in told) == its
    assert {one.group.title for one in told} == {"Refused by Aldon", "Refused by Bay"}
    assert {one.group.said for one in told} == {NIGHT, "Too many links."}


def test_a_button_for_all_of_a_group_is_about_what_stands_in_it(desk: Desk) -> None:
    its = refused_story(desk)
    channel = look_up(desk, its[1]).channel_id
    Scripted.script.append(Rejected("Too many links."))
    other = make_scheduled(desk, channel, "Another story")
    run_due(desk)

    found = the_group(desk)

    assert {post.id for post in found.posts} == {its[1], other}
    assert {one.post.id for one in found.troubles} == {*its, other}
