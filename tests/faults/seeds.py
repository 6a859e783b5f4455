"""Many seeds of the burst on both databases, a few at a time; can be resumed.

    make faults SEEDS=20 [FIRST=1] [RESUME=1]

Each seed is a process of its own. What is done stands in .venv/fault-seeds.jsonl; a
failing seed says how to repeat it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.databases import Postgres

DATABASES = ("sqlite", "postgresql")
DONE = Path(".venv/fault-seeds.jsonl")
AT_ONCE = 2  # they mostly wait
LONGEST_S = 400


@dataclass(frozen=True)
class Run:
    seed: int
    database: str

    @property
    def command(self) -> list[str]:
        program = ["-m", "tests.faults.burst", "--seed", str(self.seed)]
        return [*program, "--database", self.database]


@dataclass(frozen=True)
class Ended:
    seed: int
    database: str
    well: bool
    told: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--resume", action="store_true", help="leave out what is done")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.count)
    wanted = [Run(seed, database) for seed in seeds for database in DATABASES]
    before = done() if asked.resume else []
    if not asked.resume:
        DONE.unlink(missing_ok=True)
    finished = {Run(one.seed, one.database) for one in before if one.well}
    ended = play([run for run in wanted if run not in finished], asked.at_once)
    bad = [one for one in ended if not one.well]
    sys.stdout.write(
        f"{len(finished & set(wanted))} done before, {len(ended)} now, "
        f"{len(bad)} broken.\n"
    )
    sys.exit(bool(bad))


def done() -> list[Ended]:
    if not DONE.exists():
        return []
    return [Ended(**json.loads(line)) for line in DONE.read_text().splitlines()]


def play(runs: Sequence[Run], at_once: int) -> list[Ended]:
    writing = threading.Lock()

    def one(run: Run) -> Ended:
        ended = _played(run, server)
        with writing, DONE.open("a") as file:
            file.write(json.dumps(asdict(ended)) + "\n")
            sys.stdout.write(ended.told)
            sys.stdout.flush()
        return ended

    with (
        tempfile.TemporaryDirectory() as folder,
        Postgres(Path(folder)) as server,
        ThreadPoolExecutor(at_once) as pool,
    ):
        return list(pool.map(one, runs))


def _played(run: Run, server: Postgres) -> Ended:
    command = [sys.executable, *run.command]
    if run.database == "postgresql":
        command += ["--url", server.fresh()]
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        well, told = said.returncode == 0, said.stdout + said.stderr[-4000:]
    except subprocess.TimeoutExpired:
        well, told = False, f"seed {run.seed} on {run.database}: no end\n"
    if not well:
        told += f"  again: python {' '.join(run.command)}\n"
    return Ended(run.seed, run.database, well, told)


if __name__ == "__main__":
    main()
