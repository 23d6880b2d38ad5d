from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Model, one_of


class ContactResult(StrEnum):
    """What became of somebody drawn who did not answer; AAPOR gives the codes."""

    REFUSED = "refused"
    NOT_CONTACTED = "not_contacted"
    DECEASED = "deceased"
    UNABLE = "unable"
    LANGUAGE = "language"
    OTHER = "other"
    UNKNOWN = "unknown"
    OUT_OF_FRAME = "out_of_frame"
    DUPLICATE = "duplicate"


class ReservePlace(Model):
    """A transaction drawn with the sample and held back, in the order of release.

    When it is released it gets an invitation, and stands beside the one it is for:
    that one stays in the sample as not having answered.
    """

    __tablename__ = "reserve_place"
    __table_args__ = (
        UniqueConstraint("wave_id", "stratum", "place"),
        UniqueConstraint("wave_id", "for_transaction_id"),
        CheckConstraint("place >= 1", "place"),
        CheckConstraint(
            "(released_on IS NULL) = (for_transaction_id IS NULL)", "released"
        ),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("transaction.id"), primary_key=True
    )
    stratum: Mapped[str]
    response_class: Mapped[str]
    place: Mapped[int]
    released_on: Mapped[date | None]
    for_transaction_id: Mapped[int | None] = mapped_column(ForeignKey("transaction.id"))
    outcome: Mapped[ContactResult | None] = mapped_column(
        one_of(ContactResult), default=None
    )
    reason: Mapped[str] = mapped_column(default="")


class ContactOutcome(Model):
    """Why somebody drawn has not answered, as those who tried to reach him say.

    It knows a day and no moment, and no ballot.
    """

    __tablename__ = "contact_outcome"
    __table_args__ = (CheckConstraint("attempts >= 0", "attempts"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("transaction.id"), primary_key=True
    )
    outcome: Mapped[ContactResult] = mapped_column(one_of(ContactResult))
    attempts: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    noted_on: Mapped[date]
