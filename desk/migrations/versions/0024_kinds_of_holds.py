"""Holds have a kind: a person's, or one that the desk set on a copy of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COPY = (  # what the desk wrote into such a hold
    "This is a copy or a restore: posts may have gone out that this database does not "
    "know of. Check what is overdue, then lift the hold."
)

holds = sa.table("holds", sa.column("kind", sa.String), sa.column("why", sa.String))


def upgrade() -> None:
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE holds ADD COLUMN kind VARCHAR NOT NULL DEFAULT 'person' "
        "CONSTRAINT ck_holds_kind CHECK (kind IN ('person', 'copy'))"
    )
    op.execute(holds.update().where(holds.c.why == COPY).values(kind="copy", why=""))


def downgrade() -> None:
    op.execute(holds.update().where(holds.c.kind == "copy").values(why=COPY))
    op.drop_column("holds", "kind")
