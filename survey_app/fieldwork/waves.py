"""A wave from first draft to closing: draft, open, closed; freezing is in results.

Each function takes a session and never commits it.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from survey_app.collect import unlinking
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.instruments import definition_problems
from survey_app.fieldwork.readiness import WaveFacts, opening_problems
from survey_app.fieldwork.transactions import locked
from survey_app.models import (
    FrozenPlan,
    HandOverCounter,
    Invitation,
    Office,
    Outcome,
    Poster,
    Transaction,
    Wave,
    WaveOffice,
    WaveStatus,
)

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{1,31}")
CODE_SHAPE = "gồm 2 đến 32 chữ không dấu, số hoặc gạch nối, ví dụ 2026-Q1."


@dataclass(frozen=True, slots=True)
class WaveDraft:
    """What has to be said to begin a wave."""

    code: str
    name: str
    questionnaire_id: str
    rule_set_id: str
    period_start: date
    period_end: date
    levels: tuple[str, ...] = ()
    office_codes: tuple[str, ...] = ()
    simulated: bool = False


def create_wave(session: Session, draft: WaveDraft, *, now: datetime) -> Wave:
    """Begin a wave with the offices of the levels and codes asked for.

    Raises
    ------
    Refused
        With every reason.
    """
    problems = _draft_problems(session, draft)
    offices: list[Office] = []
    if draft.period_start <= draft.period_end:
        offices, office_problems = _chosen_offices(session, draft)
        problems += office_problems
    problems += definition_problems(session, draft.questionnaire_id, draft.rule_set_id)
    if problems:
        raise Refused(*problems)
    wave = Wave(
        code=draft.code,
        name=draft.name,
        questionnaire_id=draft.questionnaire_id,
        rule_set_id=draft.rule_set_id,
        period_start=draft.period_start,
        period_end=draft.period_end,
        simulated=draft.simulated,
        created_at=now,
        offices=offices,
    )
    session.add(wave)
    session.flush()
    return wave


def set_offices(session: Session, wave_id: int, office_ids: Sequence[int]) -> int:
    """Choose anew which offices are judged, while the wave is in preparation.

    Raises
    ------
    Refused
        If it no longer is, or an office taken out has transactions or posters.
    """
    wave = locked(session, wave_id)
    if wave.status is not WaveStatus.DRAFT:
        raise Refused("Đợt khảo sát đã mở nên danh sách đơn vị không đổi được nữa.")
    possible = {office.id: office for office in candidates(session, wave)}
    chosen = [possible[i] for i in dict.fromkeys(office_ids) if i in possible]
    gone = {office.id for office in wave.offices} - {office.id for office in chosen}
    problems = _shared_codes(chosen)
    for table, what in ((Transaction, "hồ sơ đã nhập"), (Poster, "áp phích")):
        used = select(Office.name).where(
            Office.id.in_(
                select(table.office_id).where(
                    table.wave_id == wave.id, table.office_id.in_(gone)
                )
            )
        )
        problems += [
            f"Không bỏ được {name} vì đơn vị này đã có {what}."
            for name in session.scalars(used.order_by(Office.code))
        ]
    if problems:
        raise Refused(*problems)
    session.execute(delete(WaveOffice).where(WaveOffice.wave_id == wave.id))
    session.add_all(WaveOffice(wave_id=wave.id, office_id=o.id) for o in chosen)
    session.flush()
    return len(chosen)


def open_wave(
    session: Session, wave_id: int, *, posters_only: bool = False, now: datetime
) -> Wave:
    """Let people answer from now on.

    Raises
    ------
    Refused
        With every reason why it cannot be opened yet.
    """
    wave = locked(session, wave_id)
    problems = opening_problems(facts(session, wave), posters_only=posters_only)
    if problems:
        raise Refused(*problems)
    wave.status = WaveStatus.OPEN
    wave.opened_at = now
    return wave


def close_wave(session: Session, wave_id: int, *, now: datetime) -> Wave:
    """No new starts from now on; ballots lose every tie to codes.

    The caller vacuums the database after the commit.

    Raises
    ------
    Refused
        If the wave is not open.
    """
    wave = locked(session, wave_id)
    if wave.status is not WaveStatus.OPEN:
        raise Refused("Chỉ đóng được đợt khảo sát đang mở.")
    wave.status = WaveStatus.CLOSED
    wave.closed_at = now
    session.flush()
    unlinking.unlink(session, wave, now=now)
    return wave


def by_code(session: Session, code: str) -> Wave:
    """The wave with a code.

    Raises
    ------
    NotFound
        If there is none.
    """
    wave = session.scalar(select(Wave).where(Wave.code == code))
    if wave is None:
        raise NotFound
    return wave


def with_ballots(session: Session) -> list[Wave]:
    """Waves whose ballots may still be tied to codes: open, or closed and not frozen.

    A wave in preparation is left alone: that its codes are out must stay known.
    """
    states = (WaveStatus.OPEN, WaveStatus.CLOSED)
    found = select(Wave).where(Wave.status.in_(states)).order_by(Wave.id)
    return list(session.scalars(found))


def candidates(session: Session, wave: Wave) -> list[Office]:
    """Offices that existed on some day of the period, in order of code."""
    return _existing(session, wave.period_start, wave.period_end)


def facts(session: Session, wave: Wave) -> WaveFacts:
    """Count what decides the next step of a wave."""

    def count(*conditions: object) -> int:
        counted = select(func.count()).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(counted) or 0

    offices = count(WaveOffice.wave_id == wave.id)
    with_frame = session.scalar(
        select(func.count(Transaction.office_id.distinct())).where(
            Transaction.wave_id == wave.id
        )
    )
    version = session.scalar(
        select(func.max(FrozenPlan.version)).where(FrozenPlan.wave_id == wave.id)
    )
    of_wave = Invitation.wave_id == wave.id
    return WaveFacts(
        status=wave.status,
        offices=offices,
        frame_size=count(Transaction.wave_id == wave.id),
        empty_offices=offices - (with_frame or 0),
        plan_version=version,
        invitations=count(of_wave),
        issued=None
        if wave.unlinked_at
        else count(of_wave, Invitation.issued_at.is_not(None)),
        returned=count(of_wave, Invitation.outcome == Outcome.COMPLETED),
        live_posters=count(Poster.wave_id == wave.id, Poster.revoked_at.is_(None)),
        definition_problems=tuple(
            definition_problems(session, wave.questionnaire_id, wave.rule_set_id)
        ),
        hand_over_counters=count(HandOverCounter.wave_id == wave.id),
    )


def _draft_problems(session: Session, draft: WaveDraft) -> list[str]:
    problems = []
    if not CODE.fullmatch(draft.code):
        problems.append(f"Mã đợt {CODE_SHAPE}")
    elif session.scalar(select(Wave.id).where(Wave.code == draft.code)) is not None:
        problems.append(f"Đã có đợt khảo sát mang mã {draft.code}.")
    if not draft.name:
        problems.append("Chưa ghi tên đợt khảo sát.")
    if draft.period_end < draft.period_start:
        problems.append("Ngày cuối thời kỳ đứng trước ngày đầu.")
    return problems


def _chosen_offices(
    session: Session, draft: WaveDraft
) -> tuple[list[Office], list[str]]:
    existing = _existing(session, draft.period_start, draft.period_end)
    codes = set(draft.office_codes)
    chosen = [o for o in existing if o.level in draft.levels or o.code in codes]
    problems = [
        f"Không có đơn vị mang mã {code} trong thời kỳ này."
        for code in draft.office_codes
        if code not in {office.code for office in existing}
    ]
    return chosen, problems + _shared_codes(chosen)


def _existing(session: Session, start: date, end: date) -> list[Office]:
    found = session.scalars(
        select(Office).where(
            Office.valid_from <= end,
            or_(Office.valid_to.is_(None), Office.valid_to >= start),
        )
    )
    return sorted(found, key=lambda office: (office.code, office.valid_from))


def _shared_codes(offices: Sequence[Office]) -> list[str]:
    tally = Tally(office.code for office in offices)
    return [
        f"Trong thời kỳ này mã {code} là của {number} đơn vị khác nhau; vui lòng chia"
        " thành hai đợt, trước và sau ngày đổi đơn vị."
        for code, number in tally.items()
        if number > 1
    ]
