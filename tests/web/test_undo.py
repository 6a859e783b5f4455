"""Undo: whatever somebody else changed since, every Undo there is leaves as it is."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from desk import posts
from desk.lifecycle import State
from desk.models import Comment, Post
from desk.models.people import Role
from tests.factories import make_channel, make_scheduled, now_of
from tests.unit.picturing.made import picture
from tests.web import test_campaigns as campaigns
from tests.web import test_slot_taking as slot_taking
from tests.web.articles import compose_form, paste, posts_of, share_path
from tests.web.test_guards import records
from tests.web.test_inbox import give_slots
from tests.web.test_older_buttons import (
    AT,
    buttons,
    makes_a_thread,
    moves,
    moves_the_link,
    planned,
)
from tests.web.test_older_compose import other_headlines, taking
from tests.web.test_styles import FORM as STYLE
from tests.web.visiting import Visitor, hidden
from web import forms

WEB = Path(__file__).parents[2] / "web"
LATER = timedelta(days=3)


Press = Callable[[Visitor], Callable[[Visitor], object]]  # gives another's after it


@pytest.fixture
def another(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return visit(Role.ADMIN)


def zone(who: Visitor) -> Callable[[Visitor], object]:
    who.send("/settings/zone", {"zone": "Asia/Tokyo"})
    return lambda other: other.send("/settings/zone", {"zone": "Europe/Rome"})


def role(who: Visitor) -> Callable[[Visitor], object]:
    number = colleague(who)
    who.send(f"/team/{number}/role", {"role": "analyst"})
    return lambda other: other.send(f"/team/{number}/role", {"role": "author"})


def colleague(who: Visitor) -> int:
    who.send("/team/invite", {"email": "noor@paper.org", "name": "N", "role": "editor"})
    return max(int(str(row[0])) for row in records(who.desk)["users"])


def promise(who: Visitor) -> Callable[[Visitor], object]:
    here = f"/channels/{make_channel(who.desk)}/promise"
    who.send(here, {"choice": "exact"})
    return lambda other: other.send(here, {"choice": "natural"})


def retiring(who: Visitor) -> Callable[[Visitor], object]:
    number = make_channel(who.desk)
    who.send(f"/channels/{number}/retire")

    def again(other: Visitor) -> None:
        other.press("/channels", "/channels/bring-back")
        other.send(f"/channels/{number}/retire")

    return again


def style(who: Visitor) -> Callable[[Visitor], object]:
    here = f"/channels/{make_channel(who.desk)}/words"
    who.send(here, {**STYLE, "template": "ONE {teaser}"})
    return lambda other: other.send(here, {**STYLE, "template": "TWO {teaser}"})


def weekly(who: Visitor) -> Callable[[Visitor], object]:
    here = f"/queue/{make_channel(who.desk)}/times"
    who.send(here, {"do": "preset 3"})

    def more(other: Visitor) -> None:
        seen = hidden(other.look(here).text, here).get("seen", [])
        other.send(here, {"do": "preset 5", "seen": seen, "slot": seen})

    return more


def dismissing(who: Visitor) -> Callable[[Visitor], object]:
    number = paste(who)
    who.send(f"/articles/{number}/dismiss")

    def again(other: Visitor) -> None:
        other.press("/inbox?show=dismissed", "/articles/back")
        other.send(f"/articles/{number}/dismiss")

    return again


def labelling(who: Visitor) -> Callable[[Visitor], object]:
    article = paste(who)
    said = {"stories": str(article)}
    who.send("/stories/label", {**said, "label": "election"})
    return lambda other: other.send("/stories/label", {**said, "label": "local"})


def comment_taken_back(who: Visitor) -> Callable[[Visitor], object]:
    number = commented(who)
    who.press(f"/shares/{number}/posts", "/comments/1/remove")

    def again(_: Visitor) -> None:
        """By themselves, in another tab: it is nobody else's."""
        with who.desk.db.writing() as session:
            comment = session.get_one(Comment, 1)
            comment.removed_at = now_of(who.desk)

    return again


def comment_changed(who: Visitor) -> Callable[[Visitor], object]:
    page = f"/shares/{commented(who)}/posts"
    edits(who, page, "Two")
    return lambda _: edits(who, page, "Three")


def edits(who: Visitor, page: str, text: str) -> object:
    sent = hidden(who.look(page).text, "/comments/1/edit")
    return who.send("/comments/1/edit", {**sent, "comment": text})


def commented(who: Visitor) -> int:
    share_id = posts_of(who.desk, paste(who))[0].share_id
    who.send(f"/shares/{share_id}/comments", {"comment": "One"})
    return share_id


def holding(who: Visitor) -> Callable[[Visitor], object]:
    who.send("/hold", {"why": "A storm"})

    def again(other: Visitor) -> None:
        other.send("/lift")
        other.send("/hold", {"why": "The court asked us"})

    return again


def a_copy(who: Visitor) -> Callable[[Visitor], object]:
    """One's own, from another tab: nobody else sees it."""
    post = planned(who)
    words = {f"text-{post.id}": "Half a", f"revision-{post.id}": str(post.revision)}
    who.send(f"/posts/{post.id}/write", words)
    who.send(f"/posts/{post.id}/copy/discard")

    def again(_other: Visitor) -> None:
        who.send(f"/posts/{post.id}/write", words)
        who.send(f"/posts/{post.id}/copy/discard")

    return again


def a_move(who: Visitor) -> Callable[[Visitor], object]:
    due = now_of(who.desk) + LATER
    number = make_scheduled(who.desk, make_channel(who.desk), due_at=due)
    here = f"/calendar/move/{number}"

    def to(day: str) -> Callable[[Visitor], object]:
        at = {"at": f"2027-06-{day} 12:00"}
        return lambda other: other.send(
            here, {**hidden(other.look(here).text, here), **at}
        )

    to("01")(who)
    return to("02")


def a_post(pressed: str) -> Press:
    def press(who: Visitor) -> Callable[[Visitor], object]:
        post = planned(who)
        form = buttons(who.look(f"/posts/{post.id}").text)[pressed]
        who.send(f"/posts/{post.id}/{pressed}", form | AT)
        return lambda other: moves(other, post)

    return press


def sent_together(who: Visitor) -> Callable[[Visitor], object]:
    article = paste(who)
    form = compose_form(who, article)
    who.send(f"{share_path(who, article)}/schedule", form | AT)
    first, _ = posts_of(who.desk, article)
    return lambda other: moves(other, first)


def shared(who: Visitor) -> Callable[[Visitor], object]:
    article = paste(who)
    give_slots(who, article)
    who.press("/inbox", f"/articles/{article}/share")
    first, _ = posts_of(who.desk, article)
    return lambda other: moves(other, first)


def campaigned(who: Visitor) -> Callable[[Visitor], object]:
    article = campaigns.story(who)
    who.press(campaigns.path(article), campaigns.path(article))
    first, *_ = posts_of(who.desk, article)
    return lambda other: moves(other, first)


def approved(who: Visitor) -> Callable[[Visitor], object]:
    post = planned(who)
    with who.desk.db.writing() as session:
        found = session.get_one(Post, post.id)
        found.state, found.due_at = State.IN_REVIEW, found.due_at
    form = buttons(who.look(f"/posts/{post.id}").text)["approve"]
    who.send(f"/posts/{post.id}/approve", form | AT)
    return lambda other: moves(other, post)


def a_thread(who: Visitor) -> Callable[[Visitor], object]:
    first, _ = posts_of(who.desk, paste(who))
    makes_a_thread(who, first)
    return lambda other: moves_the_link(other, first)


def a_source(who: Visitor) -> Callable[[Visitor], object]:
    article = other_headlines(who)
    h1, _ = taking(who.look(share_path(who, article)).text)
    who.send(h1, compose_form(who, article))

    def another(other: Visitor) -> None:
        page = other.look(share_path(other, article)).text
        title = next(one for one in taking(page) if "/title" in one)
        other.send(title, compose_form(other, article))

    return another


def a_picture(who: Visitor) -> Callable[[Visitor], object]:
    article = paste(who)
    here = share_path(who, article)

    def put_in(other: Visitor) -> object:
        file = (BytesIO(picture("RGB", "PNG")), "own.png")
        form = compose_form(other, article) | {"share-picture": file}
        return other.send(f"{here}/picture", form)

    put_in(who)
    return lambda other: other.send(
        f"{here}/picture/remove", compose_form(other, article)
    )


def slot_taken(who: Visitor) -> Callable[[Visitor], object]:
    post = slot_taking.drafted_by(who)
    other = slot_taking.queued(who, post.channel_id, slot_taking.STORM)
    form = slot_taking.taking(who, post)
    who.send_bare(f"/shares/{post.share_id}/take-slot", form)
    return lambda another: another.send(f"/posts/{other.id}/cancel")


STORIES: dict[str, Press] = {
    "calendar.undo": a_move,
    "campaigns.undo": campaigned,
    "channels.bring_back": retiring,
    "comments.bring_back": comment_taken_back,
    "comments.undo_edit": comment_changed,
    "channels.undo_promise": promise,
    "correcting.back": a_source,
    "holding.undo": holding,
    "inbox.back": dismissing,
    "inbox.unshare": shared,
    "needs.wait_again": approved,
    "posts.bring_copy_back": a_copy,
    "slot_taking.undo": slot_taken,
    "posts.restore": a_post("cancel"),
    "posts.undo": sent_together,
    "settings.undo_zone": zone,
    "share_pictures.bring_back": a_picture,
    "stories.unlabel": labelling,
    "styles.undo": style,
    "team.undo_role": role,
    "weekly.undo": weekly,
    "writing.undo": a_thread,
}
# what it compares
SAID_BY_OF = {"calendar.undo", "correcting.back", "slot_taking.undo", "weekly.undo"}
# which shows how it stands by now
TOLD_ON_THE_PAGE = {"calendar.undo", "slot_taking.undo", "weekly.undo"}
BY_PICTURES = "correcting.picture_back"  # whose press fetches: see test_correcting.py


LARGEST_COOKIE = 4093  # bytes, that a browser keeps
MOST = 500  # posts, that one button names


def test_what_one_press_did_with_many_posts_is_undone_as_a_whole(
    admin: Visitor,
) -> None:
    channel, now = make_channel(admin.desk), now_of(admin.desk)
    with admin.desk.db.writing() as session:
        made = [posts.create(session, channel, text="A", now=now) for _ in range(MOST)]
        of = [post.id for post in made]
        for post in made:
            post.state, post.due_at = State.MISSED, now + LATER

    answer = admin.send("/needs/drop", {"of": of})
    kept = max((len(one) for one in answer.headers.getlist("Set-Cookie")), default=0)
    toast = hidden(admin.look("/status").text, "/posts/restore")
    undone = admin.send("/posts/restore", toast)

    assert 0 < kept <= LARGEST_COOKIE
    assert toast["of"] == [str(one) for one in of]
    assert undone.status_code == 303
    states = {row.state for row in everything(admin)}
    assert states == {State.SCHEDULED}


def everything(who: Visitor) -> list[Post]:
    with who.desk.db.reading() as session:
        return list(session.scalars(select(Post)))


def test_a_thousand_numbers_far_apart_have_room_in_a_cookie(app: Flask) -> None:
    numbers = sorted(random.Random(7).sample(range(10_000_000), forms.MOST_UNDONE))
    packed = forms.packed(numbers)

    sealed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    assert len(sealed.dumps({"of": packed, "more": "x" * 500})) <= LARGEST_COOKIE
    assert forms.unpacked(packed) == numbers


def undos() -> Iterator[str]:
    """Each endpoint that a sentence of the dashboard offers as its Undo."""
    for path in WEB.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "undo":
                yield from (
                    str(one.value)
                    for one in ast.walk(node.value)
                    if isinstance(one, ast.Constant) and "." in str(one.value)
                )


def address(app: Flask, endpoint: str) -> str:
    (rule,) = app.url_map.iter_rules(endpoint)
    return rule.rule


def test_every_undo_of_the_dashboard_has_its_story() -> None:
    assert set(undos()) == {*STORIES, BY_PICTURES}


@pytest.mark.parametrize("endpoint", STORIES)
def test_an_undo_is_refused_after_somebody_elses_change(
    app: Flask, admin: Visitor, another: Visitor, endpoint: str
) -> None:
    change = STORIES[endpoint](admin)
    undo = address(app, endpoint)
    toast = hidden(admin.look("/status").text, undo)
    change(another)
    before = records(admin.desk)

    answer = admin.send(undo, toast)

    assert records(admin.desk) == before
    assert answer.status_code == 409 or endpoint in TOLD_ON_THE_PAGE


@pytest.mark.parametrize("endpoint", STORIES)
def test_an_undo_does_its_work_where_nobody_changed_anything(
    app: Flask, admin: Visitor, endpoint: str
) -> None:
    STORIES[endpoint](admin)
    undo = address(app, endpoint)
    toast = hidden(admin.look("/status").text, undo)
    before = records(admin.desk)

    answer = admin.send(undo, toast)

    assert answer.status_code == 303
    assert records(admin.desk) != before


@pytest.mark.parametrize("endpoint", STORIES)
def test_an_undo_that_says_not_what_its_press_left_is_refused(
    app: Flask, admin: Visitor, endpoint: str
) -> None:
    STORIES[endpoint](admin)
    undo = address(app, endpoint)
    toast = hidden(admin.look("/status").text, undo)
    before = records(admin.desk)

    answer = admin.send_bare(undo, {"of": toast.get("of", [])})

    assert endpoint in SAID_BY_OF or records(admin.desk) == before
    assert endpoint in SAID_BY_OF or answer.status_code == 409
