"""Alembic's entry: it runs the migrations on the connection that `database` hands over."""

from alembic import context

from autograder.portal.schema import Row

connection = context.config.attributes["connection"]
# SQLite changes a column by copying its table.
context.configure(connection=connection, target_metadata=Row.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
