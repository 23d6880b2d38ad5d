"""Numbered copies: given out, accounted for. Functions take a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import Session

from survey_app import languages
from survey_app.errors import NotFound, Refused
from survey_app.formats import number
from survey_app.models import (
    Office,
    PaperEntry,
    PaperForm,
    PaperState,
    SpoiledReason,
    Wave,
    WaveOffice,
    WaveStatus,
)
from survey_app.paper import serials

MOST_COPIES = 2_000


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the copies of one office: issued is the sum of all the rest."""

    office_id: int
    code: str
    name: str
    issued: int
    stored: int
    waiting: int
    spoiled: int
    lost: int
    first: int | None
    last: int | None

    @property
    def returned(self) -> int:
        """Sheets that came back with something to count."""
        return self.stored + self.waiting

    @property
    def out(self) -> int:
        """Sheets nobody has accounted for yet."""
        return self.issued - self.returned - self.spoiled - self.lost


@dataclass(frozen=True, slots=True)
class Batch:
    """Copies of one language that are out."""

    language: str
    count: int
    first: int
    last: int


def issue(
    session: Session,
    wave: Wave,
    office_id: int,
    *,
    count: int,
    language: str,
    now: datetime,
) -> list[PaperForm]:
    """Number new copies for an office.

    Raises
    ------
    Refused
        With every reason.
    """
    reasons = []
    if wave.status not in (WaveStatus.DRAFT, WaveStatus.OPEN):
        reasons.append("Đợt khảo sát đã đóng nên không cấp thêm phiếu giấy.")
    taking_part = select(WaveOffice.office_id).where(WaveOffice.wave_id == wave.id)
    if office_id not in set(session.scalars(taking_part)):
        reasons.append("Vui lòng chọn một đơn vị của đợt khảo sát.")
    if not 1 <= count <= MOST_COPIES:
        reasons.append(f"Mỗi lần cấp từ 1 đến {number(MOST_COPIES)} phiếu.")
    offered = languages.languages_of(session, wave.questionnaire_id)
    if language not in {each.code for each in offered}:
        reasons.append(f"Phiếu chưa có bản dịch “{language}”.")
    if reasons:
        raise Refused(*reasons)
    forms = [
        PaperForm(
            wave_id=wave.id, office_id=office_id, language=language, issued_at=now
        )
        for _ in range(count)
    ]
    session.add_all(forms)
    session.flush()
    return sorted(forms, key=lambda form: form.serial)


def to_print(
    session: Session,
    wave: Wave,
    office_id: int,
    language: str,
    *,
    first: int,
    last: int,
) -> list[PaperForm]:
    """Copies of an office in a language that are out and may be printed again.

    Raises
    ------
    Refused
        If there is none, or more than one file should hold.
    """
    forms = list(
        session.scalars(
            select(PaperForm)
            .where(
                PaperForm.wave_id == wave.id,
                PaperForm.office_id == office_id,
                PaperForm.language == language,
                PaperForm.serial.between(first, last),
                PaperForm.state == PaperState.ISSUED,
            )
            .order_by(PaperForm.serial)
            .limit(MOST_COPIES + 1)
        )
    )
    if not forms:
        raise Refused("Không có phiếu nào đang ở ngoài trong khoảng số này để in.")
    if len(forms) > MOST_COPIES:
        raise Refused(f"Mỗi lần in nhiều nhất {number(MOST_COPIES)} phiếu.")
    return forms


def batches(session: Session, wave: Wave) -> dict[int, list[Batch]]:
    """What there is to print, by office: one batch for each language."""
    rows = session.execute(
        select(
            PaperForm.office_id,
            PaperForm.language,
            func.count(),
            func.min(PaperForm.serial),
            func.max(PaperForm.serial),
        )
        .where(PaperForm.wave_id == wave.id, PaperForm.state == PaperState.ISSUED)
        .group_by(PaperForm.office_id, PaperForm.language)
        .order_by(PaperForm.language)
    )
    found: dict[int, list[Batch]] = {}
    for office_id, language, count, first, last in rows:
        found.setdefault(office_id, []).append(Batch(language, count, first, last))
    return found


def mark(
    session: Session,
    wave: Wave,
    numbers: Iterable[int],
    state: PaperState,
    reason: SpoiledReason | None = None,
) -> int:
    """Say what became of copies; what was typed from them so far is thrown away.

    Raises
    ------
    Refused
        With every number that cannot be marked, and then none is.
    """
    wanted = list(dict.fromkeys(numbers))
    found = {
        form.serial: form
        for form in session.scalars(
            select(PaperForm)
            .where(PaperForm.wave_id == wave.id, PaperForm.serial.in_(wanted))
            .with_for_update()
        )
    }
    reasons = [
        f"Đợt này không có phiếu số {serials.printed(serial)}."
        for serial in wanted
        if serial not in found
    ]
    reasons += [
        f"Phiếu số {serials.printed(serial)} đã nhập xong nên không đổi được nữa."
        for serial, form in found.items()
        if form.stored
    ]
    if state is PaperState.SPOILED and reason is None:
        reasons.append("Chưa chọn lý do hỏng.")
    if wave.status is WaveStatus.FROZEN:
        reasons.append("Số liệu của đợt đã chốt.")
    if reasons:
        raise Refused(*reasons)
    session.execute(delete(PaperEntry).where(PaperEntry.serial.in_(wanted)))
    for form in found.values():
        form.state = state
        form.reason = reason if state is PaperState.SPOILED else None
    session.flush()
    return len(found)


def numbers_typed(typed: str) -> list[int]:
    """Serial numbers as people list them: several, and spans such as 12-5…20-8.

    Raises
    ------
    Refused
        With every number that is mistyped.
    """
    found: list[int] = []
    wrong = []
    for part in typed.replace("…", "..").replace(",", " ").split():
        ends = part.split("..")
        try:
            first, last = serials.read(ends[0]), serials.read(ends[-1])
        except serials.Mistyped:
            wrong.append(f"“{part}” không phải số phiếu; xin xem lại từng chữ số.")
            continue
        if len(ends) > 2 or not 0 <= last - first < MOST_COPIES:
            wrong.append(f"Khoảng “{part}” không hợp lệ.")
            continue
        found += range(first, last + 1)
    if not found and not wrong:
        wrong.append("Chưa ghi số phiếu nào.")
    if wrong:
        raise Refused(*wrong)
    return found


def account(session: Session, wave: Wave) -> list[Account]:
    """Per office: issued, returned, spoiled, lost, and what is still out."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    rows: Any = session.execute(
        select(
            Office.id,
            Office.code,
            Office.name,
            func.count(PaperForm.serial),
            count(PaperForm.stored.is_(True)),
            count(
                (PaperForm.state == PaperState.RETURNED) & PaperForm.stored.is_(False)
            ),
            count(PaperForm.state == PaperState.SPOILED),
            count(PaperForm.state == PaperState.LOST),
            func.min(PaperForm.serial),
            func.max(PaperForm.serial),
        )
        .join(PaperForm, PaperForm.office_id == Office.id)
        .where(PaperForm.wave_id == wave.id)
        .group_by(Office.id, Office.code, Office.name)
        .order_by(Office.code)
    )
    return [Account(*row) for row in rows]


def find(session: Session, wave: Wave, serial: int, *, lock: bool = False) -> PaperForm:
    """One copy of a wave.

    Raises
    ------
    NotFound
    """
    form = session.get(PaperForm, serial, with_for_update=lock)
    if form is None or form.wave_id != wave.id:
        raise NotFound
    return form
