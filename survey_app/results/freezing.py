"""Freezing a closed wave: the files that every published figure is made from."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app import formats
from survey_app.accounts import audit
from survey_app.collect.nonces import LIFETIME
from survey_app.collect.unlinking import (
    JournalStillRead,
    forget_receipts,
    unlink,
    vacuum,
)
from survey_app.db import Database
from survey_app.errors import Refused
from survey_app.fieldwork.transactions import forget_persons
from survey_app.models import Account, FrozenSet, Wave, WaveStatus
from survey_app.results.files import made_whole, write_tables
from survey_app.results.manifest import MANIFEST, describe, to_bytes
from survey_app.results.preparation import prepare

log = logging.getLogger(__name__)


def freeze_wave(
    session: Session,
    wave: Wave,
    *,
    now: datetime,
    folder_root: Path,
    reason: str = "",
    confirm_open_pages: bool = False,
    account: Account | None = None,
    seed: int | None = None,
) -> FrozenSet:
    """Unlink the wave, write its files, and record the set.

    Parameters
    ----------
    now : datetime
        The moment written into the manifest.
    folder_root : Path
        Folder that holds all frozen sets.
    reason : str
        Why there is another version; needed from the second on.
    confirm_open_pages : bool
        The analyst accepts that ballots on pages opened before close are lost.
    account : Account, optional
        Who does it, for the audit log; None for a command on the server.
    seed : int, optional
        For the order of rows; drawn when not given, recorded always.

    Raises
    ------
    Refused
        With every reason why the wave cannot be frozen now.
    """
    session.refresh(wave, with_for_update=True)  # two at once would share a number
    version = next_version(session, wave)
    reasons = reasons_to_wait(
        wave, now=now, reason=reason, confirm_open_pages=confirm_open_pages
    )
    if reasons:
        raise Refused(*reasons)
    unlink(session, wave, now=now)
    forget_receipts(session, wave)
    forget_persons(session, wave)
    prepared = prepare(session, wave)
    seed = secrets.randbits(53) if seed is None else seed
    tables = prepared.tables(wave, np.random.default_rng(seed))

    folder = folder_root / f"{wave.code}-v{version}"
    with made_whole(folder) as draft:
        files = write_tables(draft, tables, wave)
        manifest = describe(
            wave,
            prepared,
            version=version,
            frozen_at=now,
            reason=reason,
            seed=seed,
            files=files,
        )
        content = to_bytes(manifest)
        (draft / MANIFEST).write_bytes(content)

    frozen = FrozenSet(
        wave_id=wave.id,
        version=version,
        folder=folder.name,
        manifest_sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
        frozen_at=now,
    )
    session.add(frozen)
    wave.status, wave.frozen_at = WaveStatus.FROZEN, now
    detail = {"manifest_sha256": frozen.manifest_sha256, "reason": reason}
    audit.record(session, account, "wave.frozen", folder.name, detail, now=now)
    return frozen


def forget_old_copies(database: Database) -> None:
    """After the commit: throw away what unlinking left in the database's files.

    The set stands already; what somebody's reading keeps now goes with the next.
    """
    try:
        vacuum(database)
    except JournalStillRead:
        log.warning("old copies stay until the next vacuum: somebody is reading")


def next_version(session: Session, wave: Wave) -> int:
    """Number of the set that freezing would make."""
    last = select(func.max(FrozenSet.version)).where(FrozenSet.wave_id == wave.id)
    return (session.scalar(last) or 0) + 1


def pages_open_until(wave: Wave) -> datetime | None:
    """Until when a page opened before close may still be sent."""
    return wave.closed_at + LIFETIME if wave.closed_at else None


def reasons_to_wait(
    wave: Wave, *, now: datetime, reason: str = "", confirm_open_pages: bool = False
) -> list[str]:
    """Why the wave cannot be frozen now, all of them; empty when it can."""
    if wave.status not in (WaveStatus.CLOSED, WaveStatus.FROZEN):
        return ["Đợt khảo sát chưa đóng. Vui lòng đóng đợt trước khi chốt số liệu."]
    reasons = []
    until = pages_open_until(wave)
    if until and now < until and not confirm_open_pages:
        reasons.append(
            "Phiếu mở trước lúc đóng đợt vẫn còn gửi được đến"
            f" {formats.moment(until)}. Vui lòng chờ đến lúc đó, hoặc xác nhận chốt"
            " ngay và chấp nhận bỏ những phiếu gửi sau."
        )
    if wave.status is WaveStatus.FROZEN and not reason.strip():
        reasons.append(
            "Đợt này đã có bộ số liệu được chốt. Chốt thêm một phiên bản cần ghi lý do."
        )
    return reasons
