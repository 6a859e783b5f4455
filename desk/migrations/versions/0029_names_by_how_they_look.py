"""Names of before are compared by how they look, as new ones are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import regex
import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNSEEN = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]+")
BLANK = "\u2800"
TWINS = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXIJSaeopcyxijshdABEZHIKMNOPTYXo",
)

users = sa.table(
    "users",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("name_key", sa.String),
)


def upgrade() -> None:
    _key_anew(_as_drawn)


def downgrade() -> None:
    _key_anew(_as_written)


def _key_anew(key: Callable[[str], str]) -> None:
    """Who came later to a key keeps their name: `desk doctor` says that it is shared.

    Theirs gets a line of its own, which no name has, so that no key stands twice.
    """
    link, taken = op.get_bind(), set[str]()
    op.drop_index("uq_users_name_key", "users")
    for user in link.execute(sa.select(users).order_by(users.c.id)).all():
        found = key(user.name)
        found = f"{found}\n{user.id}" if found in taken else found
        taken.add(found)
        which = users.update().where(users.c.id == user.id)
        link.execute(which.values(name_key=found))
    op.create_index("uq_users_name_key", "users", ["name_key"], unique=True)


def _as_drawn(name: str) -> str:
    drawn = unicodedata.normalize("NFKC", name).replace(BLANK, " ").translate(TWINS)
    same = drawn.upper().translate(TWINS)
    return " ".join(UNSEEN.sub("", same.casefold()).split())


def _as_written(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = (letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())
