"""Indexes for what a channel has near to a time, for drafts, and what was put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DRAFT = sa.text("state = 'draft'")
ASIDE = sa.text("triage IS NOT NULL AND state = 'scheduled'")
SCHEDULED = sa.text("state = 'scheduled'")


def upgrade() -> None:
    op.create_index("ix_posts_of_channel", "posts", ["channel_id", "due_at"])
    op.drop_index("ix_posts_channel_id", "posts")  # the first half of that one
    for name, which in (("ix_posts_drafts", DRAFT), ("ix_posts_aside", ASIDE)):
        op.create_index(
            name, "posts", ["id"], sqlite_where=which, postgresql_where=which
        )
    _overdue("due_at", "channel_id")


def downgrade() -> None:
    _overdue("due_at")
    op.drop_index("ix_posts_aside", "posts")
    op.drop_index("ix_posts_drafts", "posts")
    op.create_index("ix_posts_channel_id", "posts", ["channel_id"])
    op.drop_index("ix_posts_of_channel", "posts")


def _overdue(*columns: str) -> None:
    op.drop_index("ix_posts_overdue", "posts")
    op.create_index(
        "ix_posts_overdue",
        "posts",
        list(columns),
        sqlite_where=SCHEDULED,
        postgresql_where=SCHEDULED,
    )
