"""A working copy is a person's own, and knows the revision that it began from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXTS = ("text", "alt")  # what one copy for everybody could hold

posts = sa.table(
    "posts",
    sa.column("id", sa.Integer),
    sa.column("revision", sa.Integer),
    sa.column("created_by", sa.Integer),
    sa.column("working_copy", sa.JSON(none_as_null=True)),
    sa.column("former", sa.JSON(none_as_null=True)),
)
users = sa.table("users", sa.column("id", sa.Integer), sa.column("role", sa.String))
copies = sa.table(
    "working_copies",
    sa.column("post_id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("revision", sa.Integer),
    sa.column("text", sa.String),
    sa.column("alt", sa.String),
    sa.column("saved_at", sa.DateTime(timezone=True)),
    sa.column("discarded_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "working_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String()) for name in ("text", "alt", "credit", "link")),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_working_copies_post_id_posts"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name="fk_working_copies_person_id_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_working_copies"),
        sa.UniqueConstraint(
            "post_id", "person_id", name="uq_working_copies_post_id_person_id"
        ),
    )
    op.add_column("posts", sa.Column("former", sa.JSON(), nullable=True))
    _carry_over(op.get_bind())
    op.drop_column("posts", "working_copy")


def downgrade() -> None:
    op.add_column("posts", sa.Column("working_copy", sa.JSON(), nullable=True))
    _carry_back(op.get_bind())
    op.drop_column("posts", "former")
    op.drop_table("working_copies")


def _carry_over(link: sa.Connection) -> None:
    """Nobody knew whose a copy was: it goes to who made the post, or to an admin."""
    is_admin = sa.case((users.c.role == "admin", 0), else_=1)
    heir = link.scalar(sa.select(users.c.id).order_by(is_admin, users.c.id).limit(1))
    kept = sa.select(posts).where(posts.c.working_copy.is_not(None))
    for post in link.execute(kept).all():
        old = dict(post.working_copy)
        _update(link, post.id, former=old.get("former"))
        person = post.created_by or heir
        if person is None or not set(TEXTS) & old.keys():
            continue
        link.execute(
            copies.insert().values(
                post_id=post.id,
                person_id=person,
                revision=post.revision,
                saved_at=_aware(datetime.fromisoformat(old["saved_at"])),
                **{name: old.get(name) for name in TEXTS},
            )
        )


def _carry_back(link: sa.Connection) -> None:
    """The newest copy of a post is everybody's again, with what Undo brings back."""
    found: dict[int, dict[str, Any]] = {}
    undoable = sa.select(posts).where(posts.c.former.is_not(None))
    for post in link.execute(undoable).all():
        found[post.id] = {"former": post.former}
    kept = sa.select(copies).where(copies.c.discarded_at.is_(None))
    for copy in link.execute(kept.order_by(copies.c.saved_at)).all():
        said = {name: getattr(copy, name) for name in TEXTS}
        said["saved_at"] = _aware(copy.saved_at).isoformat()
        former = found.get(copy.post_id, {}).get("former")
        found[copy.post_id] = {k: v for k, v in said.items() if v is not None} | (
            {"former": former} if former else {}
        )
    for post_id, old in found.items():
        _update(link, post_id, working_copy=old)


def _update(link: sa.Connection, post_id: int, **values: object) -> None:
    link.execute(posts.update().where(posts.c.id == post_id).values(values))


def _aware(at: datetime) -> datetime:
    """SQLite gives times back without their zone, which is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
