"""Errors: a sentence for each, on a page or in place."""

from __future__ import annotations

import structlog
from flask import Flask

from desk.refusal import Refusal, RefusalKind
from tests.web.visiting import Visitor, sentence


def test_an_unknown_address_gets_a_sentence(editor: Visitor) -> None:
    answer = editor.look("/nowhere")

    assert answer.status_code == 404
    assert "nothing at this address" in sentence(answer)


def test_a_wrong_method_gets_a_sentence(editor: Visitor) -> None:
    answer = editor.look("/hold")

    assert answer.status_code == 405
    assert "another kind of request" in sentence(answer)


def test_a_broken_page_says_so_and_tells_the_log_alone(
    app: Flask, editor: Visitor
) -> None:
    def broken() -> str:
        raise RuntimeError("the secret reason")

    broken.permission = "read"  # type: ignore[attr-defined]  # as may() does
    app.add_url_rule("/broken", "broken", broken)

    with structlog.testing.capture_logs() as logged:
        answer = editor.look("/broken")

    assert answer.status_code == 500
    assert "Something broke on our side" in sentence(answer)
    assert "secret reason" not in answer.text
    assert logged[0]["page"] == "/broken"


def test_the_page_leads_back_to_where_the_form_stood(editor: Visitor) -> None:
    own = editor.look("/nowhere", headers={"Referer": "http://localhost/queue"})
    foreign = editor.look("/nowhere", headers={"Referer": "https://evil.example/"})

    assert 'href="/queue">Go back' in own.text
    assert 'href="/">Go back' in foreign.text


def test_without_a_built_front_end_pages_are_plain(app: Flask, editor: Visitor) -> None:
    app.jinja_env.globals["built"] = lambda: False

    page = editor.look("/").text

    assert "<script" not in page
    assert 'action="/articles"' in page


def test_a_page_that_breaks_logs_no_one_time_link(
    app: Flask, passer_by: Visitor
) -> None:
    def broken(token: str) -> str:
        raise RuntimeError("no luck")

    app.view_functions["sign_in.link"] = broken

    with structlog.testing.capture_logs() as logged:
        answer = passer_by.look("/sign-in/a-secret-token")

    assert answer.status_code == 500
    assert "a-secret-token" not in str(logged)
    assert logged[-1]["page"] == "/sign-in/<token>"


def test_whatever_the_desk_refuses_is_its_sentence_with_its_status(
    app: Flask, editor: Visitor
) -> None:
    class NeverHeardOf(Refusal):
        kind = RefusalKind.UNFIT

    def refusing() -> str:
        raise NeverHeardOf("Choose another.")

    refusing.permission = "read"  # type: ignore[attr-defined]  # as may() does
    app.add_url_rule("/refusing", "refusing", refusing)

    answer = editor.look("/refusing")

    assert answer.status_code == 422
    assert "Choose another." in sentence(answer)
