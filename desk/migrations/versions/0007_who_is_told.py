"""What a person must know, and the ways to tell it."""

import sqlalchemy as sa
from alembic import op

import desk.models.base

revision = "0007"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = desk.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("tell_at", MOMENT, nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("hooked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    ways = op.create_table(
        "ways",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("last_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ways")),
    )
    rows = [{"name": name, "tries": 0, "error": ""} for name in ("mail", "webhook")]
    op.bulk_insert(ways, rows)


def downgrade() -> None:
    op.drop_table("ways")
    op.drop_table("notices")
