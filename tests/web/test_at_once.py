"""Whoever presses in the same moment as others: one is first, all get a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from desk import db, people
from desk.desk import Desk
from desk.models import Session as SignedIn
from desk.models import SignInLink
from desk.models.people import Role
from tests.factories import make_person
from tests.fakes.scripted import Scripted
from tests.warmth import warmed
from tests.web.articles import compose_form, paste, posts_of
from tests.web.at_once import at_once, statuses
from tests.web.visiting import Visitor, sentence
from web import create_app

CHANNELS = 6
ROUNDS = 4


@pytest.fixture
def any_app(any_desk: Desk) -> Iterator[Flask]:
    made = warmed(create_app(any_desk.settings, {"scripted": Scripted}))
    made.testing = False  # errors become pages, as they do for people
    yield made
    made.extensions["desk"].db.engine.dispose()


def visitors(app: Flask, desk: Desk, role: Role | None, count: int) -> list[Visitor]:
    return [Visitor(app, desk, role) for _ in range(count)]


def test_of_five_who_use_one_link_at_once_one_is_let_in(
    any_app: Flask, any_desk: Desk
) -> None:
    anna = make_person(any_desk)
    with any_desk.db.writing() as session:
        token = people.sign_in_link(session, anna.id, db.now(session))
    five = visitors(any_app, any_desk, None, 5)
    pages = [one.look(f"/sign-in/{token}") for one in five]
    assert {page.status_code for page in pages} == {200}

    answers = at_once(*(partial(one.send, f"/sign-in/{token}") for one in five))

    assert statuses(answers) == [302, 403, 403, 403, 403]
    refused = [answer for answer in answers if answer.status_code == 403]
    assert {"already used" in sentence(answer) for answer in refused} == {True}
    with any_desk.db.reading() as session:
        open_ = select(func.count()).where(SignedIn.user_id == anna.id)
        assert session.scalar(open_) == 1


def test_of_two_links_made_at_once_one_is_open(any_app: Flask, any_desk: Desk) -> None:
    anna = make_person(any_desk)
    four = visitors(any_app, any_desk, Role.ADMIN, 4)

    answers = at_once(*(partial(one.send, f"/team/{anna.id}/link") for one in four))

    assert statuses(answers) == [303] * 4
    with any_desk.db.reading() as session:
        now = db.now(session)
        open_ = select(func.count()).where(
            SignInLink.user_id == anna.id,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        assert session.scalar(open_) == 1


def test_who_spreads_the_first_and_the_last_post_of_an_article_at_once_is_heard(
    any_app: Flask, any_desk: Desk
) -> None:
    one, other = visitors(any_app, any_desk, Role.EDITOR, 2)
    article = paste(one, CHANNELS)
    its = sorted(post.id for post in posts_of(any_desk, article))
    for turn in range(ROUNDS):
        forms = []
        for post_id in (its[0], its[-1]):
            form = compose_form(one, article)
            forms.append(form | {f"text-{post_id}": f"Ferry {post_id} of {turn}"})

        answers = at_once(
            partial(one.send, f"/posts/{its[0]}/spread", forms[0]),
            partial(other.send, f"/posts/{its[-1]}/spread", forms[1]),
        )

        # 409: the other one's words, or theirs over all, were first
        assert set(statuses(answers)) <= {302, 303, 409}
