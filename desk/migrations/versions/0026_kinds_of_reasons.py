"""Reasons of posts have a kind; what an approver asked for stands in their words."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ASKED = "Changes asked: "  # before what the approver wanted
LATE = [  # what was said of a post that was missed, where that was all
    f"Too late for a {priority} post, so it was not {sent}."
    for priority in ("breaking", "normal", "evergreen")
    for sent in ("sent", "sent again")
]
REFUSED = ("rejected", "unauthorized", "rate limited")

posts = sa.table(
    "posts",
    sa.column("id", sa.Integer),
    sa.column("reason", sa.String),
    sa.column("reason_kind", sa.String),
)
parts = sa.table("parts", sa.column("id"), sa.column("post_id"))
attempts = sa.table(
    "attempts",
    sa.column("id"),
    sa.column("part_id"),
    sa.column("outcome", sa.String),
    sa.column("reason", sa.String),
)


def upgrade() -> None:
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE posts ADD COLUMN reason_kind VARCHAR NOT NULL DEFAULT 'desk' "
        "CONSTRAINT ck_posts_reason_kind "
        "CHECK (reason_kind IN ('desk', 'platform', 'late', 'changes'))"
    )
    reason = posts.c.reason
    asked = reason.startswith(ASKED, autoescape=True)
    wanted = sa.func.substr(reason, len(ASKED) + 1)
    op.execute(posts.update().where(asked).values(reason=wanted, reason_kind="changes"))
    op.execute(posts.update().where(reason.in_(LATE)).values(reason_kind="late"))
    op.execute(posts.update().where(_is_quoted()).values(reason_kind="platform"))


def downgrade() -> None:
    asked = posts.c.reason_kind == "changes"
    op.execute(posts.update().where(asked).values(reason=ASKED + posts.c.reason))
    op.drop_column("posts", "reason_kind")


def _is_quoted() -> sa.ColumnElement[bool]:
    """It says what the platform said when it refused the last try, and no more."""
    last = (
        sa.select(sa.func.max(attempts.c.id))
        .join(parts, parts.c.id == attempts.c.part_id)
        .where(parts.c.post_id == posts.c.id)
        .correlate(posts)
        .scalar_subquery()
    )
    said = sa.select(attempts.c.id).where(
        attempts.c.id == last,
        attempts.c.outcome.in_(REFUSED),
        attempts.c.reason == posts.c.reason,
    )
    return sa.and_(posts.c.reason != "", said.correlate(posts).exists())
