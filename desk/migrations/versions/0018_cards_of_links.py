"""Cards of links that are no article's; a post's public time; handles carried along."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["pictures.id"], name="fk_link_cards_picture_id_pictures"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_link_cards"),
    )
    op.create_index("ix_link_cards_link", "link_cards", ["link"])
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE posts ADD COLUMN card_id INTEGER "
        "CONSTRAINT fk_posts_card_id_link_cards REFERENCES link_cards (id)"
    )
    op.add_column(
        "posts", sa.Column("carried", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "attempts", sa.Column("public_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("attempts", "public_at")
    op.drop_column("posts", "carried")
    op.drop_column("posts", "card_id")
    op.drop_index("ix_link_cards_link", "link_cards")
    op.drop_table("link_cards")
