"""Links that were pasted together wait to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STATES = ("waiting", "reading", "taken", "known", "unreached", "unreadable", "no link")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer()),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("lease_until", WHEN),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("settled_at", WHEN),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name="fk_arrivals_person_id_users"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_arrivals_article_id_articles"
        ),
        sa.CheckConstraint(
            f"state IN ({', '.join(map(repr, STATES))})", name="ck_arrivals_state"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_person_id", "arrivals", ["person_id"])


def downgrade() -> None:
    op.drop_table("arrivals")
