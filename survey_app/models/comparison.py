from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Model


class ComparableCriterion(Model):
    """A decision that two criteria of two forms may stand in one series.

    Criteria of the same id, words and scale need none. What was decided and taken
    back stands in the audit log.
    """

    __tablename__ = "comparable_criterion"

    before_id: Mapped[str] = mapped_column(
        ForeignKey("definition.id"), primary_key=True
    )
    before_criterion: Mapped[str] = mapped_column(primary_key=True)
    after_id: Mapped[str] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    after_criterion: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
