"""Indexes for the clock's looks; a channel may keep its posts in order."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEDULED = sa.text("state = 'scheduled'")
TO_LOOK = sa.text("look_at IS NOT NULL")
ITS_TURN = sa.text("turn IS NOT NULL AND state IN ('claimed', 'sending')")


def upgrade() -> None:
    op.add_column("posts", sa.Column("turn", sa.Integer(), nullable=True))
    op.add_column(
        "channels",
        sa.Column("in_order", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "uq_posts_turn",
        "posts",
        ["turn"],
        unique=True,
        sqlite_where=ITS_TURN,
        postgresql_where=ITS_TURN,
    )
    op.create_index(
        "ix_posts_look",
        "posts",
        ["look_at"],
        sqlite_where=TO_LOOK,
        postgresql_where=TO_LOOK,
    )
    op.drop_index("ix_posts_due", "posts")
    _index_due("next_at", "id", "priority")


def downgrade() -> None:
    op.drop_index("ix_posts_due", "posts")
    _index_due("next_at", "id")
    op.drop_index("ix_posts_look", "posts")
    op.drop_index("uq_posts_turn", "posts")
    op.drop_column("channels", "in_order")
    op.drop_column("posts", "turn")


def _index_due(*columns: str) -> None:
    op.create_index(
        "ix_posts_due",
        "posts",
        list(columns),
        sqlite_where=SCHEDULED,
        postgresql_where=SCHEDULED,
    )
