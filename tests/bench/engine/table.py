"""The table: each figure beside its goal, kept until the next run of its scenario."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = Path(tempfile.gettempdir()) / "standfirst-bench.json"
COLUMNS = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "x": "X through tweepy",
    "beside": "others, same platform",
}
ROWS = {
    "1000": (
        "1,000 posts due in the same second: lateness at the platform",
        "p99 ≤ 0.6 s, max < 1 s",
    ),
    "100": ("100 posts due together", "p99 ≤ 0.15 s"),
    "1": ("one post due alone", "p99 ≤ 0.05 s"),
    "10000": (
        "10,000 posts due in the same second: posts a second beside bare aiohttp",
        "≥ 0.6 SQLite, ≥ 0.5 PostgreSQL",
    ),
    "million": (
        "1,000 posts due, 1,000,000 others scheduled",
        "p99 ≤ 0.6 s, max < 1 s",
    ),
    "early": ("nothing early: the least lateness", "min ≥ 0"),
    "celery": ("beside Celery with one task a post: posts a second", "≥ 4 x"),
    "claims": (
        "claim, batch of 200, 1,000,000 rows",
        "≤ 10 µs a post SQLite, ≤ 40 µs PostgreSQL",
    ),
    "idle": (
        "idle: clock + worker + Valkey, by number of scheduled posts",
        "≤ 150 MB, < 1 % of a core, flat",
    ),
    "before_intent": ("kill -9 before the intent → sent", "≤ lease (5 s) + 2 s"),
    "accepted": (
        "kill -9 after the intent, the platform has it → settled",
        "≤ 60 s where the platform can be asked",
    ),
    "after_intent": (
        "kill -9 after the intent, it has left nowhere → settled",
        "≤ 60 s where the platform can be asked",
    ),
    "outage": ("Redis gone 30 s: lateness of what falls due", "≤ 1 s"),
    "trouble": (
        "one channel's dead token, one platform hanging",
        "one request; everyone else's lateness within 20 %",
    ),
    "16 readers": (
        "16 people reading, 4 writing, while 1,000 posts fall due",
        "no error, pages p95 ≤ 1 s, lateness within 20 %",
    ),
    "64 readers": (
        "64 people reading, 4 writing, while 1,000 posts fall due",
        "no error, pages p95 ≤ 4 s",
    ),
    "pasting": (
        "16 people pasting the worst, while 200 posts fall due",
        "pages p95 ≤ 1 s, ≤ 1.5 GB, lateness within 20 %",
    ),
    "worst": (
        "each of the worst pastes alone, 16 pictures of one person, another's photo",
        "pastes ≤ 6 s, the photo at once, others undisturbed",
    ),
    "connections": ("database connections, all slots busy", "≤ 10"),
}


@dataclass(frozen=True)
class Cell:
    said: str
    reached: bool | None = None  # None: this column has no goal
    value: float = 0.0  # what a later scenario compares itself with


Cells = dict[str, dict[str, Cell]]


def keep(
    row: str, column: str, said: str, reached: bool | None = None, value: float = 0.0
) -> None:
    cells = kept()
    cells.setdefault(row, {})[column] = Cell(said, reached, value)
    told = {r: {c: asdict(one) for c, one in by.items()} for r, by in cells.items()}
    KEPT.write_text(json.dumps(told, indent=1, ensure_ascii=False))


def kept() -> Cells:
    try:
        told = json.loads(KEPT.read_text())
    except FileNotFoundError:
        return {}
    return {r: {c: Cell(**one) for c, one in by.items()} for r, by in told.items()}


def written(cells: Cells) -> str:
    """As docs/benchmarks.md holds it."""
    head = ["figure", "goal", *COLUMNS.values(), "reached"]
    lines = [_line(head), _line(["---"] * len(head))]
    for row, (figure, goal) in ROWS.items():
        by = cells.get(row, {})
        said = [by[c].said if c in by else "" for c in COLUMNS]
        lines.append(_line([figure, goal, *said, _verdict(by)]))
    return "\n".join(lines)


def _verdict(by: dict[str, Cell]) -> str:
    judged = {COLUMNS[c]: one.reached for c, one in by.items()}
    judged = {name: reached for name, reached in judged.items() if reached is not None}
    missed = [name for name, reached in judged.items() if not reached]
    if not judged:
        return "not measured"
    if not missed:
        return "yes"
    return "no" if len(missed) == len(judged) else f"not on {', '.join(missed)}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
