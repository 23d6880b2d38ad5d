from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Key, Model
from survey_app.models.office import Office
from survey_app.models.wave import Wave


class ApiKey(Model):
    """The right of a one-stop software to register transactions of one wave.

    Only a hash of the key is kept; ``beginning`` tells people which one it is.
    """

    __tablename__ = "api_key"

    id: Mapped[Key]
    name: Mapped[str]
    beginning: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]

    wave: Mapped[Wave] = relationship()
    office: Mapped[Office | None] = relationship()


class ApiRequest(Model):
    """A request that was answered, so that sent again it gets the same answer.

    Neither the body nor a slip's code is kept: ``answer`` names the turns, and the
    codes are made again from them. Forgotten after two days.
    """

    __tablename__ = "api_request"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    mark_hash: Mapped[str] = mapped_column(primary_key=True)
    body_sha256: Mapped[str]
    day: Mapped[date]
    answer: Mapped[dict[str, Any]]
