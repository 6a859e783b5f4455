"""A form of the desk itself that is older than the thing it changes does nothing.

Holds, channels, settings and people: whatever a colleague changed since the page was
drawn, is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from desk.channels.backoff import begin_wait
from desk.models import Channel
from desk.models.channels import Wait
from desk.models.people import Role
from tests.factories import look_up, make_channel, make_scheduled, now_of, run_due
from tests.unit.publishing import steps
from tests.web.articles import paste
from tests.web.test_guards import records
from tests.web.test_styles import FORM as STYLE
from tests.web.test_unsaid import WHY, Sent, presses, says_what_it_showed, stripped
from tests.web.visiting import Visitor, sentence

Change = Callable[[Visitor], object]
ASKS_OF_NO_PAGE = re.compile(  # a stop, or what is made new, whatever stands there
    r"/hold|/channels/\d+/hold|/articles|/channels/add/\w+|/team/invite"
    r"|/team/\d+/(link|sessions/end)|/channels/\d+/words/example"
    r"|/sign-out|/you/.*|/shares/\d+/again"
    r"|/stories/\w+"  # each tick says it of its own story: see test_stories.py
)
GAZETTE, RETIRED, ANN, TOM = 1, 2, 2, 3
FIRST = f"/channels/{GAZETTE}"


@pytest.fixture
def colleague(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return visit(Role.ADMIN)


@pytest.fixture(autouse=True)
def desk_with_all(admin: Visitor) -> None:
    """Channels, people and an article, each in all the ways that pages show."""
    desk = admin.desk
    make_channel(desk, "Gazette", account="gazette")
    make_channel(desk, "Old")
    for name in ("Ann", "Tom"):
        email = f"{name.lower()}@paper.org"
        admin.send("/team/invite", {"name": name, "email": email, "role": "editor"})
    for path in (f"/channels/{RETIRED}/retire", f"/team/{TOM}/disable"):
        assert admin.send(path).status_code == 303
    twice = make_scheduled(desk, GAZETTE)
    run_due(desk)
    paste(admin, channels=0)
    steps.alter(desk, twice, twice_url="https://scripted.example/99")
    admin.send(f"{FIRST}/hold")
    for part in ({"scope": "section", "target": "Sport"}, {}):
        admin.send("/hold", part)  # the whole desk's button is the last on a page
    waits(admin, timedelta(hours=2))


def waits(who: Visitor, long: timedelta) -> None:
    with who.desk.db.writing() as session:
        channel, now = session.get_one(Channel, GAZETTE), now_of(who.desk)
        begin_wait(channel, Wait.ASKED, now + long, now, why="Too many.")


PAGES = (
    *("/status", "/needs", "/inbox", "/channels", "/settings", "/team"),
    *(FIRST, f"{FIRST}/words", f"{FIRST}/reconnect", f"/channels/{RETIRED}"),
    *(f"/queue/{GAZETTE}/times", "/posts/1"),
)


def found(who: Visitor) -> dict[str, Sent]:
    """Every button of these pages."""
    buttons: dict[str, Sent] = {}
    for page in PAGES:
        answer = who.look(page)
        assert answer.status_code == 200
        buttons |= presses(answer.text)
    return buttons


def test_every_form_that_changes_something_says_what_its_page_showed(
    admin: Visitor,
) -> None:
    silent = {
        to for to, its in found(admin).items() if not says_what_it_showed(to, its)
    }

    assert {to for to in silent if not ASKS_OF_NO_PAGE.fullmatch(to)} == set()


def test_no_form_counts_without_what_its_page_showed(admin: Visitor) -> None:
    forms = {
        to: its for to, its in found(admin).items() if says_what_it_showed(to, its)
    }
    before = records(admin.desk)

    answers = {}
    for address, sent in forms.items():
        bare, rest = stripped(address, sent)
        answer = admin.send_bare(bare, rest)
        answers[bare] = (answer.status_code, WHY in answer.text)

    assert records(admin.desk) == before
    assert answers == dict.fromkeys(answers, (409, True))
    assert len(answers) > 15


@dataclass(frozen=True)
class Form:
    """Where it stands and is sent to, with what, and what a colleague does before."""

    page: str
    to: str
    change: Change
    typed: dict[str, object] = field(default_factory=dict)


def sends(path: str, **values: object) -> Change:
    return lambda other: other.send(path, values)


def each(*changes: Change) -> Change:
    return lambda other: [change(other) for change in changes]


def held_anew(path: str, **part: object) -> Change:
    """Lifted, and held again for another reason."""
    lift, hold = f"{path}/lift", f"{path}/hold"
    return each(sends(lift, **part), sends(hold, **part, why="The court asked us"))


def edited(who: Visitor) -> None:
    """Its one post says something else by now."""
    steps.alter(who.desk, 1, revision=look_up(who.desk, 1).revision + 1)


SETTINGS = f"{FIRST}/settings"
FORMS = {
    "the desk's hold": Form("/status", "/lift", held_anew("")),
    "a channel's hold": Form(FIRST, f"{FIRST}/lift", held_anew(FIRST)),
    "a channel's hold, in the list": Form(
        "/channels", f"{FIRST}/lift", held_anew(FIRST)
    ),
    "a channel's wait": Form(
        FIRST, f"{FIRST}/check", lambda other: waits(other, timedelta(hours=9))
    ),
    "a channel's settings": Form(
        FIRST, SETTINGS, sends(SETTINGS, name="Gazette", in_order="on")
    ),
    "a channel's name": Form(FIRST, SETTINGS, sends(SETTINGS, name="Daily")),
    "a channel's promise": Form(
        FIRST,
        f"{FIRST}/promise",
        sends(f"{FIRST}/promise", choice="natural"),
        {"choice": "exact"},
    ),
    "a channel's words": Form(
        f"{FIRST}/words",
        f"{FIRST}/words",
        sends(f"{FIRST}/words", **STYLE),
        STYLE | {"template": "{teaser}"},
    ),
    "a channel's account": Form(
        f"{FIRST}/reconnect",
        f"{FIRST}/reconnect",
        sends(
            f"{FIRST}/reconnect", **{"field-account": "gazette", "field-token": "new"}
        ),
        {"field-account": "gazette", "field-token": "newer"},
    ),
    "the zone": Form(
        "/settings",
        "/settings/zone",
        sends("/settings/zone", zone="Asia/Tokyo"),
        {"zone": "Europe/Rome"},
    ),
    "the desk's name": Form(
        "/settings",
        "/settings/name",
        sends("/settings/name", name="Theirs"),
        {"name": "Mine"},
    ),
    "a role": Form(
        "/team",
        f"/team/{ANN}/role",
        sends(f"/team/{ANN}/role", role="analyst"),
        {"role": "admin"},
    ),
    "letting someone in": Form(
        "/team",
        f"/team/{TOM}/enable",
        each(sends(f"/team/{TOM}/enable"), sends(f"/team/{TOM}/disable")),
    ),
    "locking someone out": Form(
        "/team", f"/team/{ANN}/disable", sends(f"/team/{ANN}/disable")
    ),
    "one of two that was deleted": Form("/posts/1", "/posts/1/deleted", edited),
    "the same, in the list": Form("/needs", "/posts/1/deleted", edited),
    "dismissing": Form("/inbox", "/articles/1/dismiss", sends("/articles/1/dismiss")),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_refused_after_somebody_elses_change(
    admin: Visitor, colleague: Visitor, name: str
) -> None:
    form = FORMS[name]
    sent = presses(admin.look(form.page).text)[form.to]
    form.change(colleague)
    before = records(admin.desk)

    answer = admin.send_bare(form.to, {**sent, **form.typed})

    assert records(admin.desk) == before
    assert answer.status_code == 409
    assert sentence(answer)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_does_its_work_where_nobody_changed_anything(
    admin: Visitor, name: str
) -> None:
    form = FORMS[name]
    sent = presses(admin.look(form.page).text)[form.to]
    before = records(admin.desk)

    answer = admin.send_bare(form.to, {**sent, **form.typed})

    assert answer.status_code == 303
    assert "settings" in form.to or records(admin.desk) != before


def test_words_that_were_refused_still_say_what_their_page_showed(
    admin: Visitor, colleague: Visitor
) -> None:
    here = f"{FIRST}/words"
    sent = presses(admin.look(here).text)[here]
    colleague.send(here, STYLE)
    bad = admin.send_bare(here, {**sent, **STYLE, "template": "{nothing}"})

    again = presses(bad.text)[here]

    assert bad.status_code == 422
    assert again["stands"] == sent["stands"]
    assert admin.send_bare(here, {**again, **STYLE}).status_code == 409
