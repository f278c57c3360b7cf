"""The steps from one set of tables to the next. Alembic runs them when the portal starts."""
