from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import NO_ROWID, Model, RandomKey, one_of
from survey_app.models.invitation import Selection


class Mode(StrEnum):
    PHONE_SELF = "phone_self"
    KIOSK = "kiosk"
    TABLET = "tablet"
    PAPER = "paper"
    PHONE_CALL = "phone_call"


class Delay(StrEnum):
    """Time from handing out the code to the ballot, coarse on purpose."""

    MINUTES_2 = "under_2_min"
    MINUTES_10 = "under_10_min"
    MINUTES_60 = "under_60_min"
    HOURS_24 = "under_24_h"
    DAYS_7 = "under_7_d"
    MORE = "more"


class Response(Model):
    """What one citizen answered, written once. It does not know which citizen.

    It carries the hour and not the minute, and a random key and not a count, so
    that it cannot be matched with the order of people at a counter. A withdrawn
    one stays as a tombstone: the answers are gone, what is counted remains.
    """

    __tablename__ = "response"
    __table_args__ = NO_ROWID

    id: Mapped[RandomKey]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("definition.id"))
    selection: Mapped[Selection] = mapped_column(one_of(Selection))
    mode: Mapped[Mode | None] = mapped_column(one_of(Mode))
    assisted: Mapped[bool | None]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("one_stop_shop.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    service_field: Mapped[str | None]
    channel: Mapped[str | None]
    stratum: Mapped[str]
    response_class: Mapped[str]
    psu: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None]
    language: Mapped[str | None]
    consent_version: Mapped[str | None]
    received_hour: Mapped[datetime | None]
    duration_seconds: Mapped[int | None]
    delay: Mapped[Delay | None] = mapped_column(one_of(Delay))
    body_sha256: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)
