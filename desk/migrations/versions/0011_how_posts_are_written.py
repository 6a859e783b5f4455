"""How the posts of a channel are written; threads, tagged links, links in a reply."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "channels",
        sa.Column("style", sa.JSON(), nullable=False, server_default="{}"),
    )
    op.add_column(
        "posts", sa.Column("tags", sa.String(), nullable=False, server_default="")
    )
    for name in ("link_in_reply", "thread"):
        op.add_column(
            "posts",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )


def downgrade() -> None:
    for name in ("thread", "link_in_reply", "tags"):
        op.drop_column("posts", name)
    op.drop_column("channels", "style")
