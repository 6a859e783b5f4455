"""A worker whose clock is ahead: its posts are on time, and the desk says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from commands import doctor
from tests.databases import Postgres
from tests.faults.settable import MISSING, WallClock, buildable
from tests.faults.troubled import Troubled

AHEAD = timedelta(seconds=12)  # more than any claim lasts
POSTS = 6
LATE_S = 5.0  # a claim's lease: later than that was no matter of a busy machine


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", ["worker", "clock"])
def test_one_process_whose_clock_is_ahead_makes_no_post_late(
    tmp_path: Path, postgres: Postgres, who: str
) -> None:
    if not buildable():
        pytest.skip(MISSING)
    seen = WallClock(tmp_path, AHEAD).seen()
    around = replace(seen, before={who: seen.before[who]})
    with Troubled(tmp_path / "home", postgres.migrated(), around) as house:
        house.wait(house.ready)
        texts = [f"Dodge returns, {n}" for n in range(POSTS)]
        house.spread("Paper", texts, ahead_s=4.0, over_s=6.0)

        assert house.wait(house.settled, 60), house.history()
        late = [
            (post.published_at - post.due_at).total_seconds()
            for post in house.posts()
            if post.published_at and post.due_at
        ]
        said = [one for look in doctor.LOOKS for one in look(house.desk)]

    told = [one.says for one in said if one.about == "time" and not one.ok]
    assert len(late) == POSTS, house.history()
    assert max(late) < LATE_S, house.history()
    assert house.heard("12 s ahead of the database's") == 1, house.said
    assert len(told) == 1
    assert "12 s ahead of the database's: set both by NTP" in told[0]
