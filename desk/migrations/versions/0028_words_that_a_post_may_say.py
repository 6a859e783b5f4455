"""States, classes, outcomes and why a post was put aside: these words and no others."""

from desk.migrations.rebuilding import add_checks, drop_checks

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = (
    "'draft', 'in review', 'scheduled', 'claimed', 'sending', 'published', 'failed', "
    "'unconfirmed', 'missed', 'cancelled'"
)
OUTCOMES = (
    "'published', 'rejected', 'unauthorized', 'rate limited', 'unavailable', "
    "'unknown', 'not there', 'deleted'"
)
POSTS = {
    "ck_posts_state": f"state IN ({STATES})",
    "ck_posts_priority": "priority IN ('breaking', 'normal', 'evergreen')",
    "ck_posts_triage": "triage IN ('held', 'jumped', 'restored', 'link', 'left')",
}
ATTEMPTS = {"ck_attempts_outcome": f"outcome IN ({OUTCOMES})"}


def upgrade() -> None:
    add_checks("posts", POSTS)
    add_checks("attempts", ATTEMPTS)


def downgrade() -> None:
    drop_checks("attempts", ATTEMPTS)
    drop_checks("posts", POSTS)
