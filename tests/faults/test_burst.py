"""A short form of the burst: one seed on each database, both at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.databases import Postgres
from tests.faults.burst import Verdict, play
from tests.faults.checker import UNDER_WAY
from tests.faults.histories import explained

SEED = 1
EACH = 15
DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def verdicts(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[dict[str, Future[Verdict]]]:
    """Both databases in the same weather."""
    with ThreadPoolExecutor(len(DATABASES)) as pool:
        yield {
            database: pool.submit(
                play,
                tmp_path_factory.mktemp(database),
                postgres.migrated() if database == "postgresql" else "",
                SEED,
                EACH,
            )
            for database in DATABASES
        }


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database", DATABASES)
def test_nothing_is_lost_doubled_or_stuck_after_a_burst_in_bad_weather(
    verdicts: dict[str, Future[Verdict]], database: str
) -> None:
    verdict = verdicts[database].result()

    assert verdict.well, f"{verdict}\n{explained(verdict.violations)}"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database", DATABASES)
def test_the_weather_was_bad_indeed(
    verdicts: dict[str, Future[Verdict]], database: str
) -> None:
    """A burst in which nothing happened would prove nothing."""
    verdict = verdicts[database].result()
    waiting = sum(verdict.states[state] for state in UNDER_WAY)

    assert verdict.states["published"] > 3 * EACH
    assert waiting < 2 * EACH  # of the stopped channel, and held
    assert verdict.weather.total() - verdict.weather["fine"] > EACH
    assert sum(n for what, n in verdict.answers.items() if "done" in what) >= EACH
    assert verdict.mischief.total() >= 5
