from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Key, Model


class Office(Model):
    """The body being judged. Codes are re-used over the years: a code names an
    office only together with a day."""

    __tablename__ = "office"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "valid_days"),
    )

    id: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    kind: Mapped[str]
    parent_code: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    source_status: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    shops: Mapped[list[OneStopShop]] = relationship(back_populates="office")


class OfficeSuccession(Model):
    """One office went over into another, wholly or in part, on a day."""

    __tablename__ = "office_succession"

    predecessor_id: Mapped[int] = mapped_column(
        ForeignKey("office.id"), primary_key=True
    )
    successor_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    since: Mapped[date]


class OneStopShop(Model):
    """The place where people hand in and fetch: Bộ phận Một cửa."""

    __tablename__ = "one_stop_shop"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    office: Mapped[Office] = relationship(back_populates="shops")
    counters: Mapped[list[Counter]] = relationship(back_populates="shop")


class Counter(Model):
    """Where one official sits."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("shop_id", "code", "valid_from"),)

    id: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    shop_id: Mapped[int] = mapped_column(ForeignKey("one_stop_shop.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    shop: Mapped[OneStopShop] = relationship(back_populates="counters")
