"""The key ring: are these the keys that the desk's secrets are sealed with?

A process with others can't speak for a channel, and must not seal anything: it does
not start. The database knows each key that seals by its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk.config import Settings
from desk.db import Database
from desk.models import Channel, Key
from desk.vault import FILE, Locked, Vault

SHUT = (
    "No key of this desk opens its secret: bring the key back and check the channel, "
    "or reconnect it."
)
CURE = (
    "Bring back the right ones (the file “keys” of the home folder, or "
    "STANDFIRST_KEYS). If they are lost for good, type “desk keys lost”, and then "
    "reconnect the channels."
)


class OtherKeys(Locked):
    """The keys at hand are not those of this desk; says in a sentence what to do."""


def open_vault(settings: Settings, database: Database) -> Vault:
    """The vault that opens this desk's secrets; raises `OtherKeys` for any other.

    Where the database is away, whoever has keys may start, and is told later.
    """
    try:
        return _opened(settings, database)
    except DBAPIError:
        if Vault.at_hand(settings):
            return Vault.open(settings)
        raise


def _opened(settings: Settings, database: Database) -> Vault:
    begun = _has_secrets(database)
    if begun and not Vault.at_hand(settings):
        raise OtherKeys(
            f"{settings.home / FILE} is missing, and secrets of this desk are sealed "
            f"with its keys. {CURE}"
        )
    vault = Vault.open(settings)
    if begun and inspect(database.engine).has_table(Key.__tablename__):
        _refuse_other(database, vault)
    return vault


def begin_with_new_keys(settings: Settings) -> None:
    """Keys are lost for good: the desk goes on with those at hand, or a new one."""
    database = Database(settings.database)
    with database.writing() as session:
        seal_by_these_only(session, Vault.open(settings).fingerprints)
    database.engine.dispose()


def sealed_to(channel: Channel) -> str:
    """What a channel's secrets are sealed to, so that rows can't be swapped."""
    return f"channel {channel.id}"


def unseal_secrets(vault: Vault, channel: Channel) -> dict[str, str]:
    """Its secrets; raises `Locked`. Keys may have been added since we started.

    Another thread may have taken them in this very moment, so nothing is concluded
    from there being no new ones.
    """
    if not channel.secrets:
        return {}
    try:
        return vault.unseal(channel.secrets, sealed_to(channel))
    except Locked:
        vault.look_again()
        return vault.unseal(channel.secrets, sealed_to(channel))


def need_sealing_key(session: Session, vault: Vault) -> None:
    """A secret is being sealed: from now on this desk needs the key that seals."""
    _add(session, {vault.seals_with})


def seal_by_these_only(session: Session, fingerprints: Iterable[str]) -> None:
    """These keys seal every secret that can be opened; no other is needed."""
    session.execute(delete(Key))
    _add(session, fingerprints)


def list_shut_channels(session: Session, vault: Vault) -> list[Channel]:
    """The channels in use whose secret none of these keys opens."""
    return [one for one in _sealed(session) if not _opens(vault, one)]


def is_foreign(session: Session, vault: Vault) -> bool:
    """Whether these are another desk's keys, or miss one that secrets need.

    A ring that opens everything never is. A single secret that no key opens is its
    channel's trouble: the ring has every key that the desk knows of.
    """
    known = set(session.scalars(select(Key.fingerprint)))
    if known and known <= vault.fingerprints:
        return False
    closed = list_shut_channels(session, vault)
    return bool(closed) and (bool(known) or len(closed) == len(_sealed(session)))


def _refuse_other(database: Database, vault: Vault) -> None:
    with database.reading() as session:
        known = session.scalar(select(Key.fingerprint).limit(1)) is not None
        if is_foreign(session, vault):
            names = ", ".join(
                f"“{one.name}”" for one in list_shut_channels(session, vault)
            )
            raise OtherKeys(
                f"The keys of this process do not open the secrets of {names}: this "
                f"desk's are sealed with others. {CURE}"
            )
    if not known:  # a desk of an earlier version
        with database.writing() as session:
            _add(session, vault.fingerprints)


def _has_secrets(database: Database) -> bool:
    if not inspect(database.engine).has_table(Channel.__tablename__):
        return False  # a new desk
    with database.reading() as session:
        query = select(Channel.id).where(Channel.secrets.is_not(None)).limit(1)
        return session.scalar(query) is not None


def _sealed(session: Session) -> list[Channel]:
    query = select(Channel).where(Channel.secrets.is_not(None))
    query = query.where(Channel.retired_at.is_(None)).order_by(Channel.id)
    return list(session.scalars(query))


def _opens(vault: Vault, channel: Channel) -> bool:
    try:
        unseal_secrets(vault, channel)
    except Locked:
        return False
    return True


def _add(session: Session, fingerprints: Iterable[str]) -> None:
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert: Any = sqlite.insert if on_sqlite else postgresql.insert
    if rows := [{"fingerprint": one} for one in sorted(fingerprints)]:
        session.execute(insert(Key).on_conflict_do_nothing(), rows)
