"""Slips given with the result: counters, shifts, turns; keys of other software."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_OBJECT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keys()
    _counters()
    _turns()


def _keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("beginning", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        _refers("api_key", "wave"),
        _refers("api_key", "office"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.UniqueConstraint("key_hash", name="uq_api_key_key_hash"),
    )
    op.create_table(
        "api_request",
        sa.Column("api_key_id", sa.Integer(), nullable=False),
        sa.Column("mark_hash", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", JSON_OBJECT, nullable=False),
        _refers("api_request", "api_key"),
        sa.PrimaryKeyConstraint("api_key_id", "mark_hash", name="pk_api_request"),
    )


def _counters() -> None:
    op.create_table(
        "hand_over_counter",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.CheckConstraint("every >= 1", name="ck_hand_over_counter_interval"),
        _refers("hand_over_counter", "wave"),
        _refers("hand_over_counter", "counter"),
        sa.PrimaryKeyConstraint("wave_id", "counter_id", name="pk_hand_over_counter"),
    )
    op.create_table(
        "hand_over_shift",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", _half_day(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "start BETWEEN 1 AND every", name="ck_hand_over_shift_start"
        ),
        sa.CheckConstraint(
            "finished >= 0 AND undone >= 0", name="ck_hand_over_shift_counts"
        ),
        _refers("hand_over_shift", "wave"),
        _refers("hand_over_shift", "counter"),
        sa.PrimaryKeyConstraint(
            "wave_id", "counter_id", "day", "half", name="pk_hand_over_shift"
        ),
    )


def _turns() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("dossier_hash", sa.String(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("service_field", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", _half_day(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("api_key_id", sa.Integer(), nullable=True),
        sa.Column("slip", sa.Boolean(), nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (api_key_id IS NULL)",
            name="ck_hand_over_registered_by",
        ),
        sa.CheckConstraint(
            "slip OR invitation_id IS NULL", name="ck_hand_over_slip_invites"
        ),
        sa.CheckConstraint("slip OR NOT printed", name="ck_hand_over_slip_printed"),
        _refers("hand_over", "wave"),
        _refers("hand_over", "office"),
        _refers("hand_over", "one_stop_shop", "shop_id"),
        _refers("hand_over", "counter"),
        _refers("hand_over", "account"),
        _refers("hand_over", "api_key"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.UniqueConstraint(
            "wave_id", "dossier_hash", name="uq_hand_over_wave_id_dossier_hash"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_hand_over_shift", "hand_over", ["wave_id", "counter_id", "day", "half"]
    )


def _refers(table: str, to: str, column: str = "") -> sa.ForeignKeyConstraint:
    column = column or f"{to}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}"
    )


def _half_day() -> sa.Enum:
    return sa.Enum(
        "morning",
        "afternoon",
        name="halfday",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
