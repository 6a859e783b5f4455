"""Campaigns: the page that says what would go out when, its press, and its one Undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time

import pytest

from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Slot
from desk.models.people import Role
from tests.web.articles import paste, posts_of
from tests.web.visiting import Visitor, hidden, plain, sentence


def story(visitor: Visitor, channels: int = 2, slots: bool = True) -> int:
    article = paste(visitor, channels)
    for post in posts_of(visitor.desk, article) if slots else ():
        with visitor.desk.db.writing() as session:
            session.add_all(
                Slot(channel_id=post.channel_id, weekday=day, local_time=time(12, 30))
                for day in range(7)
            )
    return article


def path(article: int, query: str = "") -> str:
    return f"/articles/{article}/campaign{query}"


def states(desk: Desk, article: int) -> list[str]:
    return sorted(post.state for post in posts_of(desk, article))


def test_the_page_says_words_and_times_before_anybody_presses(
    desk: Desk, editor: Visitor
) -> None:
    article = story(editor)

    page = editor.look(path(article)).text

    said = re.findall(r'<p class="said">(.*?)</p>', page)
    assert len(set(said)) == 3
    assert len(re.findall(r"12:30</time>", page)) == 3
    assert "Schedule 3 shares" in page
    assert states(desk, article) == [State.DRAFT] * 2


def test_a_form_says_how_many_and_over_how_many_days(editor: Visitor) -> None:
    page = editor.look(path(story(editor), "?shares=2&days=7")).text

    assert "Schedule 2 shares" in page
    assert '<option value="7" selected>' in page


def test_one_press_plans_them_and_one_undo_takes_them_back(
    desk: Desk, editor: Visitor
) -> None:
    article = story(editor)

    editor.press(path(article), path(article))

    assert states(desk, article) == [State.SCHEDULED] * 6
    inbox = editor.look("/inbox").text
    assert "Scheduled 3 shares on 2 channels" in inbox
    assert "3 shares</span>" in inbox

    editor.send("/campaigns/undo", hidden(inbox, "/campaigns/undo"))

    assert states(desk, article) == [State.CANCELLED] * 4 + [State.DRAFT] * 2
    assert "Not shared" in plain(editor.look("/inbox").text)


def test_what_somebody_changed_meanwhile_is_not_taken_back(
    desk: Desk, editor: Visitor
) -> None:
    article = story(editor)
    editor.press(path(article), path(article))
    inbox = editor.look("/inbox").text
    other = posts_of(desk, article)[0]
    editor.press(f"/posts/{other.id}", f"/posts/{other.id}/draft")

    editor.send("/campaigns/undo", hidden(inbox, "/campaigns/undo"))

    assert State.CANCELLED not in states(desk, article)


def test_too_few_words_say_how_many_there_are(desk: Desk, editor: Visitor) -> None:
    article = story(editor)
    page = editor.look(path(article, "?shares=6")).text
    assert "This story has words for" in page
    assert "Schedule 6" not in page
    assert re.search(r'href="[^"]*shares=\d&amp;days=3">Plan \d<', page)

    form = {"shares": "6", "days": "3", "stands": ""}
    answer = editor.send(path(article), form)

    assert answer.status_code == 422
    assert "plan" in sentence(answer)
    assert states(desk, article) == [State.DRAFT] * 2


def test_without_free_slots_the_page_says_so(editor: Visitor) -> None:
    page = editor.look(path(story(editor, slots=False))).text

    assert "No channel of it has a free slot" in page
    assert "Schedule 3" not in page


@pytest.mark.parametrize("query", ["?shares=1", "?days=99", "?shares=x"])
def test_other_numbers_get_a_sentence(editor: Visitor, query: str) -> None:
    answer = editor.look(path(story(editor), query))

    assert answer.status_code == 400
    assert "2 to 6 shares over 1 to 14 days" in sentence(answer)


def test_an_author_sends_it_for_approval(desk: Desk, author: Visitor) -> None:
    article = story(author)
    assert "Send 3 shares for approval" in author.look(path(article)).text

    author.press(path(article), path(article))

    assert states(desk, article) == [State.IN_REVIEW] * 6


def test_an_analyst_plans_nothing(
    editor: Visitor, visit: Callable[[Role | None], Visitor]
) -> None:
    article = story(editor)

    assert visit(Role.ANALYST).look(path(article)).status_code == 403


def test_inbox_and_share_lead_there(editor: Visitor) -> None:
    article = story(editor)
    share = posts_of(editor.desk, article)[0].share_id

    for page in ("/inbox", f"/shares/{share}/posts"):
        assert path(article) in editor.look(page).text
