"""Live quotas: a place taken when an interview starts, given back when it fails.

``UPDATE … WHERE`` and a check of the table hold the rule, so that two hundred who
ask at once for fifty places get fifty. Each function takes a session and never
commits it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.orm import Session

from survey_app import clock
from survey_app.errors import NotFound, Refused, SurveyError
from survey_app.models import PlaceState, QuotaCell, QuotaPlace, Wave, WaveOffice

MINUTES = 60  # an interview not finished by then gives its place back


class QuotaFull(SurveyError):
    """Nobody more is needed in a cell, or all who are have started."""

    status = 409
    title = "Nhóm này đã đủ"
    message = (
        "Mọi chỗ của nhóm này đã có người phỏng vấn. Vui lòng chọn nhóm khác;"
        " cuộc phỏng vấn bỏ dở sẽ trả lại chỗ khi hết giờ giữ."
    )


class PlaceGone(SurveyError):
    """A place was given back before the interview was finished."""

    status = 409
    title = "Chỗ này đã trả lại"
    message = "Chỗ này đã được trả lại trước đó nên không ghi hoàn thành được."


def reserve(
    session: Session,
    cell_id: int,
    *,
    now: datetime,
    minutes: int = MINUTES,
    interviewer_id: int | None = None,
) -> UUID:
    """Take a place for an interview that starts now.

    Raises
    ------
    QuotaFull
        If none is left, also after those whose time is over gave theirs back.
    """
    if not _take(session, cell_id, reserved=1):
        expire(session, cell_id, now=now)
        if not _take(session, cell_id, reserved=1):
            raise QuotaFull
    place = QuotaPlace(
        cell_id=cell_id,
        interviewer_id=interviewer_id,
        reserved_until=now + timedelta(minutes=minutes),
    )
    session.add(place)
    session.flush()
    return place.id


def finish(session: Session, place_id: UUID, *, now: datetime) -> None:
    """Keep a place for good; a second time changes nothing.

    An interview that took longer than its place was held takes another one.

    Raises
    ------
    NotFound, PlaceGone, QuotaFull
        No such place; it was given back; its time was over and no other is left.
    """
    place = _held(session, place_id)
    if place.state is PlaceState.FINISHED:
        return
    if place.state is PlaceState.RELEASED:
        raise PlaceGone
    if place.state is PlaceState.EXPIRED:
        if not _take(session, place.cell_id, finished=1):
            raise QuotaFull
    else:
        _count(session, place.cell_id, reserved=-1, finished=1)
    place.state, place.reserved_until = PlaceState.FINISHED, None
    place.finished_on = clock.vietnam_day(now)
    session.flush()


def release(session: Session, place_id: UUID) -> None:
    """Give a place back at once; what is finished stays, a second time is nothing.

    Raises
    ------
    NotFound
        If there is no such place.
    """
    place = _held(session, place_id)
    if place.state is PlaceState.RESERVED:
        place.state, place.reserved_until = PlaceState.RELEASED, None
        session.flush()
        _count(session, place.cell_id, reserved=-1)


def own(session: Session, place_id: UUID, interviewer_id: int) -> UUID:
    """The place, if this interviewer began it.

    Raises
    ------
    NotFound
        If there is none, or somebody else did.
    """
    place = session.get(QuotaPlace, place_id)
    if place is None or place.interviewer_id != interviewer_id:
        raise NotFound
    return place_id


def expire(session: Session, cell_id: int, *, now: datetime) -> int:
    """Give back the places of a cell whose time is over; how many there were."""
    _lock(session, cell_id)
    over = (
        update(QuotaPlace)
        .where(
            QuotaPlace.cell_id == cell_id,
            QuotaPlace.state == PlaceState.RESERVED,
            QuotaPlace.reserved_until <= now,
        )
        .values(state=PlaceState.EXPIRED, reserved_until=None)
    )
    freed = _changed(session, over)
    if freed:
        _count(session, cell_id, reserved=-freed)
    return freed


def expire_all(session: Session, wave: Wave, *, now: datetime) -> int:
    """Give back every place of a wave whose time is over, cell by cell in order."""
    due = (
        select(QuotaCell.id)
        .join(QuotaPlace, QuotaPlace.cell_id == QuotaCell.id)
        .where(
            QuotaCell.wave_id == wave.id,
            QuotaPlace.state == PlaceState.RESERVED,
            QuotaPlace.reserved_until <= now,
        )
        .distinct()
        .order_by(QuotaCell.id)
    )
    return sum(expire(session, cell, now=now) for cell in list(session.scalars(due)))


def set_targets(
    session: Session, wave: Wave, targets: Mapping[tuple[int, str], int]
) -> int:
    """Wish for so many interviews by (office, cell); how many cells changed.

    Cells not named stay as they are.

    Raises
    ------
    Refused
        With every reason: an office outside the wave, fewer than there are already.
    """
    there = {
        (cell.office_id, cell.name): cell
        for cell in session.scalars(
            select(QuotaCell).where(QuotaCell.wave_id == wave.id).with_for_update()
        )
    }
    of_wave = set(
        session.scalars(
            select(WaveOffice.office_id).where(WaveOffice.wave_id == wave.id)
        )
    )
    problems, changed = [], 0
    for (office_id, name), target in targets.items():
        cell = there.get((office_id, name))
        taken = cell.reserved + cell.finished if cell else 0
        if office_id not in of_wave:
            problems.append("Có đơn vị không thuộc đợt khảo sát này.")
        elif target < taken:
            problems.append(
                f"{cell.office.name if cell else ''}{', ' + name if name else ''}:"
                f" đã có {taken} phiếu xong hoặc đang phỏng vấn, không giảm xuống"
                f" {target} được."
            )
        elif cell is None:
            session.add(
                QuotaCell(
                    wave_id=wave.id, office_id=office_id, name=name, target=target
                )
            )
            changed += 1
        elif cell.target != target:
            cell.target = target
            changed += 1
    if problems:
        raise Refused(*dict.fromkeys(problems))
    session.flush()
    return changed


def _take(
    session: Session, cell_id: int, *, reserved: int = 0, finished: int = 0
) -> bool:
    """Count one place more, if one is free: the statement decides, not a look."""
    free = QuotaCell.reserved + QuotaCell.finished < QuotaCell.target
    statement = (
        update(QuotaCell)
        .where(QuotaCell.id == cell_id, free)
        .values(
            reserved=QuotaCell.reserved + reserved,
            finished=QuotaCell.finished + finished,
        )
    )
    return _changed(session, statement) == 1


def _count(
    session: Session, cell_id: int, *, reserved: int = 0, finished: int = 0
) -> None:
    session.execute(
        update(QuotaCell)
        .where(QuotaCell.id == cell_id)
        .values(
            reserved=QuotaCell.reserved + reserved,
            finished=QuotaCell.finished + finished,
        )
    )


def _held(session: Session, place_id: UUID) -> QuotaPlace:
    """A place that nobody else changes meanwhile; its cell is locked before it."""
    cell_id = session.scalar(
        select(QuotaPlace.cell_id).where(QuotaPlace.id == place_id)
    )
    if cell_id is None:
        raise NotFound
    _lock(session, cell_id)
    return session.get_one(QuotaPlace, place_id, populate_existing=True)


def _lock(session: Session, cell_id: int) -> None:
    session.execute(
        select(QuotaCell.id).where(QuotaCell.id == cell_id).with_for_update()
    )


def _changed(session: Session, statement: Update) -> int:
    result = session.execute(
        statement, execution_options={"synchronize_session": False}
    )
    assert isinstance(result, CursorResult)
    return result.rowcount
