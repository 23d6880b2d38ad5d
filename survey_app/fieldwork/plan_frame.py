"""The frame as a plan sees it: cells counted, and the list in the order drawn from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from sampling import cycles
from sampling.plan import PlannedStratum
from sampling.small_strata import Cell
from sampling.stratification import Stratification
from survey_app.fieldwork.planning import DrawBy
from survey_app.models import Counter, Office, Transaction, Wave

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Listed:
    """One transaction of the list: its hash, its key, its stratum."""

    dossier_hash: str
    transaction_id: int
    stratum: str


@dataclass(frozen=True, slots=True)
class InStep:
    """A stratum whose list keeps step with every k-th, and with what."""

    stratum: str
    column: str
    value: str
    share: float
    frame_share: float


def cells(session: Session, wave: Wave) -> dict[Cell, int]:
    """Transactions by office, field, channel and month of the result."""
    by = (
        Office.code,
        Transaction.service_field,
        Transaction.channel,
        extract("year", Transaction.returned_on),
        extract("month", Transaction.returned_on),
    )
    rows = session.execute(
        select(*by, func.count())
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.wave_id == wave.id)
        .group_by(*by)
    )
    return {
        Cell(office, field, channel, f"{int(year):04d}-{int(month):02d}"): count
        for office, field, channel, year, month, count in rows
    }


def listed(
    session: Session, wave: Wave, strata: Stratification, draw: DrawBy
) -> list[Listed]:
    """All transactions in the order drawn from.

    Drawn simply, the order is that of the hashes, so it hangs neither on how files
    were split nor on the collation of a database. For every k-th the list runs by
    office, field and day, so that the sample spreads over them; hashes come last.
    """
    rows = session.execute(
        select(
            Office.code,
            Transaction.service_field,
            Transaction.returned_on,
            Transaction.dossier_hash,
            Transaction.channel,
            Transaction.id,
        )
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.wave_id == wave.id)
    )
    named: dict[Cell, str] = {}
    found = []
    for office, field, day, dossier_hash, channel, key in rows:
        cell = Cell(office, field, channel, f"{day:%Y-%m}")
        stratum = named.setdefault(cell, strata.stratum(cell))
        order = (office, field, day) if draw is DrawBy.SYSTEMATIC else ()
        found.append(((*order, dossier_hash), Listed(dossier_hash, key, stratum)))
    found.sort(key=lambda pair: pair[0])
    return [row for _, row in found]


def sha256_of(frame: Sequence[Listed]) -> str:
    """Hash of the list drawn from, one line ``hash,stratum`` each, in its order."""
    digest = hashlib.sha256()
    for row in frame:
        digest.update(f"{row.dossier_hash},{row.stratum}\n".encode())
    return digest.hexdigest()


def in_step(
    session: Session,
    wave: Wave,
    strata: Stratification,
    planned: Sequence[PlannedStratum],
) -> list[InStep]:
    """Where every k-th would meet the same counter or weekday again and again."""
    rows = session.execute(
        select(Transaction.id, Counter.code, Transaction.returned_on)
        .outerjoin(Counter, Counter.id == Transaction.counter_id)
        .where(Transaction.wave_id == wave.id)
    )
    about = {key: (code or "–", WEEKDAYS[day.weekday()]) for key, code, day in rows}
    by_stratum: dict[str, list[tuple[str, str]]] = {}
    for row in listed(session, wave, strata, DrawBy.SYSTEMATIC):
        by_stratum.setdefault(row.stratum, []).append(about[row.transaction_id])
    found = []
    for stratum in planned:
        drawn = stratum.n + stratum.reserve
        if 0 < drawn < stratum.frame_size:
            counters, days = zip(*by_stratum[stratum.stratum], strict=True)
            columns = {"quầy": counters, "ngày trong tuần": days}
            found += [
                InStep(stratum.stratum, s.column, s.worst, s.worst_share, s.frame_share)
                for s in cycles.check(columns, drawn)
                if s.keeps_step
            ]
    return found
