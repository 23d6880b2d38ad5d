"""The frame of a wave: finished transactions checked, kept, counted, taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO, cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey_app import clock, codes, settings, tables
from survey_app.errors import Refused
from survey_app.fieldwork.blocks import Block, Watch
from survey_app.fieldwork.directory import directory
from survey_app.fieldwork.problems import Findings, RowsRefused
from survey_app.fieldwork.transaction_columns import COLUMNS
from survey_app.fieldwork.transaction_file import Finished, FrameRules, checked
from survey_app.models import (
    ContactOutcome,
    Invitation,
    Office,
    ReservePlace,
    Transaction,
    Wave,
    WaveOffice,
    WaveStatus,
)
from survey_app.tables import Column, Row

_BATCH = 5_000
_TABLE = cast(Table, Transaction.__table__)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file read to its end: what can be kept and what is wrong."""

    header: Row
    finished: Sequence[Finished]
    findings: Findings
    ignored_columns: tuple[str, ...]
    blocks: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class StratumCount:
    """Transactions of one office in the frame."""

    office_id: int
    code: str
    name: str
    level: str
    frame_size: int


def check(
    session: Session,
    wave: Wave,
    source: BinaryIO,
    *,
    now: datetime,
    columns: Sequence[Column] = COLUMNS,
) -> Checked:
    """Read a file against the wave, without changing anything.

    ``columns`` are those to look for, under the headings that the file has.

    Raises
    ------
    FileRefused
        If it is no table of transactions at all.
    """
    watch = Watch()
    table = watch.over(tables.read(source, columns))
    rules = frame_rules(session, wave, now=now)
    findings, kept = Findings(), []
    for row, finished, problems in checked(table, rules):
        if finished is None:
            findings.add(row, problems)
        else:
            kept.append(finished)
    blocks = watch.blocks()
    return Checked(table.header, kept, findings, table.unknown, blocks)


def frame_rules(session: Session, wave: Wave, *, now: datetime) -> FrameRules:
    key = settings.keys().code
    already = select(Transaction.dossier_hash).where(Transaction.wave_id == wave.id)
    of_wave = select(WaveOffice.office_id).where(WaveOffice.wave_id == wave.id)
    return FrameRules(
        period_start=wave.period_start,
        period_end=wave.period_end,
        today=clock.vietnam_day(now),
        offices=frozenset(session.scalars(of_wave)),
        directory=directory(session),
        already=frozenset(session.scalars(already)),
        hashed=lambda dossier: codes.dossier_hash(key, wave.code, dossier),
        person_hashed=lambda person: codes.person_hash(key, wave.code, person),
    )


def store(session: Session, wave_id: int, finished: Sequence[Finished]) -> int:
    """Add transactions to a frame that may still change; a draw made before is void.

    Raises
    ------
    Refused
        If codes are handed out or the wave is no longer in preparation.
    """
    wave = locked(session, wave_id)
    if reason := frame_lock(session, wave):
        raise Refused(reason)
    void_draw(session, wave)
    # In order of the hash the index grows at its end only, and the table does not
    # remember in which order the file was.
    rows = (
        {
            "wave_id": wave.id,
            "dossier_hash": row.dossier_hash,
            "office_id": row.office_id,
            "shop_id": row.shop_id,
            "counter_id": row.counter_id,
            "service_field": row.service_field,
            "channel": row.channel,
            "received_on": row.received_on,
            "returned_on": row.returned_on,
            "person_hash": row.person_hash,
        }
        for row in sorted(finished, key=lambda row: row.dossier_hash)
    )
    while batch := list(islice(rows, _BATCH)):
        session.execute(insert(_TABLE), batch)
    return len(finished)


def import_transactions(
    session: Session,
    wave: Wave,
    source: BinaryIO,
    *,
    now: datetime,
    only_good_rows: bool = False,
) -> Checked:
    """Check a file and store it: all rows, or by choice the good ones.

    Raises
    ------
    FileRefused, RowsRefused, Refused
        With everything that stands against it.
    """
    found = check(session, wave, source, now=now)
    if found.findings and not only_good_rows:
        raise RowsRefused(found.header, found.findings)
    store(session, wave.id, found.finished)
    return found


def clear(session: Session, wave_id: int) -> int:
    """Take all transactions out of a frame that may still change."""
    wave = locked(session, wave_id)
    if reason := frame_lock(session, wave):
        raise Refused(reason)
    void_draw(session, wave)
    size = frame_size(session, wave)
    session.execute(delete(Transaction).where(Transaction.wave_id == wave.id))
    return size


def forget_persons(session: Session, wave: Wave) -> None:
    """Drop the hashes of persons, which only the look at the frame needs."""
    session.execute(
        update(Transaction)
        .where(Transaction.wave_id == wave.id, Transaction.person_hash.is_not(None))
        .values(person_hash=None)
    )


def locked(session: Session, wave_id: int) -> Wave:
    """The wave, held until the end of the database transaction."""
    return session.get_one(Wave, wave_id, with_for_update=True)


def frame_lock(session: Session, wave: Wave) -> str | None:
    """Why frame and plan may no longer change, or None while they may."""
    if wave.status is not WaveStatus.DRAFT:
        return "Đợt khảo sát không còn ở bước chuẩn bị nên khung mẫu đã được khóa."
    issued = select(Invitation.id).where(
        Invitation.wave_id == wave.id, Invitation.issued_at.is_not(None)
    )
    if session.scalar(issued.limit(1)) is not None:
        return "Đã phát mã phiếu cho người dân nên khung mẫu và kế hoạch đã được khóa."
    return None


def void_draw(session: Session, wave: Wave) -> None:
    """Forget a draw of which no code has been handed out, its reserve too."""
    session.execute(delete(ReservePlace).where(ReservePlace.wave_id == wave.id))
    session.execute(delete(ContactOutcome).where(ContactOutcome.wave_id == wave.id))
    session.execute(delete(Invitation).where(Invitation.wave_id == wave.id))


def frame_size(session: Session, wave: Wave) -> int:
    counted = select(func.count()).where(Transaction.wave_id == wave.id)
    return session.scalar(counted) or 0


def frame_counts(session: Session, wave: Wave) -> list[StratumCount]:
    """Transactions by stratum, offices without any included, in order of code."""
    counted = (
        select(Transaction.office_id, func.count().label("size"))
        .where(Transaction.wave_id == wave.id)
        .group_by(Transaction.office_id)
        .subquery()
    )
    rows = session.execute(
        select(Office.id, Office.code, Office.name, Office.level, counted.c.size)
        .join(WaveOffice, WaveOffice.office_id == Office.id)
        .outerjoin(counted, counted.c.office_id == Office.id)
        .where(WaveOffice.wave_id == wave.id)
    )
    found = [
        StratumCount(key, code, name, level, size or 0)
        for key, code, name, level, size in rows
    ]
    return sorted(found, key=lambda stratum: stratum.code)
