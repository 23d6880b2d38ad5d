"""Alembic runs this with the connection that ``survey_app.upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from survey_app.models import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
