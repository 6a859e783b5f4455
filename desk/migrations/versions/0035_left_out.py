"""Which channels somebody left out of a share stands at the post."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("left_out", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("posts", "left_out")
