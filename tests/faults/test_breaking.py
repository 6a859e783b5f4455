"""The tests of the tests: three promises taken out, and the checker names each.

The same scenario runs on the whole desk too: there the checker finds nothing.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from desk import channels, db, editing, posts, scheduling, wakeup
from desk.models import Post
from desk.scheduling import At
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.faults import histories
from tests.faults.checker import Asked, Violation
from tests.faults.histories import Wishes, explained
from tests.faults.house import House
from tests.faults.sides import Side, mastodon

WHERE = "Mastodon"  # a server that ignores keys: it takes all that it is sent
ZOMBIES = 10
BREAKS = {"no-fence": "I6", "intent-after-call": "I1", "resend-on-lost": "I1"}
PARTS = ("clock", "worker", "worker-2", "hands")

Scenario = Callable[[House, MastodonFake, Wishes], None]


def edited_under_a_zombie(house: House, _: MastodonFake, wishes: Wishes) -> None:
    """A worker freezes with posts in hand, they are edited, and it wakes up."""
    numbers = write(house, wishes, ZOMBIES, ahead_s=7)
    assert house.wait(lambda: bool(owners(house, numbers)), 15), house.history()
    zombie = house.held_by(owners(house, numbers).pop())
    other = "worker" if zombie == "worker-2" else "worker-2"
    house.kill(zombie, signal.SIGSTOP)
    for number in numbers:
        rewrite(house, wishes, number)
    wakeup.call_and_wait(house.settings)
    assert house.wait(lambda: claimed(house, numbers), 5), house.history()
    house.kill(other, signal.SIGSTOP)
    house.kill(zombie, signal.SIGCONT)
    house.wait(lambda: overdue(house, numbers, timedelta(seconds=1)), 15)
    house.kill(other, signal.SIGCONT)


def killed_while_it_calls(house: House, fake: MastodonFake, wishes: Wishes) -> None:
    """The server has the post and has not answered yet; its worker dies."""
    fake.expect(Trouble(Kind.STALLED, accepted=True))
    numbers = write(house, wishes, 1, ahead_s=4)
    assert house.wait(lambda: bool(fake.published()), 20), house.history()
    with house.desk.db.reading() as session:
        owner = posts.found(session, numbers[0]).owner
    house.kill(house.held_by(owner) if owner else "worker")


def answer_lost(house: House, fake: MastodonFake, wishes: Wishes) -> None:
    """The server has the post, and its answer never arrives."""
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    write(house, wishes, 1, ahead_s=3)


SCENARIOS: dict[str, Scenario] = {
    "no-fence": edited_under_a_zombie,
    "intent-after-call": killed_while_it_calls,
    "resend-on-lost": answer_lost,
}


@pytest.fixture(scope="module")
def endings(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[tuple[str, str], Future[list[Violation]]]]:
    """Every scenario on a broken and on a whole desk, running or ended."""
    with ThreadPoolExecutor(2 * len(BREAKS)) as pool:
        yield {
            (name, changes): pool.submit(
                play, tmp_path_factory.mktemp("house"), SCENARIOS[name], changes
            )
            for name in BREAKS
            for changes in (name, "")
        }


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", BREAKS)
def test_a_desk_without_this_promise_is_found_out(
    endings: dict[tuple[str, str], Future[list[Violation]]], name: str
) -> None:
    found = endings[name, name].result()

    assert BREAKS[name] in {one.invariant for one in found}, explained(found)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", BREAKS)
def test_the_whole_desk_comes_through_the_same(
    endings: dict[tuple[str, str], Future[list[Violation]]], name: str
) -> None:
    found = endings[name, ""].result()

    assert not found, explained(found)


def play(folder: Path, scenario: Scenario, changes: str) -> list[Violation]:
    wishes = Wishes()
    with MastodonFake("ignores") as fake:
        side = mastodon(WHERE, fake)
        house = House(folder / "home", parts=PARTS, changes=changes)
        side.join(house)
        with house:
            assert house.wait(house.ready), house.said
            scenario(house, fake, wishes)
            house.wait(lambda: settled(house, [side], wishes), 70)
            return histories.check(house, [side], wishes)


def settled(house: House, sides: Sequence[Side], wishes: Wishes) -> bool:
    """All is well, or it is already clear that something is not."""
    twice = {"I1", "I6"} & {o.invariant for o in histories.check(house, sides, wishes)}
    return house.settled() or bool(twice)


def write(house: House, wishes: Wishes, count: int, ahead_s: float) -> list[int]:
    """Posts that fall due together; gives their numbers."""
    with house.desk.db.writing() as session:
        now = db.now(session)
        due = At(now + timedelta(seconds=ahead_s))
        channel = channels.named(session, WHERE)
        numbers = []
        for number in range(count):
            text = f"Dodge returns, line {number}"
            post = posts.create(session, channel.id, text=text, now=now)
            scheduling.schedule(house.desk, session, post.id, due, now=now)
            wishes.wrote(post.id, text)
            numbers.append(post.id)
    return numbers


def rewrite(house: House, wishes: Wishes, number: int) -> None:
    old = wishes.texts[number][-1]
    with house.desk.db.writing() as session:
        now, post = db.now(session), posts.found(session, number)
        change = editing.Change(text=f"{old}, corrected")
        editing.edit(house.desk, session, number, change, post.revision, now=now)
    wishes.wrote(number, f"{old}, corrected")
    wishes.told(number, Asked("edit", house.now(), old=old))


def owners(house: House, numbers: Sequence[int]) -> set[str]:
    """Who holds these posts, once somebody holds every one of them."""
    with house.desk.db.reading() as session:
        held = [session.get_one(Post, number).owner for number in numbers]
    return {owner for owner in held if owner} if all(held) else set()


def claimed(house: House, numbers: Sequence[int]) -> bool:
    with house.desk.db.reading() as session:
        states = [session.get_one(Post, number).state for number in numbers]
    return set(states) == {"claimed"}


def overdue(house: House, numbers: Sequence[int], by: timedelta) -> bool:
    with house.desk.db.reading() as session:
        due = session.get_one(Post, numbers[0]).due_at
        return due is not None and db.now(session) > due + by
