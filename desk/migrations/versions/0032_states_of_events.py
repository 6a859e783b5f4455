"""Events tell of the states that there are, and of no others."""

from desk.migrations.rebuilding import add_checks, drop_checks

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

STATES = (
    "'draft', 'in review', 'scheduled', 'claimed', 'sending', 'published', 'failed', "
    "'unconfirmed', 'missed', 'cancelled'"
)
EVENTS = {"ck_events_state": f"state IN ({STATES})"}


def upgrade() -> None:
    add_checks("events", EVENTS)


def downgrade() -> None:
    drop_checks("events", EVENTS)
