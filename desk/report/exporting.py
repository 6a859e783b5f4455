"""Exporting: records as rows for a spreadsheet or a program, streamed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from desk import preferences
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Attempt, Channel, Part, Post
from desk.report.records import FATES, After, Filter, Sort, chosen, end_of, sorted_by

BATCH = 2000  # rows a session: a slow reader holds none of them open
END = "\r\n"
BOM = "\ufeff"  # Excel reads a CSV as UTF-8 only with it
# Where a spreadsheet begins a cell that splits the file at semicolons or tabs (as many
# countries' do) and knows nothing of our quotes then.
CELLS = re.compile(r"([;\t\n\v\f\r\x85\u2028\u2029])")
FORMULA = tuple("=+-@＝＋－＠")
BROKEN_OFF = ("\t", "\r", "\n")
COLUMNS = (
    "post",
    "due",
    "due_utc",
    "published",
    "published_utc",
    "late_s",
    "channel",
    "platform",
    "headline",
    "section",
    "teaser",
    "link",
    "class",
    "state",
    "reason",
    "live_link",
    "live_twice_link",
    "tries",
    "share",
)
Value = str | int | float | None


def rows(
    desk: Desk, which: Filter, sort: Sort = Sort.NEWEST, size: int = BATCH
) -> Iterator[dict[str, Value]]:
    """Every record of the filter, in the order asked for."""
    zone, after = preferences.zone_of(desk), None
    while True:
        with desk.db.reading() as session:
            batch, after = _batch(session, which, sort, after, size)
        for one in batch:
            yield _row(one, zone)
        if after is None:
            return


def as_csv(desk: Desk, which: Filter, sort: Sort = Sort.NEWEST) -> Iterator[str]:
    """RFC 4180, in UTF-8 with a mark for Excel, safe to open there."""
    yield BOM + ",".join(COLUMNS) + END
    for row in rows(desk, which, sort):
        yield _line([_cell(row[name]) for name in COLUMNS])


def as_json(
    desk: Desk, which: Filter, sort: Sort = Sort.NEWEST, *, now: datetime
) -> Iterator[str]:
    """An object with the newsroom's zone, and its posts, one a line."""
    zone = preferences.zone_of(desk)
    head = {"made_at": _local(now, zone), "zone": zone.key}
    yield json.dumps(head)[:-1] + ', "posts": ['
    for number, row in enumerate(rows(desk, which, sort)):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _batch(
    session: Session, which: Filter, sort: Sort, after: After | None, size: int
) -> tuple[list[Any], After | None]:
    query = sorted_by(_query().where(chosen(which)), sort, after)
    found = list(session.execute(query.limit(size + 1)))
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], end_of(session, last.id, last.due_at, sort)


def _query() -> Select[*tuple[Any, ...]]:
    links = select(Part.url).where(Part.post_id == Post.id, Part.url.is_not(None))
    link = links.order_by(Part.position).limit(1).correlate(Post).scalar_subquery()
    tries = select(func.count()).select_from(Attempt).join(Part)
    return (
        select(
            Post.id,
            Post.share_id,
            Post.due_at,
            Post.published_at,
            Channel.name.label("channel"),
            Channel.platform,
            Article.headline,
            Article.section,
            Post.text,
            Post.link,
            Post.priority,
            Post.state,
            Post.reason,
            func.coalesce(_of_double(), link).label("live_link"),
            Post.twice_url,
            tries.where(Part.post_id == Post.id)
            .correlate(Post)
            .scalar_subquery()
            .label("tries"),
        )
        .join(Channel, Channel.id == Post.channel_id)
        .outerjoin(Article, Article.id == Post.article_id)
    )


def _of_double() -> ScalarSelect[str | None]:
    """The part that is live twice, by its own link."""
    query = select(Part.url).join(Attempt, Attempt.part_id == Part.id)
    query = query.where(Part.post_id == Post.id, Attempt.url == Post.twice_url)
    return query.limit(1).correlate(Post).scalar_subquery()


def _row(one: Any, zone: ZoneInfo) -> dict[str, Value]:
    values: tuple[Value, ...] = (
        one.id,
        _local(one.due_at, zone),
        _utc(one.due_at),
        _local(one.published_at, zone),
        _utc(one.published_at),
        _late(one.due_at, one.published_at),
        one.channel,
        one.platform,
        one.headline or "",
        one.section or "",
        one.text,
        one.link or "",
        one.priority,
        FATES[State(one.state)].value,
        one.reason,
        one.live_link or "",
        one.twice_url or "",
        one.tries,
        one.share_id,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _local(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="milliseconds") if at else None


def _utc(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _late(due_at: datetime | None, published_at: datetime | None) -> float | None:
    if due_at is None or published_at is None:
        return None
    return round((published_at - due_at).total_seconds(), 3)


def _cell(value: Value) -> str | int | float:
    """What a spreadsheet would take for a formula is told to be text.

    All other text stays as it is.
    """
    if value is None:
        return ""
    return _told(value) if isinstance(value, str) else value


def _told(text: str) -> str:
    told = "".join(f"'{cell}" if _runs(cell) else cell for cell in CELLS.split(text))
    return f"'{told}" if told.startswith(BROKEN_OFF) else told


def _runs(cell: str) -> bool:
    return cell.replace('"', " ").lstrip().startswith(FORMULA)


def _line(cells: list[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_NONNUMERIC).writerow(cells)
    return written.getvalue()
