"""Typing paper ballots in: twice, by two people, until both read the same.

What is typed stays in tables of its own. Only when both agree, or somebody has settled
where they do not, the ballot is stored among the others and what was typed is erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questionnaires import AnswerValue, Questionnaire
from survey_app.errors import Refused
from survey_app.models import PaperEntry, PaperForm, PaperState, Wave, WaveStatus
from survey_app.paper import keys, serials
from survey_app.paper.keys import CONSENT
from survey_app.paper.reading import Typing, differing
from survey_app.paper.storing import finish

FIRST, SECOND = 1, 2


def must_be_open(session: Session, wave: Wave, *, now: datetime) -> None:
    """Paper is typed in while the wave is open, and its days of grace after.

    Holds a share of the wave's row: who closes or freezes it waits.

    Raises
    ------
    Refused
    """
    status = session.scalar(
        select(Wave.status).where(Wave.id == wave.id).with_for_update(read=True)
    )
    if status is WaveStatus.OPEN:
        return
    if status is WaveStatus.CLOSED and wave.closed_at is not None:
        last = wave.closed_at + timedelta(days=wave.grace_days)
        if now <= last:
            return
    raise Refused(
        "Đợt khảo sát không nhận phiếu giấy lúc này (chưa mở hoặc đã hết hạn)."
    )


def turn_of(session: Session, form: PaperForm, account_id: int) -> int:
    """Whether this person would type the copy first or second.

    Raises
    ------
    Refused
        If neither.
    """
    name = serials.printed(form.serial)
    if form.stored:
        raise Refused(f"Phiếu {name} đã nhập xong.")
    if form.state is PaperState.SPOILED:
        raise Refused(f"Phiếu {name} đã được ghi là hỏng.")
    by = typists(session, form)
    if len(by) == SECOND:
        raise Refused(f"Phiếu {name} đã nhập hai lần và đang chờ giải quyết chỗ khác.")
    if account_id in by:
        raise Refused(
            f"Ông/Bà đã nhập lần một phiếu {name}; lần hai phải do người khác nhập."
        )
    return len(by) + 1


def typists(session: Session, form: PaperForm) -> list[int]:
    """The accounts of those who have typed a copy, the first one first."""
    return list(
        session.scalars(
            select(PaperEntry.account_id)
            .where(PaperEntry.serial == form.serial)
            .order_by(PaperEntry.number)
        )
    )


def keep(
    session: Session,
    wave: Wave,
    form: PaperForm,
    questionnaire: Questionnaire,
    typing: Typing,
    *,
    account_id: int,
    now: datetime,
) -> bool:
    """Keep what one person typed; True when with it the ballot is complete.

    Raises
    ------
    Refused
    """
    number = turn_of(session, form, account_id)
    form.state, form.reason = PaperState.RETURNED, None
    session.add(
        PaperEntry(
            serial=form.serial,
            number=number,
            account_id=account_id,
            typed=typing.typed,
            code_hash=typing.code_hash,
        )
    )
    session.flush()
    if number == FIRST:
        return False
    first, second = pair(session, form, questionnaire)
    if differing(questionnaire, first, second):
        return False
    finish(session, wave, form, questionnaire, first, differences=0, now=now)
    return True


def pair(
    session: Session, form: PaperForm, questionnaire: Questionnaire
) -> tuple[Typing, Typing]:
    """What the two typists read."""
    rows = session.scalars(
        select(PaperEntry)
        .where(PaperEntry.serial == form.serial)
        .order_by(PaperEntry.number)
    )
    first, second = (_typing(row, questionnaire) for row in rows)
    return first, second


def waiting(session: Session, wave: Wave) -> list[PaperForm]:
    """Copies typed twice and read differently, in order of number."""
    twice = (
        select(PaperEntry.serial)
        .group_by(PaperEntry.serial)
        .having(func.count() == SECOND)
    )
    return list(
        session.scalars(
            select(PaperForm)
            .where(PaperForm.wave_id == wave.id, PaperForm.serial.in_(twice))
            .order_by(PaperForm.serial)
        )
    )


def _typing(row: PaperEntry, questionnaire: Questionnaire) -> Typing:
    answers: dict[str, AnswerValue] = {}
    if row.typed[CONSENT] == keys.YES:
        answers = keys.read(questionnaire, row.typed).answers
    return Typing(dict(row.typed), row.code_hash, answers)
