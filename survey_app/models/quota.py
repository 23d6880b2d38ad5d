from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import NO_ROWID, Key, Model, RandomKey, one_of
from survey_app.models.office import Office


class PlaceState(StrEnum):
    RESERVED = "reserved"
    FINISHED = "finished"
    RELEASED = "released"
    EXPIRED = "expired"


class QuotaCell(Model):
    """How many interviews one group of one office needs, and how many there are.

    The database itself refuses that places reserved and finished pass the target.
    ``name`` is empty where an office is one cell.
    """

    __tablename__ = "quota_cell"
    __table_args__ = (
        UniqueConstraint("wave_id", "office_id", "name"),
        CheckConstraint("reserved >= 0 AND finished >= 0", "counts"),
        CheckConstraint("reserved + finished <= target", "never_over"),
    )

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(default="")
    target: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)

    office: Mapped[Office] = relationship()


class QuotaPlace(Model):
    """A place of a cell, taken when an interview starts; it knows no ballot.

    ``finished_on`` is a day and no moment, so that it meets no ballot by its time.
    """

    __tablename__ = "quota_place"
    __table_args__ = (
        CheckConstraint(
            "(state = 'reserved') = (reserved_until IS NOT NULL)", "reserved_until"
        ),
        CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL)", "finished_on"
        ),
        NO_ROWID,
    )

    id: Mapped[RandomKey]
    cell_id: Mapped[int] = mapped_column(ForeignKey("quota_cell.id"), index=True)
    interviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[PlaceState] = mapped_column(
        one_of(PlaceState), default=PlaceState.RESERVED
    )
    reserved_until: Mapped[datetime | None]
    finished_on: Mapped[date | None]

    cell: Mapped[QuotaCell] = relationship()
