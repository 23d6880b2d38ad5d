"""Offices, their shops and counters, brought from a file into the database.

A file given again changes nothing; a file with one bad row changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey_app import tables
from survey_app.errors import Refused
from survey_app.fieldwork import office_file
from survey_app.fieldwork.office_columns import COLUMNS, TITLES
from survey_app.fieldwork.office_file import ListedOffice, OfficeFacts, Place
from survey_app.fieldwork.problems import Findings, RowProblem, RowsRefused
from survey_app.fieldwork.words import CENTRE, CENTRES_SINCE, PROVINCE, SECTION
from survey_app.formats import folded
from survey_app.models import Counter, Office, OfficeSuccession, OneStopShop

SHIPPED = {
    "an_giang_2021": ("An Giang đến 30/06/2025", "an_giang/offices_2021.csv"),
    "an_giang_2025": ("An Giang từ 01/07/2025", "an_giang/offices_2025.csv"),
}


@dataclass(slots=True)
class OfficesImported:
    """What an import did, and what it could not join together."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    shops: int = 0
    counters: int = 0
    notices: list[str] = field(default_factory=list)


def shipped(name: str) -> BinaryIO:
    """The file of a province that comes with the program.

    Raises
    ------
    Refused
        If there is none of that name.
    """
    if name not in SHIPPED:
        raise Refused(
            f"Không có bộ đơn vị “{name}”. Các bộ có sẵn: {', '.join(SHIPPED)}."
        )
    path = files("survey_app") / "provinces" / SHIPPED[name][1]
    return path.open("rb")  # type: ignore[return-value]


def import_offices(session: Session, source: BinaryIO) -> OfficesImported:
    """Read a file and store what it lists: everything or nothing.

    Raises
    ------
    FileRefused, RowsRefused
        With every reason, or every bad row.
    """
    table = tables.read(source, COLUMNS)
    listed, findings = office_file.gathered(table)
    there = _offices(session)
    _check_against(there, listed, findings)
    if findings:
        raise RowsRefused(table.header, findings)
    done = OfficesImported()
    for office in listed:
        _store(session, there, office, done)
    session.flush()
    _join_predecessors(session, listed, done)
    return done


def _offices(session: Session) -> dict[tuple[str, date], Office]:
    everything = select(Office).options(
        selectinload(Office.shops).selectinload(OneStopShop.counters)
    )
    return {(o.code, o.valid_from): o for o in session.scalars(everything)}


def _check_against(
    there: dict[tuple[str, date], Office],
    listed: list[ListedOffice],
    findings: Findings,
) -> None:
    """Find what contradicts the offices that are already known."""
    in_file = {(o.facts.code, o.facts.valid_from) for o in listed}
    codes = {code for code, _ in there} | {code for code, _ in in_file}
    kept = [office for key, office in there.items() if key not in in_file]
    shops = {(s.code, s.valid_from): o.code for o in there.values() for s in o.shops}
    for office in listed:
        facts, problems = office.facts, []
        for other in kept:
            if other.code == facts.code and _overlap(facts, other):
                problems.append(office_file.overlap(office, other.name, other.valid_to))
        if facts.parent_code and facts.parent_code not in codes:
            problems.append(_problem(office, "parent_code", facts.parent_code))
        for code, place in office.shops.items():
            first = place.valid_from or facts.valid_from
            owner = shops.get((code, first), facts.code)
            if owner != facts.code:
                problems.append(
                    _problem(office, "shop_code", code, f"đã là của đơn vị {owner}")
                )
        if problems:
            findings.add(office.row, problems)


def _overlap(facts: OfficeFacts, other: Office) -> bool:
    starts_after = other.valid_to is not None and facts.valid_from > other.valid_to
    ends_before = facts.valid_to is not None and facts.valid_to < other.valid_from
    return not (starts_after or ends_before)


def _problem(
    office: ListedOffice,
    column: str,
    value: str,
    reason: str = "không có đơn vị nào mang mã này trong tệp hay trong hệ thống",
) -> RowProblem:
    return RowProblem(office.row.number, TITLES[column], value, reason)


def _store(
    session: Session,
    there: dict[tuple[str, date], Office],
    listed: ListedOffice,
    done: OfficesImported,
) -> None:
    facts = listed.facts
    wanted = {
        "name": facts.name,
        "search_name": folded(f"{facts.name} {facts.code}"),
        "level": facts.level,
        "kind": facts.kind,
        "parent_code": facts.parent_code,
        "valid_to": facts.valid_to,
        "source": facts.source,
        "source_status": facts.source_status,
        "note": facts.note,
    }
    office = there.get((facts.code, facts.valid_from))
    if office is None:
        office = Office(code=facts.code, valid_from=facts.valid_from, **wanted)
        session.add(office)
        done.new += 1
    elif any(getattr(office, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(office, name, value)
        done.changed += 1
    else:
        done.unchanged += 1
    _store_shops(office, listed, done)


def _store_shops(office: Office, listed: ListedOffice, done: OfficesImported) -> None:
    """Shops as listed; for an office that has none, one by rule."""
    if not listed.shops and not office.shops and office.level != PROVINCE:
        for code, name, first, last in shops_by_rule(office):
            _shop(office, Place(code, name), first, last, done)
    for place in listed.shops.values():
        first, last = _days(place, office)
        _shop(office, place, first, last, done)
    for shop in office.shops:
        there = {counter.code: counter for counter in shop.counters}
        places = list(listed.counters.get(shop.code, {}).values())
        if not places and not there:
            places = [Place("1", "Quầy 1")]
        for place in places:
            first, last = _days(place, shop)
            if place.code in there:
                there[place.code].name = place.name
                there[place.code].valid_to = last
            else:
                shop.counters.append(
                    Counter(
                        code=place.code,
                        name=place.name,
                        valid_from=first,
                        valid_to=last,
                    )
                )
                done.counters += 1


def _days(place: Place, owner: Office | OneStopShop) -> tuple[date, date | None]:
    """First and last day of a shop or counter, its owner's where none are said."""
    if place.valid_from is None:
        return owner.valid_from, owner.valid_to
    return place.valid_from, place.valid_to


def shops_by_rule(office: Office) -> Iterable[tuple[str, str, date, date | None]]:
    """Code, name and days of the shops an office had if nothing else is known."""
    last_day = CENTRES_SINCE - timedelta(days=1)
    if office.valid_from < CENTRES_SINCE:
        ends = min(office.valid_to or last_day, last_day)
        yield f"{office.code}-{SECTION[0]}", SECTION[1], office.valid_from, ends
    if office.valid_to is None or office.valid_to >= CENTRES_SINCE:
        begins = max(office.valid_from, CENTRES_SINCE)
        yield f"{office.code}-{CENTRE[0]}", CENTRE[1], begins, office.valid_to


def _shop(
    office: Office,
    place: Place,
    first: date,
    last: date | None,
    done: OfficesImported,
) -> None:
    for shop in office.shops:
        if (shop.code, shop.valid_from) == (place.code, first):
            shop.name, shop.valid_to = place.name, last
            return
    office.shops.append(
        OneStopShop(code=place.code, name=place.name, valid_from=first, valid_to=last)
    )
    done.shops += 1


def _join_predecessors(
    session: Session, listed: list[ListedOffice], done: OfficesImported
) -> None:
    there = _offices(session)
    joined = {
        (s.predecessor_id, s.successor_id)
        for s in session.scalars(select(OfficeSuccession))
    }
    for office in listed:
        since = office.facts.valid_from
        successor = there[office.facts.code, since]
        for code in office.facts.predecessors:
            before = [
                o for (c, _), o in there.items() if c == code and o.valid_from < since
            ]
            if not before:
                done.notices.append(
                    f"Chưa nối được {successor.name} với đơn vị tiền thân mã {code}:"
                    " hệ thống chưa có đơn vị đó."
                )
                continue
            predecessor = max(before, key=lambda o: o.valid_from)
            if (predecessor.id, successor.id) not in joined:
                session.add(
                    OfficeSuccession(
                        predecessor_id=predecessor.id,
                        successor_id=successor.id,
                        since=since,
                    )
                )
