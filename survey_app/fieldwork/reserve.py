"""Who did not answer and why, and who takes his place: by the plan's rule, never by
choice. Each function takes a session and never commits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from sampling import plan, replacement, stratification
from sampling.outcomes import BY_ID, Rates, rates_by
from sampling.replacement import NotReleased, Release, ReplacementRule
from survey_app import clock, codes, settings
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import plans
from survey_app.fieldwork.reserve_words import refusal
from survey_app.fieldwork.transaction_file import dossier_code
from survey_app.fieldwork.transactions import locked
from survey_app.models import (
    ContactOutcome,
    ContactResult,
    Invitation,
    Office,
    Outcome,
    ReservePlace,
    Transaction,
    Wave,
    WaveStatus,
)

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """One transaction of the sample, with what became of it.

    ``outcome`` is a word of ``sampling.outcomes``; ``replaced`` tells that one of
    the reserve stands beside it, ``from_reserve`` that it came from there itself.
    """

    transaction_id: int
    position: int
    office: str
    stratum: str
    service_field: str
    channel: str
    returned_on: date
    outcome: str
    attempts: int
    note: str
    replaced: bool
    from_reserve: bool

    @property
    def aapor(self) -> str:
        return BY_ID[self.outcome].code


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What the address of the list asks for."""

    dossier: str = ""
    office: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ReserveCount:
    """The reserve of one stratum."""

    stratum: str
    held: int
    released: int


def units(session: Session, wave: Wave, wanted: UnitFilter) -> list[Unit]:
    """The drawn, in the order they were drawn.

    Raises
    ------
    Refused
        If the dossier code asked for has the wrong form.
    """
    query = _units(wave)
    if wanted.dossier:
        query = query.where(Transaction.dossier_hash == _hashed(wave, wanted.dossier))
    if wanted.office:
        query = query.where(Office.code == wanted.office)
    found = [_unit(row) for row in session.execute(query)]
    return [u for u in found if wanted.outcome in ("", u.outcome)]


def unit(session: Session, wave: Wave, transaction_id: int) -> Unit:
    """One of the drawn.

    Raises
    ------
    NotFound
        If this transaction was not drawn, or is still held back.
    """
    query = _units(wave).where(Invitation.transaction_id == transaction_id)
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return _unit(row)


def rates_of(found: Sequence[Unit]) -> dict[str, Rates]:
    """AAPOR rates by office."""
    return rates_by([u.office for u in found], [u.outcome for u in found])


def reserves(session: Session, wave: Wave) -> list[ReserveCount]:
    """Held and released, by stratum."""
    rows = session.execute(
        select(ReservePlace.stratum, func.count(), func.count(ReservePlace.released_on))
        .where(ReservePlace.wave_id == wave.id)
        .group_by(ReservePlace.stratum)
    )
    return sorted((ReserveCount(*row) for row in rows), key=lambda count: count.stratum)


def rule_of(session: Session, wave: Wave) -> ReplacementRule:
    """The rule of replacement that the plan fixed."""
    frozen = plans.latest_plan(session, wave)
    decided = dict(plan.from_json(frozen.document).decided) if frozen else {}
    attempts = decided.get("attempts_at_least", ATTEMPTS)
    return ReplacementRule(attempts_at_least=int(attempts or 0))


def note(
    session: Session,
    wave_id: int,
    transaction_id: int,
    outcome: ContactResult,
    *,
    attempts: int,
    words: str,
    now: datetime,
) -> Unit:
    """Write down why somebody drawn has not answered; again replaces what was there.

    Raises
    ------
    NotFound, Refused
        If he was not drawn; has answered; was replaced; or the wave is not open.
    """
    wave = locked(session, wave_id)
    found = unit(session, wave, transaction_id)
    if reasons := _closed(wave) + _settled(found):
        raise Refused(*reasons)
    session.merge(
        ContactOutcome(
            wave_id=wave.id,
            transaction_id=transaction_id,
            outcome=outcome,
            attempts=attempts,
            note=words.strip(),
            noted_on=clock.vietnam_day(now),
        )
    )
    session.flush()
    return unit(session, wave, transaction_id)


def replace(
    session: Session, wave_id: int, transaction_id: int, *, reason: str, now: datetime
) -> ReservePlace:
    """Release the next of the reserve for somebody who will not answer.

    Raises
    ------
    NotFound, Refused
        With every reason why the plan's rule does not allow it.
    """
    wave = locked(session, wave_id)
    lost = unit(session, wave, transaction_id)
    rule = rule_of(session, wave)
    if reasons := _closed(wave) + _settled(lost):
        raise Refused(*reasons)
    held = list(
        session.scalars(
            select(ReservePlace)
            .where(
                ReservePlace.wave_id == wave.id, ReservePlace.stratum == lost.stratum
            )
            .order_by(ReservePlace.place)
        )
    )
    if lost.outcome == Outcome.NOT_RETURNED:
        raise Refused(*refusal(lost, held, reason, rule))
    try:
        released = replacement.release(
            [place.transaction_id for place in held],
            [_release(place) for place in held if place.for_transaction_id],
            for_position=transaction_id,
            outcome=lost.outcome,
            attempts=lost.attempts,
            reason=reason,
            rule=rule,
        )
    except NotReleased as stopped:
        raise Refused(*refusal(lost, held, reason, rule)) from stopped
    place = held[released.order - 1]
    place.released_on = clock.vietnam_day(now)
    place.for_transaction_id = transaction_id
    place.outcome = ContactResult(lost.outcome)
    place.reason = released.reason
    frozen = plans.latest_plan(session, wave)
    strata = (
        stratification.of_plan(plan.from_json(frozen.document))
        if frozen
        else stratification.BY_OFFICE
    )
    last = plans.last_position(session, wave)
    plans.invite(session, wave, [place.transaction_id], strata, after=last)
    return place


def _release(place: ReservePlace) -> Release:
    return Release(
        place.transaction_id,
        place.place,
        place.for_transaction_id or 0,
        place.outcome or "",
        place.reason,
    )


def _closed(wave: Wave) -> list[str]:
    if wave.status is WaveStatus.OPEN:
        return []
    return ["Chỉ ghi kết quả tiếp cận và cho thay thế khi đợt khảo sát đang mở."]


def _settled(found: Unit) -> list[str]:
    if found.outcome == Outcome.COMPLETED:
        return ["Phiếu của hồ sơ này đã được ghi nhận."]
    if found.replaced:
        return ["Hồ sơ này đã được thay bằng một hồ sơ dự phòng."]
    return []


def _hashed(wave: Wave, dossier: str) -> str:
    code = dossier_code(dossier)
    if code is None:
        raise Refused("Mã hồ sơ không đúng dạng, ví dụ H01.30-220105-0001.")
    return codes.dossier_hash(settings.keys().code, wave.code, code)


def _units(wave: Wave) -> Select[*tuple[Any, ...]]:
    replaced = (
        select(ReservePlace.place)
        .where(
            ReservePlace.wave_id == wave.id,
            ReservePlace.for_transaction_id == Invitation.transaction_id,
        )
        .exists()
    )
    from_reserve = (
        select(ReservePlace.place)
        .where(
            ReservePlace.wave_id == wave.id,
            ReservePlace.transaction_id == Invitation.transaction_id,
        )
        .exists()
    )
    return (
        select(
            Invitation.transaction_id,
            Invitation.draw_position,
            Office.code,
            Invitation.stratum,
            Invitation.service_field,
            Invitation.channel,
            Transaction.returned_on,
            Invitation.outcome,
            ContactOutcome.outcome,
            ContactOutcome.attempts,
            ContactOutcome.note,
            replaced,
            from_reserve,
        )
        .join(Transaction, Transaction.id == Invitation.transaction_id)
        .join(Office, Office.id == Invitation.office_id)
        .outerjoin(
            ContactOutcome,
            (ContactOutcome.wave_id == Invitation.wave_id)
            & (ContactOutcome.transaction_id == Invitation.transaction_id),
        )
        .where(Invitation.wave_id == wave.id)
        .order_by(Invitation.draw_position)
    )


def _unit(row: Row[*tuple[Any, ...]]) -> Unit:
    *about, stored, noted, attempts, words, replaced, from_reserve = tuple(row)
    outcome = stored if stored == Outcome.COMPLETED or noted is None else noted
    about += [str(outcome), attempts or 0, words or ""]
    about += [bool(replaced), bool(from_reserve)]
    return Unit(*about)
