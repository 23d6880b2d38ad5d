"""Decisions that two criteria of two forms may stand in one series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparable_criterion",
        sa.Column("before_id", sa.String(), nullable=False),
        sa.Column("before_criterion", sa.String(), nullable=False),
        sa.Column("after_id", sa.String(), nullable=False),
        sa.Column("after_criterion", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["before_id"],
            ["definition.id"],
            name="fk_comparable_criterion_before_id_definition",
        ),
        sa.ForeignKeyConstraint(
            ["after_id"],
            ["definition.id"],
            name="fk_comparable_criterion_after_id_definition",
        ),
        sa.PrimaryKeyConstraint(
            "before_id",
            "before_criterion",
            "after_id",
            name="pk_comparable_criterion",
        ),
    )
