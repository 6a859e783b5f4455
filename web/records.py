"""Records: what went out and what did not, over any range, with its export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import channels
from desk.lifecycle import Priority
from desk.report import exporting, ranges, records, sums
from desk.report.ranges import Range
from desk.report.records import After, Fate, Filter, Sort
from web import charts, current, forms
from web.guards import Permission, may

bp = Blueprint("records", __name__)

Choice = TypeVar("Choice", bound=StrEnum)
USUAL = "7d"
KEPT = ("range", "from", "to", "channel", "state", "class", "q", "sort")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; every filter stands in it, so it can be shared."""

    days: Range
    which: Filter
    sort: Sort
    after: After | None

    @property
    def file_name(self) -> str:
        return f"standfirst-{self.days.first}-to-{self.days.last}"


@bp.get("/records")
@may(Permission.READ)
def index() -> str:
    with current.reading() as at:
        asked, zone = _asked(at), current.zone()
        days = asked.days
        told = sums.sum_records(at.session, asked.which, days.since, days.until, zone)
        return render_template(
            "records/page.html",
            asked=asked,
            told=told,
            columns=charts.columns(told.chart, zone),
            fates=charts.fates(told.chart),
            page=records.page(at.session, asked.which, asked.sort, asked.after),
            channels=channels.list_channels(at.session),
            every_fate=list(Fate),
            every_class=list(Priority),
            here=_address(),
            at=at.now,
        )


@bp.get("/records.csv")
@may(Permission.READ)
def as_csv() -> Response:
    """The filtered records for a spreadsheet, streamed."""
    with current.reading() as at:
        asked = _asked(at)
    lines = exporting.as_csv(current.desk_opened(), asked.which, asked.sort)
    return _file(lines, "text/csv", f"{asked.file_name}.csv")


@bp.get("/records.json")
@may(Permission.READ)
def as_json() -> Response:
    """The same for a program."""
    with current.reading() as at:
        asked = _asked(at)
    desk = current.desk_opened()
    lines = exporting.as_json(desk, asked.which, asked.sort, now=at.now)
    return _file(lines, "application/json", f"{asked.file_name}.json")


def _file(lines: Iterator[str], kind: str, name: str) -> Response:
    written = (line.encode() for line in lines)
    answer = Response(written, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(at: current.Moment) -> Asked:
    days = _days(at)
    which = Filter(
        since=days.since,
        until=days.until,
        channel_id=_number("channel"),
        fate=_one_of("state", Fate),
        priority=_one_of("class", Priority),
        words=_arg("q"),
    )
    return Asked(days, which, _one_of("sort", Sort) or Sort.NEWEST, _after())


def _days(at: current.Moment) -> Range:
    zone, name = current.zone(), _arg("range")
    if name == "dates" or (not name and (_arg("from") or _arg("to"))):
        return ranges.range_between(_arg("from"), _arg("to"), at.now, zone)
    return ranges.range_named(name or USUAL, at.now, zone)


def _one_of(name: str, kind: type[Choice]) -> Choice | None:
    value = _arg(name)
    if not value:
        return None
    if value not in set(kind):
        known = ", ".join(kind)
        raise forms.BadForm(f"There is no {name} “{value}”. There are: {known}.")
    return kind(value)


def _number(name: str) -> int | None:
    value = _arg(name)
    if not value:
        return None
    number = forms.number(value)
    if number is None:
        raise forms.BadForm(f"“{value}” is no {name}. Choose one from the list.")
    return number


def _after() -> After | None:
    written = _arg("after")
    try:
        return After.read(written) if written else None
    except ValueError:
        raise forms.BadForm(
            "This address is no page of the records. Begin at the first page."
        ) from None


def _arg(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:200]


def _address() -> dict[str, str]:
    """What the address says now, for links that change one thing of it."""
    return {name: _arg(name) for name in KEPT if _arg(name)}
