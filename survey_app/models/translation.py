from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Model


class PublishedTranslation(Model):
    """A questionnaire in another language, word for word, by version.

    The database refuses to change a row: a better wording is another version, and the
    latest one is used. ``shipped`` came with the program and not from people here.
    """

    __tablename__ = "translation"

    questionnaire_id: Mapped[str] = mapped_column(
        ForeignKey("definition.id"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    sha256: Mapped[str]
    reviewed: Mapped[bool]
    shipped: Mapped[bool]
    published_at: Mapped[datetime]
