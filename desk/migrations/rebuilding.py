"""Rebuilding: constraints on tables that SQLite can only write anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from alembic import op


class LostRows(Exception):
    """What some rows refer to would be gone; nothing was changed."""


Checks = Mapping[str, str]  # by name: what every row must be


def loosen(connection: sa.Connection) -> None:
    """SQLite can't be told so once a transaction has begun."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")


def add_checks(table: str, checks: Checks) -> None:
    said = "".join(map(_constraint, checks, checks.values()))
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, lambda columns: columns + said)
        return
    for name, condition in checks.items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")


def drop_checks(table: str, checks: Checks) -> None:
    said = "".join(map(_constraint, checks, checks.values()))
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, lambda columns: columns.replace(said, ""))
        return
    for name in checks:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def require(table: str, column: str) -> None:
    """No row is without this whole number from now on; it was added without that."""
    if op.get_bind().dialect.name == "sqlite":
        plain = f"{column} INTEGER "
        _rebuild(table, lambda columns: columns.replace(plain, f"{plain}NOT NULL "))
        return
    op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")


def _constraint(name: str, condition: str) -> str:
    return f", CONSTRAINT {name} CHECK ({condition})"


def _rebuild(table: str, change: Callable[[str], str]) -> None:
    """Write a table of SQLite anew, with its indexes and triggers.

    What refers to it goes on doing so by its name: foreign keys are off meanwhile, and
    checked at the end.
    """
    made = {kind: _made(table, kind) for kind in ("table", "index", "trigger")}
    _, _, columns = made["table"][0].rpartition(")")[0].partition("(")
    op.execute(sa.text(_plain(f"CREATE TABLE {table}_anew ({change(columns)})")))
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")  # noqa: S608  # ours
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for statement in made["index"] + made["trigger"]:
        op.execute(sa.text(_plain(statement)))
    if lost := op.get_bind().execute(sa.text("PRAGMA foreign_key_check")).all():
        raise LostRows(f"Rows that refer to none: {lost[:5]}")


def _made(table: str, kind: str) -> list[str]:
    """The statements that made the table, its indexes or its triggers."""
    query = sa.text(
        "SELECT sql FROM sqlite_master "
        "WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL ORDER BY rowid"
    )
    found = op.get_bind().execute(query, {"table": table, "kind": kind})
    return [str(row.sql) for row in found]


def _plain(statement: str) -> str:
    """No colon in it is a parameter."""
    return statement.replace(":", r"\:")
