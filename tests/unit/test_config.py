"""Settings: only our own variables count, and the broker's address is always usable."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from desk.config import Settings
from desk.db import Database


def test_takes_nothing_from_variables_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STANDFIRST_HOME", raising=False)
    monkeypatch.delenv("STANDFIRST_PORT", raising=False)
    monkeypatch.setenv("HOME", "/somewhere/else")
    monkeypatch.setenv("PORT", "99")

    settings = Settings()

    assert settings.home == Path.cwd() / "home"
    assert settings.port == 8420


def test_the_embedded_valkey_listens_in_the_home_folder() -> None:
    settings = Settings(home=Path("/srv/desk"), redis_url="")

    assert settings.redis == "unix:///srv/desk/valkey.sock"
    assert settings.broker == "redis+socket:///srv/desk/valkey.sock"


@pytest.mark.parametrize("name", ["a" * 120, "our desk", "100%", "what?", "#1", "ü"])
def test_a_path_that_is_no_address_is_replaced_by_one_that_is(name: str) -> None:
    first = Settings(home=Path("/srv") / name, redis_url="").valkey_socket
    again = Settings(home=Path("/srv") / name, redis_url="").valkey_socket
    other = Settings(home=Path("/srv") / name / "b", redis_url="").valkey_socket

    assert len(str(first)) < 100
    assert name not in str(first)
    assert first == again != other


def test_another_broker_replaces_the_embedded_one() -> None:
    settings = Settings(home=Path("/srv/desk"), redis_url="redis://broker:6379/1")

    assert settings.redis == settings.broker == "redis://broker:6379/1"


@pytest.mark.parametrize("port", ["port", "99999", "54x32", "-1"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "STANDFIRST_SMTP_URL"])
def test_a_port_that_is_none_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, name: str, port: str
) -> None:
    scheme = {"DATABASE_URL": "postgresql", "REDIS_URL": "redis"}.get(name, "smtp")
    monkeypatch.setenv(name, f"{scheme}://desk@db:{port}/desk")

    with pytest.raises(ValidationError, match="its host and port can't be read"):
        Settings()


def test_an_error_of_a_setting_shows_no_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:secret-9@db:x/desk")

    with pytest.raises(ValidationError) as error:
        Settings()

    assert "secret-9" not in str(error.value)


@pytest.mark.parametrize("name", ["our desk", "100%", "a%41b", "what?", "#1", "ü"])
def test_the_records_are_in_the_home_folder_however_it_is_called(
    tmp_path: Path, name: str
) -> None:
    settings = Settings(home=tmp_path / name, database_url="")

    found = Database(settings.database).engine.url.database

    assert found == str(tmp_path / name / "desk.sqlite3")
