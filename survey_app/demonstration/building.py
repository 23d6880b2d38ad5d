"""Everything the demonstration shows, built in one go: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app import upgrade
from survey_app.accounts import audit
from survey_app.demonstration.cast import cast
from survey_app.demonstration.waves import build_closed, build_open
from survey_app.fieldwork.office_import import SHIPPED, import_offices, shipped


def build(
    session: Session,
    *,
    now: datetime,
    instance: Path,
    progress: Callable[[str], None],
) -> bytes:
    """Offices, a frozen wave, an open wave and its file of transactions, people."""
    upgrade.publish_shipped(session, now=now)
    for name, (title, _) in SHIPPED.items():
        progress(f"Đơn vị: {title}…")
        with shipped(name) as source:
            import_offices(session, source)
    closed = build_closed(session, frozen_root=instance / "frozen", progress=progress)
    open_, file = build_open(session, now=now, progress=progress)
    cast(session, closed=closed, open_=open_, now=now)
    audit.record(session, None, "demonstration.built", open_.code, now=now)
    return file
