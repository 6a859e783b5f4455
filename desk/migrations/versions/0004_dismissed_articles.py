"""When someone dismissed an article from the inbox."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "articles",
        sa.Column(
            "dismissed_at", desk.models.base.UtcDateTime(timezone=True), nullable=True
        ),
    )


def downgrade() -> None:
    op.drop_column("articles", "dismissed_at")
