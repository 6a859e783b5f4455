"""Records: which posts a filter names, a page at a time, summed up and exported."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.desk import Desk
from desk.report import exporting, ranges, records, sums
from desk.report.ranges import BadRange
from desk.report.records import After, Fate, Filter, Sort
from tests import factories
from tests.asking import questions
from tests.conftest import NOON
from tests.unit.publishing import steps

ROME = ZoneInfo("Europe/Rome")
HOUR = timedelta(hours=1)
EVERY = Filter(NOON - timedelta(days=2), NOON + timedelta(days=2))


def made(
    desk: Desk,
    channel_id: int,
    due_at: datetime | None = NOON,
    late_s: float | None = 0.5,
    **values: object,
) -> int:
    """A post that went out so late; or one that did not, where `late_s` is None."""
    post_id = factories.make_post(desk, channel_id, str(values.pop("text", "Dodge")))
    if late_s is not None and due_at is not None:
        values.setdefault("state", "published")
        values["published_at"] = due_at + timedelta(seconds=late_s)
    steps.alter(desk, post_id, due_at=due_at, **values)
    return post_id


def listed(
    desk: Desk, which: Filter = EVERY, sort: Sort = Sort.NEWEST, size: int = 50
) -> list[int]:
    """Every page of it, one after the other."""
    found: list[int] = []
    after: After | None = None
    while True:
        with desk.db.reading() as session:
            page = records.page(session, which, sort, after, size)
        found += [post.id for post in page.posts]
        if page.after is None:
            return found
        after = After.read(page.after.written)


def told(desk: Desk, which: Filter = EVERY, zone: ZoneInfo = ROME) -> sums.Told:
    assert which.since is not None
    assert which.until is not None
    with desk.db.reading() as session:
        return sums.sum_records(session, which, which.since, which.until, zone)


def test_a_filter_names_what_was_due_and_leaves_out_the_rest(any_desk: Desk) -> None:
    one, two = (factories.make_channel(any_desk, name) for name in "AB")
    live = made(any_desk, one, text="The Ferry returns")
    failed = made(any_desk, two, NOON + HOUR, None, state="failed", priority="breaking")
    coming = made(any_desk, one, NOON + 2 * HOUR, None, state="claimed")
    outside = made(any_desk, one, NOON - timedelta(days=3))
    made(any_desk, one, late_s=None, state="draft")

    def found(**asked: object) -> list[int]:
        values = {"since": EVERY.since, "until": EVERY.until, **asked}
        return listed(any_desk, Filter(**values))  # type: ignore[arg-type]  # by name

    assert found() == [coming, failed, live]
    assert found(since=None) == [coming, failed, live, outside]
    assert found(until=NOON + HOUR) == [live]
    assert found(channel_id=two) == [failed]
    assert found(fate=Fate.TO_COME) == [coming]
    assert found(fate=Fate.FAILED) == [failed]
    assert found(priority="breaking") == [failed]
    assert found(words="fErRy") == [live]
    assert found(words="100 %") == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_repeat_no_post_and_leave_none_out(
    any_desk: Desk, sort: Sort, size: int
) -> None:
    channel = factories.make_channel(any_desk)
    at = NOON + timedelta(microseconds=123_457)
    for ahead, late in ((0, 0.5), (0, 0.5), (1, 0.5), (1, 7.25), (2, 0.004), (3, 7.25)):
        made(any_desk, channel, at + ahead * timedelta(microseconds=3), late)

    whole = listed(any_desk, sort=sort)

    assert listed(any_desk, sort=sort, size=size) == whole
    assert len(whole) == len(set(whole)) == 6


def test_the_latest_first_are_those_that_went_out_latest(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    soon, never, late = (
        made(any_desk, channel, late_s=0.04),
        made(any_desk, channel, late_s=None, state="missed"),
        made(any_desk, channel, NOON - HOUR, late_s=300),
    )

    assert listed(any_desk, sort=Sort.LATEST) == [late, soon]
    assert listed(any_desk, sort=Sort.OLDEST) == [late, soon, never]


def test_tries_are_the_attempts_on_record(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.run_due(any_desk)

    with any_desk.db.reading() as session:
        assert records.tries(session, [post_id]) == {post_id: 1}


@pytest.mark.parametrize("text", ["", "1", "x.1", "1.2.3", "1" * 20 + ".1"])
def test_nonsense_is_no_place_to_go_on_from(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        After.read(text)


def test_sums_say_how_many_went_out_and_how_late(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    for late in (0.1, 0.3, 5, 12):
        made(any_desk, channel, late_s=late)
    for state in ("failed", "missed", "missed", "unconfirmed", "scheduled"):
        made(any_desk, channel, late_s=None, state=state)

    found = told(any_desk).sums

    assert (found.due, found.live, found.on_time) == (9, 4, 3)
    assert found.on_time_percent == 75
    assert (found.median_s, found.worst_s) == (2.65, 12)
    assert found.fates[Fate.MISSED] == 2
    assert found.fates[Fate.UNCONFIRMED] == found.fates[Fate.TO_COME] == 1


def test_an_odd_count_has_its_middle_one_as_median(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    for late in (9, 0.2, 0.1):
        made(any_desk, channel, late_s=late)

    assert told(any_desk).sums.median_s == 0.2


def test_nothing_that_went_out_has_no_lateness(any_desk: Desk) -> None:
    found = told(any_desk).sums

    assert (found.due, found.on_time_percent) == (0, None)
    assert (found.median_s, found.worst_s) == (None, None)


def test_the_chart_counts_by_newsroom_days(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    made(any_desk, channel, datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    made(any_desk, channel, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    made(
        any_desk,
        channel,
        datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
        None,
        state="failed",
    )
    days = ranges.range_between("2026-11-20", "2026-11-22", NOON, ROME)

    chart = told(any_desk, Filter(days.since, days.until)).chart

    assert chart.step == "day"
    assert [dict(bar.fates) for bar in chart.bars] == [
        {Fate.LIVE: 1},
        {Fate.LIVE: 1},
        {Fate.FAILED: 1},
    ]
    assert chart.bars[1].begins_at == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert chart.highest == 1


def test_a_zone_off_by_a_quarter_has_its_own_days(desk: Desk) -> None:
    channel, nepal = factories.make_channel(desk), ZoneInfo("Asia/Kathmandu")
    made(desk, channel, datetime(2026, 11, 21, 18, 14, tzinfo=UTC))
    made(desk, channel, datetime(2026, 11, 21, 18, 15, tzinfo=UTC))
    days = ranges.range_between("2026-11-20", "2026-11-22", NOON, nepal)

    chart = told(desk, Filter(days.since, days.until), nepal).chart

    assert [sum(bar.fates.values()) for bar in chart.bars] == [0, 1, 1]


@pytest.mark.parametrize(
    ("first", "last", "step", "bars"),
    [
        ("2026-11-22", "2026-11-22", "hour", 24),
        ("2026-10-25", "2026-10-25", "hour", 25),  # the clocks go back
        ("2026-03-29", "2026-03-29", "hour", 23),
        ("2026-10-20", "2026-10-31", "day", 12),
        ("2026-01-01", "2026-12-31", "month", 12),
    ],
)
def test_a_bar_is_an_hour_a_day_or_a_month(
    desk: Desk, first: str, last: str, step: str, bars: int
) -> None:
    days = ranges.range_between(first, last, NOON, ROME)

    chart = told(desk, Filter(days.since, days.until)).chart

    assert (chart.step, len(chart.bars)) == (step, bars)


def test_named_ranges_are_whole_newsroom_days() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 00:30 on the 23rd in Rome

    found = {name: ranges.range_named(name, late, ROME) for name in ranges.NAMED}

    assert {name: (one.first.day, one.last.day) for name, one in found.items()} == {
        "today": (23, 23),
        "yesterday": (22, 22),
        "7d": (17, 23),
        "30d": (25, 23),
    }
    assert found["today"].since == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert found["today"].until == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_a_day_left_out_is_today() -> None:
    found = ranges.range_between("2026-11-01", "", NOON, ROME)

    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("soon", "", "“soon” is not a day"),
        ("2026-11-22", "2026-11-01", "comes after"),
        ("0001-01-01", "", "check its year"),
        ("", "9999-12-31", "check its year"),
    ],
)
def test_a_range_that_is_none_is_told_in_a_sentence(
    first: str, last: str, said: str
) -> None:
    with pytest.raises(BadRange, match=said):
        ranges.range_between(first, last, NOON, ROME)


def test_an_unknown_name_is_no_range() -> None:
    with pytest.raises(BadRange, match="There is no range “week”"):
        ranges.range_named("week", NOON, ROME)


CSV = (
    "\ufeffpost,due,due_utc,published,published_utc,late_s,channel,platform,headline,"
    "section,teaser,link,class,state,reason,live_link,live_twice_link,tries,share\r\n"
    '{id},"2026-11-22T12:00:00.000+00:00","2026-11-22T12:00:00.000+00:00",'
    '"2026-11-22T12:00:00.500+00:00","2026-11-22T12:00:00.500+00:00",0.5,"\'@desk",'
    '"scripted","","","\'=HYPERLINK(""https://evil.example"",""x"")",'
    '"https://paper.example/1","normal","live","\'+1","","\'-2",0,{share}\r\n'
)


def test_a_csv_is_exactly_this(any_desk: Desk) -> None:
    post_id = made(
        any_desk,
        factories.make_channel(any_desk, "@desk"),
        text='=HYPERLINK("https://evil.example","x")',
        link="https://paper.example/1",
        reason="+1",
        twice_url="-2",
    )

    written = "".join(exporting.as_csv(any_desk, EVERY))

    share = factories.look_up(any_desk, post_id).share_id
    assert written.encode() == CSV.format(id=post_id, share=share).encode()


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula(desk: Desk, begins: str) -> None:
    made(desk, factories.make_channel(desk), text=f"{begins}cmd")

    written = "".join(exporting.as_csv(desk, EVERY))

    assert f"'{begins}cmd" in written


RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.mark.parametrize(
    "text",
    ["Hello;=cmd|'/c calc'!A0", 'Hello;"=1+1"', "Hello; =1", "Hello\t=1", "a\n=1\n+2",
     "a\r\n@SUM(A1)", "a\u2028-1", ";;=1", "＝1", "Hello;＠SUM(A1)", "\n=1", '"=1"'],
)  # fmt: skip
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_however_a_spreadsheet_splits_it_no_cell_is_a_formula(
    desk: Desk, text: str, between: str
) -> None:
    made(desk, factories.make_channel(desk), text=text)

    lines = io.StringIO("".join(exporting.as_csv(desk, EVERY)), newline="")
    cells = [cell for row in csv.reader(lines, delimiter=between) for cell in row]

    begins = [cell.lstrip(' "') for cell in cells]
    assert not [one for one in begins if one.startswith(RUN)]


@pytest.mark.parametrize(
    "text",
    ["Hello; world = 1", "1 + 1; 2 - 1", 'She said: "No; never."', "'=1", "a, b\nc;d",
     "Fußball – 2:1 @ home", "tab\there", " a ", "anna@paper.org; ben@paper.org"],
)  # fmt: skip
def test_a_text_without_formulas_is_read_as_it_was(desk: Desk, text: str) -> None:
    made(desk, factories.make_channel(desk), text=text)

    written = "".join(exporting.as_csv(desk, EVERY)).removeprefix(exporting.BOM)
    (row,) = csv.DictReader(io.StringIO(written, newline=""))

    assert row["teaser"] == text


def test_a_json_export_says_its_zone_and_can_be_read(any_desk: Desk) -> None:
    one = made(any_desk, factories.make_channel(any_desk), text="“Æ” =1")
    two = made(any_desk, factories.make_channel(any_desk, "B"), NOON - HOUR, 1)

    written = "".join(exporting.as_json(any_desk, EVERY, now=NOON))

    read = json.loads(written)
    assert (read["zone"], read["made_at"]) == ("UTC", "2026-11-22T12:00:00.000+00:00")
    assert [row["post"] for row in read["posts"]] == [one, two]
    assert tuple(read["posts"][0]) == exporting.COLUMNS
    assert (read["posts"][0]["teaser"], read["posts"][0]["late_s"]) == ("“Æ” =1", 0.5)


def test_an_export_of_nothing_is_whole_too(desk: Desk) -> None:
    assert len("".join(exporting.as_csv(desk, EVERY)).splitlines()) == 1
    assert json.loads("".join(exporting.as_json(desk, EVERY, now=NOON)))["posts"] == []


def test_an_export_goes_on_over_its_batches(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    ids = [made(any_desk, channel, NOON - n * HOUR) for n in range(5)]

    rows = list(exporting.rows(any_desk, EVERY, size=2))

    assert [row["post"] for row in rows] == ids


SAID = "ÜBERFALL in der Straße: 100 % Kölner_Pier \\ Hafen"
ASKED_FOR = ["überfall", "ÜBERFALL", "straße", "KÖLNER_PIER", "100 %", "hafen", "\\ H"]
NOT_SAID = ["kölner-pier", "100 x", "strasse", "kölnerxpier", "pier hafen"]


@pytest.mark.parametrize("words", [*ASKED_FOR, *NOT_SAID])
def test_words_are_found_in_any_letters(any_desk: Desk, words: str) -> None:
    channel = factories.make_channel(any_desk)
    post_id = made(any_desk, channel, text=SAID)
    made(any_desk, channel, text="Dodge returns")

    found = listed(any_desk, replace(EVERY, words=words))

    assert found == ([post_id] if words in ASKED_FOR else [])


def test_sqlite_looks_for_plain_words_by_itself(desk: Desk) -> None:
    made(desk, factories.make_channel(desk))

    with questions(desk.db.engine) as asked:
        listed(desk, replace(EVERY, words="Ferry"))

    assert not [one for one in asked if "lower(" in one]
