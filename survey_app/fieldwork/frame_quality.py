"""What may be wrong with the frame of a wave, to be looked at before the draw.

Rows that contradict themselves never come in; this looks at the frame as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from sampling import frame_checks
from sampling.frame_checks import NO_ROWS, Finding
from survey_app.fieldwork.transactions import frame_counts
from survey_app.formats import number
from survey_app.models import Office, Transaction, Wave

WORDS = {
    "outside_period": "Ngày trả kết quả ngoài thời kỳ",
    "no_date": "Không có ngày trả kết quả",
    "result_before_receipt": "Trả kết quả trước ngày tiếp nhận",
    "no_transactions": "Đơn vị không có hồ sơ nào",
    "unknown_office": "Đơn vị không thuộc đợt",
    "coverage_lost": "Đợt trước có, đợt này không còn",
    "coverage_low": "Ít hơn hẳn đợt trước",
    "coverage_high": "Nhiều hơn hẳn đợt trước",
    "repeat_visitor": "Một người nộp nhiều hồ sơ",
}
ADVICE = {
    "no_transactions": "Xin đơn vị gửi danh sách, hoặc bỏ đơn vị khỏi đợt.",
    "coverage_lost": "Hỏi đơn vị có sót tệp của tháng này không.",
    "coverage_low": "Hỏi đơn vị có sót hồ sơ không.",
    "coverage_high": "Xem có lẫn hồ sơ của thời kỳ khác hay đếm trùng không.",
    "repeat_visitor": "Có thể là dịch vụ nộp thay: cân nhắc cho vào một tầng riêng.",
}
OFTEN = 5  # transactions of one person in a wave that are nothing unusual
SHOWN = 20  # persons listed one by one


@dataclass(frozen=True, slots=True)
class Quality:
    """The findings on a frame, and the wave it was held against, if any."""

    size: int
    findings: Sequence[Finding]
    last: Wave | None
    months: Sequence[str]
    cells: Mapping[tuple[str, ...], int]


def quality(session: Session, wave: Wave) -> Quality:
    """Look at the frame of a wave as it is now."""
    last, strata = last_wave(session, wave), frame_counts(session, wave)
    cells = _by_month(session, wave)
    names = {stratum.code: stratum.name for stratum in strata}
    known = [names[s.code] for s in strata]
    there = [cell[0] for cell in cells]
    before = _by_month(session, last) if last else {}
    findings = [
        *_of_days(session, wave),
        *frame_checks.offices(there, known),
        *frame_checks.coverage(cells, before),
        *_repeat_visitors(session, wave),
    ]
    return Quality(
        size=sum(cells.values()),
        findings=findings,
        last=last,
        months=sorted({cell[1] for cell in cells}),
        cells=cells,
    )


def last_wave(session: Session, wave: Wave) -> Wave | None:
    """The wave of the latest earlier period that has a frame."""
    has_frame = select(Transaction.wave_id).where(Transaction.wave_id == Wave.id)
    return session.scalar(
        select(Wave)
        .where(
            Wave.id != wave.id,
            Wave.period_end < wave.period_start,
            Wave.simulated.is_(wave.simulated),
            has_frame.exists(),
        )
        .order_by(Wave.period_end.desc(), Wave.id.desc())
        .limit(1)
    )


def _by_month(session: Session, wave: Wave) -> dict[tuple[str, ...], int]:
    month = extract("month", Transaction.returned_on)
    rows = session.execute(
        select(Office.name, month, func.count())
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.wave_id == wave.id)
        .group_by(Office.name, month)
        .order_by(Office.name, month)
    )
    return {(name, f"{int(nth):02d}"): size for name, nth, size in rows}


def _of_days(session: Session, wave: Wave) -> list[Finding]:
    """Checks of days, made on each pair of days once and counted in transactions."""
    rows = session.execute(
        select(Transaction.received_on, Transaction.returned_on, func.count())
        .where(Transaction.wave_id == wave.id)
        .group_by(Transaction.received_on, Transaction.returned_on)
    ).all()
    received = _days(row[0] for row in rows)
    returned = _days(row[1] for row in rows)
    sizes = np.array([row[2] for row in rows], dtype=np.int64)
    start, end = np.datetime64(wave.period_start), np.datetime64(wave.period_end)
    found = [
        *frame_checks.outside_period(returned, start, end),
        *frame_checks.result_before_receipt(received, returned),
    ]
    return [
        Finding(f.check, f.subject, int(sizes[f.rows].sum()), f.rows, f.expected)
        for f in found
    ]


def _repeat_visitors(session: Session, wave: Wave) -> list[Finding]:
    """Persons who came often, by the offices they came to; those beyond in one line."""
    person = Transaction.person_hash
    often = (
        select(person)
        .where(Transaction.wave_id == wave.id, person.is_not(None))
        .group_by(person)
        .having(func.count() > OFTEN)
    )
    rows = session.execute(
        select(person, Office.name)
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.wave_id == wave.id, person.in_(often))
        .order_by(Office.name, Transaction.id)
    ).all()
    persons, names = [row[0] or "" for row in rows], [row[1] for row in rows]
    found = [
        replace(
            finding, subject=", ".join(dict.fromkeys(names[i] for i in finding.rows))
        )
        for finding in frame_checks.repeat_visitors(persons, more_than=OFTEN)
    ]
    found.sort(key=lambda finding: (-finding.count, finding.subject))
    if len(found) <= SHOWN:
        return found
    rest = found[SHOWN:]
    size = sum(finding.count for finding in rest)
    more = Finding("repeat_visitor", f"{number(len(rest))} người khác", size, NO_ROWS)
    return [*found[:SHOWN], more]


def _days(days: Iterable[date]) -> frame_checks.Days:
    return np.array(list(days), dtype="datetime64[D]")
