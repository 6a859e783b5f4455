"""Whoever presses in the same moment as others: one is first, all get a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from desk import db, people
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Channel, Post, SignInLink, User
from desk.models import Session as SignedIn
from desk.models.people import Role
from tests.factories import make_channel, make_person, make_post
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


@pytest.mark.parametrize("same", ["email", "name"])
def test_of_four_who_invite_one_person_at_once_three_are_told_that_they_are_taken(
    any_app: Flask, any_desk: Desk, same: str
) -> None:
    four = visitors(any_app, any_desk, Role.ADMIN, 4)
    for turn in range(ROUNDS):
        forms = [
            {
                "email": f"ann{turn}.{number}@paper.org",
                "name": f"Ann {turn} {number}",
                "role": "author",
                same: {"email": f"ann{turn}@paper.org", "name": f"Ann {turn}"}[same],
            }
            for number in range(4)
        ]

        answers = at_once(
            *(
                partial(one.send, "/team/invite", form)
                for one, form in zip(four, forms, strict=True)
            )
        )

        assert statuses(answers) == [303, 400, 400, 400]
        words = {"email": "is already on this desk", "name": "is taken"}[same]
        refused = [answer for answer in answers if answer.status_code == 400]
        assert all(words in sentence(answer) for answer in refused)
        with any_desk.db.reading() as session:
            invited = User.name.startswith(f"Ann {turn}")
            assert session.scalar(select(func.count()).where(invited)) == 1


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Twin"] * 4, id="the same"),
        pytest.param(["Twin", "twin", "TWIN", "tWIN"], id="in other letters"),
    ],
)
def test_of_four_who_name_channels_alike_at_once_one_may(
    any_app: Flask, any_desk: Desk, names: list[str]
) -> None:
    four = visitors(any_app, any_desk, Role.ADMIN, 4)
    for turn in range(ROUNDS):
        ids = [make_channel(any_desk, f"Channel {turn}{n}") for n in range(4)]

        answers = at_once(
            *(
                partial(
                    one.send, f"/channels/{id_}/settings", {"name": f"{name} {turn}"}
                )
                for one, id_, name in zip(four, ids, names, strict=True)
            )
        )

        codes = statuses(answers)
        assert codes.count(303) == 1
        assert max(codes) < 500
        with any_desk.db.reading() as session:
            named = func.lower(Channel.name) == f"twin {turn}"
            assert session.scalar(select(func.count()).where(named)) == 1


def test_of_six_who_add_one_channel_at_once_one_does(
    any_app: Flask, any_desk: Desk
) -> None:
    six = visitors(any_app, any_desk, Role.ADMIN, 6)
    form = {"name": "Paper", "field-account": "paper"}

    answers = at_once(
        *(partial(one.send, "/channels/add/scripted", form) for one in six)
    )

    assert statuses(answers) == [303, *[422] * 5]
    with any_desk.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Channel)) == 1


def test_of_six_who_connect_one_account_at_once_one_does(
    any_app: Flask, any_desk: Desk
) -> None:
    """Whatever name each gives to it: one account is one channel."""
    six = visitors(any_app, any_desk, Role.ADMIN, 6)

    answers = at_once(
        *(
            partial(
                one.send,
                "/channels/add/scripted",
                {"name": f"Paper {number}", "field-account": "paper"},
            )
            for number, one in enumerate(six)
        )
    )

    assert statuses(answers) == [303, *[422] * 5]


def test_of_two_who_say_at_once_that_one_link_is_their_post_one_is_believed(
    any_app: Flask, any_desk: Desk
) -> None:
    channel = make_channel(any_desk)
    two = visitors(any_app, any_desk, Role.EDITOR, 2)
    for turn in range(ROUNDS):
        its = [make_post(any_desk, channel, f"Post {turn}{n}") for n in range(2)]
        with any_desk.db.writing() as session:
            for post_id in its:
                session.get_one(Post, post_id).state = State.UNCONFIRMED
        link = {"url": f"https://paper.example/{turn}"}

        answers = at_once(
            *(
                partial(one.send, f"/posts/{post_id}/live", link)
                for one, post_id in zip(two, its, strict=True)
            )
        )

        assert statuses(answers) == [303, 409]
        refused = next(one for one in answers if one.status_code == 409)
        assert "paste another one" in sentence(refused)


def test_who_names_the_desk_at_once_as_others_is_heard_or_told(
    any_app: Flask, any_desk: Desk
) -> None:
    six = visitors(any_app, any_desk, Role.ADMIN, 6)

    answers = at_once(
        *(
            partial(
                one.send, "/settings/name", {"name": f"Desk {number}", "stands": ""}
            )
            for number, one in enumerate(six)
        )
    )

    assert statuses(answers) == [303, *[409] * 5]
    assert all(sentence(one) for one in answers if one.status_code == 409)


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
