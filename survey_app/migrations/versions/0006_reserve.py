"""Reserves drawn with the sample, and what became of those who did not answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RESULTS = (
    "refused",
    "not_contacted",
    "deceased",
    "unable",
    "language",
    "other",
    "unknown",
    "out_of_frame",
    "duplicate",
)


def _result() -> sa.Enum:
    return sa.Enum(
        *RESULTS,
        name="contactresult",
        native_enum=False,
        create_constraint=True,
        length=24,
    )


def upgrade() -> None:
    op.create_table(
        "reserve_place",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("response_class", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("for_transaction_id", sa.Integer(), nullable=True),
        sa.Column("outcome", _result(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("place >= 1", name="ck_reserve_place_place"),
        sa.CheckConstraint(
            "(released_on IS NULL) = (for_transaction_id IS NULL)",
            name="ck_reserve_place_released",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_reserve_place_wave_id_wave"
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transaction.id"],
            name="fk_reserve_place_transaction_id_transaction",
        ),
        sa.ForeignKeyConstraint(
            ["for_transaction_id"],
            ["transaction.id"],
            name="fk_reserve_place_for_transaction_id_transaction",
        ),
        sa.PrimaryKeyConstraint("wave_id", "transaction_id", name="pk_reserve_place"),
        sa.UniqueConstraint(
            "wave_id",
            "stratum",
            "place",
            name="uq_reserve_place_wave_id_stratum_place",
        ),
        sa.UniqueConstraint(
            "wave_id",
            "for_transaction_id",
            name="uq_reserve_place_wave_id_for_transaction_id",
        ),
    )
    op.create_table(
        "contact_outcome",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("outcome", _result(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name="ck_contact_outcome_attempts"),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_contact_outcome_wave_id_wave"
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transaction.id"],
            name="fk_contact_outcome_transaction_id_transaction",
        ),
        sa.PrimaryKeyConstraint("wave_id", "transaction_id", name="pk_contact_outcome"),
    )
