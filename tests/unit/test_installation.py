"""A restored or copied desk notices, and sends nothing by itself."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from desk import db, holds, installation
from desk.db import Database
from desk.desk import Desk
from desk.models import Installation
from tests import factories
from tests.databases import Postgres
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


def recognise(desk: Desk) -> bool:
    with desk.db.writing() as session:
        return installation.recognise(session, desk.settings.home, db.now(session))


def remember(desk: Desk) -> None:
    with desk.db.reading() as session:
        installation.remember(session, desk.settings.home)


def on_hold(desk: Desk) -> bool:
    with desk.db.reading() as session:
        return installation.copy_hold(session) is not None


@pytest.fixture
def used(any_desk: Desk) -> Desk:
    """A desk that knows itself and has published."""
    recognise(any_desk)
    factories.make_scheduled(any_desk, factories.make_channel(any_desk), "Before")
    factories.run_due(any_desk)
    remember(any_desk)
    return any_desk


def test_a_new_desk_is_no_copy(any_desk: Desk) -> None:
    assert recognise(any_desk)
    assert not on_hold(any_desk)


def test_a_desk_that_starts_again_knows_itself(used: Desk) -> None:
    assert recognise(used)
    assert not on_hold(used)


def test_a_desk_that_worked_after_its_last_mark_knows_itself(used: Desk) -> None:
    factories.make_scheduled(used, 1, "Unmarked")
    factories.run_due(used)

    assert recognise(used)


@pytest.mark.parametrize("left", ["nothing", "an older database", "another's", "trash"])
def test_what_it_does_not_know_starts_on_hold(used: Desk, left: str) -> None:
    path = used.settings.home / installation.FILE
    mark = json.loads(path.read_text())
    match left:
        case "nothing":
            path.unlink()
        case "an older database":
            path.write_text(json.dumps({**mark, "attempts": mark["attempts"] + 1}))
        case "another's":
            path.write_text(json.dumps({**mark, "uid": "other"}))
        case _:
            path.write_text("[")

    assert not recognise(used)
    assert on_hold(used)


def test_a_copy_beside_the_original_starts_on_hold(desk: Desk, tmp_path: Path) -> None:
    recognise(desk)
    factories.make_scheduled(desk, factories.make_channel(desk), "Before")
    factories.run_due(desk)
    remember(desk)
    factories.make_scheduled(desk, 1, "Due in both")
    home = Path(shutil.copytree(desk.settings.home, tmp_path / "copy"))
    settings = desk.settings.model_copy(update={"home": home})
    copy = replace(desk, settings=settings, db=Database(settings.database))

    known = recognise(copy)
    factories.run_due(copy)
    copy.db.engine.dispose()

    assert (known, Scripted.live()) == (False, ["Before"])
    assert recognise(desk)


def joins(desk: Desk, home: Path, *, in_company: bool = False) -> bool:
    """A clock with a home folder of its own starts on the same database."""
    home.mkdir(exist_ok=True)
    with desk.db.writing() as session:
        now = db.now(session)
        return installation.recognise(session, home, now, in_company=in_company)


def at_work(desk: Desk, before: timedelta = timedelta()) -> None:
    """A clock was, so long before now."""
    with desk.db.writing() as session:
        installation.at_work(session, db.now(session) - before)


def test_a_further_clock_with_a_home_of_its_own_holds_nothing(
    used: Desk, tmp_path: Path
) -> None:
    other = tmp_path / "other"

    assert joins(used, other, in_company=True)
    assert not on_hold(used)
    assert joins(used, other)  # and is known from then on


def test_no_company_makes_a_database_younger_than_it_was(used: Desk) -> None:
    path = used.settings.home / installation.FILE
    mark = json.loads(path.read_text())
    path.write_text(json.dumps({**mark, "attempts": mark["attempts"] + 1}))

    assert not joins(used, used.settings.home, in_company=True)
    assert on_hold(used)


@pytest.mark.parametrize("left", ["nothing", "another folder's", "another desk's"])
def test_a_new_release_in_a_new_home_goes_on_at_once(
    postgres_desk: Desk, tmp_path: Path, left: str
) -> None:
    recognise(postgres_desk)
    factories.make_scheduled(postgres_desk, factories.make_channel(postgres_desk))
    factories.run_due(postgres_desk)
    remember(postgres_desk)
    at_work(postgres_desk)
    home = tmp_path / "new"
    home.mkdir()
    if left != "nothing":
        path = shutil.copy(postgres_desk.settings.home / installation.FILE, home)
        mark = json.loads(Path(path).read_text())
        if left == "another desk's":
            Path(path).write_text(json.dumps({**mark, "uid": "other"}))

    assert joins(postgres_desk, home)
    assert not on_hold(postgres_desk)


@pytest.mark.parametrize("gone", ["for long", "elsewhere", "back", "at rest"])
def test_what_was_restored_into_a_new_home_is_held(
    postgres_desk: Desk, tmp_path: Path, gone: str
) -> None:
    recognise(postgres_desk)
    factories.make_scheduled(postgres_desk, factories.make_channel(postgres_desk))
    factories.run_due(postgres_desk)
    remember(postgres_desk)
    home = tmp_path / "new"
    home.mkdir()
    match gone:
        case "for long":
            at_work(postgres_desk, before=timedelta(minutes=6))
        case "elsewhere":  # as a dump that was loaded has it
            at_work(postgres_desk)
            with postgres_desk.db.writing() as session:
                session.execute(update(Installation).values(stands_at="1:1:2:3"))
        case "back":
            at_work(postgres_desk)
            path = Path(
                shutil.copy(postgres_desk.settings.home / installation.FILE, home)
            )
            mark = json.loads(path.read_text())
            path.write_text(json.dumps({**mark, "attempts": mark["attempts"] + 1}))

    assert not joins(postgres_desk, home)
    assert on_hold(postgres_desk)


def test_a_database_that_is_copied_stands_elsewhere(
    postgres: Postgres, postgres_desk: Desk, tmp_path: Path
) -> None:
    recognise(postgres_desk)
    factories.make_scheduled(postgres_desk, factories.make_channel(postgres_desk))
    factories.run_due(postgres_desk)
    at_work(postgres_desk)
    postgres_desk.db.engine.dispose()
    name = postgres_desk.settings.database_url.rpartition("/")[2]
    copy = replace(postgres_desk, db=Database(postgres.fresh(template=name)))

    known = joins(copy, tmp_path / "new")
    copy.db.engine.dispose()

    assert not known


def test_sqlite_can_not_tell_a_moved_file_from_a_copied_one(
    desk: Desk, tmp_path: Path
) -> None:
    recognise(desk)
    factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)
    at_work(desk)

    assert not joins(desk, tmp_path / "new")


def test_the_log_says_what_a_clock_made_of_it(used: Desk, tmp_path: Path) -> None:
    with capture_logs() as said:
        recognise(used)
        joins(used, tmp_path / "further", in_company=True)
        joins(used, tmp_path / "unknown")

    events = [line["event"] for line in said]
    assert events[0] == "this is the desk that this home folder knows"
    assert events[1].startswith("this is a further clock of this desk")
    assert events[2].startswith("everything is held: this is a copy or a restore")


def test_a_person_who_holds_in_the_words_of_a_copy_makes_none(used: Desk) -> None:
    with used.db.writing() as session:
        holds.hold(session, why=holds.COPY, now=db.now(session))

    assert not on_hold(used)


def test_a_copy_of_a_desk_that_a_person_held_is_held_as_a_copy_too(
    used: Desk,
) -> None:
    with used.db.writing() as session:
        holds.hold(session, why="The storm.", now=db.now(session))
    (used.settings.home / installation.FILE).unlink()

    recognise(used)

    with used.db.reading() as session:
        reasons = [holds.hold_reason(one) for one in holds.list_holds(session)]
    assert on_hold(used)
    assert reasons == ["The storm.", holds.COPY]


def test_what_is_overdue_in_a_restore_waits_for_a_person(used: Desk) -> None:
    post_id = factories.make_scheduled(used, 1, "Overdue")
    claim = steps.claimed(used)
    (used.settings.home / installation.FILE).unlink()

    recognise(used)
    with used.db.writing() as session:
        holds.lift(session, now=db.now(session))
    factories.run_due(used)

    post = factories.look_up(used, post_id)
    assert (post.state, post.triage) == ("scheduled", "restored")
    assert steps.call(used, claim) is None
    assert Scripted.live() == ["Before"]


def test_the_hold_stays_until_a_person_lifts_it(used: Desk) -> None:
    (used.settings.home / installation.FILE).unlink()
    recognise(used)

    recognise(used)

    assert on_hold(used)
