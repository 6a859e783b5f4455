"""Firefox and WebKit at a desk of the tests: each test has a newsroom of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from desk.desk import Desk
from tests.browsers.browser import Browser
from tests.browsers.firefox import firefox
from tests.browsers.page import Page
from tests.browsers.webkit import webkit
from tests.e2e.conftest import Screens, Seeded, built, moved_in, opened, seeded
from tests.e2e.test_keeping import PASSWORD, set_password

__all__ = ["built", "seeded"]  # fixtures, as those of e2e

BROWSERS: dict[str, Callable[[], AbstractContextManager[Browser]]] = {
    "firefox": firefox,
    "webkit": webkit,
}


@pytest.fixture(
    scope="session",
    params=[pytest.param(one, marks=pytest.mark.xdist_group(one)) for one in BROWSERS],
)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One of each for all tests: a window that goes from desk to desk."""
    with BROWSERS[request.param]() as found:
        yield found


class House:
    """A desk that is served, but for a while."""

    def __init__(self, serving: Callable[[], AbstractContextManager[Screens]]) -> None:
        self._serving, self._now = serving, ExitStack()
        self.screens = self._now.enter_context(serving())

    @property
    def desk(self) -> Desk:
        return self.screens.desk

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody answers there."""
        self.close()
        yield
        self.screens = self._now.enter_context(self._serving())

    def close(self) -> None:
        self._now.close()


@pytest.fixture
def house(built: None, seeded: Seeded, tmp_path: Path) -> Iterator[House]:
    settings, desk = moved_in(seeded, tmp_path / "home")
    found = House(partial(opened, settings, desk, seeded.room))
    set_password(found.screens)
    yield found
    found.close()


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """The inbox of somebody who has just signed in."""
    found = Page(browser, house.screens.address)
    found.open("/sign-in")
    sign_in(found)
    yield found
    found.browser.open("about:blank")  # what it keeps open ends before the desk
    assert browser.troubles() == []


def sign_in(page: Page) -> None:
    page.write("#email", "admin@localhost")
    page.write("#password", PASSWORD)
    page.press("Enter")
    page.sees("#main")
