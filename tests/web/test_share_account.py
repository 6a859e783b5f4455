"""The page of a share that is out: posts in words, what happened, what comes next."""

from __future__ import annotations

import re

import pytest

from connectors.base import Rejected
from desk import db, scheduling, shares
from desk.articles.angles import NoAngle
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.scheduling import At
from tests.factories import (
    look_up,
    make_channel,
    make_scheduled,
    make_share,
    run_due,
)
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, put_due, take
from tests.web.visiting import Visitor, plain

POST = re.compile(r'<li class="post-row[^"]*" id="row-(\d+)".*?</li>', re.DOTALL)


def out(desk: Desk) -> tuple[int, list[Post]]:
    """A story that is live on one channel, failed on one, planned on one."""
    story = take(desk, "Aldon", "Bay", "Cove")
    first, second, third = drafts(desk, story)
    put_due(desk, first.id)
    Scripted.script.append(Rejected("No posts at night."))
    put_due(desk, second.id)
    with desk.db.writing() as session:
        now = db.now(session)
        at = At(now.replace(year=2031))
        scheduling.schedule(desk, session, third.id, at, now=now)
    return first.share_id, [look_up(desk, post.id) for post in (first, second, third)]


def said(visitor: Visitor, path: str) -> str:
    return plain(visitor.look(path).text)


def rows(visitor: Visitor, share: int) -> dict[int, str]:
    page = visitor.look(f"/shares/{share}/posts").text
    return {int(found[1]): plain(found[0]) for found in POST.finditer(page)}


def test_each_post_says_in_words_how_it_stands_and_has_one_act(
    desk: Desk, editor: Visitor
) -> None:
    share, (live, failed, planned) = out(desk)

    found = rows(editor, share)

    assert re.search(r"Aldon .*Live \d\d:\d\d .*Open", found[live.id])
    assert re.search(r"Bay .*Failed .*No posts at night.*Retry", found[failed.id])
    assert re.search(r"Cove .*Scheduled .*2031|Cove .*Scheduled", found[planned.id])
    assert "Move" in found[planned.id]


def test_a_share_of_which_nothing_is_to_be_made_leads_here(
    desk: Desk, editor: Visitor
) -> None:
    share, _ = out(desk)

    answer = editor.client.get(f"/shares/{share}")

    assert answer.status_code == 303
    assert answer.location == f"/shares/{share}/posts"


def test_the_head_says_each_state_once_and_which_share_it_is(
    desk: Desk, editor: Visitor
) -> None:
    share, _ = out(desk)

    page = said(editor, f"/shares/{share}/posts")

    assert "share 1 of 1" in page
    assert re.search(r"Live \d\d:\d\d Aldon", page)
    assert "Failed B Bay" in page


def test_what_happened_is_told_once_for_all_that_it_happened_to(
    desk: Desk, editor: Visitor
) -> None:
    story = take(desk, "Aldon", "Bay")
    its = drafts(desk, story)
    for post in its:
        put_due(desk, post.id)

    page = said(editor, f"/shares/{its[0].share_id}/posts")

    assert page.count("Live on") == 1
    assert re.search(r"Live on Aldon , B Bay", page)
    assert page.index("Live on") < page.index("Drafted")  # the newest first


def test_a_person_is_named_with_what_they_did(desk: Desk, editor: Visitor) -> None:
    share, (_, failed, _) = out(desk)

    editor.send(f"/posts/{failed.id}/draft")

    assert "The editor: Back to draft." in said(editor, f"/shares/{share}/posts")


def test_the_chosen_post_stands_beside_the_others(desk: Desk, editor: Visitor) -> None:
    share, (live, failed, planned) = out(desk)

    usual = editor.look(f"/shares/{share}/posts").text
    chosen = editor.look(f"/shares/{share}/posts?post={planned.id}").text

    assert f'href="/posts/{failed.id}">Full page' in usual  # it needs a look
    assert f'href="/posts/{planned.id}">Full page' in chosen
    assert f'name="text-{planned.id}"' in chosen
    assert f'name="text-{live.id}"' not in chosen


@pytest.mark.parametrize("post", ["", "0", "4242", "nonsense"])
def test_a_post_that_is_not_its_own_is_never_chosen(
    desk: Desk, editor: Visitor, post: str
) -> None:
    share, (_, failed, _) = out(desk)

    page = editor.look(f"/shares/{share}/posts?post={post}").text

    assert f'href="/posts/{failed.id}">Full page' in page


def test_a_duplicate_is_a_share_of_drafts(desk: Desk, editor: Visitor) -> None:
    share, (live, *_) = out(desk)

    answer = editor.press(f"/shares/{share}/posts", f"/shares/{share}/duplicate")

    assert answer.location == f"/articles/{live.article_id}"
    assert live.article_id
    with desk.db.reading() as session:
        newest = shares.of_article(session, live.article_id)[0]
        states = {post.state for post in shares.posts_of(session, newest.id)}
    assert newest.id != share
    assert states == {State.DRAFT}
    assert "share 1 of 2" in said(editor, f"/shares/{share}/posts")


def test_an_angle_that_is_used_up_says_so(desk: Desk, editor: Visitor) -> None:
    share, _ = out(desk)

    answers = [
        editor.press(f"/shares/{share}/posts", f"/shares/{share}/angle")
        for _ in range(6)
    ]

    refused = [one for one in answers if one.status_code != 303]
    assert refused
    assert refused[0].status_code == NoAngle("").status
    assert "was shared before" in refused[0].text


def test_a_post_without_a_story_has_no_other_angle(desk: Desk, editor: Visitor) -> None:
    post = look_up(desk, make_scheduled(desk, make_channel(desk), "Hello"))
    run_due(desk)
    path = f"/shares/{post.share_id}/posts"

    page = editor.look(path).text
    answer = editor.send(f"/shares/{post.share_id}/angle")
    again = editor.press(path, f"/shares/{post.share_id}/again")

    assert "/angle" not in page
    assert "has no story" in answer.text
    assert re.fullmatch(r"/shares/\d+/posts", again.location or "")


def test_a_share_of_which_nothing_is_left_is_still_a_page(
    desk: Desk, editor: Visitor
) -> None:
    assert editor.look(f"/shares/{make_share(desk)}/posts").status_code == 200
    assert editor.look("/shares/4242/posts").status_code == 404
