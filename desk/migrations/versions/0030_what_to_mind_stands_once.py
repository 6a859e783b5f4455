"""A post's warnings are its own, not its article's; and why a look could not tell."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CHUNK = 500
Said = list[str]
Change = Callable[[Said, Said], Said]  # of a post, by its own and its article's

posts = sa.table(
    "posts",
    sa.column("id", sa.Integer),
    sa.column("article_id", sa.Integer),
    sa.column("warnings", sa.JSON),
)
articles = sa.table(
    "articles", sa.column("id", sa.Integer), sa.column("warnings", sa.JSON)
)
CHANGE = (
    posts.update()
    .where(posts.c.id == sa.bindparam("post"))
    .values(warnings=sa.bindparam("said"))
)


def upgrade() -> None:
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE posts ADD COLUMN unseen VARCHAR CONSTRAINT ck_posts_unseen "
        "CHECK (unseen IN ('away', 'early', 'maybe', 'unclear'))"
    )
    _change(lambda own, its: [one for one in own if one not in its])


def downgrade() -> None:
    _change(lambda own, its: [*its, *own])
    op.drop_column("posts", "unseen")


def _change(change: Change) -> None:
    """So many at a time as fit into memory, however many posts there are."""
    link, last = op.get_bind(), 0
    query = (
        sa.select(posts.c.id, posts.c.warnings, articles.c.warnings.label("its"))
        .join(articles, articles.c.id == posts.c.article_id)
        .where(sa.cast(articles.c.warnings, sa.String) != "[]")
        .order_by(posts.c.id)
        .limit(CHUNK)
    )
    while rows := link.execute(query.where(posts.c.id > last)).all():
        link.execute(
            CHANGE,
            [{"post": row.id, "said": change(row.warnings, row.its)} for row in rows],
        )
        last = rows[-1].id
