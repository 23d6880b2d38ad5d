"""What the fieldwork pages show, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from survey_app.errors import NotFound
from survey_app.formats import folded
from survey_app.models import (
    Definition,
    FrozenPlan,
    Office,
    OfficeSuccession,
    OneStopShop,
    PublishedRuleSet,
    Wave,
    WaveStatus,
)

OFFICE_ORDERS = {
    "code": (Office.code, Office.valid_from),
    "name": (Office.search_name, Office.valid_from),
    "level": (Office.level, Office.code),
}


@dataclass(frozen=True, slots=True)
class OfficeFilter:
    """What the address of the list asks for; ``on`` None means every time."""

    q: str = ""
    level: str = ""
    on: date | None = None
    sort: str = "code"


@dataclass(frozen=True, slots=True)
class OfficePage:
    """An office with its places, its superior, and its neighbours in time."""

    office: Office
    parent: Office | None
    predecessors: tuple[Office, ...]
    successors: tuple[Office, ...]
    same_code: tuple[Office, ...]


def offices(session: Session, wanted: OfficeFilter) -> list[Office]:
    """The offices that meet a filter, with shops and counters."""
    query = select(Office).options(
        selectinload(Office.shops).selectinload(OneStopShop.counters)
    )
    for word in folded(wanted.q).split():
        query = query.where(Office.search_name.contains(word, autoescape=True))
    if wanted.level:
        query = query.where(Office.level == wanted.level)
    if wanted.on:
        query = query.where(
            Office.valid_from <= wanted.on,
            or_(Office.valid_to.is_(None), Office.valid_to >= wanted.on),
        )
    order = OFFICE_ORDERS.get(wanted.sort, OFFICE_ORDERS["code"])
    return list(session.scalars(query.order_by(*order)))


def any_office(session: Session) -> bool:
    return session.scalar(select(Office.id).limit(1)) is not None


def office_page(session: Session, office_id: int) -> OfficePage:
    """One office.

    Raises
    ------
    NotFound
        If there is none with this key.
    """
    office = session.get(
        Office,
        office_id,
        options=[selectinload(Office.shops).selectinload(OneStopShop.counters)],
    )
    if office is None:
        raise NotFound
    parent = None
    if office.parent_code:
        parent = session.scalar(
            select(Office)
            .where(
                Office.code == office.parent_code,
                Office.valid_from <= (office.valid_to or office.valid_from),
            )
            .order_by(Office.valid_from.desc())
            .limit(1)
        )
    before, after = OfficeSuccession.predecessor_id, OfficeSuccession.successor_id
    return OfficePage(
        office,
        parent,
        _joined(session, select(before).where(after == office.id)),
        _joined(session, select(after).where(before == office.id)),
        tuple(
            session.scalars(
                select(Office)
                .where(Office.code == office.code, Office.id != office.id)
                .order_by(Office.valid_from)
            )
        ),
    )


def waves(session: Session) -> list[Wave]:
    """All waves, the newest first."""
    return list(session.scalars(select(Wave).order_by(Wave.created_at.desc())))


def waves_in_fieldwork(session: Session) -> list[Wave]:
    """Waves whose codes may be printed: in preparation or open."""
    return [
        wave
        for wave in waves(session)
        if wave.status in (WaveStatus.DRAFT, WaveStatus.OPEN)
    ]


def find_wave(session: Session, code: str) -> Wave:
    """A wave with its offices.

    Raises
    ------
    NotFound
        If no wave has this code.
    """
    wave = session.scalar(
        select(Wave).where(Wave.code == code).options(selectinload(Wave.offices))
    )
    if wave is None:
        raise NotFound
    return wave


def plans(session: Session, wave: Wave) -> list[FrozenPlan]:
    """The plans frozen so far, the latest first."""
    return list(
        session.scalars(
            select(FrozenPlan)
            .where(FrozenPlan.wave_id == wave.id)
            .order_by(FrozenPlan.version.desc())
        )
    )


def questionnaire_choices(session: Session) -> list[tuple[str, str]]:
    """Published questionnaires for citizens, by id and title."""
    return [
        (d.id, f"{_title(d.text)} ({d.id})")
        for d in session.scalars(
            select(Definition)
            .where(Definition.kind == "citizen")
            .order_by(Definition.id)
        )
    ]


def rule_set_choices(session: Session) -> list[tuple[str, str]]:
    return [
        (r.id, f"{_title(r.text)} ({r.id})")
        for r in session.scalars(select(PublishedRuleSet).order_by(PublishedRuleSet.id))
    ]


def _title(text: str) -> str:
    import tomllib

    source = tomllib.loads(text)
    return str(source.get("title") or source.get("name") or source["id"])


def _joined(session: Session, keys: object) -> tuple[Office, ...]:
    found = select(Office).where(Office.id.in_(keys)).order_by(Office.code)  # type: ignore[arg-type]
    return tuple(session.scalars(found))
