"""The queue by keys: what was pressed keeps the focus, whatever is moved."""

from __future__ import annotations

import pytest

from tests.browsers.conftest import House
from tests.browsers.page import Page
from tests.e2e.planning import TEXTS, plan_days

FIRST, SECOND, THIRD = TEXTS
IN_ORDER = """(column, texts) => JSON.stringify(texts) === JSON.stringify(
    [...document.querySelectorAll(`#lineup-${column} [data-position] h3 a`)].map(
        one => one.textContent.trim()))"""


@pytest.mark.parametrize(
    ("name", "number", "then"),
    [
        ("up", 2, [FIRST, THIRD, SECOND]),
        ("down", 0, [SECOND, FIRST, THIRD]),
        ("next", 2, [THIRD, FIRST, SECOND]),
    ],
)
def test_a_button_of_the_queue_keeps_the_focus(
    page: Page, house: House, name: str, number: int, then: list[str]
) -> None:
    made = plan_days(house.screens)
    button = f"#{name}-{made.posts[number]}"
    page.open("/queue")
    page.focus(button)
    page.press("Enter")

    page.until(f"the queue says {then}", IN_ORDER, made.channel, then)
    page.focuses(button)


def test_shift_and_arrows_move_on_and_on(page: Page, house: House) -> None:
    made = plan_days(house.screens)
    page.open("/queue")
    page.focus(f"#open-{made.posts[2]}")
    page.press("Shift", "ArrowUp")
    page.press("Shift", "ArrowUp")

    then = [THIRD, FIRST, SECOND]
    page.until(f"the queue says {then}", IN_ORDER, made.channel, then)
    page.focuses(f"#open-{made.posts[2]}")
