"""Secrets at rest: sealed, bound to their record, rotated, and shown to nobody."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk import vault
from desk.config import Settings
from desk.vault import Locked, Vault

TOKEN = {"token": "hush-hush"}


def test_what_is_sealed_can_be_unsealed_and_not_read() -> None:
    keys = Vault([vault.new_key()])

    sealed = keys.seal(TOKEN, "channel 1")

    assert b"hush" not in sealed
    assert keys.unseal(sealed, "channel 1") == TOKEN


def test_a_secret_of_one_record_is_no_use_to_another() -> None:
    keys = Vault([vault.new_key()])
    sealed = keys.seal(TOKEN, "channel 1")

    with pytest.raises(Locked, match="belongs to channel 1"):
        keys.unseal(sealed, "channel 2")


def test_without_its_key_a_secret_stays_shut() -> None:
    sealed = Vault([vault.new_key()]).seal(TOKEN, "channel 1")

    with pytest.raises(Locked, match="bring back the key"):
        Vault([vault.new_key()]).unseal(sealed, "channel 1")


def test_rotation_moves_a_secret_to_the_first_key() -> None:
    old, new = vault.new_key(), vault.new_key()
    sealed = Vault([old]).seal(TOKEN, "channel 1")

    rotated = Vault([new, old]).rotate(sealed, "channel 1")

    assert Vault([new]).unseal(rotated, "channel 1") == TOKEN


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(Locked, match="desk keys new"):
        Vault(["not a key"])


def test_the_keys_of_the_settings_come_first(settings: Settings) -> None:
    key = vault.new_key()
    told = settings.model_copy(update={"keys": f"{key}, {vault.new_key()}"})

    sealed = Vault.open(told).seal(TOKEN, "channel 1")

    assert Vault([key]).unseal(sealed, "channel 1") == TOKEN
    assert not (settings.home / "keys").exists()


def test_a_new_desk_makes_a_key_for_this_user_alone(settings: Settings) -> None:
    settings.home.mkdir()

    sealed = Vault.open(settings).seal(TOKEN, "channel 1")

    assert Vault.open(settings).unseal(sealed, "channel 1") == TOKEN
    assert stat.S_IMODE((settings.home / "keys").stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_key(settings: Settings) -> None:
    settings.home.mkdir()

    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault.open(settings), range(8)))

    sealed = vaults[0].seal(TOKEN, "channel 1")
    assert all(one.unseal(sealed, "channel 1") == TOKEN for one in vaults)
    assert [path.name for path in settings.home.iterdir()] == ["keys"]


def test_an_empty_key_file_is_no_new_desk(tmp_path: Path) -> None:
    (tmp_path / "keys").touch()

    with pytest.raises(Locked, match="is empty"):
        Vault.open(Settings(home=tmp_path, database_url="", redis_url=""))


def test_an_added_key_seals_and_the_old_one_still_opens(settings: Settings) -> None:
    settings.home.mkdir()
    before = Vault.open(settings)
    sealed = before.seal(TOKEN, "channel 1")

    vault.add_key(settings.home)

    after = Vault.open(settings)
    assert after.unseal(sealed, "channel 1") == TOKEN
    with pytest.raises(Locked):
        before.unseal(after.seal(TOKEN, "channel 1"), "channel 1")
    assert [path.name for path in settings.home.iterdir()] == ["keys"]


def test_each_purpose_has_a_secret_of_its_own() -> None:
    keys = Vault([vault.new_key()])

    assert keys.derive("sessions") == keys.derive("sessions")
    assert keys.derive("sessions") != keys.derive("links")


def test_a_vault_shows_nothing_of_itself() -> None:
    key = vault.new_key()

    assert key not in repr(Vault([key]))
