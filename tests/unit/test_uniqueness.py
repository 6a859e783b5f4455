"""What only one can have: who comes second gets a sentence, or can't come at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import inspect
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commands import bootstrap
from commands.bootstrap import Refused
from desk import db, uniqueness
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Channel, ChannelSet, Part, Post, Preference, User
from desk.models.people import Role
from tests.factories import make_channel, make_post

LOCKED = (
    "whoever writes it holds the row of its post, share or channel, and looks again"
)
RANDOM = "made at random, of 128 bits or more"
ENGINE = "the clock and the workers alone write it"
KEPT = "the same again is the same row: nothing is raised"
UNREACHABLE = {
    "uq_comments_made_with": "a second one with this key gets the first one's comment",
    "ix_posts_made_with": "a second one with this key gets the first one's post",
    "ix_working_copies_of": LOCKED,
    "pk_heartbeats": ENGINE,
    "pk_keys": KEPT,
    "pk_ways": ENGINE,
    "uq_articles_identity": KEPT,
    "uq_attempts_open_key": ENGINE,
    "uq_attempts_part_id_number": ENGINE,
    "pk_share_labels": LOCKED,
    "uq_breakers_circuit": ENGINE,
    "uq_channel_sets_section": KEPT,
    "uq_labels_name": KEPT,
    "uq_share_pictures_share_id_position": LOCKED,
    "uq_notices_key": ENGINE,
    "uq_parts_key": RANDOM,
    "uq_parts_post_id_position": LOCKED,
    "uq_pictures_sha256": KEPT,
    "uq_posts_once_key": "it ends with the number of its own post, which is locked",
    "uq_posts_turn": ENGINE,
    "uq_sessions_token_sha256": RANDOM,
    "uq_sign_in_links_token_sha256": RANDOM,
    "uq_slots_channel_id_weekday_local_time": LOCKED,
}
Twice = Callable[[Desk, Session], None]


def numbered() -> set[str]:
    """The keys that the database itself gives: it gives none twice."""
    return {
        name
        for name, columns in uniqueness.uniques().items()
        if name.startswith("pk_") and columns.endswith(".id")
    }


def test_whatever_is_unique_has_its_sentence_or_no_form_reaches_it() -> None:
    known = uniqueness.SENTENCES.keys() | UNREACHABLE.keys() | numbered()

    assert not uniqueness.SENTENCES.keys() & UNREACHABLE.keys()
    assert uniqueness.uniques().keys() == known


@pytest.mark.postgres
def test_the_database_calls_them_as_the_models_do(postgres_desk: Desk) -> None:
    looked = inspect(postgres_desk.db.engine)
    there = set[str | None]()
    for table in set(looked.get_table_names()) - {"alembic_version"}:
        there.add(looked.get_pk_constraint(table)["name"])
        there |= {one["name"] for one in looked.get_unique_constraints(table)}
        there |= {one["name"] for one in looked.get_indexes(table) if one["unique"]}

    assert there == uniqueness.uniques().keys()


def people(_: Desk, session: Session, **same: str) -> None:
    now = db.now(session)
    for name in ("ann", "ben"):
        said = {"email": f"{name}@paper.org", "name": name} | same
        session.add(User(**said, role=Role.AUTHOR, created_at=now))
        session.flush()


def channels(_: Desk, session: Session) -> None:
    now = db.now(session)
    for _number in range(2):
        session.add(Channel(name="Twin", platform="scripted", created_at=now))
        session.flush()


def channel_sets(_: Desk, session: Session) -> None:
    for _number in range(2):
        session.add(ChannelSet(name="Main desk", channels=[1]))
        session.flush()


def preferences(_: Desk, session: Session) -> None:
    for value in ("one", "other"):
        session.add(Preference(name="name", value=value))
        session.flush()
        session.expunge_all()


def links(desk: Desk, session: Session) -> None:
    for part in session.query(Part).all():
        part.remote_id = "https://scripted.example/1"
    session.flush()


def slots(desk: Desk, session: Session) -> None:
    now = db.now(session)
    for post in session.query(Post).all():
        post.state, post.slot_at = State.SCHEDULED, now
    session.flush()


TWICE: dict[str, Twice] = {
    "uq_users_email": lambda desk, session: people(desk, session, email="a@b.org"),
    "uq_users_name_key": lambda desk, session: people(desk, session, name="Twin"),
    "uq_channels_name": channels,
    "uq_channel_sets_name_key": channel_sets,
    "uq_parts_channel_id_remote_id": links,
    "uq_posts_slot": slots,
    "pk_preferences": preferences,
}


@pytest.mark.parametrize("name", uniqueness.SENTENCES)
def test_who_writes_what_another_has_gets_its_sentence(
    any_desk: Desk, name: str
) -> None:
    channel = make_channel(any_desk)
    for text in ("One", "Two"):
        make_post(any_desk, channel, text)

    with pytest.raises(IntegrityError) as raised, any_desk.db.writing() as session:
        TWICE[name](any_desk, session)

    refusal = uniqueness.refusal(raised.value)
    assert refusal is not None
    assert refusal.sentence == uniqueness.SENTENCES[name]


def test_another_error_of_the_database_is_none_of_these(any_desk: Desk) -> None:
    with pytest.raises(IntegrityError) as raised, any_desk.db.writing() as session:
        session.add(Post(channel_id=77, created_at=db.now(session)))

    assert uniqueness.refusal(raised.value) is None


def test_the_command_line_says_the_same(any_desk: Desk) -> None:
    said = uniqueness.SENTENCES["uq_channels_name"]

    with (
        pytest.raises(Refused, match=said),
        bootstrap.sentences(),
        any_desk.db.writing() as session,
    ):
        channels(any_desk, session)


@pytest.mark.postgres
def test_a_command_that_gave_way_to_another_is_to_be_typed_again(
    postgres_desk: Desk,
) -> None:
    with (
        pytest.raises(Refused, match="Type it again"),
        bootstrap.sentences(),
        postgres_desk.db.writing() as session,
    ):
        session.execute(sql("DO $$ BEGIN RAISE deadlock_detected; END $$"))
