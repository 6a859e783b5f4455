"""A browser: what a person does at one, whichever it is, and what its page can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol


class Unanswered(Exception):
    """The page could not tell: it changes at this moment, or the question is wrong."""


class Browser(Protocol):
    """One window. What is pressed there is real, as from a person's hand."""

    def open(self, address: str) -> None:
        """Gives way once the page is there."""

    def ask(self, function: str, *given: object) -> Any:
        """What a JavaScript function gives, called in the page with these."""

    def click(self, x: float, y: float) -> None:
        """At this place of the window."""

    def press(self, *keys: str) -> None:
        """Together: "Control", "Enter"."""

    def type(self, words: str) -> None:
        """Letter by letter, into what has the focus."""

    def attach(self, field: str, file: Path) -> None:
        """Choose a file in the field that this selector finds."""

    def troubles(self) -> list[str]:
        """What its console has complained of since it was asked last."""
