"""The first tables, and the promise that published texts never change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_OBJECT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_definition"),
        sa.UniqueConstraint("sha256", name="uq_definition_sha256"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search_name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name="ck_office_valid_days"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
        sa.UniqueConstraint("code", "valid_from", name="uq_office_code_valid_from"),
    )
    op.create_index("ix_office_search_name", "office", ["search_name"], unique=False)
    op.create_table(
        "rule_set",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_set"),
        sa.UniqueConstraint("sha256", name="uq_rule_set_sha256"),
    )
    op.create_table(
        "office_succession",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["office.id"],
            name="fk_office_succession_predecessor_id_office",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["office.id"],
            name="fk_office_succession_successor_id_office",
        ),
        sa.PrimaryKeyConstraint(
            "predecessor_id", "successor_id", name="pk_office_succession"
        ),
    )
    op.create_table(
        "one_stop_shop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_one_stop_shop_office_id_office"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_one_stop_shop"),
        sa.UniqueConstraint(
            "code", "valid_from", name="uq_one_stop_shop_code_valid_from"
        ),
    )
    op.create_index(
        "ix_one_stop_shop_office_id", "one_stop_shop", ["office_id"], unique=False
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("questionnaire_id", sa.String(), nullable=False),
        sa.Column("rule_set_id", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "frozen",
                name="wavestatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(), nullable=True),
        sa.Column("unlinked_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("period_end >= period_start", name="ck_wave_period_days"),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["definition.id"],
            name="fk_wave_questionnaire_id_definition",
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["rule_set.id"], name="fk_wave_rule_set_id_rule_set"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wave"),
        sa.UniqueConstraint("code", name="uq_wave_code"),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["one_stop_shop.id"], name="fk_counter_shop_id_one_stop_shop"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
        sa.UniqueConstraint(
            "shop_id", "code", "valid_from", name="uq_counter_shop_id_code_valid_from"
        ),
    )
    op.create_index("ix_counter_shop_id", "counter", ["shop_id"], unique=False)
    op.create_table(
        "frozen_set",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("manifest_sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_frozen_set_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("wave_id", "version", name="pk_frozen_set"),
    )
    op.create_table(
        "plan",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_plan_wave_id_wave"),
        sa.PrimaryKeyConstraint("wave_id", "version", name="pk_plan"),
    )
    op.create_table(
        "wave_office",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_wave_office_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_wave_office_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("wave_id", "office_id", name="pk_wave_office"),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "planner",
                "analyst",
                "supervisor",
                "leader",
                "counter_officer",
                "interviewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("one_time_until", sa.DateTime(), nullable=True),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(role = 'counter_officer') = (counter_id IS NOT NULL)",
            name="ck_account_officer_counter",
        ),
        sa.CheckConstraint(
            "(role = 'leader') = (office_id IS NOT NULL)",
            name="ck_account_leader_office",
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_account_counter_id_counter"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_account_office_id_office"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("username", name="uq_account_username"),
    )
    op.create_table(
        "poster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_poster_counter_id_counter"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_poster_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["one_stop_shop.id"], name="fk_poster_shop_id_one_stop_shop"
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_poster_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_poster"),
        sa.UniqueConstraint("code", name="uq_poster_code"),
    )
    op.create_index(
        "ix_poster_hanging",
        "poster",
        ["wave_id", "counter_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("ix_poster_wave_id", "poster", ["wave_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.String(), nullable=False),
        sa.Column(
            "selection",
            sa.Enum(
                "from_list",
                "at_hand_over",
                "open",
                "staff",
                name="selection",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "phone_self",
                "kiosk",
                "tablet",
                "paper",
                "phone_call",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("assisted", sa.Boolean(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_field", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("response_class", sa.String(), nullable=False),
        sa.Column("psu", sa.Integer(), nullable=True),
        sa.Column("answers", JSON_OBJECT, nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("consent_version", sa.String(), nullable=True),
        sa.Column("received_hour", sa.DateTime(), nullable=True),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column(
            "delay",
            sa.Enum(
                "under_2_min",
                "under_10_min",
                "under_60_min",
                "under_24_h",
                "under_7_d",
                "more",
                name="delay",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_response_counter_id_counter"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_response_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["definition.id"],
            name="fk_response_questionnaire_id_definition",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["one_stop_shop.id"], name="fk_response_shop_id_one_stop_shop"
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_response_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_response_wave_id", "response", ["wave_id"], unique=False)
    op.create_table(
        "transaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("dossier_hash", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_field", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_transaction_counter_id_counter"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_transaction_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["one_stop_shop.id"],
            name="fk_transaction_shop_id_one_stop_shop",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_transaction_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transaction"),
        sa.UniqueConstraint(
            "wave_id", "dossier_hash", name="uq_transaction_wave_id_dossier_hash"
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", JSON_OBJECT, nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_audit_entry_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("hash", name="uq_audit_entry_hash"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_entry_previous_hash"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "selection",
            sa.Enum(
                "from_list",
                "at_hand_over",
                "open",
                "staff",
                name="selection",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=True),
        sa.Column("draw_position", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_field", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("response_class", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "not_returned",
                "completed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name="fk_invitation_counter_id_counter"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_invitation_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["one_stop_shop.id"],
            name="fk_invitation_shop_id_one_stop_shop",
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transaction.id"],
            name="fk_invitation_transaction_id_transaction",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_invitation_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("code_hash", name="uq_invitation_code_hash"),
        sa.UniqueConstraint(
            "wave_id", "transaction_id", name="uq_invitation_wave_id_transaction_id"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitation_wave_id", "invitation", ["wave_id"], unique=False)

    for table in ("definition", "rule_set", "plan", "audit_entry"):
        _forbid_change(table)


def _forbid_change(table: str) -> None:
    """Let the database itself refuse to change or delete what was published."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is immutable'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_immutable()"
    )
