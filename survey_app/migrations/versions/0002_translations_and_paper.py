"""Published translations, and paper copies with what is typed from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_OBJECT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("questionnaire_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["definition.id"],
            name="fk_translation_questionnaire_id_definition",
        ),
        sa.PrimaryKeyConstraint(
            "questionnaire_id", "language", "version", name="pk_translation"
        ),
    )
    op.create_table(
        "paper_form",
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "state",
            _words("paperstate", "issued", "returned", "spoiled", "lost"),
            nullable=False,
        ),
        sa.Column(
            "reason",
            _words(
                "spoiledreason",
                "no_consent",
                "blank",
                "unreadable",
                "code_used",
                "damaged",
            ),
            nullable=True,
        ),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'spoiled') = (reason IS NOT NULL)",
            name="ck_paper_form_spoiled_why",
        ),
        sa.CheckConstraint(
            "NOT stored OR state = 'returned'", name="ck_paper_form_stored_returned"
        ),
        sa.CheckConstraint(
            "NOT stored OR response_id IS NULL", name="ck_paper_form_stored_unlinked"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_paper_form_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name="fk_paper_form_wave_id_wave"
        ),
        sa.PrimaryKeyConstraint("serial", name="pk_paper_form"),
    )
    op.create_index(
        "ix_paper_form_wave_id_office_id", "paper_form", ["wave_id", "office_id"]
    )
    op.create_table(
        "paper_entry",
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("typed", JSON_OBJECT, nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.CheckConstraint("number IN (1, 2)", name="ck_paper_entry_first_or_second"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_paper_entry_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["serial"], ["paper_form.serial"], name="fk_paper_entry_serial_paper_form"
        ),
        sa.PrimaryKeyConstraint("serial", "number", name="pk_paper_entry"),
        sa.UniqueConstraint(
            "serial", "account_id", name="uq_paper_entry_serial_account_id"
        ),
        sqlite_with_rowid=False,
    )
    _forbid_change("translation")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=name, native_enum=False, create_constraint=True, length=24
    )


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
