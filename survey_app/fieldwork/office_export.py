"""All offices in the columns of the import, so that the same file goes out and in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey_app.fieldwork.office_columns import COLUMNS
from survey_app.fieldwork.words import LEVELS
from survey_app.models import Counter, Office, OfficeSuccession, OneStopShop


def sheet(session: Session) -> list[list[str]]:
    """The heading, then one row a counter, in order of code and day."""
    rows = [[column.title for column in COLUMNS]]
    for cells in _rows(session):
        rows.append([cells.get(column.id, "") for column in COLUMNS])
    return rows


def _rows(session: Session) -> Iterator[dict[str, str]]:
    before = _predecessors(session)
    offices = session.scalars(
        select(Office)
        .options(selectinload(Office.shops).selectinload(OneStopShop.counters))
        .order_by(Office.code, Office.valid_from)
    )
    for office in offices:
        said = _office(office) | {"predecessors": before.get(office.id, "")}
        if not office.shops:
            yield said
        for shop in sorted(office.shops, key=lambda s: (s.valid_from, s.id)):
            there = said | _place("shop", shop)
            if not shop.counters:
                yield there
            for counter in sorted(shop.counters, key=lambda c: c.id):
                yield there | _place("counter", counter)


def _predecessors(session: Session) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(OfficeSuccession.successor_id, Office.code)
        .join(Office, Office.id == OfficeSuccession.predecessor_id)
        .order_by(Office.code)
    )
    for successor, code in rows:
        found.setdefault(successor, []).append(code)
    return {key: " ".join(codes) for key, codes in found.items()}


def _office(office: Office) -> dict[str, str]:
    return {
        "code": office.code,
        "name": office.name,
        "level": LEVELS.get(office.level, office.level),
        "kind": office.kind,
        "parent_code": office.parent_code or "",
        "valid_from": _day(office.valid_from),
        "valid_to": _day(office.valid_to),
        "source": office.source,
        "source_status": office.source_status,
        "note": office.note,
    }


def _place(kind: str, place: OneStopShop | Counter) -> dict[str, str]:
    return {
        f"{kind}_code": place.code,
        f"{kind}_name": place.name,
        f"{kind}_from": _day(place.valid_from),
        f"{kind}_to": _day(place.valid_to),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
