"""How fieldwork is going, office by office, every morning.

Only counts: of transactions, slips, ballots and places. No answer is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from sampling import drift, plan, quotas
from survey_app import clock
from survey_app.fieldwork.plans import latest_plan
from survey_app.fieldwork.transactions import frame_counts
from survey_app.fieldwork.words import CHANNELS
from survey_app.models import (
    Account,
    Invitation,
    Outcome,
    PlaceState,
    QuotaCell,
    QuotaPlace,
    Response,
    Selection,
    Transaction,
    Wave,
)


class Status(StrEnum):
    """How an office stands, the most urgent first."""

    NOTHING = "nothing"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    MET = "met"
    NOT_DRAWN = "not_drawn"


STATUSES = {
    Status.NOTHING: "Chưa có phiếu",
    Status.BEHIND: "Dưới mục tiêu",
    Status.ON_TRACK: "Đúng tiến độ",
    Status.MET: "Đã đạt",
    Status.NOT_DRAWN: "Không có mẫu",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One office on one morning; ``issued`` is None once it is forgotten."""

    office_id: int
    code: str
    name: str
    finished: int
    drawn: int
    issued: int | None
    returned: int
    open_ballots: int
    target: int
    interviews: int
    ends_on: date | None
    days_left: int | None
    status: Status

    @property
    def done(self) -> int:
        """What counts towards the target: ballots by sample, else interviews."""
        return self.returned if self.drawn else self.interviews

    @property
    def rate(self) -> float | None:
        """Returned of those issued, or of those drawn once that is forgotten."""
        asked = self.drawn if self.issued is None else self.issued
        return self.returned / asked if asked else None


@dataclass(frozen=True, slots=True)
class InterviewerProgress:
    """What became of the interviews that one person began."""

    name: str
    finished: int
    reserved: int
    not_finished: int
    ends_on: date | None


def progress(session: Session, wave: Wave, *, today: date) -> list[Progress]:
    """Every office of a wave, in order of code."""
    of_wave = Invitation.wave_id == wave.id
    drawn = _by_office(session, Invitation.office_id, of_wave)
    issued = _by_office(
        session, Invitation.office_id, of_wave, Invitation.issued_at.is_not(None)
    )
    returned = _by_office(
        session, Invitation.office_id, of_wave, Invitation.outcome == Outcome.COMPLETED
    )
    open_ballots = _by_office(
        session,
        Response.office_id,
        Response.wave_id == wave.id,
        Response.selection == Selection.OPEN,
        Response.withdrawn.is_(False),
    )
    cells = cells_of(session, wave)
    targets = _targets(session, wave, drawn)
    first_day = clock.vietnam_day(wave.opened_at) if wave.opened_at else None
    found = []
    for stratum in frame_counts(session, wave):
        key = stratum.office_id
        mine = [cell for cell in cells if cell.office_id == key]
        interviews = sum(cell.finished for cell in mine)
        by_sample = drawn.get(key, 0) > 0
        target = targets.get(key, 0) if by_sample else sum(c.target for c in mine)
        done = returned.get(key, 0) if by_sample else interviews
        ends_on = _ends_on(target, done, first_day, today)
        found.append(
            Progress(
                office_id=key,
                code=stratum.code,
                name=stratum.name,
                finished=stratum.frame_size,
                drawn=drawn.get(key, 0),
                issued=None if wave.unlinked_at else issued.get(key, 0),
                returned=returned.get(key, 0),
                open_ballots=open_ballots.get(key, 0),
                target=target,
                interviews=interviews,
                ends_on=ends_on,
                days_left=_days_left(wave, today),
                status=status(
                    target,
                    done,
                    first_day=first_day,
                    today=today,
                    closes_on=wave.closes_on,
                ),
            )
        )
    return found


def status(
    target: int,
    done: int,
    *,
    first_day: date | None,
    today: date,
    closes_on: date | None,
) -> Status:
    """How an office stands: without a last day, all short of the target are behind.

    With one, an office is on track while its part of the days that have passed is
    covered by its part of the target.
    """
    if target <= 0:
        return Status.NOT_DRAWN
    if done >= target:
        return Status.MET
    if done == 0:
        return Status.NOTHING
    if first_day is None or closes_on is None or closes_on < first_day:
        return Status.BEHIND
    days = (closes_on - first_day).days + 1
    passed = min(max((today - first_day).days + 1, 0), days)
    return Status.ON_TRACK if done * days >= target * passed else Status.BEHIND


def drifts(session: Session, wave: Wave) -> dict[str, list[drift.CellDrift]]:
    """Ballots by sample against the frame: by field, and by channel.

    Only of those drawn from the list: for them it is known what was in the frame.
    """
    found = {}
    for title, ours, theirs, words in (
        ("Lĩnh vực", Transaction.service_field, Invitation.service_field, {}),
        ("Hình thức nộp", Transaction.channel, Invitation.channel, CHANNELS),
    ):
        frame = session.execute(
            select(Transaction.office_id, ours, func.count())
            .where(Transaction.wave_id == wave.id)
            .group_by(Transaction.office_id, ours)
        )
        sample = session.execute(
            select(Invitation.office_id, theirs, func.count())
            .where(
                Invitation.wave_id == wave.id,
                Invitation.selection == Selection.FROM_LIST,
                Invitation.outcome == Outcome.COMPLETED,
            )
            .group_by(Invitation.office_id, theirs)
        )
        counted = [
            {(str(office), words.get(cell, cell)): n for office, cell, n in rows}
            for rows in (frame, sample)
        ]
        found[title] = drift.cells(*counted) if counted[1] else []
    return found


def cells_of(session: Session, wave: Wave) -> list[QuotaCell]:
    """The cells of a wave in order of office and name."""
    rows = session.scalars(
        select(QuotaCell)
        .where(QuotaCell.wave_id == wave.id)
        .options(selectinload(QuotaCell.office))
    )
    return sorted(rows, key=lambda cell: (cell.office.code, cell.name))


def standings(
    session: Session, wave: Wave, *, now: datetime
) -> dict[int, quotas.Standing]:
    """How full each cell is now; places whose time is over count as free."""
    live = (
        select(QuotaPlace.cell_id, func.count().label("places"))
        .where(QuotaPlace.state == PlaceState.RESERVED, QuotaPlace.reserved_until > now)
        .group_by(QuotaPlace.cell_id)
        .subquery()
    )
    rows = session.execute(
        select(QuotaCell.id, QuotaCell.target, QuotaCell.finished, live.c.places)
        .outerjoin(live, live.c.cell_id == QuotaCell.id)
        .where(QuotaCell.wave_id == wave.id)
    )
    return {
        key: quotas.Standing(target, finished, places or 0)
        for key, target, finished, places in rows
    }


def cell_ends_on(wave: Wave, cell: QuotaCell, *, today: date) -> date | None:
    """The day on which a cell is full at the pace so far."""
    first_day = clock.vietnam_day(wave.opened_at) if wave.opened_at else None
    return _ends_on(cell.target, cell.finished, first_day, today)


def interviewers(
    session: Session, wave: Wave, *, today: date
) -> list[InterviewerProgress]:
    """Interviews by who began them, with the day on which a fair share is done.

    A fair share is what all cells still need, divided by the interviewers at work.
    """
    rows = session.execute(
        select(
            Account.name,
            QuotaPlace.interviewer_id,
            QuotaPlace.state,
            func.count(),
            func.min(QuotaPlace.finished_on),
        )
        .join(QuotaCell, QuotaCell.id == QuotaPlace.cell_id)
        .join(Account, Account.id == QuotaPlace.interviewer_id)
        .where(QuotaCell.wave_id == wave.id)
        .group_by(Account.name, QuotaPlace.interviewer_id, QuotaPlace.state)
        .order_by(Account.name, QuotaPlace.interviewer_id)
    )
    names: dict[int, str] = {}
    counted: dict[int, dict[PlaceState, int]] = {}
    first: dict[int, date] = {}
    for name, key, state, number, day in rows:
        if key is None:  # the join above leaves none out but those without a name
            continue
        names[key] = name
        counted.setdefault(key, {})[state] = number
        if day is not None:
            first[key] = day
    short = sum(c.target - c.finished for c in cells_of(session, wave))
    share = ceil(short / len(names)) if names else 0
    return [
        _interviewer(names[key], states, share, first.get(key), today)
        for key, states in counted.items()
    ]


def _interviewer(
    name: str,
    states: Mapping[PlaceState, int],
    share: int,
    first: date | None,
    today: date,
) -> InterviewerProgress:
    done = states.get(PlaceState.FINISHED, 0)
    lost = (PlaceState.RELEASED, PlaceState.EXPIRED)
    return InterviewerProgress(
        name=name,
        finished=done,
        reserved=states.get(PlaceState.RESERVED, 0),
        not_finished=sum(states.get(state, 0) for state in lost),
        ends_on=_ends_on(done + share, done, first, today),
    )


def _by_office(
    session: Session,
    column: InstrumentedAttribute[int],
    *conditions: ColumnElement[bool],
) -> dict[int, int]:
    rows = session.execute(
        select(column, func.count()).where(*conditions).group_by(column)
    )
    return {row[0]: row[1] for row in rows}


def _targets(session: Session, wave: Wave, drawn: Mapping[int, int]) -> dict[int, int]:
    """Answers wished for: those drawn × the share that the plan expects to answer."""
    frozen, response = latest_plan(session, wave), 1.0
    if frozen is not None:
        decided = dict(plan.from_json(frozen.document).decided)
        response = float(decided.get("response") or 1.0)
    return {office: ceil(n * response - 1e-9) for office, n in drawn.items()}


def _ends_on(
    target: int, done: int, first_day: date | None, today: date
) -> date | None:
    if first_day is None or target <= 0 or today < first_day:
        return None
    return quotas.projected_end(target, done, first_day=first_day, today=today)


def _days_left(wave: Wave, today: date) -> int | None:
    if wave.closes_on is None:
        return None
    return max((wave.closes_on - today).days, 0)
