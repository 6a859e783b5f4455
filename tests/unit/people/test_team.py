"""Who may be let in, changed and sent away, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, people, posts, scheduling
from desk.desk import Desk
from desk.models import User
from desk.people import BadPerson, SignInRefused, team
from desk.people.passwords import WeakPassword
from desk.people.team import Member, UnknownPerson
from desk.scheduling import At
from tests import factories
from tests.conftest import NOON

PASSWORD = "eleven quiet ferries"


def let_in(desk: Desk, role: str, name: str = "Ann") -> int:
    with desk.db.writing() as session:
        person, _ = people.invite(session, f"{name}@paper.org", name, role, NOON)
        return person.id


def member(desk: Desk, user_id: int) -> Member:
    with desk.db.reading() as session:
        (found,) = [m for m in team.members(session, NOON) if m.user.id == user_id]
        return found


def test_the_last_admin_stays_an_admin(any_desk: Desk) -> None:
    only = let_in(any_desk, "admin")
    let_in(any_desk, "editor", "Ben")

    with any_desk.db.writing() as session:
        with pytest.raises(BadPerson, match="Ann is the last admin"):
            team.change_role(session, only, "editor")
        with pytest.raises(BadPerson, match="Ann is the last admin"):
            team.disable(session, only, NOON)


def test_a_disabled_admin_is_none(desk: Desk) -> None:
    gone, only = let_in(desk, "admin"), let_in(desk, "admin", "Ben")

    with desk.db.writing() as session:
        team.disable(session, gone, NOON)
        with pytest.raises(BadPerson, match="Ben is the last admin"):
            team.change_role(session, only, "author")


def test_of_two_admins_one_may_go(any_desk: Desk) -> None:
    first = let_in(any_desk, "admin")
    let_in(any_desk, "admin", "Ben")

    with any_desk.db.writing() as session:
        assert team.change_role(session, first, "analyst") == "admin"

    assert member(any_desk, first).user.role == "analyst"


def test_nobody_changes_their_own_role_or_disables_themselves(desk: Desk) -> None:
    me = let_in(desk, "admin")
    let_in(desk, "admin", "Ben")

    with desk.db.writing() as session:
        with pytest.raises(BadPerson, match="another admin's to change"):
            team.change_role(session, me, "editor", by=me)
        with pytest.raises(BadPerson, match="can't disable yourself"):
            team.disable(session, me, NOON, by=me)


def test_a_role_that_is_none_and_a_person_that_is_none_are_refused(desk: Desk) -> None:
    ann = let_in(desk, "editor")

    with desk.db.writing() as session:
        with pytest.raises(BadPerson, match="no role “boss”"):
            team.change_role(session, ann, "boss")
        with pytest.raises(UnknownPerson, match="number 99"):
            team.enable(session, 99)
        with pytest.raises(UnknownPerson, match=r"nobody@paper\.org"):
            team.find_person_by_email(session, "nobody@paper.org")


def test_disabling_ends_sessions_and_links_and_enabling_brings_none_back(
    desk: Desk,
) -> None:
    ann = let_in(desk, "editor")
    with desk.db.writing() as session:
        token = people.begin_session(session, ann, "Firefox", NOON)
        _, link = team.new_link(session, ann, NOON)

    with desk.db.writing() as session:
        team.disable(session, ann, NOON)
        with pytest.raises(BadPerson, match="Enable them first"):
            team.new_link(session, ann, NOON)
    with desk.db.writing() as session:
        team.enable(session, ann)

    with desk.db.reading() as session:
        assert people.signed_in(session, token, NOON) is None
        with pytest.raises(SignInRefused, match="has ended"):
            people.linked(session, link, NOON)


def test_posts_of_a_disabled_person_still_go_out(desk: Desk) -> None:
    ann = let_in(desk, "editor")
    channel = factories.make_channel(desk)
    with desk.db.writing() as session:
        now = db.now(session)
        post = posts.create(session, channel, text="Hers", created_by=ann, now=now)
        scheduling.schedule(desk, session, post.id, At(now), now=now)

    with desk.db.writing() as session:
        planned = team.disable(session, ann, now)
    factories.run_due(desk)

    assert planned == 1
    assert factories.look_up(desk, post.id).state == "published"


def test_a_new_link_ends_the_one_before(desk: Desk) -> None:
    ann = let_in(desk, "editor")
    with desk.db.writing() as session:
        _, first = team.new_link(session, ann, NOON)
        _, second = team.new_link(session, ann, NOON)

    with desk.db.reading() as session:
        assert people.linked(session, second, NOON).id == ann
        with pytest.raises(SignInRefused, match="has ended"):
            people.linked(session, first, NOON)


def come_in(desk: Desk, link: str, name: str, password: str) -> None:
    with desk.db.writing() as session:
        person = people.linked(session, link, NOON)
        chosen = people.choose(person, password) if password else None
        people.use_link(session, link, NOON, name, chosen)


def test_who_comes_in_by_a_link_says_a_name_and_a_password(desk: Desk) -> None:
    ann = let_in(desk, "editor")
    with desk.db.writing() as session:
        old = people.begin_session(session, ann, "Firefox", NOON)
        _, link = team.new_link(session, ann, NOON)

    come_in(desk, link, " Ann  Field ", PASSWORD)

    with desk.db.reading() as session:
        known = people.with_password(session, "ann@paper.org", PASSWORD)
        assert (known.id, known.name) == (ann, "Ann Field")
        assert people.signed_in(session, old, NOON) is None


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("", "short", "12 characters or more"), ("A" * 81, PASSWORD, "80 characters")],
)
def test_a_link_is_not_used_up_by_what_is_refused(
    desk: Desk, name: str, password: str, said: str
) -> None:
    ann = let_in(desk, "editor")
    with desk.db.writing() as session:
        _, link = team.new_link(session, ann, NOON)

    with pytest.raises((BadPerson, WeakPassword), match=said):
        come_in(desk, link, name, password)

    with desk.db.reading() as session:
        assert people.linked(session, link, NOON).id == ann


def test_the_list_tells_who_was_seen_and_who_is_invited(desk: Desk) -> None:
    ann, ben = let_in(desk, "editor"), let_in(desk, "author", "Ben")
    seen = NOON - timedelta(hours=3)
    with desk.db.writing() as session:
        people.begin_session(session, ann, "Firefox", seen)
        session.get_one(User, ben).disabled_at = NOON

    with desk.db.reading() as session:
        listed = team.members(session, NOON)

    assert [one.user.name for one in listed] == ["Ann", "Ben"]
    assert (listed[0].seen_at, listed[0].sessions) == (seen, 1)
    assert listed[1].seen_at is None
    assert listed[1].link_until == NOON + people.LINK_LASTS
