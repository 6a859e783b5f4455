"""Records: filters in the address, sums, pages, and files for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from desk.models.people import Role
from tests.factories import make_channel, make_post, make_scheduled, now_of, run_due
from tests.unit.publishing import steps
from tests.web.visiting import Visitor, sentence

HOUR = timedelta(hours=1)
Visit = Callable[[Role | None], Visitor]


@pytest.fixture
def analyst(visit: Visit) -> Visitor:
    return visit(Role.ANALYST)


def made(visitor: Visitor, channel: int, text: str, **values: object) -> int:
    post_id = make_post(visitor.desk, channel, text)
    values.setdefault("due_at", now_of(visitor.desk))
    steps.alter(visitor.desk, post_id, **values)
    return post_id


def went_out(visitor: Visitor, channel: int, text: str, late_s: float = 0.5) -> int:
    due_at = now_of(visitor.desk) - timedelta(seconds=60)
    out = due_at + timedelta(seconds=late_s)
    return made(
        visitor, channel, text, due_at=due_at, state="published", published_at=out
    )


def listed(page: str) -> str:
    """The table, below sums and chart."""
    return page.split('aria-labelledby="list-title"')[1]


def test_records_show_what_went_out_and_what_did_not(analyst: Visitor) -> None:
    gazette = make_channel(analyst.desk, "Gazette")
    make_scheduled(analyst.desk, gazette, "Went out")
    run_due(analyst.desk)
    made(analyst, gazette, "Was missed", state="missed", reason="Too late for it.")
    went_out(analyst, gazette, "Was late", 12)

    page = analyst.look("/records?range=7d").text

    assert "2 of 3 posts went out" in page
    assert "50 %" in page
    assert "12 s" in page
    assert "https://scripted.example/1" in listed(page)
    assert "Too late for it." in listed(page)
    assert "Posts by day" in page


def test_a_day_without_posts_teaches(analyst: Visitor) -> None:
    page = analyst.look("/records?range=yesterday").text

    assert "No post matches" in page
    assert "Nothing was due" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"One", "Two", "Three"}),
        ("range=today", {"One", "Two"}),
        ("range=dates&from=2020-01-01", {"One", "Two", "Three"}),
        ("from=2020-01-01&to=2020-01-02", set()),
        ("channel=2", {"Two"}),
        ("state=missed", {"Three"}),
        ("state=live&class=breaking", {"Two"}),
        ("q=thREE", {"Three"}),
    ],
)
def test_every_filter_stands_in_the_address(
    analyst: Visitor, query: str, shown: set[str]
) -> None:
    one, two = (make_channel(analyst.desk, name) for name in "AB")
    now = now_of(analyst.desk)
    out = {"state": "published", "published_at": now, "due_at": now}
    made(analyst, one, "One", **out)
    made(analyst, two, "Two", priority="breaking", **out)
    made(analyst, one, "Three", state="missed", due_at=now - timedelta(days=2))

    page = analyst.look(f"/records?{query}").text

    found = {name for name in ("One", "Two", "Three") if f">{name}</a>" in page}
    assert found == shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("range=week", "There is no range “week”"),
        ("range=dates&from=soon", "“soon” is not a day"),
        ("from=2026-11-02&to=2026-11-01", "comes after"),
        ("state=gone", "There is no state “gone”"),
        ("class=urgent", "There is no class “urgent”"),
        ("channel=x", "“x” is no channel"),
        ("sort=random", "There is no sort “random”"),
        ("after=here", "no page of the records"),
    ],
)
@pytest.mark.parametrize("path", ["/records", "/records.csv", "/records.json"])
def test_a_filter_that_is_none_is_told_in_a_sentence(
    analyst: Visitor, path: str, query: str, said: str
) -> None:
    answer = analyst.look(f"{path}?{query}")

    assert answer.status_code == 400
    assert said in sentence(answer)


def test_pages_lead_on_to_the_end(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk)
    for number in range(51):
        went_out(analyst, channel, f"Story {number:02}")

    first = analyst.look("/records?range=7d").text
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = analyst.look(address.replace("&amp;", "&")).text

    assert listed(first).count('class="r-due"') == 50
    assert listed(second).count('class="r-due"') == 1
    assert "First page" in second
    assert 'rel="next"' not in second


def test_a_column_sorts_by_lateness_and_says_so(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk)
    went_out(analyst, channel, "Quick", 0.1)
    went_out(analyst, channel, "Slow", 9)

    page = listed(analyst.look("/records?sort=latest").text)

    assert page.index("Slow") < page.index("Quick")
    assert 'aria-sort="descending"><a href="/records?sort=latest">Late by' in page


def test_the_csv_holds_exactly_what_is_shown(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk, "Gazette")
    post_id = went_out(analyst, channel, "=1+1")
    made(analyst, channel, "Not this one", state="missed")

    answer = analyst.look("/records.csv?range=7d&state=live")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.data.startswith(b"\xef\xbb\xbfpost,due,due_utc,")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["post"], row["teaser"], row["late_s"]) == (str(post_id), "'=1+1", "0.5")
    assert (row["state"], row["channel"]) == ("live", "Gazette")


def test_the_json_holds_the_same(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk, "Gazette")
    post_id = went_out(analyst, channel, "Dodge returns")

    answer = analyst.look("/records.json?range=7d")

    read = json.loads(answer.data)
    assert answer.content_type == "application/json; charset=utf-8"
    assert [row["post"] for row in read["posts"]] == [post_id]
    assert read["posts"][0]["due"].endswith("+00:00")


def test_no_secret_is_exported(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk, "Gazette", token="s3cret-t0ken")
    went_out(analyst, channel, "Dodge returns")

    for path in ("/records.csv", "/records.json"):
        assert b"s3cret-t0ken" not in analyst.look(path).data


def test_an_analyst_finds_no_button_that_changes_anything(analyst: Visitor) -> None:
    post_id = went_out(analyst, make_channel(analyst.desk), "Dodge returns")

    for path in ("/records", "/status", f"/posts/{post_id}", "/needs"):
        page = analyst.look(path).text.split("<main")[1].split("</main>")[0]
        assert 'method="post"' not in page, path


def test_the_chart_stands_as_a_table_too(analyst: Visitor) -> None:
    channel = make_channel(analyst.desk)
    went_out(analyst, channel, "Dodge returns")
    made(analyst, channel, "Missed", state="missed")

    page = analyst.look("/records?range=7d").text

    chart = page.split('class="chart"')[1].split("</figure>")[0]
    assert "<title" in chart
    assert "Posts by day" in chart
    assert '<th scope="col">Live</th>' in chart
    assert '<td class="figures">1</td>' in chart
