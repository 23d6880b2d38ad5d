"""A keyed hash of the person behind a transaction, where a file brings one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transaction", sa.Column("person_hash", sa.String(), nullable=True))
