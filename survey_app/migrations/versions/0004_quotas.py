"""Live quotas, and the day on which a wave is meant to end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("closes_on", sa.Date(), nullable=True))
    op.create_table(
        "quota_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reserved >= 0 AND finished >= 0", name="ck_quota_cell_counts"
        ),
        sa.CheckConstraint(
            "reserved + finished <= target", name="ck_quota_cell_never_over"
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_quota_cell_wave_id_wave"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_quota_cell_office_id_office"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quota_cell"),
        sa.UniqueConstraint(
            "wave_id",
            "office_id",
            "name",
            name="uq_quota_cell_wave_id_office_id_name",
        ),
    )
    op.create_table(
        "quota_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "reserved",
                "finished",
                "released",
                "expired",
                name="placestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reserved_until", sa.DateTime(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'reserved') = (reserved_until IS NOT NULL)",
            name="ck_quota_place_reserved_until",
        ),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL)",
            name="ck_quota_place_finished_on",
        ),
        sa.ForeignKeyConstraint(
            ["cell_id"], ["quota_cell.id"], name="fk_quota_place_cell_id_quota_cell"
        ),
        sa.ForeignKeyConstraint(
            ["interviewer_id"],
            ["account.id"],
            name="fk_quota_place_interviewer_id_account",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quota_place"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_quota_place_cell_id", "quota_place", ["cell_id"])
