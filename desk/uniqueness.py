"""Uniqueness: what only one can have, and the sentence for who came second.

Each rule looks before it writes, and says more then. Two who write in the same moment
both find it free; the database knows its constraints by name, and refuses the second.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError

from desk.models.base import Base
from desk.refusal import Refusal, RefusalKind

SENTENCES = {
    "uq_users_email": "This email is already on this desk.",
    "uq_users_name_key": (
        "This name is taken: the history must tell people apart. Add something to it, "
        "such as the first letter of the other name."
    ),
    "uq_channels_name": ("There is a channel of this name already: take another name."),
    "uq_channel_sets_name_key": (
        "There is a set of that name already: take another name."
    ),
    "uq_parts_channel_id_remote_id": (
        "That link is another post's already: paste another one."
    ),
    "uq_posts_slot": "Another post has taken that slot: pick another time.",
    "pk_preferences": (
        "Someone else saved this setting in the same moment: load the page again, and "
        "look whether it is as you want it."
    ),
}


class Taken(Refusal):
    """Another has it, who wrote it in the same moment."""

    kind = RefusalKind.CONFLICT


def refusal(error: DBAPIError) -> Taken | None:
    """Where that is what the database says. Any other error is none of ours."""
    said = SENTENCES.get(_broken(error))
    return Taken(said) if said else None


def uniques() -> dict[str, str]:
    """Every constraint and index of our tables that is unique, with its columns."""
    return {
        str(one.name): ", ".join(
            f"{table.name}.{column.name}" for column in one.columns
        )
        for table in Base.metadata.sorted_tables
        for one in _uniques_of(table)
    }


def _uniques_of(
    table: Table,
) -> list[PrimaryKeyConstraint | UniqueConstraint | Index]:
    said = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [table.primary_key, *said, *(one for one in table.indexes if one.unique)]


def _broken(error: DBAPIError) -> str:
    """The name of the constraint. SQLite says its columns only, behind a colon."""
    if known := getattr(getattr(error.orig, "diag", None), "constraint_name", None):
        return str(known)
    return _by_columns().get(str(error.orig).partition(": ")[2], "")


@cache
def _by_columns() -> dict[str, str]:
    return {columns: name for name, columns in uniques().items()}
