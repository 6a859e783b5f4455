"""A week of posts to move about on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

from desk.desk import Desk
from desk.models import Post
from tests.e2e.conftest import Screens
from tests.factories import make_channel, make_scheduled, now_of

ROME = ZoneInfo("Europe/Rome")
NUMBERS = count(1)
TEXTS = ("Tide tables for December", "Five walks to a bakery", "The mayor answers")


@dataclass(frozen=True)
class Planned:
    channel: int
    posts: list[int]
    tuesday: date


def plan_days(screens: Screens, week: int = 1) -> Planned:
    """Three posts on a channel of their own: at 10:15, Tuesday to Thursday.

    `week`: how many weeks from now. Tests that share a desk take one each.
    """
    desk = screens.desk
    channel = make_channel(desk, f"Tides {next(NUMBERS)}")
    today = now_of(desk).astimezone(ROME).date()
    tuesday = today + timedelta(days=7 * week + 1 - today.weekday())
    times = [
        datetime.combine(tuesday + timedelta(days=n), time(10, 15), ROME)
        for n in range(len(TEXTS))
    ]
    posts = [
        make_scheduled(desk, channel, text, at)
        for text, at in zip(TEXTS, times, strict=True)
    ]
    return Planned(channel, posts, tuesday)


def due_in_rome(desk: Desk, post_id: int) -> str:
    """Such as "Tue 10:15"."""
    with desk.db.reading() as session:
        post = session.get_one(Post, post_id)
        return f"{post.due_at.astimezone(ROME):%a %H:%M}" if post.due_at else "no time"


def drag(page: Page, what: Locator, to: Locator, down: float = 0.5) -> None:
    """With the mouse, step by step, to a part of the way down the other's box."""
    what.scroll_into_view_if_needed()
    what.hover()
    page.mouse.down()
    to.scroll_into_view_if_needed()
    box = to.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * down
    page.mouse.move(x, y - 8, steps=4)
    page.mouse.move(x, y)
    page.mouse.up()
