"""A post keeps the once-key it was made with; scheduling forms have their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No batch: on SQLite that makes the table anew, and parts refer to its rows.
    op.add_column("posts", sa.Column("made_with", sa.String(), nullable=True))
    op.create_index(op.f("ix_posts_made_with"), "posts", ["made_with"], unique=True)
    op.execute("UPDATE posts SET made_with = once_key")


def downgrade() -> None:
    op.drop_index(op.f("ix_posts_made_with"), "posts")
    op.drop_column("posts", "made_with")
