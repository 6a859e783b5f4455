"""Channels that a newsroom takes together, by a name or by their section."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=True),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(name_key IS NULL) <> (section IS NULL)",
            name="ck_channel_sets_one_kind",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_channel_sets"),
        sa.UniqueConstraint("name_key", name="uq_channel_sets_name_key"),
        sa.UniqueConstraint("section", name="uq_channel_sets_section"),
    )


def downgrade() -> None:
    op.drop_table("channel_sets")
