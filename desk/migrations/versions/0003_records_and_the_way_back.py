"""Indexes for the records and for what needs a person; a draft's former time."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IN_TROUBLE = sa.text("state IN ('failed', 'missed', 'unconfirmed', 'in review')")
TWICE = sa.text("twice_url IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "posts",
        sa.Column(
            "was_due_at", desk.models.base.UtcDateTime(timezone=True), nullable=True
        ),
    )
    op.create_index("ix_posts_records", "posts", ["due_at", "id"])
    op.create_index(
        "ix_posts_trouble",
        "posts",
        ["id"],
        sqlite_where=IN_TROUBLE,
        postgresql_where=IN_TROUBLE,
    )
    op.create_index(
        "ix_posts_twice", "posts", ["id"], sqlite_where=TWICE, postgresql_where=TWICE
    )


def downgrade() -> None:
    op.drop_index("ix_posts_twice", table_name="posts")
    op.drop_index("ix_posts_trouble", table_name="posts")
    op.drop_index("ix_posts_records", table_name="posts")
    op.drop_column("posts", "was_due_at")
