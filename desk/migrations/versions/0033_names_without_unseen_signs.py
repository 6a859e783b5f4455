"""Names of before are compared without signs that nobody sees, and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import regex
import sqlalchemy as sa
from alembic import op

from desk import look_alikes

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

UNSEEN = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]+")
BLANK = "\u2800"

users = sa.table(
    "users",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("name_key", sa.String),
)


def upgrade() -> None:
    _key_anew(
        look_alikes.key
    )  # of today: a later rule has a migration that asks it again


def downgrade() -> None:
    _key_anew(_with_all_signs)


def _key_anew(key: Callable[[str], str]) -> None:
    """Who came later to a key keeps their name, and gets a line of their own in it."""
    link, taken = op.get_bind(), set[str]()
    op.drop_index("uq_users_name_key", "users")
    for user in link.execute(sa.select(users).order_by(users.c.id)).all():
        found = key(user.name)
        found = f"{found}\n{user.id}" if found in taken else found
        taken.add(found)
        which = users.update().where(users.c.id == user.id)
        link.execute(which.values(name_key=found))
    op.create_index("uq_users_name_key", "users", ["name_key"], unique=True)


def _with_all_signs(name: str) -> str:
    seen = unicodedata.normalize("NFKC", name).replace(BLANK, " ")
    return look_alikes.by_twins(UNSEEN.sub("", seen).casefold())
