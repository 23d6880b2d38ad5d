from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import NO_ROWID, Key, Model, one_of


class PaperState(StrEnum):
    ISSUED = "issued"
    RETURNED = "returned"
    SPOILED = "spoiled"
    LOST = "lost"


class SpoiledReason(StrEnum):
    NO_CONSENT = "no_consent"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    CODE_USED = "code_used"
    DAMAGED = "damaged"


class PaperForm(Model):
    """One printed copy of a questionnaire, given to an office and to be accounted for.

    ``response_id`` is the number its ballot will get, printed as a receipt on the
    stub the citizen keeps; it is forgotten when the ballot is stored, so that from
    then on no column leads from the sheet to the answers. ``differences`` counts
    what two typists read differently.
    """

    __tablename__ = "paper_form"
    __table_args__ = (
        Index("ix_paper_form_wave_id_office_id", "wave_id", "office_id"),
        CheckConstraint("(state = 'spoiled') = (reason IS NOT NULL)", "spoiled_why"),
        CheckConstraint("NOT stored OR state = 'returned'", "stored_returned"),
        CheckConstraint("NOT stored OR response_id IS NULL", "stored_unlinked"),
    )

    serial: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    language: Mapped[str]
    state: Mapped[PaperState] = mapped_column(
        one_of(PaperState), default=PaperState.ISSUED
    )
    reason: Mapped[SpoiledReason | None] = mapped_column(one_of(SpoiledReason))
    stored: Mapped[bool] = mapped_column(default=False)
    differences: Mapped[int | None]
    response_id: Mapped[UUID | None] = mapped_column(Uuid(), default=uuid4)
    issued_at: Mapped[datetime]


class PaperEntry(Model):
    """What one person typed from a returned copy, until two of them agree.

    Then the ballot is stored and both rows go. ``typed`` holds the keys struck, by
    field; a slip's code is kept only as its keyed hash.
    """

    __tablename__ = "paper_entry"
    __table_args__ = (
        UniqueConstraint("serial", "account_id"),
        CheckConstraint("number IN (1, 2)", "first_or_second"),
        NO_ROWID,
    )

    serial: Mapped[int] = mapped_column(
        ForeignKey("paper_form.serial"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    typed: Mapped[dict[str, Any]]
    code_hash: Mapped[str | None]
