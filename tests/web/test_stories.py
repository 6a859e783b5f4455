"""Rows of the inbox: coverage by channel, and several stories by one press."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from desk import db, scheduling, shares
from desk.articles import inbox
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Post
from desk.models.people import Role
from desk.scheduling import At
from tests.unit.articles.taken import drafts, give_slots, put_due, take
from tests.web.articles import untouched
from tests.web.visiting import Visitor, hidden, plain

ROW = re.compile(r'<li class="story-row" id="article-(\d+)">(.*?)</li>', re.DOTALL)


def rows(visitor: Visitor, path: str = "/inbox") -> dict[int, str]:
    """What each row says, in plain words."""
    page = visitor.look(path).text
    return {int(id_): plain(inside) for id_, inside in ROW.findall(page)}


def ticked(visitor: Visitor, *articles: int, **more: object) -> dict[str, object]:
    """The form of the bar, with these ticked, as the page shows them now."""
    page = visitor.look("/inbox").text
    known = dict(re.findall(r'name="(drafts-\d+)" value="(\w*)"', page))
    return {"stories": [str(one) for one in articles], **known, **more}


def two_stories(desk: Desk) -> tuple[int, int]:
    first = take(desk, "Aldon", "Bay")
    for post in drafts(desk, first):
        give_slots(desk, post.channel_id)
    return first, take(desk, number=2)


def states(desk: Desk, article: int) -> set[str]:
    return {post.state for post in drafts(desk, article)}


def test_a_row_says_each_state_once_with_the_channels_in_it(
    desk: Desk, editor: Visitor
) -> None:
    story = take(desk, "Aldon", "Bay", "Cove", "Dune")
    first, second, third, _ = drafts(desk, story)
    put_due(desk, first.id)
    with desk.db.writing() as session:
        at = At(db.now(session).replace(year=2031))
        for post in (second, third):
            scheduling.schedule(desk, session, post.id, at, now=db.now(session))

    said = rows(editor)[story]

    assert re.search(r"Live \d\d:\d\d A?l?don|Live \d\d:\d\d .*Aldon", said)
    assert re.search(r"2031.*Bay , .*Cove|\d\d:\d\d .*Bay , .*Cove", said)
    assert "Not shared" in said


def test_a_story_that_nobody_shared_says_when_it_could_go_out(
    desk: Desk, editor: Visitor
) -> None:
    story, _ = two_stories(desk)

    assert re.search(r"Not shared\. Free: .*12:30", rows(editor)[story])


def test_a_story_without_free_slots_says_so(desk: Desk, editor: Visitor) -> None:
    story = take(desk, "Aldon")

    assert "Not shared. No free slot." in rows(editor)[story]


def test_a_draft_says_who_wrote_on_it(desk: Desk, editor: Visitor) -> None:
    story = take(desk, "Aldon")
    (post,) = drafts(desk, story)
    form = untouched(editor.look(f"/posts/{post.id}").text, post.id)
    form |= {f"text-{post.id}": "Mine now."}
    editor.send(f"/posts/{post.id}/save", form)

    said = rows(editor)[story]

    assert "Draft, The editor" in said
    assert "Go on" in said


def test_several_stories_go_to_the_next_free_slots_by_one_press(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)

    editor.send("/stories/schedule", ticked(editor, first, second))

    its = [post for one in (second, first) for post in drafts(desk, one)]
    times = [post.due_at for post in its if post.due_at]
    assert len(times) == 4
    assert times[0] == times[1] < times[2] == times[3]  # the upper one goes first
    assert "Scheduled 2 stories on 2 channels" in editor.look("/inbox").text


def test_one_undo_takes_all_of_them_back(desk: Desk, editor: Visitor) -> None:
    first, second = two_stories(desk)
    editor.send("/stories/schedule", ticked(editor, first, second))

    editor.press("/inbox", "/articles/unshare")

    assert states(desk, first) | states(desk, second) == {State.DRAFT}


def test_what_can_not_go_stays_ticked_and_says_why(desk: Desk, editor: Visitor) -> None:
    first, second = two_stories(desk)
    with desk.db.writing() as session:
        for post in session.scalars(select(Post).where(Post.article_id == first)):
            post.text = "long " * 80

    answer = editor.send("/stories/schedule", ticked(editor, first, second))

    page = editor.look(answer.location or "").text
    assert states(desk, first) == {State.DRAFT}
    assert states(desk, second) == {State.SCHEDULED}
    assert "1 needs you." in page
    assert re.search(rf'id="tick-{first}"[^>]* checked', page)
    assert not re.search(rf'id="tick-{second}"[^>]* checked', page)


def test_a_story_that_changed_since_the_page_was_drawn_is_left(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)
    form = ticked(editor, first, second)
    with desk.db.writing() as session:
        now = db.now(session)
        post = drafts(desk, first)[0]
        at = At(now.replace(year=2031))
        scheduling.schedule(desk, session, post.id, at, now=now)

    editor.send("/stories/schedule", form)

    assert drafts(desk, first)[1].state == State.DRAFT
    assert states(desk, second) == {State.SCHEDULED}
    assert "since you opened this page" in editor.look("/inbox").text


def test_a_tick_that_says_not_what_its_row_showed_does_nothing(
    desk: Desk, editor: Visitor
) -> None:
    first, _ = two_stories(desk)

    answer = editor.send("/stories/schedule", {"stories": [str(first)]})

    assert answer.status_code == 409
    assert states(desk, first) == {State.DRAFT}


def test_an_author_sends_several_for_approval(desk: Desk, author: Visitor) -> None:
    first, second = two_stories(desk)

    author.send("/stories/schedule", ticked(author, first, second))

    assert states(desk, first) | states(desk, second) == {State.IN_REVIEW}


def test_several_are_dismissed_and_brought_back_together(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)
    kept = take(desk, number=3)

    editor.send("/stories/dismiss", ticked(editor, first, second))
    page = editor.look("/inbox").text
    assert [int(id_) for id_, _ in ROW.findall(page)] == [kept]
    editor.send("/articles/back", hidden(page, "/articles/back"))

    assert set(rows(editor)) == {first, second, kept}


def test_undo_brings_back_only_what_that_press_dismissed(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)
    form = ticked(editor, first, second)
    with desk.db.writing() as session:
        inbox.dismiss(session, first, db.now(session).replace(year=2020))

    editor.send("/stories/dismiss", form)
    editor.press("/inbox", "/articles/back")

    assert list(rows(editor)) == [second]


def labels(desk: Desk, article: int) -> list[str]:
    with desk.db.reading() as session:
        share = shares.newest_of(session, article)
        assert share
        return [one.name for one in share.labels]


def test_a_label_is_put_on_several_and_undone_where_it_was_new(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)
    editor.send("/stories/label", ticked(editor, first, label="election"))

    editor.send("/stories/label", ticked(editor, first, second, label="election"))
    assert [labels(desk, one) for one in (first, second)] == [["election"]] * 2
    editor.press("/inbox", "/stories/unlabel")

    assert [labels(desk, one) for one in (first, second)] == [["election"], []]


@pytest.mark.parametrize("act", ["schedule", "dismiss", "label"])
def test_no_tick_is_no_story(editor: Visitor, act: str) -> None:
    answer = editor.send(f"/stories/{act}", {"label": "election"})

    assert answer.status_code == 400
    assert "Tick a story first" in answer.text


def test_a_label_needs_a_word(desk: Desk, editor: Visitor) -> None:
    first, _ = two_stories(desk)

    answer = editor.send("/stories/label", ticked(editor, first, label=" "))

    assert "Write a label first" in answer.text


def test_the_bar_says_when_the_ticked_ones_would_go_out(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)

    said = plain(editor.look(f"/stories/plan?stories={first}&stories={second}").text)

    assert re.search(r"2 stories at the next free slots: .*12:30 to .*12:30", said)
    assert "Schedule 2 on 2" in said


def bar(visitor: Visitor, *articles: int) -> str:
    """What it says of these, in plain words."""
    asked = "&".join(f"stories={one}" for one in articles)
    return plain(visitor.look(f"/stories/plan?{asked}").text)


def test_the_bar_counts_what_a_press_would_schedule(
    desk: Desk, editor: Visitor
) -> None:
    story = take(desk, "Aldon", "Bay", "Cove", "Dune")
    first, second, _, fourth = drafts(desk, story)
    give_slots(desk, first.channel_id)
    give_slots(desk, second.channel_id)
    with desk.db.writing() as session:
        session.get_one(Post, second.id).text = "long " * 80
        session.get_one(Post, fourth.id).left_out = True

    said = bar(editor, story)
    editor.send("/stories/schedule", ticked(editor, story))

    given = [post for post in drafts(desk, story) if post.state == State.SCHEDULED]
    assert len(given) == 1
    assert "Schedule 1 on 1" in said
    assert "1 channel has no free slot." in said
    assert "1 story has something to mend." in said


def test_the_bar_says_of_how_many_something_goes_out(
    desk: Desk, editor: Visitor
) -> None:
    first, second = two_stories(desk)
    with desk.db.writing() as session:
        for post in session.scalars(select(Post).where(Post.article_id == first)):
            post.text = "long " * 80

    said = bar(editor, first, second)

    assert "2 stories , 1 of them at the next free slots:" in said
    assert "Schedule 1 on 2" in said
    assert "See what is missing" in bar(editor, first)


def share_of(desk: Desk, article: int) -> int:
    with desk.db.reading() as session:
        found = shares.newest_of(session, article)
        assert found
        return found.id


def test_shared_again_is_a_new_share_of_drafts(desk: Desk, editor: Visitor) -> None:
    story = take(desk, "Aldon")
    put_due(desk, drafts(desk, story)[0].id)
    assert "Share again" in rows(editor)[story]

    answer = editor.press("/inbox", f"/shares/{share_of(desk, story)}/again")

    assert answer.location == f"/articles/{story}"
    with desk.db.reading() as session:
        assert len(shares.of_article(session, story)) == 2
    page = editor.look(f"/articles/{story}", follow_redirects=True).text
    assert "Aldon" in page
    assert "2 shares" in rows(editor)[story]


def test_shared_again_soon_after_it_went_live_is_told(
    desk: Desk, editor: Visitor
) -> None:
    story = take(desk, "Aldon")
    put_due(desk, drafts(desk, story)[0].id)

    editor.press("/inbox", f"/shares/{share_of(desk, story)}/again")

    assert re.search(r"Live .*on Aldon", editor.look("/inbox").text)


def test_new_stories_are_told_and_move_no_list(desk: Desk, editor: Visitor) -> None:
    first = take(desk, "Aldon")
    page = editor.look("/inbox").text
    (until,) = set(re.findall(r"until=(\d+)", page))
    take(desk, number=2)
    take(desk, number=3)

    assert list(rows(editor, f"/inbox?until={until}")) == [first]
    assert "2 new stories: show" in editor.look(f"/inbox?until={until}").text
    assert len(rows(editor)) == 3


def test_a_press_in_an_older_list_leaves_it_where_it_was(
    desk: Desk, editor: Visitor
) -> None:
    first = take(desk, "Aldon")
    form = {"until": str(first)}
    newer = take(desk, number=2)

    answer = editor.send_in_place(f"/articles/{first}/dismiss", form)

    assert f'id="article-{newer}"' not in answer.text
    assert "1 new story: show" in answer.text


def test_filters_say_how_many_they_have(desk: Desk, editor: Visitor) -> None:
    two_stories(desk)

    said = plain(editor.look("/inbox").text)

    assert "All 2 Not shared 2 Partly 0 Breaking 0 Share again 0 Dismissed" in said


def test_a_story_is_found_by_its_words(desk: Desk, editor: Visitor) -> None:
    first, second = two_stories(desk)
    with desk.db.writing() as session:
        session.get_one(Article, second).headline = "A bakery that starts at midnight"

    assert list(rows(editor, "/inbox?words=BAKERY")) == [second]
    assert "No story says that" in editor.look("/inbox?words=goalkeeper").text
    assert first != second


def test_an_analyst_sees_coverage_and_no_tick(
    desk: Desk, visit: Callable[[Role], Visitor]
) -> None:
    story, _ = two_stories(desk)
    analyst = visit(Role.ANALYST)

    assert "Not shared." in rows(analyst, "/inbox")[story]
    assert "data-tick" not in analyst.look("/inbox").text
    assert "Open" in rows(analyst, "/inbox")[story]
