"""Slips given against transactions finished: by counter, and by officer and half day.

Selective handing-out is the main way to better one's own figure, so both are shown
side by side, with a mark where fewer were given than were due.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sampling import at_counter
from sampling.at_counter import Handover
from survey_app.formats import folded
from survey_app.hand_over.words import (
    BY_SOFTWARE,
    NO_TURN,
    OFTEN_UNDONE,
    UNDER_DUE,
)
from survey_app.models import (
    Account,
    Counter,
    HalfDay,
    HandOver,
    HandOverCounter,
    HandOverShift,
    Office,
    OneStopShop,
    Wave,
)

UNDONE_FROM = 3
UNDONE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Shift:
    """One half day of a counter with all who worked it."""

    counter_id: int
    day: date
    half: HalfDay
    handed: Handover
    undone: int


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One counter over the whole wave; ``flags`` are sentences for people."""

    counter_id: int
    office: str
    shop: str
    counter: str
    every: int
    handed: Handover
    undone: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """One officer in one half day; all software counts as one."""

    office: str
    shop: str
    counter: str
    day: date
    half: HalfDay
    officer: str
    handed: Handover
    flags: tuple[str, ...]


def by_counter(session: Session, wave: Wave, search: str = "") -> list[CounterLine]:
    """Every planned counter, those without a turn too."""
    rows = session.execute(
        select(HandOverCounter, Office.name, OneStopShop.name, Counter.name)
        .join(Counter, Counter.id == HandOverCounter.counter_id)
        .join(OneStopShop, OneStopShop.id == Counter.shop_id)
        .join(Office, Office.id == OneStopShop.office_id)
        .where(HandOverCounter.wave_id == wave.id)
        .order_by(Office.code, OneStopShop.code, Counter.code)
    ).all()
    shifts = _shifts(session, wave)
    lines = []
    for planned, office, shop, counter in rows:
        own = [s for s in shifts if s.counter_id == planned.counter_id]
        handed = at_counter.together([s.handed for s in own])
        undone = sum(s.undone for s in own)
        lines.append(
            CounterLine(
                planned.counter_id,
                office,
                shop,
                counter,
                planned.every,
                handed,
                undone,
                flags(handed, undone),
            )
        )
    return [line for line in lines if _meets(line, search)]


def by_officer(session: Session, wave: Wave, search: str = "") -> list[OfficerLine]:
    """Every officer's half day, the newest first."""
    slips, printed = (
        func.sum(case((column, 1), else_=0))
        for column in (HandOver.slip, HandOver.printed)
    )
    cell = (
        Office.name,
        OneStopShop.name,
        Counter.name,
        HandOver.day,
        HandOver.half,
        Account.name,
    )
    rows = session.execute(
        select(*cell, func.count(), slips, printed)
        .join(Counter, Counter.id == HandOver.counter_id)
        .join(OneStopShop, OneStopShop.id == Counter.shop_id)
        .join(Office, Office.id == OneStopShop.office_id)
        .outerjoin(Account, Account.id == HandOver.account_id)
        .where(HandOver.wave_id == wave.id)
        .group_by(*cell, HandOver.account_id, Counter.id)
    )
    lines = []
    for office, shop, counter, day, half, officer, finished, due, handed_out in rows:
        handed = Handover(finished, int(due), int(handed_out))
        name = officer or BY_SOFTWARE
        lines.append(
            OfficerLine(
                office, shop, counter, day, half, name, handed, flags(handed, 0)
            )
        )
    lines.sort(key=lambda one: (one.office, one.shop, one.counter, one.officer))
    lines.sort(key=lambda one: (one.day, one.half is HalfDay.AFTERNOON), reverse=True)
    return [line for line in lines if _meets(line, search)]


def flags(handed: Handover, undone: int) -> tuple[str, ...]:
    """What a supervisor should look at, as words."""
    found = []
    if not handed.finished:
        found.append(NO_TURN)
    if handed.missing > 0:
        found.append(UNDER_DUE)
    if undone >= UNDONE_FROM and undone > UNDONE_SHARE * handed.finished:
        found.append(OFTEN_UNDONE)
    return tuple(found)


def together(lines: Iterable[CounterLine]) -> Handover:
    return at_counter.together([line.handed for line in lines])


def _shifts(session: Session, wave: Wave) -> Sequence[Shift]:
    printed = (
        select(func.count())
        .where(
            HandOver.wave_id == HandOverShift.wave_id,
            HandOver.counter_id == HandOverShift.counter_id,
            HandOver.day == HandOverShift.day,
            HandOver.half == HandOverShift.half,
            HandOver.printed,
        )
        .correlate(HandOverShift)
        .scalar_subquery()
    )
    rows = session.execute(
        select(HandOverShift, printed).where(HandOverShift.wave_id == wave.id)
    )
    return [
        Shift(
            s.counter_id,
            s.day,
            s.half,
            at_counter.handover(s.finished, issued, start=s.start, every=s.every),
            s.undone,
        )
        for s, issued in rows
    ]


def _meets(line: CounterLine | OfficerLine, search: str) -> bool:
    text = f"{line.office} {line.shop} {line.counter}"
    text += f" {line.officer}" if isinstance(line, OfficerLine) else ""
    return all(word in folded(text) for word in folded(search).split())
