from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Model


class Definition(Model):
    """A published questionnaire, word for word. The database refuses to change it."""

    __tablename__ = "definition"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    published_at: Mapped[datetime]


class PublishedRuleSet(Model):
    """A published way of counting, word for word. The database refuses to change it."""

    __tablename__ = "rule_set"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    published_at: Mapped[datetime]
