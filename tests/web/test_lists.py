"""Lists in forms: no button makes the desk work without end while it holds records."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from desk import attention
from tests import factories
from tests.web.articles import paste, posts_of
from tests.web.test_hostile_values import WEB, addresses, fields, full, rules
from tests.web.visiting import Visitor, sentence
from web import forms, sent

__all__ = ["full"]
ONE_BUTTON = 150  # statements of what one press does to one post, and far more
LISTS = ("of", "posts", "slot", "seen", "day")


@pytest.fixture
def under_the_lock(admin: Visitor) -> Iterator[list[str]]:
    """What the database is asked in transactions that write."""
    asked: list[str] = []

    def note(
        connection: Connection, _cursor: object, statement: str, *_: object
    ) -> None:
        if connection.get_execution_options().get("standfirst") == "write":
            asked.append(statement)

    engine = admin.client.application.extensions["desk"].db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def busiest(
    app: Flask, visitor: Visitor, asked: list[str], values: list[str]
) -> dict[str, int]:
    """The routes that ask too much while they hold the write lock, or that break."""
    found = {}
    token = visitor.look("/you/signed-in").json
    assert token
    single = {name: "1" for name in fields() if name not in ("role", *LISTS)}
    filled = {**single, "csrf_token": token["token"], **dict.fromkeys(LISTS, values)}
    for rule in (one for one in rules(app) if "POST" in (one.methods or ())):
        asked.clear()
        path = addresses(rule)[1]
        answer = visitor.client.post(path, data=filled)
        if len(asked) > ONE_BUTTON or answer.status_code >= 500:
            found[f"{rule.endpoint} {answer.status_code}"] = len(asked)
    return found


@pytest.mark.parametrize("value", ["1", "1/1/none/", "mon 09:00"])
def test_what_is_named_twice_is_done_once_by_every_button(
    app: Flask, full: Visitor, under_the_lock: list[str], value: str
) -> None:
    assert busiest(app, full, under_the_lock, [value] * 300) == {}


@pytest.mark.parametrize("kind", ["{}", "{}/1/none/", "mon 09:00:00.{:06}"])
def test_no_button_takes_more_things_than_a_page_shows(
    app: Flask, full: Visitor, under_the_lock: list[str], kind: str
) -> None:
    values = [kind.format(number) for number in range(1, forms.MOST + 2)]

    assert busiest(app, full, under_the_lock, values) == {}


def test_many_times_in_one_value_are_too_many_too(
    full: Visitor, under_the_lock: list[str]
) -> None:
    before = ";".join(f"mon 09:00:00.{n:06}" for n in range(forms.MOST + 1))

    answer = full.send("/queue/times/undo", {"of": ["1", before, ""]})

    assert answer.status_code == 400
    assert len(under_the_lock) < ONE_BUTTON


def test_a_post_named_very_often_is_undone_once(
    editor: Visitor, under_the_lock: list[str]
) -> None:
    post, _ = posts_of(editor.desk, paste(editor))
    under_the_lock.clear()

    answer = editor.send("/posts/undo", {"of": [str(post.id)] * 900})

    assert answer.status_code == 303
    assert len(under_the_lock) < ONE_BUTTON


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/posts/undo", forms.MOST_UNDONE),
        ("/needs/drop", forms.MOST),
        ("/needs/send-again", forms.MOST),
    ],
)
def test_too_many_posts_are_refused_with_a_sentence(
    editor: Visitor, path: str, most: int
) -> None:
    of = [str(number) for number in range(1, most + 2)]

    answer = editor.send(path, {"of": of})

    assert answer.status_code == 400
    assert f"which is {most}" in sentence(answer)


def test_a_button_may_name_all_that_a_page_shows(editor: Visitor) -> None:
    channel = factories.make_channel(editor.desk)
    made = [factories.make_scheduled(editor.desk, channel) for _ in range(30)]

    answer = editor.send("/needs/drop", {"of": [str(number) for number in made]})

    assert answer.status_code == 303
    assert attention.SHOWN <= forms.MOST


def test_a_form_of_too_many_fields_is_refused_before_it_is_read(
    editor: Visitor,
) -> None:
    many = sent.MOST_FIELDS + 1
    part = '--edge\r\nContent-Disposition: form-data; name="of"\r\n\r\n1\r\n'
    bodies = {
        "application/x-www-form-urlencoded": urlencode([("of", 1)] * many),
        "multipart/form-data; boundary=edge": part * many + "--edge--\r\n",
    }

    answers = [
        editor.client.post("/posts/undo", data=body, content_type=kind)
        for kind, body in bodies.items()
    ]

    assert [one.status_code for one in answers] == [413, 413]
    assert all("fields" in sentence(one) for one in answers)


def test_lists_are_read_in_one_place_which_bounds_them() -> None:
    readers = {path.name for path in WEB.glob("*.py") if "getlist" in path.read_text()}

    assert readers == {"forms.py"}


def test_an_address_of_too_many_arguments_is_refused(editor: Visitor) -> None:
    asked = "&".join(["channel=1"] * (forms.MOST_ARGUMENTS + 1))

    for path in ("/calendar", "/records", "/sign-in"):
        answer = editor.look(f"{path}?{asked}")
        assert answer.status_code == 400
        assert "arguments" in sentence(answer)


def test_a_page_before_with_too_many_arguments_is_as_good_as_none(
    editor: Visitor,
) -> None:
    before = "/inbox?" + "&".join(["show=new"] * (forms.MOST_ARGUMENTS + 1))

    answer = editor.send(
        "/articles/1/dismiss", headers={"Referer": before, "HX-Request": "true"}
    )

    assert answer.status_code in (200, 404)
