"""Posts of one share stand together: on the board, in Needs you, in the records."""

from __future__ import annotations

import re

from connectors.base import Rejected
from desk import db, scheduling
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.people.actors import Actor
from desk.scheduling import At
from tests import factories
from tests.factories import look_up
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, put_due, take
from tests.web.filling import form_in
from tests.web.visiting import Visitor, hidden, plain


def live(desk: Desk) -> list[Post]:
    its = drafts(desk, take(desk, "Aldon", "Bay"))
    for post in its:
        put_due(desk, post.id)
    return [look_up(desk, post.id) for post in its]


def refused(desk: Desk) -> list[Post]:
    its = drafts(desk, take(desk, "Aldon", "Bay"))
    for post in its:
        Scripted.script.append(Rejected(f"Not on {post.channel.name}."))
        put_due(desk, post.id)
    return its


def test_a_share_is_one_ticket_of_the_board(desk: Desk, editor: Visitor) -> None:
    live(desk)

    page = editor.look("/status").text

    assert page.count('class="card ticket"') == 1
    assert re.search(r"Live \d\d:\d\d Aldon , B Bay", plain(page))
    assert "Open on Aldon" in page
    assert "Open on Bay" in page


def test_a_ticket_shows_the_shares_words_and_names_who_says_others(
    desk: Desk, editor: Visitor
) -> None:
    first, _ = drafts(desk, take(desk, "Aldon", "Bay"))
    path = f"/shares/{first.share_id}"
    form = form_in(editor.look(path).text, f"{path}/schedule") | {
        "share-text": "For all of them",
        f"text-{first.id}": "On Aldon alone",
        "when": "at",
        "at": "now",
    }
    editor.send_bare(f"{path}/schedule", form)

    page = editor.look("/status").text

    assert page.count('class="card ticket"') == 1
    assert re.search(r"For all of them.*own text Aldon", plain(page))
    assert "On Aldon alone" not in plain(page)


def test_posts_that_only_look_alike_are_tickets_of_their_own(
    desk: Desk, editor: Visitor
) -> None:
    channel = factories.make_channel(desk)
    for _ in range(2):
        factories.make_scheduled(desk, channel, "The same words")
    factories.run_due(desk)

    assert editor.look("/status").text.count('class="card ticket"') == 2


def test_trouble_of_a_share_says_of_each_channel_what_it_said(
    desk: Desk, editor: Visitor
) -> None:
    first, second = refused(desk)

    page = editor.look("/needs").text

    assert page.count("Harbour ferry returns after eleven months</a></h3>") == 1
    assert page.count("data-entry") == 2
    assert "Not on Aldon." in page
    assert "Not on Bay." in page
    for post in (first, second):
        assert f'action="/posts/{post.id}/retry"' in page


def asked_for(desk: Desk) -> list[Post]:
    its = drafts(desk, take(desk, "Aldon", "Bay"))
    with desk.db.writing() as session:
        now = db.now(session)
        for post in its:
            at = At(now.replace(year=2031))
            scheduling.schedule(
                desk,
                session,
                post.id,
                at,
                now=now,
                by=Actor("Mika"),
                needs_approval=True,
            )
    return [look_up(desk, post.id) for post in its]


def test_one_press_approves_all_of_a_share_and_one_undo_takes_it_back(
    desk: Desk, editor: Visitor
) -> None:
    its = asked_for(desk)

    editor.press("/needs", "/needs/approve-all")

    assert {look_up(desk, post.id).state for post in its} == {State.SCHEDULED}
    page = editor.look("/needs").text
    assert "Approved on 2 channels" in page
    editor.send("/needs/wait-again", hidden(page, "/needs/wait-again"))
    assert {look_up(desk, post.id).state for post in its} == {State.IN_REVIEW}


def test_what_changed_since_is_not_approved_and_neither_is_the_rest(
    desk: Desk, editor: Visitor
) -> None:
    first, second = asked_for(desk)
    page = editor.look("/needs").text
    with desk.db.writing() as session:
        session.get_one(Post, second.id).revision += 1

    shown = r'name="((?:revision|stood)-\d+)" value="([^"]*)"'
    form = dict(re.findall(shown, page))
    answer = editor.send("/needs/approve-all", {"of": [first.id, second.id], **form})

    assert answer.status_code == 409
    assert {look_up(desk, one.id).state for one in (first, second)} == {State.IN_REVIEW}


def test_records_name_a_story_once_above_its_posts(desk: Desk, editor: Visitor) -> None:
    its = live(desk)

    page = editor.look("/records?range=7d").text

    assert page.count('class="r-share"') == 1
    assert f"/shares/{its[0].share_id}/posts" in page
    assert re.search(r"Harbour .* Live (Aldon , B Bay|B Bay , Aldon)", plain(page))


def test_exports_say_of_which_share_a_post_is(desk: Desk, editor: Visitor) -> None:
    its = live(desk)

    found = editor.look("/records.json?range=7d").json

    assert found
    assert {row["share"] for row in found["posts"]} == {its[0].share_id}
