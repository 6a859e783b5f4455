"""A page, as a person sees it: what stands there, what it says, where the focus is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browsers.browser import Browser, Unanswered

PATIENCE_S = 20  # on a busy machine; what is there is seen at once
LOOKS_EVERY_S = 0.05

# all of them take a selector, and words that stand in what is meant
SEEN = """const seen = [...document.querySelectorAll(css)].find(one =>
    one.checkVisibility({ visibilityProperty: true }) &&
    one.textContent.replace(/\\s+/g, " ").includes(words));"""
IS_SEEN = f"(css, words) => {{ {SEEN} return Boolean(seen); }}"
IS_GONE = f"(css, words) => {{ {SEEN} return !seen; }}"
PLACE = f"""(css, words) => {{
    {SEEN}
    if (!seen || seen.disabled) return null;
    seen.scrollIntoView({{ block: "center" }});
    const {{ left, top, width, height }} = seen.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    return seen.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}}"""
FOCUS = f"""(css, words) => {{
    {SEEN}
    seen?.focus();
    return Boolean(seen) && document.activeElement === seen;
}}"""
SELECT = f"""(css, words) => {{
    {SEEN}
    seen?.select();
    return Boolean(seen) && document.activeElement === seen;
}}"""
HAS_FOCUS = "(css) => document.activeElement?.matches(css)"
PUTS = "(words) => document.execCommand('insertText', false, words)"
VALUE = "(css) => document.querySelector(css)?.value"
SAYS = f"(css, words) => ({VALUE})(css) === words"
IS_AT = """(address) =>
    location.href.includes(address) && document.readyState === 'complete'"""
ANSWERS = "() => document.readyState === 'complete' && !window.left"


@dataclass(frozen=True)
class Page:
    """Whatever is waited for has a name, which a test that waits in vain says."""

    browser: Browser
    desk: str  # its address

    def open(self, path: str) -> None:
        self.browser.open(self.desk + path)

    def reload(self) -> None:
        """As F5 does: the browser may put back what stood in the fields."""
        self.browser.ask("() => { window.left = true; location.reload(); }")
        self.until("the page came anew", ANSWERS)

    def until(self, what: str, function: str, *given: object) -> Any:
        """What the page gives once that is something."""
        over, said = time.monotonic() + PATIENCE_S, ""
        while time.monotonic() < over:
            try:
                if found := self.browser.ask(function, *given):
                    return found
            except Unanswered as error:
                said = str(error)
            time.sleep(LOOKS_EVERY_S)
        raise AssertionError(f"never: {what} {said}")

    def until_true(self, what: str, condition: Callable[[], bool]) -> None:
        """Of what is no page's to tell."""
        over = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < over, f"never: {what}"
            time.sleep(LOOKS_EVERY_S)

    def at(self, address: str) -> None:
        """Its address has this in it, and it is all there."""
        self.until(f"{address} is open", IS_AT, address)

    def sees(self, css: str, words: str = "") -> None:
        self.until(f"“{words}” is seen in {css}", IS_SEEN, css, words)

    def sees_no(self, css: str, words: str = "") -> None:
        self.until(f"“{words}” is gone from {css}", IS_GONE, css, words)

    def says(self, field: str, words: str) -> None:
        self.until(f"{field} says “{words}”", SAYS, field, words)

    def focus(self, css: str) -> None:
        self.until(f"{css} takes the focus", FOCUS, css, "")

    def focuses(self, css: str) -> None:
        self.until(f"{css} has the focus", HAS_FOCUS, css)

    def click(self, css: str, words: str = "") -> None:
        x, y = self.until(f"“{words}” of {css} can be pressed", PLACE, css, words)
        self.browser.click(x, y)

    def press(self, *keys: str) -> None:
        self.browser.press(*keys)

    def type(self, words: str) -> None:
        self.browser.type(words)

    def write(self, field: str, words: str) -> None:
        """Over what the field says, at once, as by pasting."""
        self.focus(field)
        self.until(f"{field} takes words", SELECT, field, "")
        self.browser.ask(PUTS, words)

    def attach(self, field: str, file: Path) -> None:
        self.browser.attach(field, file)
