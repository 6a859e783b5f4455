"""A discarded working copy stays beside what its person types next; each field's page."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UNIQUE = "uq_working_copies_post_id_person_id"


def upgrade() -> None:
    with op.batch_alter_table("working_copies") as table:
        table.drop_constraint(UNIQUE, type_="unique")
        table.add_column(
            sa.Column("pages", sa.JSON(), nullable=False, server_default="{}")
        )
    op.create_index(
        "ix_working_copies_of",
        "working_copies",
        ["post_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("discarded_at IS NULL"),
        postgresql_where=sa.text("discarded_at IS NULL"),
    )


def downgrade() -> None:
    """What was discarded has no place any more."""
    op.execute("DELETE FROM working_copies WHERE discarded_at IS NOT NULL")
    op.drop_index("ix_working_copies_of", "working_copies")
    with op.batch_alter_table("working_copies") as table:
        table.drop_column("pages")
        table.create_unique_constraint(UNIQUE, ["post_id", "person_id"])
