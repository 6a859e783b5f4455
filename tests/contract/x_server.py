"""An X connector on its fake, and the answers it meets."""

from __future__ import annotations

import json
from dataclasses import replace

from connectors.base import Message
from connectors.x import X
from tests.contract.conftest import PATIENT
from tests.contract.servers import answer
from tests.fakes.platform import Trouble
from tests.fakes.x import XFake

LINK = "https://news.example/story?utm_source=desk&id=7"
HELLO = Message("Hello from the desk", LINK)
LISTING = "GET /2/users/1001/tweets"
ME = "GET /2/users/me"


def connected(fake: XFake, **changed: str) -> X:
    connector = X({**fake.credentials(), **changed})
    connector.deadline = PATIENT
    return connector


def problem(status: int, kind: str = "", detail: str = "No.", **more: str) -> Trouble:
    """A problem as X tells it."""
    told = {"title": "Problem", "detail": detail, "status": status, **more}
    told["type"] = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
    return answer(status, json.dumps(told))


def told(body: object, status: int = 200, on: str | None = None) -> Trouble:
    trouble = answer(status, json.dumps(body))
    return trouble if on is None else replace(trouble, on=on)
