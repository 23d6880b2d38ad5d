"""Accounts for every office in one go: a leader each, an officer at each counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from survey_app.fieldwork.words import PROVINCE
from survey_app.formats import folded
from survey_app.models import Account, Counter, Office, OneStopShop, Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account that is not there yet."""

    username: str
    name: str
    role: Role
    office: str
    office_id: int | None = None
    counter_id: int | None = None


def wanted(session: Session, *, today: date) -> list[Wanted]:
    """Accounts that offices of today still lack, in order of office and counter."""
    taken = set(session.scalars(select(Account.username)))
    led = set(session.scalars(select(Account.office_id).where(Account.active)))
    staffed = set(session.scalars(select(Account.counter_id).where(Account.active)))
    found: list[Wanted] = []
    for office in _offices(session, today):
        if office.id not in led:
            found.append(_leader(office, taken))
        for shop in sorted(office.shops, key=lambda s: s.id):
            for counter in sorted(shop.counters, key=lambda c: c.id):
                if _is_open(counter, today) and counter.id not in staffed:
                    found.append(_officer(office, shop, counter, taken))
    return found


def _offices(session: Session, today: date) -> list[Office]:
    rows = session.scalars(
        select(Office)
        .where(
            Office.level != PROVINCE,
            Office.valid_from <= today,
            or_(Office.valid_to.is_(None), Office.valid_to >= today),
        )
        .options(selectinload(Office.shops).selectinload(OneStopShop.counters))
    )
    return sorted(rows, key=lambda office: office.code)


def _leader(office: Office, taken: set[str]) -> Wanted:
    return Wanted(
        _free(f"ld-{office.code}", taken),
        f"Lãnh đạo {office.name}",
        Role.LEADER,
        office.name,
        office_id=office.id,
    )


def _officer(
    office: Office, shop: OneStopShop, counter: Counter, taken: set[str]
) -> Wanted:
    return Wanted(
        _free(f"{shop.code}-{counter.code}", taken),
        f"{counter.name}, {office.name}",
        Role.COUNTER_OFFICER,
        office.name,
        counter_id=counter.id,
    )


def _free(stem: str, taken: set[str]) -> str:
    """A user name that nobody has: the stem, or the stem with the next number."""
    stem = folded(stem)
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def _is_open(counter: Counter, today: date) -> bool:
    return counter.valid_from <= today and (
        counter.valid_to is None or counter.valid_to >= today
    )
