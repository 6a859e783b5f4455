"""WebKit, as GTK's: its own driver, and a screen that nobody sees."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common import WebDriverException
from selenium.webdriver import (
    ActionChains,
    WebKitGTK,
    WebKitGTKOptions,
    WebKitGTKService,
)
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browsers.browser import Unanswered

DRIVER = "/usr/bin/WebKitWebDriver"
SCREEN = "1280x900x24"
KEYS = {
    "Control": Keys.CONTROL,
    "Enter": Keys.ENTER,
    "Shift": Keys.SHIFT,
    "Alt": Keys.ALT,
    "ArrowUp": Keys.ARROW_UP,
    "ArrowDown": Keys.ARROW_DOWN,
    "End": Keys.END,
}


@contextmanager
def webkit() -> Iterator[WebKit]:
    with _screen() as number:
        service = WebKitGTKService(DRIVER, env={**os.environ, "DISPLAY": f":{number}"})
        with warnings.catch_warnings(action="ignore"):  # of one part of it by another
            driver = WebKitGTK(WebKitGTKOptions(), service)
        driver.set_window_rect(0, 0, 1280, 900)
        try:
            yield WebKit(driver)
        finally:
            driver.quit()


class WebKit:
    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    def open(self, address: str) -> None:
        self._driver.get(address)

    def ask(self, function: str, *given: object) -> Any:
        call = f"return ({function})(...arguments)"
        try:
            return self._driver.execute_script(call, *given)
        except WebDriverException as error:
            raise Unanswered(error.msg) from error

    def click(self, x: float, y: float) -> None:
        hand = ActionBuilder(self._driver)
        hand.pointer_action.move_to_location(round(x), round(y)).click()
        hand.perform()

    def press(self, *keys: str) -> None:
        hand = ActionChains(self._driver)
        for key in keys:
            hand.key_down(KEYS.get(key, key))
        for key in reversed(keys):
            hand.key_up(KEYS.get(key, key))
        hand.perform()

    def type(self, words: str) -> None:
        ActionChains(self._driver).send_keys(words).perform()

    def attach(self, field: str, file: Path) -> None:
        self._driver.find_element(By.CSS_SELECTOR, field).send_keys(str(file))

    def troubles(self) -> list[str]:
        return []


@contextmanager
def _screen() -> Iterator[int]:
    """One with a free number, which it tells when it is ready."""
    told, tells = os.pipe()
    command = ["Xvfb", "-displayfd", str(tells), "-screen", "0", SCREEN]
    child = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[tells], stderr=subprocess.DEVNULL
    )
    os.close(tells)
    try:
        with os.fdopen(told) as number:
            found = int(number.readline())
        yield found
    finally:
        child.terminate()
        child.wait()
