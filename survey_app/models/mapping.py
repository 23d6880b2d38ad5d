from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Key, Model


class ColumnMapping(Model):
    """Which heading of some program's file means which of our columns, by a name."""

    __tablename__ = "column_mapping"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    columns: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
