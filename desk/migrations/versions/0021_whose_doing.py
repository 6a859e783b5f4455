"""The history knows people by their number, and no two of them have one name."""

from __future__ import annotations

import unicodedata
from itertools import count

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TOLD = ("events", "holds")  # what says whose doing it was

users = sa.table(
    "users",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("name_key", sa.String),
)


def upgrade() -> None:
    for table in TOLD:
        op.execute(  # in one, which SQLite does without writing the whole table anew
            f"ALTER TABLE {table} ADD COLUMN person_id INTEGER "
            f"CONSTRAINT fk_{table}_person_id_users REFERENCES users (id)"
        )
    _carry_over(op.get_bind())
    op.add_column(
        "users", sa.Column("name_key", sa.String(), nullable=False, server_default="")
    )
    _tell_apart(op.get_bind())
    op.create_index("uq_users_name_key", "users", ["name_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_users_name_key", "users")
    op.drop_column("users", "name_key")
    for table in TOLD:
        op.drop_column(table, "person_id")


def _carry_over(link: sa.Connection) -> None:
    """Where one person alone has a name now, what is told of it is theirs."""
    alone = (
        sa.select(users.c.name)
        .group_by(users.c.name)
        .having(sa.func.count() == 1)
        .scalar_subquery()
    )
    for name in TOLD:
        told = sa.table(name, sa.column("by", sa.String), sa.column("person_id"))
        whose = sa.select(users.c.id).where(users.c.name == told.c.by)
        link.execute(
            told.update()
            .where(told.c.by.in_(alone))
            .values(person_id=whose.scalar_subquery())
        )


def _tell_apart(link: sa.Connection) -> None:
    """Who came later to a name that another has gets a number behind it."""
    taken: set[str] = set()
    for user in link.execute(sa.select(users).order_by(users.c.id)).all():
        names = (user.name if n == 1 else f"{user.name} {n}" for n in count(1))
        name = next(one for one in names if _key(one) not in taken)
        taken.add(_key(name))
        link.execute(
            users.update()
            .where(users.c.id == user.id)
            .values(name=name, name_key=_key(name))
        )


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = (letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())
