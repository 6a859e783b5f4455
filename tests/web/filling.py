"""Filling: the fields of a page's form, as a browser without JavaScript sends them."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

Form = dict[str, object]
NEVER_SENT = frozenset({"submit", "button", "file", "image"})
TICKED = frozenset({"radio", "checkbox"})


def form_in(page: str, action: str) -> Form:
    """The fields of the form to that address, as a browser sends them untouched."""
    reader = _Fields(action)
    reader.feed(page)
    assert reader.found, f"no form to {action}"
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in reader.values.items()
        if name != "csrf_token"
    }


class _Fields(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.found = self._within = False
        self._text: str | None = None
        self.values: dict[str, list[str]] = {}

    def handle_starttag(
        self, tag: str, attrs: Sequence[tuple[str, str | None]]
    ) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = said.get("action") == self.action
            self.found |= self._within
        if not self._within or "name" not in said or "disabled" in said:
            return
        if tag == "textarea":
            self._text = said["name"]
            self.values.setdefault(said["name"], []).append("")
        if tag == "input" and self._is_sent(said):
            self.values.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.values[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        if tag == "form":
            self._within = False

    @staticmethod
    def _is_sent(said: dict[str, str]) -> bool:
        kind = said.get("type", "text")
        return kind not in NEVER_SENT and (kind not in TICKED or "checked" in said)
