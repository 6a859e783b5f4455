"""Why a post has no more candidates stands apart from what is to be checked."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NOT_OFFERED = "Not offered: "  # how the desk began to say so, among the warnings
CHUNK = 500
Row = sa.Row[tuple[int, list[str], str]]
Change = Callable[[Row], tuple[list[str], str]]  # its warnings, and what is missing

posts = sa.table(
    "posts",
    sa.column("id", sa.Integer),
    sa.column("warnings", sa.JSON),
    sa.column("not_offered", sa.String),
)
CHANGE = (
    posts.update()
    .where(posts.c.id == sa.bindparam("post"))
    .values(warnings=sa.bindparam("said"), not_offered=sa.bindparam("missing"))
)


def upgrade() -> None:
    missing = sa.Column("not_offered", sa.String(), nullable=False, server_default="")
    op.add_column("posts", missing)
    said = sa.cast(posts.c.warnings, sa.String)
    _change(said.contains(NOT_OFFERED, autoescape=True), _apart)


def downgrade() -> None:
    _change(posts.c.not_offered != "", _together)
    op.drop_column("posts", "not_offered")


def _apart(row: Row) -> tuple[list[str], str]:
    missing = [one for one in row.warnings if one.startswith(NOT_OFFERED)]
    return [one for one in row.warnings if one not in missing], " ".join(missing)


def _together(row: Row) -> tuple[list[str], str]:
    return [*row.warnings, row.not_offered], ""


def _change(which: sa.ColumnElement[bool], change: Change) -> None:
    """So many at a time as fit into memory, however many posts there are."""
    link, last = op.get_bind(), 0
    query = sa.select(posts).where(which).order_by(posts.c.id).limit(CHUNK)
    while rows := link.execute(query.where(posts.c.id > last)).all():
        changes = [(row.id, *change(row)) for row in rows]
        link.execute(
            CHANGE,
            [{"post": id_, "said": w, "missing": m} for id_, w, m in changes],
        )
        last = rows[-1].id
