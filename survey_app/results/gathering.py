"""Take out of the database what a wave knows: ballots, codes given out, the frame."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, case, cast, extract, func, select
from sqlalchemy.orm import Session

from sampling import plan, stratification
from sampling.outcomes import BY_ID, Group
from sampling.small_strata import Cell
from sampling.stratification import Stratification
from survey_app import models
from survey_app.models import (
    ContactOutcome,
    Definition,
    FrozenPlan,
    Invitation,
    Office,
    OneStopShop,
    Outcome,
    PublishedRuleSet,
    Response,
    Selection,
    Transaction,
    Wave,
    WaveOffice,
)
from survey_app.results import hand_over_frame

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One stored response without its key: nothing here names a person."""

    selection: str
    mode: str | None
    assisted: bool | None
    one_stop_shop: str | None
    counter: str | None
    office: str
    service_field: str | None
    channel: str | None
    stratum: str
    response_class: str
    psu: int | None
    answers: Mapping[str, Any]
    language: str | None
    consent_version: str | None
    received_hour: datetime | None
    duration: int | None
    delay: str | None


@dataclass(frozen=True, slots=True)
class Disposition:
    """How many codes of a class came to one end."""

    stratum: str
    response_class: str
    selection: str
    outcome: str
    count: int

    @property
    def is_eligible(self) -> bool:
        """Whether the transaction belongs in the survey at all."""
        known = BY_ID.get(self.outcome)
        return known is None or known.group is not Group.INELIGIBLE


@dataclass(frozen=True, slots=True, order=True)
class FrameCell:
    """Finished transactions of one office, field, month and channel."""

    stratum: str
    office: str
    service_field: str
    month: str
    channel: str
    frame_size: int


@dataclass(frozen=True, slots=True)
class JudgedOffice:
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Published:
    """A text that is kept word for word, and its hash."""

    id: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything a frozen set is made of.

    ``answered`` and ``stored`` count by (selection, stratum, class) the codes spent
    and the ballots kept, withdrawn ones included; they have to agree.
    """

    ballots: tuple[Ballot, ...]
    dispositions: tuple[Disposition, ...]
    frame: tuple[FrameCell, ...]
    offices: tuple[JudgedOffice, ...]
    questionnaire: Published
    rule_set: Published
    plan: FrozenPlan | None
    answered: Mapping[tuple[str, str, str], int]
    stored: Mapping[tuple[str, str, str], int]


def gather(session: Session, wave: Wave) -> Gathered:
    """All that a frozen set of this wave would hold, as the database stands now."""
    ballots = tuple(Ballot(*row) for row in session.execute(_ballots(wave)))
    codes = {
        (*cell, str(outcome)): count
        for *cell, outcome, count in session.execute(_codes(wave))
    }
    withdrawn = {
        tuple(cell): count for *cell, count in session.execute(_withdrawn(wave))
    }
    frozen_plan = session.scalar(
        select(FrozenPlan)
        .where(FrozenPlan.wave_id == wave.id)
        .order_by(FrozenPlan.version.desc())
        .limit(1)
    )
    strata = strata_of(frozen_plan)
    answered = {
        key[:3]: count for key, count in codes.items() if key[3] == Outcome.COMPLETED
    }
    kept = Tally(
        (b.selection, b.stratum, b.response_class)
        for b in ballots
        if b.selection != Selection.OPEN
    )
    return Gathered(
        ballots=ballots,
        dispositions=_dispositions(codes, withdrawn),
        frame=tuple(
            sorted(
                [
                    *(_frame_cell(strata, *r) for r in session.execute(_frame(wave))),
                    *_turns(session, wave, codes),
                ]
            )
        ),
        offices=tuple(JudgedOffice(*row) for row in session.execute(_offices(wave))),
        questionnaire=_published(session, Definition, wave.questionnaire_id),
        rule_set=_published(session, PublishedRuleSet, wave.rule_set_id),
        plan=frozen_plan,
        answered=answered,
        stored=dict(kept + Tally(withdrawn)),
    )


def strata_of(frozen: FrozenPlan | None) -> Stratification:
    """Strata and response classes as the plan decided them; by office without one."""
    if frozen is None:
        return stratification.BY_OFFICE
    return stratification.of_plan(plan.from_json(frozen.document))


def _frame_cell(
    strata: Stratification,
    office: str,
    field: str,
    year: int,
    month: int,
    channel: str,
    count: int,
) -> FrameCell:
    day = f"{int(year):04d}-{int(month):02d}"  # PostgreSQL extracts decimals
    stratum = strata.stratum(Cell(office, field, channel, day))
    return FrameCell(stratum, office, field, day, channel, count)


def _turns(
    session: Session, wave: Wave, codes: Mapping[tuple[str, ...], int]
) -> list[FrameCell]:
    """The frame of slips given with results, beside that of imported lists."""
    cells = [
        FrameCell(
            stratum, office, field, f"{int(year):04d}-{int(month):02d}", channel, count
        )
        for stratum, office, field, year, month, channel, count in session.execute(
            hand_over_frame.turns_by_cell(wave)
        )
    ]
    home = hand_over_frame.counted_with(
        [(c.stratum, c.office, c.frame_size) for c in cells],
        {key[1] for key in codes if key[0] == Selection.AT_HAND_OVER},
    )
    joined: Tally[tuple[str, str, str, str, str]] = Tally()
    for c in cells:
        key = (home[c.stratum], c.office, c.service_field, c.month, c.channel)
        joined[key] += c.frame_size
    return [
        FrameCell(stratum, office, field, month, channel, size)
        for (stratum, office, field, month, channel), size in joined.items()
    ]


def _dispositions(
    codes: Mapping[tuple[str, ...], int], withdrawn: Mapping[tuple[str, ...], int]
) -> tuple[Disposition, ...]:
    """A withdrawn ballot was a spent code: it moves to an outcome of its own."""
    counts = Tally(codes)
    for cell, count in withdrawn.items():
        counts[(*cell, Outcome.COMPLETED)] -= count
        counts[(*cell, WITHDRAWN)] += count
    return tuple(
        Disposition(stratum, response_class, selection, outcome, count)
        for (selection, stratum, response_class, outcome), count in sorted(
            counts.items()
        )
        if count
    )


def _ballots(wave: Wave) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Response.selection,
            Response.mode,
            Response.assisted,
            OneStopShop.code,
            models.Counter.code,
            Office.code,
            Response.service_field,
            Response.channel,
            Response.stratum,
            Response.response_class,
            Response.psu,
            Response.answers,
            Response.language,
            Response.consent_version,
            Response.received_hour,
            Response.duration_seconds,
            Response.delay,
        )
        .join(Office, Office.id == Response.office_id)
        .outerjoin(OneStopShop, OneStopShop.id == Response.shop_id)
        .outerjoin(models.Counter, models.Counter.id == Response.counter_id)
        .where(Response.wave_id == wave.id, Response.withdrawn.is_(False))
    )


def _codes(wave: Wave) -> Select[*tuple[Any, ...]]:
    """Codes by what became of them; fieldwork may know why one has not come back."""
    found = (
        select(
            Invitation.selection,
            Invitation.stratum,
            Invitation.response_class,
            case(
                (Invitation.outcome == Outcome.COMPLETED, Outcome.COMPLETED.value),
                else_=func.coalesce(
                    cast(ContactOutcome.outcome, String), Outcome.NOT_RETURNED.value
                ),
            ).label("became"),
        )
        .outerjoin(
            ContactOutcome,
            (ContactOutcome.wave_id == Invitation.wave_id)
            & (ContactOutcome.transaction_id == Invitation.transaction_id),
        )
        .where(Invitation.wave_id == wave.id)
        .subquery()
    )
    cell = (found.c.selection, found.c.stratum, found.c.response_class, found.c.became)
    return select(*cell, func.count()).group_by(*cell)


def _withdrawn(wave: Wave) -> Select[*tuple[Any, ...]]:
    cell = (Response.selection, Response.stratum, Response.response_class)
    return (
        select(*cell, func.count())
        .where(
            Response.wave_id == wave.id,
            Response.withdrawn.is_(True),
            Response.selection != Selection.OPEN,
        )
        .group_by(*cell)
    )


def _frame(wave: Wave) -> Select[*tuple[Any, ...]]:
    cell = (
        Office.code,
        Transaction.service_field,
        extract("year", Transaction.returned_on),
        extract("month", Transaction.returned_on),
        Transaction.channel,
    )
    return (
        select(*cell, func.count())
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.wave_id == wave.id)
        .group_by(*cell)
    )


def _offices(wave: Wave) -> Select[*tuple[Any, ...]]:
    return (
        select(Office.code, Office.name, Office.level)
        .join(WaveOffice, WaveOffice.office_id == Office.id)
        .where(WaveOffice.wave_id == wave.id)
        .order_by(Office.id)
    )


def _published(
    session: Session, table: type[Definition] | type[PublishedRuleSet], id_: str
) -> Published:
    row = session.execute(
        select(table.id, table.sha256, table.text).where(table.id == id_)
    ).one()
    return Published(*row)
