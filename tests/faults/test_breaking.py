"""The tests of the tests: three promises taken out, and the checker names each.

The same scenario runs on the whole desk too: there the checker finds nothing.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from desk import posts, wakeup
from desk.lifecycle import IllegalMove
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.faults import histories
from tests.faults.checker import Violation
from tests.faults.histories import Wishes, explained
from tests.faults.house import House
from tests.faults.sides import Side, mastodon
from tests.faults.writing import (
    others_write,
    owners,
    rewrite,
    states,
    wait_past,
    write,
)

WHERE = "Mastodon"  # a server that ignores keys: it takes all that it is sent
ZOMBIES = 8
TRIES, TWICE = 5, 2
ROUNDS = 3  # in which what is broken may have luck: it wins a race, or loses it
BREAKS = {
    "no-fence": {"I5", "I6"},  # its history, or its words: as far as the zombie was
    "intent-after-call": {"I1"},
    "resend-on-lost": {"I1"},
}
PARTS = ("clock", "worker", "worker-2", "background")

Scenario = Callable[[House, MastodonFake, Wishes], None]


def edited_under_a_zombie(house: House, _: MastodonFake, wishes: Wishes) -> None:
    """A worker freezes with posts in hand, they are edited, and it wakes up.

    All of it within the two seconds between a claim and its post's time: a machine
    that is busy may need another try. Twice, for a worker may freeze before it has
    read the words that it holds.
    """
    in_time = (edited_in_time(house, wishes) for _ in range(TRIES))
    assert len(list(islice(filter(None, in_time), TWICE))) == TWICE, house.history()


def edited_in_time(house: House, wishes: Wishes) -> bool:
    numbers = write(house, wishes, WHERE, ZOMBIES, ahead_s=7)
    assert house.wait(lambda: bool(owners(house, numbers)), 15), house.history()
    zombie = house.held_by(owners(house, numbers).pop())
    other = "worker" if zombie == "worker-2" else "worker-2"
    house.kill(zombie, signal.SIGSTOP)
    if not (others_write(house) and all_rewritten(house, wishes, numbers)):
        house.kill(zombie, signal.SIGCONT)
        return False
    wakeup.call_and_wait(house.settings)
    claimed = house.wait(lambda: states(house, numbers) == {"claimed"}, 3)
    if claimed:
        house.kill(other, signal.SIGSTOP)
    house.kill(zombie, signal.SIGCONT)
    wait_past(house, numbers[0], 1.0)
    house.kill(other, signal.SIGCONT)
    return claimed


def all_rewritten(house: House, wishes: Wishes, numbers: Sequence[int]) -> bool:
    """False where that took so long that they are on their way."""
    try:
        for number in numbers:
            rewrite(house, wishes, number)
    except IllegalMove:
        return False
    return True


def killed_while_it_calls(house: House, fake: MastodonFake, wishes: Wishes) -> None:
    """The server has the post and has not answered yet; its worker dies."""
    fake.expect(Trouble(Kind.STALLED, accepted=True))
    numbers = write(house, wishes, WHERE, 1, ahead_s=4)
    assert house.wait(lambda: bool(fake.published()), 20), house.history()
    with house.desk.db.reading() as session:
        owner = posts.find_post(session, numbers[0]).owner
    house.kill(house.held_by(owner) if owner else "worker")


def answer_lost(house: House, fake: MastodonFake, wishes: Wishes) -> None:
    """The server has the post, and its answer never arrives."""
    fake.expect(Trouble(Kind.CLOSED, accepted=True))
    write(house, wishes, WHERE, 1, ahead_s=3)


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

    assert BREAKS[name] & {one.invariant for one in found}, explained(found)


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
            for _ in range(ROUNDS if changes else 1):
                scenario(house, fake, wishes)
                house.wait(lambda: settled(house, [side], wishes), 70)
                if found := histories.check(house, [side], wishes):
                    break
            return found


def settled(house: House, sides: Sequence[Side], wishes: Wishes) -> bool:
    """All is well, or it is already clear that something is not."""
    twice = {"I1", "I6"} & {o.invariant for o in histories.check(house, sides, wishes)}
    return house.settled() or bool(twice)
