"""One finished transaction after the other: registered, given a slip, taken back.

Each function takes a session and never commits it. Turns are not in the audit log:
it keeps minutes, and a turn keeps its half day only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sampling import at_counter
from survey_app import codes, settings
from survey_app.errors import NotFound, Refused
from survey_app.hand_over import shifts
from survey_app.models import (
    Counter,
    HandOver,
    HandOverCounter,
    HandOverShift,
    Invitation,
    Office,
    OneStopShop,
    Selection,
    Wave,
    WaveStatus,
)

CLOSED = "Đợt khảo sát không mở nên không ghi lượt."


class WaveNotOpen(Refused):
    """Turns are registered only while people may answer."""


class DossierAlreadyThere(Refused):
    """A dossier is handed over once in a wave."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who is judged and where the result is handed over."""

    office: Office
    shop: OneStopShop
    counter: Counter


@dataclass(frozen=True, slots=True)
class Handed:
    """One transaction as it is told to us; ``id`` makes sending it twice harmless."""

    id: UUID
    place: Place
    service_field: str
    channel: str
    dossier: str | None = None
    account_id: int | None = None
    api_key_id: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A registered turn: its number in the half day, and its slip's code if it has one.

    ``code`` is None too when the slip has been forgotten.
    """

    id: UUID
    number: int
    has_slip: bool
    code: str | None


def register(
    session: Session, planned: HandOverCounter, handed: Handed, *, now: datetime
) -> Turn:
    """Count one transaction at a counter, and make its slip when it is due one.

    Raises
    ------
    WaveNotOpen
        If the wave takes no ballots now.
    DossierAlreadyThere
        If the dossier was handed over before.
    """
    wave = open_wave(session, planned.wave_id)
    shift = shifts.held(session, planned, now)
    there = session.get(HandOver, handed.id)
    if there is not None:
        _must_be_of(there, planned)
        return Turn(there.id, shift.finished, there.slip, code_of(session, there))
    dossier_hash = _new_dossier(session, wave, handed.dossier)
    shift.finished += 1
    stratum = stratum_of(handed.place, shift)
    turn = HandOver(
        id=handed.id,
        wave_id=wave.id,
        dossier_hash=dossier_hash,
        office_id=handed.place.office.id,
        shop_id=handed.place.shop.id,
        counter_id=handed.place.counter.id,
        service_field=handed.service_field,
        channel=handed.channel,
        day=shift.day,
        half=shift.half,
        stratum=stratum,
        account_id=handed.account_id,
        api_key_id=handed.api_key_id,
        slip=at_counter.gets_slip(shift.finished, start=shift.start, every=shift.every),
        printed=False,
    )
    code = _invite(session, turn, handed.place.office, now) if turn.slip else None
    # Other software prints what it is given; a person prints on the page.
    turn.printed = turn.slip and handed.api_key_id is not None
    session.add(turn)
    session.flush()
    return Turn(turn.id, shift.finished, turn.slip, code)


def stratum_of(place: Place, shift: HandOverShift) -> str:
    """Counter and week, of one office: a centre's counter serves several."""
    counter = f"{place.shop.code}/{place.counter.code}"
    return f"{place.office.code}:{counter}:{shifts.week(shift.day)}"


def find(session: Session, wave: Wave, counter_id: int, turn_id: UUID) -> HandOver:
    """A turn of one's own counter.

    Raises
    ------
    NotFound
    """
    turn = session.get(HandOver, turn_id)
    if turn is None or (turn.wave_id, turn.counter_id) != (wave.id, counter_id):
        raise NotFound
    return turn


def code_of(session: Session, turn: HandOver) -> str | None:
    """The code of a turn's slip, made again; None without one, or once forgotten."""
    if turn.invitation_id is None:
        return None
    invitation = session.get(Invitation, turn.invitation_id)
    if invitation is None:
        return None
    return codes.slip_code(settings.keys().code, invitation.id, invitation.code_version)


def note_printed(session: Session, turn: HandOver) -> None:
    """The print page has been sent to the printer: the turn stands."""
    session.execute(
        update(HandOver)
        .where(HandOver.id == turn.id, HandOver.slip)
        .values(printed=True)
    )


def undo(session: Session, turn: HandOver, number: int) -> None:
    """Take back the last turn of a half day, its slip unprinted.

    Raises
    ------
    Refused
        If another turn came after it, its slip is printed, or answered already.
    """
    key = (turn.wave_id, turn.counter_id, turn.day, turn.half)
    open_wave(session, turn.wave_id)
    shift = session.get_one(HandOverShift, key, with_for_update=True)
    session.refresh(shift)
    if shift.finished != number:
        raise Refused("Đã có lượt khác sau lượt này nên không hoàn tác được.")
    session.refresh(turn, with_for_update=True)
    if turn.printed:
        raise Refused("Phiếu của lượt này đã in nên không hoàn tác được.")
    if turn.slip and not _uninvited(session, turn):
        raise Refused("Phiếu của lượt này không còn hoàn tác được.")
    session.delete(turn)
    shift.finished -= 1
    shift.undone += 1
    session.flush()


def open_wave(session: Session, wave_id: int) -> Wave:
    """The wave, kept open until the end of the database transaction.

    Raises
    ------
    WaveNotOpen
    """
    wave = session.get_one(
        Wave, wave_id, with_for_update={"read": True}, populate_existing=True
    )
    if wave.status is not WaveStatus.OPEN:
        raise WaveNotOpen(CLOSED)
    return wave


def _must_be_of(turn: HandOver, planned: HandOverCounter) -> None:
    if (turn.wave_id, turn.counter_id) != (planned.wave_id, planned.counter_id):
        raise NotFound


def _new_dossier(session: Session, wave: Wave, dossier: str | None) -> str | None:
    if dossier is None:
        return None
    mark = codes.dossier_hash(settings.keys().code, wave.code, dossier)
    there = select(HandOver.id).where(
        HandOver.wave_id == wave.id, HandOver.dossier_hash == mark
    )
    if session.scalar(there) is not None:
        raise DossierAlreadyThere("Hồ sơ này đã được ghi nhận trong đợt khảo sát.")
    return mark


def _invite(session: Session, turn: HandOver, office: Office, now: datetime) -> str:
    """The right to answer once; it does not know its turn."""
    key, invitation_id = settings.keys().code, uuid4()
    code = codes.slip_code(key, invitation_id, 1)
    session.add(
        Invitation(
            id=invitation_id,
            wave_id=turn.wave_id,
            selection=Selection.AT_HAND_OVER,
            code_hash=codes.code_hash(key, code),
            office_id=turn.office_id,
            shop_id=turn.shop_id,
            counter_id=turn.counter_id,
            service_field=turn.service_field,
            channel=turn.channel,
            stratum=turn.stratum,
            response_class=f"{office.code}:{turn.service_field}",
            issued_at=now,
        )
    )
    turn.invitation_id = invitation_id
    return code


def _uninvited(session: Session, turn: HandOver) -> bool:
    gone = session.execute(
        delete(Invitation)
        .where(Invitation.id == turn.invitation_id, Invitation.spent.is_(False))
        .returning(Invitation.id)
    )
    return gone.first() is not None
