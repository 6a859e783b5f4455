"""Waits that have a kind and a way out; what each attempt took of its channel."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = desk.models.base.UtcDateTime(timezone=True)
OF_CHANNELS = (
    sa.Column("wait", sa.String(), nullable=True),
    sa.Column("wait_why", sa.String(), nullable=False, server_default=""),
    sa.Column("wait_shared", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("wait_from_at", MOMENT, nullable=True),
    sa.Column("probe_at", MOMENT, nullable=True),
    sa.Column("probe_id", sa.Integer(), nullable=True),
    sa.Column("probing_until", MOMENT, nullable=True),
)
OF_ATTEMPTS = (
    sa.Column("channel_id", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("room_left", sa.Integer(), nullable=True),
    sa.Column("room_until", MOMENT, nullable=True),
)
OF_EARLIER = "SELECT channel_id FROM parts WHERE parts.id = attempts.part_id"


def upgrade() -> None:
    for column in OF_CHANNELS:
        op.add_column("channels", column._copy())
    op.execute("UPDATE channels SET wait = 'asked' WHERE not_before IS NOT NULL")
    for name in ("spent_from_at", "spent"):
        op.drop_column("channels", name)
    for column in OF_ATTEMPTS:
        op.add_column("attempts", column._copy())
    op.execute(f"UPDATE attempts SET channel_id = ({OF_EARLIER})")  # noqa: S608  # ours
    op.create_index("ix_attempts_made", "attempts", ["channel_id", "intent_at"])


def downgrade() -> None:
    op.drop_index("ix_attempts_made", table_name="attempts")
    for column in reversed(OF_ATTEMPTS):
        op.drop_column("attempts", column.name)
    op.add_column(
        "channels", sa.Column("spent", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("channels", sa.Column("spent_from_at", MOMENT, nullable=True))
    for column in reversed(OF_CHANNELS):
        op.drop_column("channels", column.name)
