"""A form that says not what its page showed does nothing, and says why.

Each form of the pages on which posts are decided on is taken as it was drawn, and sent
without what it says of that.
"""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import update

from desk.lifecycle import State
from desk.models import Post
from tests.unit.picturing.made import picture
from tests.web.articles import compose_form, paste, posts_of, share_path
from tests.web.test_guards import records
from tests.web.test_inbox import give_slots
from tests.web.test_older_buttons import AT
from tests.web.visiting import Visitor

SHOWED = re.compile(r"(stood|revision|arranged)-\d+|seen-\w+-\d+|stands|seen|revision")
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
BUTTON = re.compile(r"<button\b([^>]*)>")
FIELD = re.compile(
    r"<(?:input|button)\b(?=[^>]*\bname=\"([^\"]+)\")(?=[^>]*\bvalue=\"([^\"]*)\")[^>]*>"
    r"|<textarea\b[^>]*\bname=\"([^\"]+)\"[^>]*>(.*?)</textarea>",
    re.DOTALL,
)
Sent = dict[str, list[str]]
WHY = "say what its page showed, so nothing was done"
STANDINGS = {
    "a draft": State.DRAFT,
    "in review": State.IN_REVIEW,
    "planned": State.SCHEDULED,
    "failed": State.FAILED,
    "missed": State.MISSED,
    "unconfirmed": State.UNCONFIRMED,
    "cancelled": State.CANCELLED,
}


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def fields(inner: str) -> Sent:
    """What a form sends, button and all."""
    found: Sent = {}
    for name, value, area, text in FIELD.findall(inner):
        found.setdefault(name or area, []).append(unescape(value or text))
    found.pop("csrf_token", None)
    return found


def presses(page: str) -> dict[str, Sent]:
    """Every address that a button of this page sends something to, and what."""
    found, by_id = {}, {}
    for tag, inner in FORM.findall(page):
        if attribute(tag, "method") != "post":
            continue
        its = fields(inner)
        by_id[attribute(tag, "id")] = its
        found[attribute(tag, "action")] = its
        for to in re.findall(r'\b(?:formaction|hx-post)="([^"]*)"', inner):
            found[unescape(to)] = its
    for button in BUTTON.findall(page):
        to, form = attribute(button, "formaction"), attribute(button, "form")
        if to and form in by_id:
            found[to] = by_id[form]
    return found


def says_what_it_showed(address: str, sent: Sent) -> bool:
    query = address.partition("?")[2]
    return any(SHOWED.fullmatch(one) for one in sent) or "stood-" in query


def stripped(address: str, sent: Sent) -> tuple[str, Sent]:
    """The same press, which says nothing of what its page showed."""
    rest = {name: all_ for name, all_ in sent.items() if not SHOWED.fullmatch(name)}
    return re.sub(r"stood-\d+=[^&]*&?", "", address).rstrip("?&"), rest


def chosen(address: str) -> dict[str, object]:
    """The file that a form with a field for one is sent with."""
    if not (of := re.fullmatch(r"/posts/(\d+)/picture", address)):
        return {}
    return {f"picture-{of[1]}": (BytesIO(picture("RGB", "PNG")), "own.png")}


def desk_with_posts(admin: Visitor, state: State) -> list[str]:
    """Two posts of an article in this state; gives the pages that show them."""
    article = paste(admin)
    give_slots(admin, article)
    form = compose_form(admin, article)
    if state != State.DRAFT:
        admin.send(f"{share_path(admin, article)}/schedule", form | AT)
    posts = posts_of(admin.desk, article)
    if state != State.DRAFT:
        typed = {f"text-{posts[0].id}": "Half a sentence"}
        admin.send(f"/posts/{posts[0].id}/write", typed)
        with admin.desk.db.writing() as session:
            session.execute(update(Post).values(state=state))
    first = posts[0].id
    return [
        "/inbox",
        "/needs",
        "/queue",
        f"/articles/{article}",
        *(f"/posts/{post.id}" for post in posts),
        f"/calendar/move/{first}",
    ]


@pytest.mark.parametrize("state", STANDINGS.values(), ids=STANDINGS)
def test_no_press_on_a_post_counts_without_what_its_page_showed(
    admin: Visitor, state: State
) -> None:
    pages = desk_with_posts(admin, state)
    found: dict[str, Sent] = {}
    for page in pages:
        found |= presses(admin.look(page).text)
    counted = {to: its for to, its in found.items() if says_what_it_showed(to, its)}
    before = records(admin.desk)

    answers = {}
    for address, sent in counted.items():
        bare, rest = stripped(address, sent)
        answer = admin.send_bare(bare, {**rest, **chosen(bare)})
        answers[bare] = (answer.status_code, WHY in answer.text)

    assert records(admin.desk) == before
    assert answers == dict.fromkeys(answers, (409, True))
    assert answers


@pytest.mark.parametrize("state", STANDINGS.values(), ids=STANDINGS)
def test_every_press_on_a_post_says_what_its_page_showed(
    admin: Visitor, state: State
) -> None:
    pages = desk_with_posts(admin, state)
    silent = {
        to.partition("?")[0]
        for page in pages
        for to, its in presses(admin.look(page).text).items()
        if to.startswith(("/posts/", "/needs/", "/calendar/", "/queue/"))
        and not says_what_it_showed(to, its)
    }

    assert silent == set()
