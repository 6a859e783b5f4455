"""An index for the stories that may be shared again."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

EVERGREEN = sa.text("priority = 'evergreen'")


def upgrade() -> None:
    op.create_index(
        "ix_posts_evergreen",
        "posts",
        ["article_id"],
        sqlite_where=EVERGREEN,
        postgresql_where=EVERGREEN,
    )


def downgrade() -> None:
    op.drop_index("ix_posts_evergreen", "posts")
