"""Which counters give slips with the results of a wave, fixed before it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session, joinedload

from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.transactions import locked
from survey_app.formats import folded, nfc
from survey_app.models import (
    Counter,
    HandOverCounter,
    Office,
    OneStopShop,
    Transaction,
    Wave,
    WaveOffice,
    WaveStatus,
)

MOST_EVERY = 100
MOST_FIELDS = 40
LONGEST_FIELD = 120
OPENED = (
    "Đợt khảo sát không còn ở bước chuẩn bị nên cách phát phiếu tại quầy đã được khóa."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One counter of the wave as the page of the planner shows it."""

    counter: Counter
    shop: OneStopShop
    office: Office
    every: int | None
    fields: tuple[str, ...]


def lines(
    session: Session, wave: Wave, *, search: str = "", everywhere: bool = False
) -> list[Line]:
    """Every counter that exists in the period at a shop of a judged office.

    ``everywhere`` adds counters of other shops: a centre serves several offices.
    """
    judged = select(WaveOffice.office_id).where(WaveOffice.wave_id == wave.id)
    home = [] if everywhere else [OneStopShop.office_id.in_(judged)]
    rows = session.execute(
        select(Counter, OneStopShop, Office, HandOverCounter)
        .join(OneStopShop, OneStopShop.id == Counter.shop_id)
        .join(Office, Office.id == OneStopShop.office_id)
        .outerjoin(
            HandOverCounter,
            (HandOverCounter.counter_id == Counter.id)
            & (HandOverCounter.wave_id == wave.id),
        )
        .where(
            *home,
            *_exists(Counter, wave),
            *_exists(OneStopShop, wave),
        )
        .order_by(Office.code, OneStopShop.code, Counter.code)
    )
    words = folded(search).split()
    found = [
        Line(c, s, o, p.every if p else None, tuple(p.fields) if p else ())
        for c, s, o, p in rows
    ]
    return [
        line
        for line in found
        if all(
            word in folded(f"{line.office.name} {line.shop.name} {line.counter.name}")
            for word in words
        )
    ]


def choose(
    session: Session,
    wave_id: int,
    counter_ids: Sequence[int],
    *,
    every: int | None,
    fields: Sequence[str],
) -> int:
    """Let these counters give a slip with every k-th result.

    Raises
    ------
    Refused
        With every reason.
    """
    wave = locked(session, wave_id)
    chosen = _chosen(session, wave, counter_ids)
    problems = [] if wave.status is WaveStatus.DRAFT else [OPENED]
    if not chosen:
        problems.append("Chưa chọn quầy nào.")
    if every is None or not 1 <= every <= MOST_EVERY:
        problems.append(f"Khoảng cách k phải là số nguyên từ 1 đến {MOST_EVERY}.")
    problems += _field_problems(fields)
    if problems or every is None:
        raise Refused(*problems)
    _forget(session, wave, chosen)
    session.add_all(
        HandOverCounter(
            wave_id=wave.id, counter_id=key, every=every, fields=list(fields)
        )
        for key in chosen
    )
    session.flush()
    return len(chosen)


def leave_out(session: Session, wave_id: int, counter_ids: Sequence[int]) -> int:
    """These counters give no slips with results.

    Raises
    ------
    Refused
        With every reason.
    """
    wave = locked(session, wave_id)
    chosen = _chosen(session, wave, counter_ids)
    problems = [] if wave.status is WaveStatus.DRAFT else [OPENED]
    if not chosen:
        problems.append("Chưa chọn quầy nào.")
    if problems:
        raise Refused(*problems)
    _forget(session, wave, chosen)
    return len(chosen)


def read_fields(text: str) -> list[str]:
    """Fields typed one to a line, each once, in the order typed."""
    typed = (" ".join(line.split()) for line in nfc(text).splitlines())
    return list(dict.fromkeys(line for line in typed if line))


def fields_of_frame(session: Session, wave: Wave) -> list[str]:
    """The fields that the imported transactions name, to begin with."""
    named = (
        select(Transaction.service_field)
        .distinct()
        .where(Transaction.wave_id == wave.id)
    )
    return sorted(session.scalars(named))


def planned(session: Session, wave: Wave, counter_id: int) -> HandOverCounter:
    """What was fixed for a counter.

    Raises
    ------
    NotFound
        If it gives no slips in this wave.
    """
    found = session.get(HandOverCounter, (wave.id, counter_id))
    if found is None:
        raise NotFound
    return found


def open_waves(session: Session, counter_id: int) -> list[Wave]:
    """The open waves in which a counter gives slips."""
    return list(
        session.scalars(
            select(Wave)
            .join(HandOverCounter, HandOverCounter.wave_id == Wave.id)
            .where(
                HandOverCounter.counter_id == counter_id,
                Wave.status == WaveStatus.OPEN,
            )
            .order_by(Wave.opened_at.desc())
        )
    )


def place(session: Session, counter_id: int) -> Counter:
    """A counter with its shop and office."""
    return session.scalars(
        select(Counter)
        .where(Counter.id == counter_id)
        .options(joinedload(Counter.shop).joinedload(OneStopShop.office))
    ).one()


def judges(session: Session, wave: Wave, office_id: int) -> bool:
    """Whether an office is judged in the wave."""
    return session.get(WaveOffice, (wave.id, office_id)) is not None


def _exists(
    table: type[Counter] | type[OneStopShop], wave: Wave
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.valid_from <= wave.period_end,
        or_(table.valid_to.is_(None), table.valid_to >= wave.period_start),
    )


def _chosen(session: Session, wave: Wave, counter_ids: Sequence[int]) -> list[int]:
    possible = {line.counter.id for line in lines(session, wave, everywhere=True)}
    return [key for key in dict.fromkeys(counter_ids) if key in possible]


def _field_problems(fields: Sequence[str]) -> list[str]:
    if not fields:
        return ["Chưa ghi lĩnh vực nào cho các nút trên màn hình quầy."]
    problems = []
    if len(fields) > MOST_FIELDS:
        problems.append(f"Mỗi quầy có tối đa {MOST_FIELDS} lĩnh vực.")
    problems += [
        f"Tên lĩnh vực dài quá {LONGEST_FIELD} chữ: {field[:40]}…"
        for field in fields
        if len(field) > LONGEST_FIELD
    ]
    return problems


def _forget(session: Session, wave: Wave, counter_ids: Sequence[int]) -> None:
    session.execute(
        delete(HandOverCounter).where(
            HandOverCounter.wave_id == wave.id,
            HandOverCounter.counter_id.in_(counter_ids),
        )
    )
