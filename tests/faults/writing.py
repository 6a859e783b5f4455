"""Posts for a desk under test: written, corrected, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from desk import channels, db, posts, scheduling
from desk.models import Post
from desk.posts import editing
from desk.scheduling import At
from tests.faults.checker import Asked
from tests.faults.histories import Wishes
from tests.faults.house import House


def write(
    house: House,
    wishes: Wishes,
    where: str,
    count: int,
    ahead_s: float,
    over_s: float = 0.0,
) -> list[int]:
    """Posts that fall due together, or one after the other; gives their numbers."""
    step = timedelta(seconds=over_s / count)
    with house.desk.db.writing() as session:
        now = db.now(session)
        first = now + timedelta(seconds=ahead_s)
        channel = channels.find_channel_named(session, where)
        numbers, written = list[int](), len(wishes.texts)
        for number in range(count):
            text = f"Dodge returns, line {written + number}"
            post = posts.create(session, channel.id, text=text, now=now)
            due = At(first + number * step)
            scheduling.schedule(house.desk, session, post.id, due, now=now)
            wishes.wrote(post.id, text)
            numbers.append(post.id)
    return numbers


def rewrite(house: House, wishes: Wishes, number: int) -> None:
    old = wishes.texts[number][-1]
    with house.desk.db.writing() as session:
        now, post = db.now(session), posts.find_post(session, number)
        change = editing.Change(text=f"{old}, corrected")
        typed = editing.Typed(change, post.revision)
        editing.edit(house.desk, session, number, typed, now=now)
    wishes.wrote(number, f"{old}, corrected")
    wishes.told(number, Asked("edit", house.now(), old=old))


def owners(house: House, numbers: Sequence[int]) -> set[str]:
    """Who holds these posts, once somebody holds every one of them."""
    held = [post.owner for post in _posts(house, numbers)]
    return {owner for owner in held if owner} if all(held) else set()


def states(house: House, numbers: Sequence[int]) -> set[str]:
    return {post.state for post in _posts(house, numbers)}


def others_write(house: House) -> bool:
    """Whether nobody who is frozen holds the write lock (SQLite has one for all)."""
    try:
        with house.desk.db.writing():
            return True
    except OperationalError:
        return False


def due_at(house: House, number: int) -> datetime:
    (post,) = _posts(house, [number])
    assert post.due_at is not None
    return post.due_at


def wait_past(house: House, number: int, seconds: float) -> None:
    """Until so long after the time of this post."""
    until = due_at(house, number) + timedelta(seconds=seconds)
    house.pause(max(0.0, (until - house.now()).total_seconds()))


def _posts(house: House, numbers: Sequence[int]) -> list[Post]:
    with house.desk.db.reading() as session:
        return [session.get_one(Post, number) for number in numbers]
