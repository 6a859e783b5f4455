"""One session a request, and nothing drawn or scaled while a write is open."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html
from PIL import Image
from werkzeug.routing import Rule

from commands.processes import procfile
from commands.up import environment_of
from connectors.base import Limits
from desk.config import Settings
from desk.desk import Desk
from desk.models.people import Role
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, give_slots, take
from tests.web.visiting import Values, Visitor
from tests.web.watching import watched
from web.live import create_app as create_live
from web.streams import TAKEN_OVER

Press = tuple[str, list[tuple[str, str]]]
PAGES_WITH_FORMS = (
    "/inbox",
    "/shares/1",
    "/posts/1",
    "/posts/3",
    "/needs",
    "/queue",
    "/queue/1/times",
    "/calendar/move/3",
    "/channels/1",
    "/channels/1/words",
    "/settings",
    "/team",
    "/you",
)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """An article with a picture and drafts; posts planned, in review and failed."""
    article = take(desk, "Aldon", "Bay")
    for post in drafts(desk, article):
        give_slots(desk, post.channel_id)
    ahead = factories.now_of(desk) + timedelta(hours=3)
    for number in range(3):
        factories.make_scheduled(desk, 1, f"Story {number}", due_at=ahead)
    factories.run_due(desk)
    return desk


def addresses(app: Flask) -> Iterator[str]:
    """Every page there is, with something behind its numbers where it has one."""
    named = {"platform": "scripted", "sha256": "0" * 64, "ending": "jpg", "slug": "a"}
    named |= {"name": "a.jpg", "token": "abc", "filename": "none.js"}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield built(rule, {name: named.get(name, 1) for name in rule.arguments})


def built(rule: Rule, values: dict[str, object]) -> str:
    return rule.build(values)[1]  # type: ignore[index]  # a path


def presses(page: str, within: str = "main") -> Iterator[Press]:
    """What each button of this part sends, as a browser without JavaScript would."""
    root = html.fromstring(page)
    assert isinstance(root, html.HtmlElement)
    for form in root.get_element_by_id(within).iter("form"):
        assert isinstance(form, html.FormElement)
        values = [(name, str(value)) for name, value in form.form_values()]
        for button in form.iter("button"):
            name, action = button.get("name"), button.get("formaction") or form.action
            own = [(name, button.get("value") or "")] if name else []
            if form.method.upper() == "POST" and button.get("type") != "button":
                yield str(action), [*values, *own]


def test_no_page_holds_more_than_one_session(
    app: Flask, busy: Desk, visit: Callable[[Role | None], Visitor]
) -> None:
    visitors = [visit(role) for role in (Role.ADMIN, Role.ANALYST, None)]
    some = list(addresses(app))
    assert len(some) >= 40

    with watched(app) as seen:
        for visitor in visitors:
            for address in some:
                answer = visitor.look(address)
                assert answer.status_code != 500, address
                assert (seen.most <= 1, seen.out) == (True, 0), address


def test_each_thread_of_a_web_process_has_a_session_to_itself(app: Flask) -> None:
    told = re.search(r"--threads (\d+)", procfile()["web"][-1])

    pool = app.extensions["desk"].db.engine.pool
    assert told
    assert pool.size() == int(told[1])


def test_one_process_answers_the_dashboard_unless_more_are_asked_for(
    settings: Settings,
) -> None:
    wished = settings.model_copy(update={"web_processes": 3})

    assert "--workers ${STANDFIRST_WEB_PROCESSES:-1}" in procfile()["web"][-1]
    assert environment_of(settings)["STANDFIRST_WEB_PROCESSES"] == "1"
    assert environment_of(wished)["STANDFIRST_WEB_PROCESSES"] == "3"


def test_a_page_is_made_of_one_session(app: Flask, busy: Desk, editor: Visitor) -> None:
    for address in ("/inbox", "/status", "/shares/1", "/queue", "/calendar"):
        with watched(app) as seen:
            editor.look(address)

        assert seen.sessions == 1, address


def test_no_button_holds_more_than_one_session_or_draws_in_a_write(
    app: Flask, busy: Desk, admin: Visitor
) -> None:
    """Every button of the pages that editors work on, and the Undo that it offers."""
    pressed: set[str] = set()
    with watched(app) as seen:
        for page in PAGES_WITH_FORMS:
            todo = list(presses(admin.look(page).text))
            while todo:
                action, values = todo.pop(0)
                if action == "/sign-out":
                    continue
                for in_place in ({"HX-Request": "true"}, {}):
                    answer = admin.client.post(
                        action,
                        data=_as_form(values),
                        headers={"Referer": f"http://localhost{page}", **in_place},
                    )
                    assert answer.status_code < 500, (action, answer.text)
                    assert (seen.most <= 1, seen.out) == (True, 0), action
                    assert seen.held_up == [], action
                    pressed.add(action)
                todo += presses(admin.look(page).text, "toasts")

    assert len(pressed) > 25, pressed


def test_typing_draws_after_its_commit(app: Flask, busy: Desk, editor: Visitor) -> None:
    post, *_ = drafts(busy, 1)
    form = {f"text-{post.id}": "Ferry back on Monday", f"revision-{post.id}": "1"}

    with watched(app) as seen:
        answer = editor.send_in_place(f"/posts/{post.id}/write", form)

    assert "Ferry back on Monday" in answer.text
    assert (seen.most, seen.held_up) == (1, [])


def test_new_words_are_judged_with_nothing_opened_or_drawn_in_a_write(
    app: Flask, busy: Desk, editor: Visitor, author: Visitor
) -> None:
    """A picture, a thread and a link's card, in each state that is written over."""
    first, second = drafts(busy, 1)
    name, at = f"text-{first.id}", factories.now_of(busy) + timedelta(hours=5)
    long = "\n\n".join(["The ferry sails again on Monday. " * 6] * 2)
    steps: list[tuple[str, dict[str, object]]] = [
        (f"/posts/{first.id}/write", {name: "Ferry back on Monday"}),
        (f"/posts/{first.id}/spread", {name: "Ferry back for all of you"}),
        (f"/posts/{first.id}/thread", {name: long, "thread": "on"}),
        (f"/posts/{first.id}/link-place", {"link-place": "reply"}),
        (
            f"/posts/{first.id}/schedule",
            {name: long, "when": "at", "at": f"{at:%Y-%m-%d %H:%M}"},
        ),
        (f"/posts/{first.id}/save", {name: f"{long} Really."}),
        (f"/posts/{first.id}/draft", {}),
        (f"/posts/{first.id}/picture/remove", {}),
        (
            f"/shares/{first.share_id}/save",
            {name: "Ferry back", f"text-{second.id}": "Back"},
        ),
    ]

    for address, form in steps:
        with watched(app) as seen:
            answer = editor.send(address, with_revision(busy, form))

        assert answer.status_code < 400, (address, answer.text)
        assert (seen.most, seen.held_up) == (1, []), address

    its: dict[str, object] = {
        "posts": [str(second.id)],
        f"text-{second.id}": "Ferry",
        "when": "slot",
    }
    author.send(f"/shares/{second.share_id}/schedule", with_revision(busy, its))
    asked = factories.look_up(busy, second.id)
    with watched(app) as seen:
        editor.send(f"/posts/{second.id}/approve", {"revision": asked.revision})

    assert factories.look_up(busy, second.id).state == "scheduled"
    assert (seen.most, seen.held_up) == (1, [])


def with_revision(desk: Desk, form: dict[str, object]) -> Values:
    """Words over the post as it stands now."""
    post_ids = [name.removeprefix("text-") for name in form if name.startswith("text-")]
    revisions = {
        f"revision-{one}": str(factories.look_up(desk, int(one)).revision)
        for one in post_ids
    }
    return {**form, **revisions}


def test_a_picture_is_scaled_with_no_session_held(
    app: Flask, desk: Desk, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Limits(text=280, images=1, image_pixels=100_000)
    monkeypatch.setattr(Scripted, "default_limits", small)
    post_id = factories.make_post(desk, factories.make_channel(desk))
    data = io.BytesIO()
    Image.new("RGB", (500, 300), "teal").save(data, "PNG")
    data.seek(0)

    with watched(app) as seen:
        editor.send(
            f"/posts/{post_id}/picture", {f"picture-{post_id}": (data, "a.png")}
        )

    assert factories.look_up(desk, post_id).picture
    assert (seen.most, seen.held_up, seen.children) == (1, [], {0})


def test_a_page_holds_no_session_while_a_child_is_at_work(
    app: Flask, busy: Desk, editor: Visitor
) -> None:
    post, *_ = drafts(busy, 1)
    assert post.article
    assert post.article.picture
    card = f"/pictures/{post.article.picture.sha256}/card.jpg"

    for address in ("/channels/1/words", card):
        with watched(app) as seen:
            assert editor.look(address).status_code == 200

        assert seen.children == {0}, address


def test_the_live_process_holds_one_session_and_none_while_it_streams(
    busy: Desk, editor: Visitor
) -> None:
    live = create_live(busy.settings, {})
    client = live.test_client()
    cookie = editor.client.get_cookie("desk")
    assert cookie
    client.set_cookie("desk", cookie.value)

    with watched(live) as seen:
        went_on: dict[str, Any] = {TAKEN_OVER: lambda by: None}
        answer = client.get("/live/events", buffered=False, environ_overrides=went_on)

        assert (answer.status_code, seen.most, seen.out) == (200, 1, 0)
        answer.close()


def _as_form(values: list[tuple[str, str]]) -> dict[str, list[str]]:
    filled: dict[str, list[str]] = {}
    for name, value in values:
        filled.setdefault(name, []).append(value)
    return filled
