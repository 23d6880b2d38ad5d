"""What became of everyone asked, office by office, and the rates made of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sampling.outcomes import Rates, rates
from survey_app.models import (
    Account,
    ContactOutcome,
    Invitation,
    Office,
    Outcome,
    PlaceState,
    QuotaCell,
    QuotaPlace,
    Response,
    Selection,
    Wave,
)

ASKED = (Selection.FROM_LIST, Selection.AT_HAND_OVER)
RATES = (
    ("rr1", "RR1"),
    ("rr2", "RR2"),
    ("rr3", "RR3"),
    ("rr4", "RR4"),
    ("rr5", "RR5"),
    ("rr6", "RR6"),
    ("contact1", "CON1"),
    ("contact2", "CON2"),
    ("contact3", "CON3"),
    ("cooperation1", "COOP1"),
    ("cooperation2", "COOP2"),
    ("cooperation3", "COOP3"),
    ("cooperation4", "COOP4"),
    ("refusal1", "REF1"),
    ("refusal2", "REF2"),
    ("refusal3", "REF3"),
)
SELECTIONS = {
    Selection.FROM_LIST: "Chọn từ danh sách",
    Selection.AT_HAND_OVER: "Phát khi trả kết quả",
}
# Nobody is refused before an interview starts, so contact says nothing here.
OF_INTERVIEWERS = (("rr1", "RR1"), ("cooperation3", "COOP3"), ("refusal1", "REF1"))
OF_PLACES = {
    PlaceState.FINISHED: "completed",
    PlaceState.RELEASED: "broken_off",
    PlaceState.EXPIRED: "other",
}


@dataclass(frozen=True, slots=True)
class OfficeRates:
    """The outcomes of one office and what follows; whole waves have no code."""

    code: str
    name: str
    outcomes: dict[str, int]
    rates: Rates


@dataclass(frozen=True, slots=True)
class InterviewerRates:
    """The interviews that one person began, and what follows."""

    name: str
    outcomes: dict[str, int]
    rates: Rates


def by_office(session: Session, wave: Wave, selection: Selection) -> list[OfficeRates]:
    """Every office that asked somebody, in order of code, then the wave as a whole.

    A ballot withdrawn is no answer: it counts as broken off.
    """
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for code, name, outcome, size in _asked(session, wave, selection):
        counted.setdefault((code, name), {})[outcome] = size
    for code, name, size in _withdrawn(session, wave, selection):
        mine = counted.setdefault((code, name), {})
        answered = mine.get(Outcome.COMPLETED, 0)
        mine[Outcome.COMPLETED] = max(answered - size, 0)
        mine["withdrawn"] = min(size, answered)
    whole: dict[str, int] = {}
    for mine in counted.values():
        for outcome, size in mine.items():
            whole[outcome] = whole.get(outcome, 0) + size
    found = [
        OfficeRates(code, name, mine, rates(mine))
        for (code, name), mine in sorted(counted.items())
    ]
    return [*found, OfficeRates("", "Cả đợt", whole, rates(whole))] if found else []


def by_interviewer(session: Session, wave: Wave) -> list[InterviewerRates]:
    """Everyone who began interviews, by name: what became of those that are over.

    A place is taken when an interview starts, so one given back is broken off; of
    one whose time ran out nobody said why. Under way is no outcome.
    """
    rows = session.execute(
        select(Account.id, Account.name, QuotaPlace.state, func.count())
        .join(QuotaPlace, QuotaPlace.interviewer_id == Account.id)
        .join(QuotaCell, QuotaCell.id == QuotaPlace.cell_id)
        .where(QuotaCell.wave_id == wave.id, QuotaPlace.state.in_(OF_PLACES))
        .group_by(Account.id, Account.name, QuotaPlace.state)
    )
    counted: dict[tuple[str, int], dict[str, int]] = {}
    for key, name, state, size in rows:
        counted.setdefault((name, key), {})[OF_PLACES[state]] = size
    return [
        InterviewerRates(name, mine, rates(mine))
        for (name, _), mine in sorted(counted.items())
    ]


def _asked(
    session: Session, wave: Wave, selection: Selection
) -> list[tuple[str, str, str, int]]:
    rows = session.execute(
        select(
            Office.code,
            Office.name,
            Invitation.outcome,
            ContactOutcome.outcome,
            func.count(),
        )
        .select_from(Invitation)
        .join(Office, Office.id == Invitation.office_id)
        .outerjoin(
            ContactOutcome,
            (ContactOutcome.wave_id == Invitation.wave_id)
            & (ContactOutcome.transaction_id == Invitation.transaction_id),
        )
        .where(Invitation.wave_id == wave.id, Invitation.selection == selection)
        .group_by(Office.code, Office.name, Invitation.outcome, ContactOutcome.outcome)
    )
    merged: dict[tuple[str, str, str], int] = {}
    for code, name, outcome, contact, size in rows:
        word = outcome if outcome is Outcome.COMPLETED else contact or outcome
        key = (code, name, str(word))
        merged[key] = merged.get(key, 0) + size
    return [(*key, size) for key, size in merged.items()]


def _withdrawn(
    session: Session, wave: Wave, selection: Selection
) -> list[tuple[str, str, int]]:
    rows = session.execute(
        select(Office.code, Office.name, func.count())
        .select_from(Response)
        .join(Office, Office.id == Response.office_id)
        .where(
            Response.wave_id == wave.id,
            Response.selection == selection,
            Response.withdrawn,
        )
        .group_by(Office.code, Office.name)
    )
    return [(code, name, size) for code, name, size in rows]
