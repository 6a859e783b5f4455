"""What the desk tells its people, in their words."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from connectors.base import OutcomeUnknown, Rejected
from desk import db, holds, report
from desk.desk import Desk
from desk.history import note
from desk.models import Post
from desk.report import boards
from desk.report.boards import Board, Column
from tests import factories
from tests.conftest import NOON
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

ROME = ZoneInfo("Europe/Rome")
HOUR = timedelta(hours=1)


def board(desk: Desk, now: datetime | None = None) -> Board:
    with desk.db.reading() as session:
        return boards.board(session, now or db.now(session), ROME)


def version(desk: Desk) -> int:
    with desk.db.reading() as session:
        return report.version(session)


def ids(posts: list[Post] | Column) -> list[int]:
    return [post.id for post in (posts.posts if isinstance(posts, Column) else posts)]


def test_the_board_shows_each_post_where_it_stands(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now = factories.now_of(any_desk)
    made = {
        name: factories.make_scheduled(any_desk, channel, name, now + ahead)
        for name, ahead in {
            "soon": HOUR / 2,
            "later": 3 * HOUR,
            "aside": HOUR,
            "failed": HOUR,
            "missed": HOUR,
            "doubt": HOUR,
            "looking": HOUR,
            "review": HOUR,
            "sending": HOUR,
            "done": HOUR,
            "yesterday": HOUR,
        }.items()
    }
    steps.alter(any_desk, made["aside"], triage="held")
    for name, state in {
        "failed": "failed",
        "missed": "missed",
        "doubt": "unconfirmed",
        "looking": "unconfirmed",
        "review": "in review",
    }.items():
        steps.alter(any_desk, made[name], state=state, needs_person=name == "doubt")
    steps.alter(any_desk, made["sending"], state="sending", lease_until=now)
    for name, at in {"done": now, "yesterday": now - 24 * HOUR}.items():
        steps.alter(any_desk, made[name], state="published", published_at=at)

    shown = board(any_desk, now)

    names = ("aside", "failed", "missed", "doubt", "review")
    assert ids(shown.publishing) == [made["looking"], made["sending"]]
    assert ids(shown.next_hour) == [made["soon"]]
    assert ids(shown.done_today) == [made["done"]]
    assert set(ids(shown.needs_you)) == {made[name] for name in names}
    assert shown.scheduled_later == 1
    assert shown.next_hour.posts[0].channel.name == "Desk"


def test_a_column_of_the_board_ends_and_says_how_many_there_are(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    for number in range(boards.SHOWN + 1):
        factories.make_scheduled(desk, channel, f"Number {number}")

    shown = board(desk).next_hour

    assert (len(shown.posts), shown.count) == (boards.SHOWN, boards.SHOWN + 1)


def test_posts_of_a_stopped_channel_wait_for_the_channel(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    post_id = factories.make_scheduled(any_desk, channel)
    now = factories.now_of(any_desk)

    steps.alter_channel(any_desk, channel, stopped_at=now)

    shown = board(any_desk)
    assert ids(shown.next_hour) == [post_id]
    assert [one.words(ROME, now) for one in shown.channels] == [
        "Reconnect Desk: 1 post waits."
    ]
    with any_desk.db.reading() as session:
        assert report.counts(session, now) == report.Counts(0, 1, [])


def test_an_account_tells_every_attempt_in_words(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    Scripted.script.append(OutcomeUnknown("the line was cut"))
    factories.run_due(any_desk)
    steps.look(any_desk, post_id, times=2)
    factories.run_due(any_desk)

    with any_desk.db.reading() as session:
        told = report.account(session, post_id)

    assert [(line.number, line.outcome) for line in told.attempts] == [
        (1, "not there"),
        (2, "published"),
    ]
    assert told.attempts[0].words.startswith("No answer came back")
    assert told.attempts[1].url == "https://scripted.example/1"
    assert told.events[-1].what == "Published: https://scripted.example/1"
    assert report.public_url(told.post) == "https://scripted.example/1"
    lateness = report.lateness_s(told.post)
    assert lateness is not None
    assert lateness >= 0


def test_posts_are_listed_by_state_channel_and_time(any_desk: Desk) -> None:
    one, two = (factories.make_channel(any_desk, name) for name in "AB")
    now = factories.now_of(any_desk)
    first = factories.make_scheduled(any_desk, one, due_at=now + HOUR)
    second = factories.make_scheduled(any_desk, two, due_at=now + 2 * HOUR)
    draft = factories.make_post(any_desk, one)

    with any_desk.db.reading() as session:
        every = report.list_posts(session)
        scheduled = report.list_posts(session, state="scheduled")
        of_one = report.list_posts(session, channel_id=one)
        between = report.list_posts(session, since=now, until=now + 2 * HOUR)

    assert ids(every) == [second, first, draft]
    assert ids(scheduled) == [second, first]
    assert ids(of_one) == [first, draft]
    assert ids(between) == [first]


def test_the_version_rises_with_every_change(any_desk: Desk) -> None:
    before = version(any_desk)
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    scheduled = version(any_desk)

    factories.run_due(any_desk)

    assert before < scheduled < version(any_desk)
    assert version(any_desk) == version(any_desk)
    assert factories.look_up(any_desk, post_id).state == "published"


def test_the_version_rises_for_a_change_that_was_overtaken(
    postgres_desk: Desk,
) -> None:
    desk = postgres_desk
    first, second = (
        factories.make_post(desk, factories.make_channel(desk, name)) for name in "AB"
    )
    written, overtaken = threading.Event(), threading.Event()

    def slowly() -> None:
        with desk.db.writing() as session:
            note(session, session.get_one(Post, first), "Slow.", db.now(session))
            session.flush()
            written.set()
            overtaken.wait(10)

    slow = threading.Thread(target=slowly)
    slow.start()
    assert written.wait(10)
    with desk.db.writing() as session:
        note(session, session.get_one(Post, second), "Fast.", db.now(session))
    before = version(desk)
    overtaken.set()
    slow.join()

    assert version(desk) > before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "draft"}, "Draft"),
        (
            {"state": "draft", "reason": "a verb.", "reason_kind": "changes"},
            "Changes asked: a verb.",
        ),
        ({"state": "draft", "reason": "Changes asked: says a platform."}, "Draft"),
        ({"state": "in review"}, "Awaiting approval"),
        ({"state": "scheduled"}, "Scheduled for Sun 22 Nov 2026, 13:00 CET"),
        (
            {"state": "scheduled", "due_at": NOON - HOUR},
            "Waits since Sun 22 Nov 2026, 12:00 CET",
        ),
        ({"state": "claimed"}, "Publishing"),
        ({"state": "sending"}, "Publishing"),
        ({"state": "missed", "reason": "Too late."}, "Missed: Too late."),
        (
            {"state": "scheduled", "triage": "held", "reason": "It was held."},
            "Waits for you: It was held.",
        ),
        (
            {"state": "unconfirmed"},
            "Checking with the platform whether it is live",
        ),
        (
            {"state": "unconfirmed", "needs_person": True},
            "It may be live, and the desk can't tell.",
        ),
        (
            {
                "state": "unconfirmed",
                "needs_person": True,
                "reason": "The desk can't look: its list did not load.",
            },
            "It may be live, but the desk can't look: its list did not load.",
        ),
        (
            {"state": "unconfirmed", "needs_person": True, "reason": "Two of them."},
            "It may be live, but two of them.",
        ),
    ],
)
def test_a_state_is_told_in_a_sentence(values: dict[str, object], words: str) -> None:
    post = Post(due_at=NOON, reason="", needs_person=False)
    for name, value in values.items():
        setattr(post, name, value)

    assert report.state_words(post, ROME, NOON) == words


def test_a_waiting_post_says_until_when_and_why(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(Rejected("too rude"))
    factories.run_due(desk)
    now = factories.now_of(desk)
    steps.alter(desk, post_id, state="scheduled", not_before=now + HOUR)

    words = report.state_words(factories.look_up(desk, post_id), ROME, now)

    again = (now + HOUR).astimezone(ROME)
    assert words == f"Trying again at {again:%H:%M}: too rude"


def test_the_version_rises_with_a_hold_and_with_its_end(desk: Desk) -> None:
    seen = []
    for change in (lambda *_: None, hold_all, lift_all):
        with desk.db.writing() as session:
            change(session, db.now(session))
        with desk.db.reading() as session:
            seen.append(report.version(session))

    assert seen[0] < seen[1] < seen[2]


def hold_all(session: Session, now: datetime) -> None:
    holds.hold(session, now=now)


def lift_all(session: Session, now: datetime) -> None:
    holds.lift(session, now=now)
