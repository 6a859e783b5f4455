"""A restored or copied desk notices, and sends nothing by itself."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from desk import db, holds, installation
from desk.db import Database
from desk.desk import Desk
from tests import factories
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
