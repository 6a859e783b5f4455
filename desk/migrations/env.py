"""Alembic's entry: runs the migrations on the connection that it is handed."""

from alembic import context

from desk.migrations import rebuilding
from desk.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
rebuilding.loosen(connection)
with context.begin_transaction():
    context.run_migrations()
