"""People say something about a share, to each other."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_with", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("former", sa.String(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name="fk_comments_share_id_shares"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name="fk_comments_person_id_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.UniqueConstraint("made_with", name="uq_comments_made_with"),
    )
    op.create_index("ix_comments_of_share", "comments", ["share_id", "id"])
    op.create_index("ix_comments_changed", "comments", ["change"])


def downgrade() -> None:
    """What was said has no place any more."""
    op.drop_table("comments")
