"""Charts: bars stacked by what became of the posts, as plain shapes for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from desk.report.records import Fate
from desk.report.sums import Bar, Chart, Step

WIDTH, HEIGHT = 1000.0, 100.0  # the template stretches them to its own size
GAP = 0.2  # of a bar's width
STACK = (
    Fate.LIVE,
    Fate.TO_COME,
    Fate.CANCELLED,
    Fate.UNCONFIRMED,
    Fate.MISSED,
    Fate.FAILED,
)
FORMATS = {Step.HOUR: "%a %H:%M", Step.DAY: "%a %-d %b", Step.MONTH: "%b %Y"}


@dataclass(frozen=True)
class Block:
    fate: Fate
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    label: str
    counts: list[tuple[Fate, int]]
    blocks: list[Block]

    @property
    def words(self) -> str:
        told = ", ".join(f"{count} {fate}" for fate, count in self.counts)
        return f"{self.label}: {told or 'nothing was due'}"


def columns(chart: Chart, zone: ZoneInfo) -> list[Column]:
    """The bars of a chart, from left to right."""
    step = WIDTH / max(1, len(chart.bars))
    return [
        _column(bar, number * step, step, chart, zone)
        for number, bar in enumerate(chart.bars)
    ]


def fates(chart: Chart) -> list[Fate]:
    """Those that occur, in the order of the stack."""
    return [fate for fate in STACK if any(bar.fates[fate] for bar in chart.bars)]


def _column(bar: Bar, left: float, step: float, chart: Chart, zone: ZoneInfo) -> Column:
    counts = [(fate, bar.fates[fate]) for fate in STACK if bar.fates[fate]]
    x, width = round(left + step * GAP / 2, 2), round(step * (1 - GAP), 2)
    blocks, floor = [], HEIGHT
    for fate, count in counts:
        height = HEIGHT * count / chart.highest
        floor -= height
        blocks.append(Block(fate, x, round(floor, 2), width, round(height, 2)))
    return Column(_label(bar.begins_at, chart.step, zone), counts, blocks)


def _label(at: datetime, step: Step, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):{FORMATS[step]}}"
