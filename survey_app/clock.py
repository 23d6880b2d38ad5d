"""The only place that asks what time it is, so a test can answer instead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    return datetime.now(UTC)


def vietnam_day(moment: datetime) -> date:
    """The day on which a moment falls for people in Vietnam."""
    return moment.astimezone(VIETNAM).date()
