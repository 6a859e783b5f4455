"""Givers: what a request gives to be parsed is its person's, or its network's."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from desk import sandbox
from desk.fair_queue import NOBODY
from tests.web.visiting import Visitor


@pytest.fixture
def given(app: Flask) -> list[str]:
    """Whose each request was, as its view saw it."""
    seen: list[str] = []

    def note(answer: Response) -> Response:
        seen.append(sandbox.giver.get())
        return answer

    app.after_request(note)
    return seen


def test_what_is_parsed_for_a_request_is_its_persons(
    given: list[str], editor: Visitor
) -> None:
    editor.look("/inbox")

    assert editor.user is not None
    assert given == [f"person {editor.user.id}"]
    assert sandbox.giver.get() == NOBODY


def test_who_is_signed_out_is_known_by_the_network(
    given: list[str], passer_by: Visitor
) -> None:
    passer_by.look("/sign-in")

    assert given == ["from 127.0.0.0/24"]
