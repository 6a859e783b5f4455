"""Breakers for servers that do not answer; which server and app a channel speaks by."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = desk.models.base.UtcDateTime(timezone=True)
ADDED = ("circuit", "app")


def upgrade() -> None:
    op.create_table(
        "breakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circuit", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("last_post_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("open_until", MOMENT, nullable=True),
        sa.Column("probe_id", sa.Integer(), nullable=True),
        sa.Column("probing_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakers")),
        sa.UniqueConstraint("circuit", name=op.f("uq_breakers_circuit")),
    )
    for name in ADDED:
        op.add_column(
            "channels", sa.Column(name, sa.String(), nullable=False, server_default="")
        )


def downgrade() -> None:
    for name in reversed(ADDED):
        op.drop_column("channels", name)
    op.drop_table("breakers")
