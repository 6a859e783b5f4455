"""Events have a kind, where something is looked for by what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = {  # by how the desk began to tell of it
    "submitted": "Sent for approval.",
    "not_uploaded": "Not uploaded yet: ",
}

events = sa.table("events", sa.column("kind", sa.String), sa.column("what", sa.String))


def upgrade() -> None:
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE events ADD COLUMN kind VARCHAR NOT NULL DEFAULT 'noted' "
        "CONSTRAINT ck_events_kind "
        "CHECK (kind IN ('noted', 'submitted', 'not_uploaded'))"
    )
    for kind, beginning in KINDS.items():
        told = events.c.what.startswith(beginning, autoescape=True)
        op.execute(events.update().where(told).values(kind=kind))


def downgrade() -> None:
    op.drop_column("events", "kind")
