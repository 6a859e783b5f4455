"""The database: engines, and the two kinds of session (reading and writing)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

T = TypeVar("T")

BUSY_TIMEOUT_MS = 10_000
POOL = 5  # connections that are kept; as many again come and go
MODE, KNOWN = "mode", "known"  # in what a session is told of itself
# deadlock_detected, serialization_failure: the transaction may be done anew
GAVE_WAY = frozenset({"40P01", "40001"})
AWAY = (OperationalError, InterfaceError)  # it may be back: what was asked is not wrong


class Database:
    """One engine, and sessions from it. Cheap to hold, safe to share by threads."""

    def __init__(self, url: str, pool_size: int = POOL) -> None:
        if url.startswith("postgres://"):
            url = url.replace("postgres://", "postgresql://", 1)
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self.engine = _engine(url, pool_size)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # made once: a bind for each session costs a sixth of a short one
        self._binds = {mode: self._bind(mode) for mode in ("read", "write")}
        # SQLite's writers poll for their turn: within a process they queue instead.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write; nothing it loads expires."""
        with self._session("read") as session:
            yield session
            if not self.is_sqlite:
                _commit(session)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that holds the write lock from its start on SQLite.

        Commits at the end of the block; an exception rolls all of it back.
        """
        with self._turn, self._session("write") as session, session.begin():
            session.connection()  # now, so that no time is read before the lock is ours
            yield session

    def _session(self, mode: str) -> Session:
        return Session(self._binds[mode], expire_on_commit=False, info={MODE: mode})

    def _bind(self, mode: str) -> Engine:
        bind = self.engine.execution_options(standfirst=mode)
        if mode == "write" or self.is_sqlite:
            return bind
        # one moment for all that a page shows, as on SQLite
        return bind.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )


def _commit(session: Session) -> None:
    """End what was only read by a commit; whatever was changed on records is let go.

    At each rollback psycopg forgets the statements that it has prepared, and planning
    takes PostgreSQL four times as long as running what a page asks.
    """
    session.expunge_all()
    session.commit()


def _engine(url: str, pool_size: int) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            # compiling a claim takes PostgreSQL longer than running it a hundred times
            connect_args={"connect_timeout": 5, "options": "-c jit=off"},
        )
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # a statement that fails is logged: not what was in it
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # an intent is never forgotten
    connection.execute("PRAGMA foreign_keys=ON")
    # SQLite's own lower() knows ASCII only: "Überfall" must match "ÜBERFALL"
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text and text.lower()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a read that turns into a write would fail."""
    mode = connection.get_execution_options().get("standfirst", "write")
    connection.exec_driver_sql(f"PRAGMA query_only={int(mode == 'read')}")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")


def gave_way(error: DBAPIError) -> bool:
    """Did the database end this transaction, so that another could go on?

    Nothing of it was kept. SQLite has one writer, and ends none.
    """
    return getattr(error.orig, "sqlstate", None) in GAVE_WAY


def ask_once(session: Session, name: str, ask: Callable[[], T]) -> T:
    """What a reading session asked already, it need not ask again: it shows one moment.

    `ask` must depend on the session and its time alone.
    """
    if session.info.get(MODE) != "read":
        return ask()
    known = session.info.setdefault(KNOWN, {})
    if name not in known:
        known[name] = ask()
    return cast(T, known[name])


def now(session: Session) -> datetime:
    """This transaction's time, by the database's clock. Read it once, pass it on."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)  # SQLite's clock is this machine's
    at: datetime = session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]  # never null
    return at.astimezone(UTC)
