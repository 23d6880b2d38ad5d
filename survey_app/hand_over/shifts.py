"""Half days of a counter: each has a start drawn by chance and counts its turns.

The start is written down when the first turn of the half day comes, so it cannot
be known before, and every k-th turn from it on gets a slip.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sampling import at_counter
from sampling.randomness import generator
from survey_app import clock
from survey_app.models import HalfDay, HandOver, HandOverCounter, HandOverShift

_NOON = 12


@dataclass(frozen=True, slots=True)
class Tally:
    """What one half day of a counter has come to; ``handed`` counts slips printed."""

    day: date
    half: HalfDay
    every: int
    handed: at_counter.Handover
    undone: int


def half_day(now: datetime) -> tuple[date, HalfDay]:
    """The day and the half of it in which a moment falls for people in Vietnam."""
    morning = now.astimezone(clock.VIETNAM).hour < _NOON
    half = HalfDay.MORNING if morning else HalfDay.AFTERNOON
    return clock.vietnam_day(now), half


def week(day: date) -> str:
    """The ISO week of a day, ``2026-W10``: weeks sort as text."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def held(session: Session, planned: HandOverCounter, now: datetime) -> HandOverShift:
    """The counter's half day, begun if need be, held until the transaction ends.

    Two turns at once queue here, so each has a number of its own.
    """
    day, half = half_day(now)
    key = {
        "wave_id": planned.wave_id,
        "counter_id": planned.counter_id,
        "day": day,
        "half": half,
    }
    shift = session.get(HandOverShift, key, with_for_update=True)
    if shift is not None:
        session.refresh(shift, with_for_update=True)
        return shift
    _begin(session, planned, key, day)
    return session.get_one(HandOverShift, key, with_for_update=True)


def tally(session: Session, planned: HandOverCounter, now: datetime) -> Tally:
    """The half day that now is, as its officer sees it: without the start."""
    day, half = half_day(now)
    of_shift = (
        HandOver.wave_id == planned.wave_id,
        HandOver.counter_id == planned.counter_id,
        HandOver.day == day,
        HandOver.half == half,
    )
    shift = session.get(HandOverShift, (planned.wave_id, planned.counter_id, day, half))
    if shift is None:
        nothing = at_counter.Handover(finished=0, due=0, issued=0)
        return Tally(day, half, planned.every, nothing, 0)
    printed = session.scalar(select(func.count()).where(*of_shift, HandOver.printed))
    handed = at_counter.handover(
        shift.finished, printed or 0, start=shift.start, every=shift.every
    )
    return Tally(day, half, shift.every, handed, shift.undone)


def forget_slips_before(session: Session, wave_id: int, day: date) -> None:
    """From the next day on no turn knows its slip any more."""
    session.execute(
        update(HandOver)
        .where(
            HandOver.wave_id == wave_id,
            HandOver.day < day,
            HandOver.invitation_id.is_not(None),
        )
        .values(invitation_id=None)
    )


def _begin(
    session: Session, planned: HandOverCounter, key: dict[str, object], day: date
) -> None:
    shift = f"{planned.counter_id} {day} {key['half']}"
    start = at_counter.starts(
        [shift], planned.every, rng=generator(secrets.randbits(53))
    )[shift]
    sort = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        sort.insert(HandOverShift)
        .values(**key, every=planned.every, start=start, finished=0, undone=0)
        .on_conflict_do_nothing()
    )
    forget_slips_before(session, planned.wave_id, day)
