"""The connector that docs/connectors.md shows: written off the page, it works."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from connectors.base import (
    Class,
    Connector,
    Found,
    Message,
    NotThere,
    OutcomeUnknown,
    Rejected,
    Unavailable,
)
from tests.contract.cases import outcome
from tests.contract.conftest import prepared
from tests.fakes.line import Caller, Line

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connectors.md"


class Office:
    """A telegraph office: a wire for a key, once and for ever."""

    def __init__(self) -> None:
        self.wires: dict[str, dict[str, str]] = {}

    def __call__(self, caller: Caller) -> None:
        head, body = caller.hear().split(b"\r\n\r\n", 1)
        status, answer = self._answer(head.split()[1].decode(), body)
        told = json.dumps(answer).encode()
        length = b"Content-Length: %d" % len(told)
        caller.say(b"HTTP/1.1 %d X\r\n%b\r\n\r\n%b" % (status, length, told))

    def _answer(self, path: str, body: bytes) -> tuple[int, dict[str, str]]:
        if path == "/me":
            return 200, {"name": "desk"}
        if path == "/wires":
            asked = json.loads(body)
            wire = {"id": asked["key"], "url": f"https://t/{asked['key']}"}
            return 200, self.wires.setdefault(
                asked["key"], {**wire, "text": asked["text"]}
            )
        wire = self.wires.get(path.rsplit("/", 1)[1], {})
        return (200 if wire else 404), wire


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def telegraph(office: Office) -> type[Connector]:
    [code] = [
        block
        for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
        if "(Connector)" in block
    ]
    module = ModuleType("telegraph")
    exec(compile(code, str(PAGE), "exec"), vars(module))  # noqa: S102
    found = module.Telegraph
    assert isinstance(found, type)
    assert issubclass(found, Connector)
    return found


def test_the_example_of_the_page_publishes_once(
    telegraph: type[Connector], office: Office
) -> None:
    with Line(office) as line:
        connector = telegraph({"server": line.address, "token": "t"})
        ready = prepared(connector, Message("Hello", "https://news.example/x"))
        before = connector.find(ready, datetime.now(UTC))

        receipts = {connector.publish(ready) for _ in range(2)}

        after = connector.find(ready, datetime.now(UTC))
        assert connector.check().exactly_once is Class.EXACT
    assert before == NotThere()
    assert isinstance(after, Found)
    assert set(after.receipts) == receipts
    assert [wire["text"] for wire in office.wires.values()] == [
        "Hello\nhttps://news.example/x"
    ]


def test_the_example_of_the_page_keeps_the_contract_when_answers_are_lost(
    telegraph: type[Connector],
) -> None:
    with Line(lambda caller: None) as line:
        connector = telegraph({"server": line.address, "token": "t"})
        ready = prepared(connector, Message("Hello"))

        lost = outcome(lambda: connector.publish(ready))
    gone = outcome(lambda: connector.publish(ready))
    long = outcome(lambda: connector.stage(Message("a" * 301)))

    assert [type(error) for error in (lost, gone, long)] == [
        OutcomeUnknown,
        Unavailable,
        Rejected,
    ]
