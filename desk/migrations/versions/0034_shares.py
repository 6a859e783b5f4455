"""Posts that were made together are one share."""

import sqlalchemy as sa
from alembic import op

from desk.migrations.rebuilding import require

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

FLAGS = ("own_text", "own_pictures", "own_link", "own_time")

# Made together: of one story in one moment, by one person; without a story, with the
# same words as well. A share has the number of its first post.
TOGETHER = """
    SELECT id, picture_id, min(id) OVER made AS share_id,
        min(CASE WHEN picture_id IS NOT NULL THEN id END) OVER made AS shows
    FROM posts
    WINDOW made AS (
        PARTITION BY article_id, created_by, created_at,
            CASE WHEN article_id IS NULL THEN text END
    )
"""
# Its words and a time that was picked are the first one's, its picture that of the
# first one that has any.
SHARES = """
    INSERT INTO shares (id, article_id, created_by, created_at, text, link, language,
        priority, due_at, note, revision, changed_at)
    SELECT posts.id, article_id, created_by, created_at, text, link, language,
        priority, CASE WHEN due_at = slot_at THEN NULL ELSE due_at END, '', 1, '{}'
    FROM posts JOIN together ON together.id = posts.id
    WHERE together.share_id = posts.id
"""
PICTURES = """
    INSERT INTO share_pictures (share_id, position, picture_id, alt, alt_is_draft,
        credit)
    SELECT together.share_id, 1, posts.picture_id, alt, alt_is_draft, credit
    FROM posts JOIN together ON together.id = posts.id
    WHERE together.shows = posts.id
"""
# Who says anything else says its own.
POSTS = """
    UPDATE posts SET share_id = shares.id,
        own_text = posts.text <> shares.text,
        own_link = coalesce(posts.link, '') <> coalesce(shares.link, ''),
        own_pictures = coalesce(posts.picture_id, 0) <> coalesce(seen.picture_id, 0)
            OR (posts.picture_id IS NOT NULL
                AND (posts.alt <> seen.alt OR posts.credit <> seen.credit)),
        own_time = posts.due_at IS NOT NULL
            AND coalesce(posts.due_at <> coalesce(shares.due_at, posts.slot_at), true)
    FROM together
        JOIN shares ON shares.id = together.share_id
        LEFT JOIN share_pictures AS seen ON seen.share_id = shares.id
    WHERE together.id = posts.id
"""


def upgrade() -> None:
    _make_tables()
    op.execute(  # in one, which SQLite does without writing the whole table anew
        "ALTER TABLE posts ADD COLUMN share_id INTEGER "
        "CONSTRAINT fk_posts_share_id_shares REFERENCES shares (id)"
    )
    for flag in FLAGS:
        op.add_column(
            "posts",
            sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    _carry_over(op.get_bind())
    require("posts", "share_id")
    op.create_index("ix_posts_share_id", "posts", ["share_id"])
    _make_aside_last()


def downgrade() -> None:
    op.drop_index("ix_posts_share_id", "posts")
    for column in ("share_id", *FLAGS):
        op.drop_column("posts", column)
    for table in ("share_labels", "share_pictures", "shares", "labels"):
        op.drop_table(table)


def _carry_over(link: sa.Connection) -> None:
    link.execute(sa.text(f"CREATE TEMPORARY TABLE together AS {TOGETHER}"))
    link.execute(sa.text("CREATE UNIQUE INDEX ix_together ON together (id)"))
    for statement in (SHARES, PICTURES, POSTS):
        link.execute(sa.text(statement))
    link.execute(sa.text("DROP TABLE together"))
    if link.dialect.name == "postgresql":
        newest = "coalesce((SELECT max(id) FROM shares), 0) + 1"
        link.execute(sa.text(f"SELECT setval('shares_id_seq', {newest}, false)"))


def _make_aside_last() -> None:
    """Of two indexes that serve alike SQLite takes the last one: the small one."""
    aside = sa.text("triage IS NOT NULL AND state = 'scheduled'")
    op.drop_index("ix_posts_aside", "posts")
    op.create_index(
        "ix_posts_aside", "posts", ["id"], sqlite_where=aside, postgresql_where=aside
    )


def _make_tables() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("name", name="uq_labels_name"),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "priority IN ('breaking', 'normal', 'evergreen')",
            name="ck_shares_priority",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_shares_article_id_articles"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_shares_created_by_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
    )
    op.create_index("ix_shares_of_article", "shares", ["article_id", "id"])
    op.create_table(
        "share_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("alt_is_draft", sa.Boolean(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("crop", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name="fk_share_pictures_share_id_shares"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name="fk_share_pictures_picture_id_pictures",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_share_pictures"),
        sa.UniqueConstraint(
            "share_id", "position", name="uq_share_pictures_share_id_position"
        ),
    )
    op.create_table(
        "share_labels",
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name="fk_share_labels_share_id_shares"
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name="fk_share_labels_label_id_labels"
        ),
        sa.PrimaryKeyConstraint("share_id", "label_id", name="pk_share_labels"),
    )
    op.create_index("ix_share_labels_label_id", "share_labels", ["label_id"])
