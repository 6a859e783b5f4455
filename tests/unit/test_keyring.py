"""Whose keys these are: other ones open no channel, so their process does not start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk import channels, keyring, vault
from desk.config import Settings
from desk.desk import Desk
from desk.vault import Locked, Vault, new_key
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


@pytest.fixture
def sealed(any_desk: Desk) -> Desk:
    """A desk with two channels that hold a secret."""
    for name in ("Sport", "Culture"):
        factories.make_channel(any_desk, name)
    return any_desk


def own(desk: Desk) -> str:
    return (desk.settings.home / "keys").read_text().strip()


def opened(desk: Desk, *keys: str) -> Desk:
    """Another process of this desk, with these keys; none: those of the home folder."""
    settings = desk.settings.model_copy(update={"keys": ", ".join(keys)})
    return replace(Desk.open(settings, {"scripted": Scripted}), db=desk.db)


def token(desk: Desk, channel_id: int = 1) -> str:
    kept = steps.channel_of(desk, channel_id)
    return channels.connect(desk, kept).credentials["token"]


def foreign(desk: Desk) -> bool:
    with desk.db.reading() as session:
        return keyring.is_foreign(session, desk.vault)


def test_a_process_with_another_desks_keys_does_not_start(sealed: Desk) -> None:
    with pytest.raises(Locked, match=r"“Sport”, “Culture”.*desk keys lost"):
        opened(sealed, new_key())


def test_where_the_keys_are_gone_no_new_ones_are_made(sealed: Desk) -> None:
    path = sealed.settings.home / "keys"
    path.unlink()

    with pytest.raises(Locked, match=r"keys is missing.*desk keys lost"):
        opened(sealed)

    assert not path.exists()


def test_a_home_without_keys_beside_a_retired_channels_secret_makes_none(
    sealed: Desk,
) -> None:
    for channel_id in (1, 2):
        steps.alter_channel(sealed, channel_id, retired_at=factories.now_of(sealed))
    (sealed.settings.home / "keys").unlink()

    with pytest.raises(Locked, match="is missing"):
        opened(sealed)


def test_a_desk_without_secrets_may_get_new_keys(any_desk: Desk) -> None:
    (any_desk.settings.home / "keys").unlink()

    assert not foreign(opened(any_desk))


def in_front(desk: Desk, old: str, new: str) -> Desk:
    return opened(desk, new, old)


def behind(desk: Desk, old: str, new: str) -> Desk:
    return opened(desk, old, new)


def alone_after_rotation(desk: Desk, old: str, new: str) -> Desk:
    channels.rotate_secrets(opened(desk, new, old))
    return opened(desk, new)


@pytest.mark.parametrize("ring", [in_front, behind, alone_after_rotation])
def test_a_ring_that_opens_everything_is_this_desks(
    sealed: Desk, ring: Callable[[Desk, str, str], Desk]
) -> None:
    made = ring(sealed, own(sealed), new_key())

    assert (token(made), foreign(made)) == ("s3cret", False)


def test_a_ring_that_misses_the_key_of_one_secret_is_refused(sealed: Desk) -> None:
    new, old = new_key(), own(sealed)
    added = opened(sealed, new, old)
    factories.make_channel(added, "Added since")

    for keys in ([old], [new]):
        with pytest.raises(Locked, match="do not open the secrets of"):
            opened(sealed, *keys)

    assert token(opened(sealed, new, old), 3) == "s3cret"


def test_the_old_key_alone_is_refused_after_a_rotation(sealed: Desk) -> None:
    new, old = new_key(), own(sealed)
    channels.rotate_secrets(opened(sealed, new, old))

    with pytest.raises(Locked, match="sealed with others"):
        opened(sealed, old)


def test_one_broken_secret_keeps_no_process_from_starting(sealed: Desk) -> None:
    steps.alter_channel(sealed, 1, secrets=b"broken")

    again = opened(sealed)

    assert (token(again, 2), foreign(again)) == ("s3cret", False)


def test_one_broken_secret_keeps_no_other_from_rotating(sealed: Desk) -> None:
    steps.alter_channel(sealed, 1, secrets=b"broken")
    new = new_key()

    count = channels.rotate_secrets(opened(sealed, new, own(sealed)))

    assert (count, token(opened(sealed, new), 2)) == (1, "s3cret")


def test_a_desk_of_before_the_fingerprints_learns_its_keys(sealed: Desk) -> None:
    old = own(sealed)
    with sealed.db.writing() as session:
        keyring.seal_by_these_only(session, [])

    with pytest.raises(Locked):
        opened(sealed, new_key())
    opened(sealed)

    assert token(opened(sealed, old)) == "s3cret"


def test_lost_keys_can_be_given_up(sealed: Desk) -> None:
    (sealed.settings.home / "keys").unlink()

    keyring.begin_with_new_keys(sealed.settings)

    again = opened(sealed)
    with again.db.writing() as session:
        stopped = channels.stop_shut(session, again.vault, factories.now_of(sealed))
    assert stopped == ["Sport", "Culture"]
    assert "reconnect it" in steps.channel_of(again, 1).stopped_why


def test_keys_that_come_to_the_file_are_known_to_processes_that_run(
    sealed: Desk,
) -> None:
    path = sealed.settings.home / "keys"
    new, old = new_key(), own(sealed)
    path.write_text(f"{new}\n{old}\n")
    channels.rotate_secrets(opened(sealed))

    assert (token(sealed), foreign(sealed)) == ("s3cret", False)


def test_a_database_that_is_away_keeps_nobody_with_keys_from_starting(
    sealed: Desk, settings: Settings
) -> None:
    away = "postgresql://desk@127.0.0.1:1/none"
    told = sealed.settings.model_copy(update={"database_url": away})

    assert Desk.open(told, {}).vault.fingerprints == sealed.vault.fingerprints


def test_a_key_that_another_thread_has_just_read_opens_too(sealed: Desk) -> None:
    own_keys = own(sealed).split()
    vault.add_key(sealed.settings.home)
    rotated = opened(sealed)
    channels.rotate_secrets(rotated)
    found = (sealed.settings.home / "keys").read_text().split()
    asked: list[int] = []

    def read() -> list[str]:
        asked.append(1)
        if len(asked) == 1:
            running.look_again()  # another thread is faster
        return found

    running = Vault(own_keys, again=read)

    assert keyring.unseal_secrets(running, steps.channel_of(sealed, 1))["token"]
