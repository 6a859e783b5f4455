"""Who has a post in hand while it is made ready: only that one's death counts."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("in_hand_of", sa.String(), nullable=True))
    op.add_column(
        "posts",
        sa.Column(
            "in_hand_at", desk.models.base.UtcDateTime(timezone=True), nullable=True
        ),
    )


def downgrade() -> None:
    op.drop_column("posts", "in_hand_at")
    op.drop_column("posts", "in_hand_of")
