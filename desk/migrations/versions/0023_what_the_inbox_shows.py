"""Indexes for the inbox: the sections that stand in it, and what was dismissed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_articles_sections", ["section", "id"], sa.text("dismissed_at IS NULL")),
    ("ix_articles_dismissed", ["id"], sa.text("dismissed_at IS NOT NULL")),
)


def upgrade() -> None:
    for name, columns, which in INDEXES:
        op.create_index(
            name, "articles", columns, sqlite_where=which, postgresql_where=which
        )


def downgrade() -> None:
    for name, *_ in INDEXES:
        op.drop_index(name, "articles")
