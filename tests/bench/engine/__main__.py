"""The bench from the command line: one scenario, with its sizes.

python -m tests.bench.engine burst --posts 1000 --database sqlite --slots 1000
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.engine import bare
from tests.bench.engine.burst import burst
from tests.bench.engine.running import Setting, running
from tests.bench.engine.side import SlowPlatform
from tests.bench.engine.watching import Profile

PROFILE = Path(tempfile.gettempdir()) / "standfirst-profile.txt"


def show_burst(asked: argparse.Namespace) -> None:
    """Rounds of one burst in one newsroom, the first on processes just started."""
    setting = _setting(asked)
    profile = Profile(asked.profile, PROFILE) if asked.profile else None
    print(f"{asked.posts:,} posts due at once; {setting}", flush=True)
    with running(setting) as scene:
        for number in range(1, asked.rounds + 1):
            last = number == asked.rounds
            seen = burst(
                scene.room,
                scene.side,
                scene.channels,
                asked.posts,
                profile if last else None,
            )
            print(f"  round {number}: {seen}", flush=True)
    if asked.beside:
        at_once = min(asked.posts, setting.slots * setting.workers)
        for client in ("aiohttp", "urllib3"):
            with SlowPlatform() as side:
                rate = bare.measure(client, side.address, asked.posts, at_once)
            print(f"  bare {client}: {rate:,.0f} posts/s; ours {seen.rate / rate:.2f}")
    if profile is not None:
        print(profile.top())


def _setting(asked: argparse.Namespace) -> Setting:
    return Setting(
        asked.database,
        asked.platform,
        asked.workers,
        asked.slots,
        asked.others,
        asked.channels,
    )


def _sizes(scenario: argparse.ArgumentParser) -> None:
    usual = Setting()
    scenario.add_argument(
        "--database", choices=("sqlite", "postgresql"), default=usual.database
    )
    scenario.add_argument(
        "--platform", choices=("mastodon", "x"), default=usual.platform
    )
    scenario.add_argument("--workers", type=int, default=usual.workers)
    scenario.add_argument("--slots", type=int, default=usual.slots)
    scenario.add_argument("--others", type=int, default=usual.others)
    scenario.add_argument("--channels", type=int, default=usual.channels)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m tests.bench.engine")
    scenarios = whole.add_subparsers(required=True)
    one = scenarios.add_parser("burst", help="many posts due at the same moment")
    one.add_argument("--posts", type=int, default=1000)
    one.add_argument("--rounds", type=int, default=2)
    one.add_argument("--beside", action=argparse.BooleanOptionalAction, default=True)
    one.add_argument("--profile", metavar="PART", help="clock, worker1: by py-spy")
    _sizes(one)
    one.set_defaults(run=show_burst)
    return whole


if __name__ == "__main__":
    arguments = parser().parse_args()
    arguments.run(arguments)
