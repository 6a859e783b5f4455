"""Homes: nobody else on the machine looks into a desk's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.config import Settings
from desk.desk import Desk
from desk.home_folder import is_open, open_home
from desk.migrating import upgrade
from tests.fakes.scripted import Scripted


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_home_that_was_open_is_closed_and_so_is_all_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    settings = Settings(home=home, database_url="", redis_url="")

    upgrade(settings)
    desk = Desk.open(settings, {"scripted": Scripted})
    desk.pictures.put(b"a picture")
    desk.db.engine.dispose()

    open_to_others = [path for path in [home, *home.rglob("*")] if is_open(path)]
    assert open_to_others == []


def test_a_home_from_before_is_closed_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "desk.sqlite3").touch()

    open_home(home)

    assert not is_open(home)


def test_a_folder_of_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "shared"
    home.mkdir(mode=0o755)
    (home / "letters.txt").touch()

    open_home(home)

    assert is_open(home)


def test_a_folder_where_everyone_works_is_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "tmp"
    home.mkdir()
    home.chmod(0o1777)

    open_home(home)

    assert home.stat().st_mode & 0o7777 == 0o1777
