"""Keys that secrets are sealed with; where the tables stand; clocks that differ."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_keys")),
    )
    op.add_column(
        "heartbeats",
        sa.Column("skew_ms", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("installation", sa.Column("stands_at", sa.String()))
    op.add_column(
        "installation", sa.Column("ran_at", desk.models.base.UtcDateTime(timezone=True))
    )


def downgrade() -> None:
    op.drop_column("installation", "ran_at")
    op.drop_column("installation", "stands_at")
    op.drop_column("heartbeats", "skew_ms")
    op.drop_table("keys")
