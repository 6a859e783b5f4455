"""Lost answers on servers that help in nothing: no keys, no clock, lists that lag.

Two of five answers are lost, one of a post that the server took and one of a post that
it never saw. Measured by hand:

    python -m tests.faults.lost_answers --each 100 --accounts 5 --lists-lag 60
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from desk import channels, db, posts, scheduling
from desk.engine_settings import engine
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Event, Part, Post
from desk.scheduling import At
from tests.fakes.habits import Habits
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.faults import sides
from tests.faults.checker import Accepted
from tests.faults.house import House

TAKEN, FINE, NEVER = "taken", "fine", "never"
FATES = (TAKEN, FINE, NEVER, FINE, FINE)  # of the posts of an account, in their order
PUBLISHING = "POST /api/v1/statuses"
AHEAD_S = 4.0
OVER_S = 20.0  # in which the posts of an account fall due


class Forgetful(MastodonFake):
    """A server that ignores keys, and whose answers are lost two times of five."""

    def __init__(self, habits: Habits, late_s: float) -> None:
        """`late_s`: when it takes what it seemed never to have seen; 0: never."""
        super().__init__("ignores", habits=habits)
        self.late_s = late_s
        self.called = 0
        self.lost = 0

    def meets(self, request: str) -> Trouble | None:
        """The first try of each post has its fate; what is sent again is answered."""
        met = super().meets(request)
        if not request.startswith(PUBLISHING) or self.lost >= self.meant:
            return met
        fate = FATES[self.called % len(FATES)]
        self.called += 1
        if fate is FINE:
            return met
        self.lost += 1
        if fate is TAKEN:
            return Trouble(Kind.CLOSED, accepted=True)
        return Trouble(Kind.CLOSED, late=self.late_s)

    meant = 0  # how many answers are to be lost
    before = 0  # requests by which the channel was added

    def looks(self) -> int:
        """Requests that are no publishing, since the burst began."""
        asked = sum(not one.startswith(PUBLISHING) for one in self.requests())
        return asked - self.before


@dataclass(frozen=True)
class Verdict:
    """How it ended, by the servers' own logs beside what the desk says."""

    states: Counter[str]
    lost: int  # answers
    settled_s: list[float]  # of each of these, from its first intent, in order
    twice_said: int  # live twice, with both links on record
    twice_unsaid: list[str]
    called_absent: list[str]  # there, and the desk says that it is not
    looks: list[int]  # requests that each account cost, beside publishing
    left: str  # what happened to those that are not settled

    @property
    def p95_s(self) -> float:
        return self.settled_s[int(len(self.settled_s) * 0.95)] if self.settled_s else 0

    def __str__(self) -> str:
        return (
            f"{dict(self.states)}, {self.lost} answers lost; settled "
            f"{len(self.settled_s)}, p95 {self.p95_s:.0f} s, "
            f"longest {max(self.settled_s, default=0):.0f} s; live twice and said "
            f"{self.twice_said}, unsaid {self.twice_unsaid}; called absent "
            f"{self.called_absent}; looks {self.looks}\n{self.left}"
        )


def play(
    home: Path,
    habits: Habits,
    *,
    accounts: int,
    each: int,
    call_deadline_s: float = 3.0,
    patience_s: float = 120.0,
    rechecks: bool = False,
    late_s: float = 0,
) -> Verdict:
    """A burst on each account; then wait until all is settled.

    `rechecks`: wait until the desk has looked once more, too.
    """
    with ExitStack() as stack:
        house = House(home, call_deadline_s=call_deadline_s)
        fakes: dict[str, Forgetful] = {}
        for name in (f"Account {number}" for number in range(accounts)):
            fake = fakes[name] = Forgetful(habits, late_s)
            stack.enter_context(fake)
            fake.meant = 2 * each // len(FATES)
            sides.mastodon(name, fake).join(house)
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        for fake in fakes.values():
            fake.before = fake.looks()
        texts = _write(house, list(fakes), each)
        house.wait(lambda: _over(house, texts, rechecks), patience_s)
        return _verdict(house, fakes, texts)


def _write(house: House, names: Sequence[str], each: int) -> dict[int, str]:
    texts: dict[int, str] = {}
    with house.desk.db.writing() as session:
        now = db.now(session)
        for name in names:
            channel = channels.find_channel_named(session, name)
            for number in range(each):
                text = f"Thanks @the.paper@paper.example and @ThePaper: *line* {number}"
                post = posts.create(session, channel.id, text=text, now=now)
                wait = AHEAD_S + OVER_S * number / each
                due = At(now + timedelta(seconds=wait))
                scheduling.schedule(house.desk, session, post.id, due, now=now)
                texts[post.id] = text
    return texts


def _over(house: House, texts: dict[int, str], rechecks: bool) -> bool:
    for post in _posts(house, texts):
        if post.state != State.PUBLISHED and not post.needs_person:
            return False
        first = post.recheck_at is not None and post.published_at is not None
        if rechecks and first:
            waits = engine.looks.rechecks[0] + timedelta(seconds=240)  # and its lease
            if post.recheck_at < post.published_at + waits:  # type: ignore[operator]
                return False
    return True


def _posts(house: House, texts: dict[int, str]) -> list[Post]:
    with house.desk.db.reading() as session:
        query = select(Post).where(Post.id.in_(texts)).options(joinedload(Post.channel))
        return list(session.scalars(query.order_by(Post.id)))


def _verdict(
    house: House, fakes: dict[str, Forgetful], texts: dict[int, str]
) -> Verdict:
    there = {
        name: sides.mastodon(name, fake).accepted() for name, fake in fakes.items()
    }
    said = 0
    unsaid: list[str] = []
    absent: list[str] = []
    settled: list[float] = []
    for post in _posts(house, texts):
        name = post.channel.name
        live = [one for one in there[name] if one.text == texts[post.id]]
        if len(live) > 1 and _says_twice(house, post, live):
            said += 1
        elif len(live) > 1:
            unsaid.append(f"{post.id}: {post.state}, {post.reason}")
        absent += _called_absent(house, post, live)
        settled += _doubt_s(house, post)
    return Verdict(
        Counter(post.state for post in _posts(house, texts)),
        sum(fake.lost for fake in fakes.values()),
        sorted(settled),
        said,
        unsaid,
        absent,
        [fake.looks() for fake in fakes.values()],
        "\n".join(_unsettled(house)),
    )


def _unsettled(house: House) -> Iterator[str]:
    """The history of each post that is not published."""
    with house.desk.db.reading() as session:
        query = select(Event).join(Post, Post.id == Event.post_id)
        query = query.where(Post.state != State.PUBLISHED).order_by(Event.id)
        for event in session.scalars(query):
            yield f"{event.post_id} {event.at:%X} {event.state}: {event.what}"


def _says_twice(house: House, post: Post, live: Sequence[Accepted]) -> bool:
    """Whether both links are on record, and the words are."""
    with house.desk.db.reading() as session:
        (part,) = session.get_one(Post, post.id).parts
        links = [part.url or "", post.twice_url or ""]
    ends = {one.remote_id for one in live}
    return (
        "live twice" in post.reason
        and {link.rpartition("/")[2] for link in links} == ends
    )


def _called_absent(house: House, post: Post, live: Sequence[Accepted]) -> list[str]:
    """Tries that are on record as not there, and are."""
    with house.desk.db.reading() as session:
        tries = _tries(house, post)
        ends = [*(one.intent_at for one in tries[1:]), db.now(session)]
    return [
        f"post {post.id}, try {one.number}"
        for one, until in zip(tries, ends, strict=True)
        if one.outcome == Outcome.NOT_THERE
        and any(one.intent_at <= there.at < until for there in live)
    ]


def _doubt_s(house: House, post: Post) -> Iterator[float]:
    """How long it took from its first intent until it was known to be live."""
    tries = _tries(house, post)
    lost = [one for one in tries if one.replied_at and one.number == 1]
    published = _published_at(house, post)
    doubtful = len(tries) > 1 or (lost and _was_doubtful(house, post))
    if doubtful and published is not None:
        yield (published - tries[0].intent_at).total_seconds()


def _tries(house: House, post: Post) -> list[Attempt]:
    with house.desk.db.reading() as session:
        query = select(Attempt).join(Part).where(Part.post_id == post.id)
        return list(session.scalars(query.order_by(Attempt.number)))


def _was_doubtful(house: House, post: Post) -> bool:
    with house.desk.db.reading() as session:
        query = select(Event.id).where(Event.post_id == post.id)
        doubt = query.where(Event.state == State.UNCONFIRMED).limit(1)
        return session.scalar(doubt) is not None


def _published_at(house: House, post: Post) -> datetime | None:
    with house.desk.db.reading() as session:
        query = select(Event.at).where(Event.post_id == post.id)
        return session.scalar(
            query.where(Event.state == State.PUBLISHED).order_by(Event.id).limit(1)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--accounts", type=int, default=5)
    parser.add_argument("--lists-lag", type=float, default=60)
    parser.add_argument("--count-lag", type=float, default=0)
    parser.add_argument("--deadline", type=float, default=20)
    parser.add_argument("--patience", type=float, default=500)
    parser.add_argument("--rechecks", action="store_true")
    parser.add_argument("--late", type=float, default=0)
    asked = parser.parse_args()
    habits = Habits(lists_lag=asked.lists_lag, count_lag=asked.count_lag, dates=False)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        verdict = play(
            Path(home),
            habits,
            accounts=asked.accounts,
            each=asked.each,
            call_deadline_s=asked.deadline,
            patience_s=asked.patience,
            rechecks=asked.rechecks,
            late_s=asked.late,
        )
    sys.stdout.write(f"{verdict}\n{time.monotonic() - began:.0f} s in all\n")


if __name__ == "__main__":
    main()
