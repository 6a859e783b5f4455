"""Keys that are not the desk's: its processes say so and end, and send nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import channels
from desk.vault import new_key
from tests.fakes.mastodon import MastodonFake
from tests.faults.house import PARTS
from tests.faults.troubled import Surroundings, Troubled

SAID = "do not open the secrets of “Mastodon”"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Of a desk with a channel that holds a secret."""
    with MastodonFake("honours") as fake:
        house = Troubled(tmp_path / "home")
        values = fake.credentials()
        channels.add(house.desk, "mastodon", "Mastodon", values, house.now())
        house.desk.db.engine.dispose()
        yield tmp_path / "home"


@pytest.mark.timeout(120)
def test_every_process_with_other_keys_says_so_and_ends(home: Path) -> None:
    around = Surroundings(environment={"STANDFIRST_KEYS": new_key()})
    with Troubled(home, around=around) as house:
        house.schedule({"Mastodon": "Dodge returns"}, ahead_s=1.0)
        each_twice = house.wait(lambda: house.heard(SAID) >= 2 * len(PARTS))
        states = [post.state for post in house.posts()]
        alive = house.ready()

    assert each_twice, house.said
    assert (states, alive) == (["scheduled"], False)
    assert not any("Traceback" in line for line in house.said), house.said
