"""Lost answers where the server helps in nothing: nobody is told what is not so."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.habits import Habits
from tests.faults.lost_answers import Verdict, play

FRESH, BEHIND = "a list that is fresh", "a list that is behind"
ALIKE = "a list that is behind, and a count that is as old"
HABITS = {
    FRESH: Habits(dates=False),
    BEHIND: Habits(dates=False, lists_lag=20),
    ALIKE: Habits(dates=False, lists_lag=20, count_lag=20),
}
AFFORDABLE = 60  # requests that a burst of 40 lost answers may cost
IN_TIME_S = 90


@pytest.fixture(scope="module")
def verdicts(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Verdict]]]:
    """Every kind of server, at the same time."""
    with ThreadPoolExecutor(len(HABITS)) as pool:
        yield {
            name: pool.submit(
                play,
                tmp_path_factory.mktemp("home"),
                habits,
                accounts=2,
                each=15,
                patience_s=240,  # what is sent again makes a late count late again
            )
            for name, habits in HABITS.items()
        }


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", HABITS)
def test_lost_answers_are_told_as_they_are_on_a_server_without_keys_and_clock(
    verdicts: dict[str, Future[Verdict]], name: str
) -> None:
    verdict = verdicts[name].result()

    assert verdict.lost == 2 * 6
    assert (verdict.twice_unsaid, verdict.called_absent) == ([], []), f"{verdict}"
    assert verdict.states == {"published": 30}, f"{verdict}"
    assert max(verdict.looks) <= AFFORDABLE, f"{verdict}"


@pytest.mark.timeout(400)
def test_a_fresh_list_settles_lost_answers_soon(
    verdicts: dict[str, Future[Verdict]],
) -> None:
    verdict = verdicts[FRESH].result()

    assert len(verdict.settled_s) == verdict.lost
    assert verdict.p95_s <= IN_TIME_S, f"{verdict}"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["mastodon", "translated", "blank, and no source"])
def test_a_burst_on_one_account_costs_few_requests_whatever_its_server_shows(
    tmp_path: Path, way: str
) -> None:
    verdict = play(
        tmp_path,
        Habits(dates=False, way=way),
        accounts=1,
        each=100,
        call_deadline_s=8,
        patience_s=400,
        rechecks=True,
    )

    assert verdict.lost == 40
    assert (verdict.twice_unsaid, verdict.called_absent) == ([], []), f"{verdict}"
    assert max(verdict.looks) <= AFFORDABLE, f"{verdict}"


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("lag", [0.0, 60.0])
def test_two_hundred_lost_answers_on_eight_accounts(tmp_path: Path, lag: float) -> None:
    habits = Habits(dates=False, lists_lag=lag)

    verdict = play(
        tmp_path, habits, accounts=8, each=65, call_deadline_s=20, patience_s=600
    )

    assert verdict.lost == 8 * 26  # more on one account, and its limit is what lasts
    assert (verdict.twice_unsaid, verdict.called_absent) == ([], []), f"{verdict}"
    assert verdict.states == {"published": 8 * 65}, f"{verdict}"
    assert max(verdict.looks) <= AFFORDABLE, f"{verdict}"
    assert lag or verdict.p95_s <= IN_TIME_S, f"{verdict}"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_what_a_platform_takes_long_after_it_hung_up_is_said_to_be_live_twice(
    tmp_path: Path,
) -> None:
    habits = Habits(dates=False)

    verdict = play(
        tmp_path,
        habits,
        accounts=2,
        each=5,
        patience_s=400,
        rechecks=True,
        late_s=60,
    )

    assert verdict.states == {"published": 10}, f"{verdict}"
    assert verdict.twice_said == 2, f"{verdict}"
    assert (verdict.twice_unsaid, verdict.called_absent) == ([], []), f"{verdict}"
