from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Key, Model, one_of
from survey_app.models.office import Counter, Office, OneStopShop


class WaveStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"


class Wave(Model):
    """One round of the survey: one questionnaire, one frame, one period."""

    __tablename__ = "wave"
    __table_args__ = (CheckConstraint("period_end >= period_start", "period_days"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("definition.id"))
    rule_set_id: Mapped[str] = mapped_column(ForeignKey("rule_set.id"))
    period_start: Mapped[date]
    period_end: Mapped[date]
    closes_on: Mapped[date | None]
    status: Mapped[WaveStatus] = mapped_column(
        one_of(WaveStatus), default=WaveStatus.DRAFT
    )
    grace_days: Mapped[int] = mapped_column(default=7)
    simulated: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    unlinked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    offices: Mapped[list[Office]] = relationship(secondary="wave_office")


class WaveOffice(Model):
    """An office judged in a wave."""

    __tablename__ = "wave_office"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)


class Transaction(Model):
    """One dossier finished for one citizen within the period: a unit of the frame.

    Neither who the citizen was nor the dossier code is kept, only a keyed hash of
    the code, so that a file supplied again can be matched row by row. Where a file
    has a key of persons, its hash tells who came often until the wave is frozen.
    """

    __tablename__ = "transaction"
    __table_args__ = (UniqueConstraint("wave_id", "dossier_hash"),)

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    dossier_hash: Mapped[str]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("one_stop_shop.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    service_field: Mapped[str]
    channel: Mapped[str]
    received_on: Mapped[date]
    returned_on: Mapped[date]
    person_hash: Mapped[str | None]


class FrozenPlan(Model):
    """Who is asked and how, fixed before fieldwork; the database never changes it."""

    __tablename__ = "plan"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=1)
    document: Mapped[str]
    sha256: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime]


class FrozenSet(Model):
    """The files made from a wave at one moment, by the hash of their manifest."""

    __tablename__ = "frozen_set"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    folder: Mapped[str]
    manifest_sha256: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime]


class Poster(Model):
    """A code on a wall, open to all, until it is revoked: one at a time per counter."""

    __tablename__ = "poster"
    __table_args__ = (
        Index(
            "ix_poster_hanging",
            "wave_id",
            "counter_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("one_stop_shop.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    wave: Mapped[Wave] = relationship()
    office: Mapped[Office] = relationship()
    shop: Mapped[OneStopShop] = relationship()
    counter: Mapped[Counter | None] = relationship()
