from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.api_key import ApiKey
from survey_app.models.base import NO_ROWID, Model, RandomKey, one_of
from survey_app.models.office import Counter
from survey_app.models.wave import Wave


class HalfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"


class HandOverCounter(Model):
    """A counter that gives slips with the results of a wave: every one, or every k-th.

    Fixed before the wave opens. ``fields`` are the buttons of the counter's screen.
    """

    __tablename__ = "hand_over_counter"
    __table_args__ = (CheckConstraint("every >= 1", "interval"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    every: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(JSON)

    wave: Mapped[Wave] = relationship()
    counter: Mapped[Counter] = relationship()


class HandOverShift(Model):
    """One half day of one counter: the start drawn for it, and the turns so far.

    ``undone`` counts turns taken back within their minute.
    """

    __tablename__ = "hand_over_shift"
    __table_args__ = (
        CheckConstraint("start BETWEEN 1 AND every", "start"),
        CheckConstraint("finished >= 0 AND undone >= 0", "counts"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    half: Mapped[HalfDay] = mapped_column(one_of(HalfDay), primary_key=True)
    every: Mapped[int]
    start: Mapped[int]
    finished: Mapped[int] = mapped_column(default=0)
    undone: Mapped[int] = mapped_column(default=0)


class HandOver(Model):
    """One transaction registered as its result was handed over.

    A unit of the frame of ``at_hand_over``, apart from imported lists. It knows day
    and half day, never the minute, and has a random key, so it keeps no order of
    people. ``invitation_id`` is there to print the slip again and to take a turn
    back: it is forgotten on the next day and whenever the wave is unlinked, so it
    is no foreign key. No turn ever leads to a response.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        UniqueConstraint("wave_id", "dossier_hash"),
        CheckConstraint(
            "(account_id IS NULL) <> (api_key_id IS NULL)", "registered_by"
        ),
        CheckConstraint("slip OR invitation_id IS NULL", "slip_invites"),
        CheckConstraint("slip OR NOT printed", "slip_printed"),
        Index("ix_hand_over_shift", "wave_id", "counter_id", "day", "half"),
        NO_ROWID,
    )

    id: Mapped[RandomKey]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    dossier_hash: Mapped[str | None]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("one_stop_shop.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    service_field: Mapped[str]
    channel: Mapped[str]
    day: Mapped[date]
    half: Mapped[HalfDay] = mapped_column(one_of(HalfDay))
    stratum: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"))
    slip: Mapped[bool]
    printed: Mapped[bool] = mapped_column(default=False)
    invitation_id: Mapped[UUID | None] = mapped_column(Uuid())

    api_key: Mapped[ApiKey | None] = relationship()
