"""Several links in the paste field: a row each, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from desk.articles import arrivals
from desk.desk import Desk
from desk.models import Arrival, Article
from desk.models.people import Role
from tests.asking import questions
from tests.unit.articles.taken import take
from tests.web.visiting import Visitor, plain, sentence

PRIVATE = "https://127.0.0.1/story"  # refused by the guard, before anything is asked


def panel(visitor: Visitor, path: str = "/inbox") -> str:
    page = visitor.look(path).text
    found = re.search(r'<section id="arrivals".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def field(visitor: Visitor, path: str) -> str:
    page = visitor.look(path).text
    found = re.search(
        r'<textarea[^>]*id="source"[^>]*>(.*?)</textarea>', page, re.DOTALL
    )
    assert found
    return found[1]


def paste(visitor: Visitor, *lines: str) -> str:
    answer = visitor.send("/articles", {"source": "\n".join(lines)})
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def known(desk: Desk) -> str:
    """The link of a story that is here."""
    take(desk, "Aldon")
    with desk.db.reading() as session:
        link = session.scalars(select(Article.link)).one()
    assert link
    return link


def test_the_inbox_has_a_row_for_each_at_once(desk: Desk, editor: Visitor) -> None:
    where = paste(editor, known(desk), PRIVATE)

    said = plain(panel(editor, where))
    assert "Reading 2 links: 1 was here already, 1 to come" in said
    assert "Harbour ferry returns" in said
    assert f"Reading {PRIVATE}" in said
    assert 'hx-get="/arrivals"' in panel(editor)


def test_when_all_are_read_a_line_says_what_became_of_them(
    desk: Desk, editor: Visitor
) -> None:
    paste(editor, known(desk), PRIVATE)

    arrivals.read_waiting(desk)

    said = plain(panel(editor))
    assert "2 links: 1 was here already, 1 can’t be read" in said
    assert "private network" in said
    assert "hx-get" not in panel(editor)
    assert plain(editor.look("/arrivals").text) == said


def test_lines_that_became_no_story_go_back_into_the_field(
    desk: Desk, editor: Visitor
) -> None:
    paste(editor, known(desk), PRIVATE)
    arrivals.read_waiting(desk)
    assert field(editor, "/inbox") == ""

    assert "lines=again" in panel(editor)
    assert field(editor, "/inbox?lines=again") == PRIVATE


def test_a_line_that_is_no_link_stays_in_the_field(desk: Desk, editor: Visitor) -> None:
    where = paste(editor, known(desk), PRIVATE, "https//story")

    assert field(editor, where) == "https//story"
    assert "It is no link" in plain(panel(editor, where))


def test_what_was_read_is_put_away_by_a_press(desk: Desk, editor: Visitor) -> None:
    paste(editor, known(desk), PRIVATE)
    arrivals.read_waiting(desk)

    editor.press("/inbox", "/arrivals/put-away")

    assert "hidden" in panel(editor).partition(">")[0]


def test_fifty_one_links_get_a_sentence(editor: Visitor) -> None:
    lines = "\n".join(f"https://paper.example/{number}" for number in range(51))

    answer = editor.send("/articles", {"source": lines})

    assert answer.status_code == 422
    assert "These are 51 links, and the desk reads 50 at once" in sentence(answer)


def test_each_link_counts_in_what_one_person_may_send(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    for number in range(3):
        lines = [f"https://{number}.example/{n}" for n in range(40)]
        paste(editor, *lines)
        arrivals_gone(desk)

    answer = editor.send("/articles", {"source": "a.example/1\na.example/2"})

    assert answer.status_code == 429


def arrivals_gone(desk: Desk) -> None:
    with desk.db.writing() as session:
        for one in session.scalars(select(Arrival)):
            session.delete(one)


def test_others_see_nothing_of_it(
    desk: Desk, editor: Visitor, visit: Callable[[Role | None], Visitor]
) -> None:
    paste(editor, known(desk), PRIVATE)

    assert PRIVATE not in visit(Role.ADMIN).look("/inbox").text
    assert visit(Role.ANALYST).look("/arrivals").status_code == 403


def test_forty_rows_cost_no_more_questions(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    def asked() -> int:
        with questions(app.extensions["desk"].db.engine) as made:
            editor.look("/inbox")
        return len(made)

    paste(editor, known(desk), PRIVATE)
    asked()
    before = asked()
    arrivals_gone(desk)

    paste(editor, *(f"https://{number}.example" for number in range(40)))

    assert asked() <= before
