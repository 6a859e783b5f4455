"""What proves that a post is there, or is not: counts, links, later looks."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RECHECKED = sa.text("recheck_at IS NOT NULL")
LIVE = sa.text("published_at IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "posts",
        sa.Column("recheck_at", desk.models.base.UtcDateTime(timezone=True)),
    )
    op.add_column(
        "posts", sa.Column("lookalikes", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("parts", sa.Column("account_total", sa.Integer()))
    op.create_index(
        "ix_posts_recheck",
        "posts",
        ["recheck_at"],
        sqlite_where=RECHECKED,
        postgresql_where=RECHECKED,
    )
    op.create_index(
        "ix_parts_live",
        "parts",
        ["channel_id", "published_at"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_parts_live", "parts")
    op.drop_index("ix_posts_recheck", "posts")
    op.drop_column("parts", "account_total")
    op.drop_column("posts", "lookalikes")
    op.drop_column("posts", "recheck_at")
