"""The file of offices: its columns, and what a set of rows must agree on.

One row is one counter; an office with three counters has three rows that repeat
what is said of the office. Rows may also leave shop and counter out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise

from survey_app import tables
from survey_app.fieldwork.office_columns import TITLES
from survey_app.fieldwork.problems import Findings, RowProblem
from survey_app.fieldwork.words import LEVELS, SOURCE_STATUSES, understood
from survey_app.formats import day as shown
from survey_app.tables import Row, Table

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,23}")
_LONGEST = 250


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What a file says of an office itself; equal in all rows of one office."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    predecessors: tuple[str, ...]
    source: str
    source_status: str
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """A shop or a counter as a file lists it; without days, those of its owner."""

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(slots=True)
class ListedOffice:
    """An office with the shops and counters listed under it, in file order."""

    facts: OfficeFacts
    row: Row
    shops: dict[str, Place] = field(default_factory=dict)
    counters: dict[str, dict[str, Place]] = field(default_factory=dict)


def gathered(table: Table) -> tuple[list[ListedOffice], Findings]:
    """Offices in file order, and every row that contradicts itself or another."""
    offices: dict[tuple[str, date], ListedOffice] = {}
    owners: dict[tuple[str, date], tuple[str, int]] = {}
    findings = Findings()
    for row in table.rows:
        cells = dict.fromkeys(TITLES, "") | table.named(row)
        facts, problems = _facts(cells)
        if facts is not None:
            office = offices.setdefault(
                (facts.code, facts.valid_from), ListedOffice(facts, row)
            )
            problems += _differences(office, facts)
            problems += _add_places(office, cells, owners, row)
        if problems:
            findings.add(
                row, [RowProblem(row.number, TITLES[c], v, r) for c, v, r in problems]
            )
    _find_overlaps(list(offices.values()), findings)
    return list(offices.values()), findings


Problem = tuple[str, str, str]


def _facts(cells: dict[str, str]) -> tuple[OfficeFacts | None, list[Problem]]:
    problems: list[Problem] = []

    def wrong(column: str, reason: str) -> None:
        problems.append((column, cells[column], reason))

    for column in ("code", "shop_code", "counter_code"):
        if cells[column] and not CODE.fullmatch(cells[column]):
            wrong(column, "chỉ gồm chữ không dấu, số, dấu chấm, gạch; tối đa 24 ký tự")
    for column in ("code", "name", "level", "valid_from"):
        if not cells[column]:
            wrong(column, "chưa ghi")
    for column, text in cells.items():
        if len(text) > _LONGEST:
            wrong(column, f"dài hơn {_LONGEST} ký tự")
    level = understood(cells["level"], LEVELS)
    if cells["level"] and level is None:
        wrong("level", "không có trong danh sách: " + "; ".join(LEVELS.values()))
    status = understood(cells["source_status"], SOURCE_STATUSES)
    if cells["source_status"] and status is None:
        wrong("source_status", "phải là một trong: " + ", ".join(SOURCE_STATUSES))
    first = tables.day(cells["valid_from"])
    if cells["valid_from"] and first is None:
        wrong("valid_from", "không phải ngày; ghi dạng 31/12/2025")
    last = tables.day(cells["valid_to"])
    if cells["valid_to"] and last is None:
        wrong("valid_to", "không phải ngày; ghi dạng 31/12/2025")
    if first and last and last < first:
        wrong("valid_to", f"trước ngày bắt đầu hiệu lực {shown(first)}")
    for place in ("shop", "counter"):
        problems += _days_problems(cells, f"{place}_from", f"{place}_to")
    if problems or first is None or level is None:
        return None, problems
    facts = OfficeFacts(
        code=cells["code"],
        name=cells["name"],
        level=level,
        kind=cells["kind"],
        parent_code=cells["parent_code"] or None,
        valid_from=first,
        valid_to=last,
        predecessors=tuple(re.findall(r"[^\s;,]+", cells["predecessors"])),
        source=cells["source"],
        source_status=status or "",
        note=cells["note"],
    )
    return facts, []


def _days_problems(cells: dict[str, str], start: str, end: str) -> list[Problem]:
    first, last = tables.day(cells[start]), tables.day(cells[end])
    wrong = [
        (column, cells[column], "không phải ngày; ghi dạng 31/12/2025")
        for column, day in ((start, first), (end, last))
        if cells[column] and day is None
    ]
    if cells[end] and not cells[start]:
        wrong.append((start, "", "chưa ghi, trong khi có ghi đến ngày"))
    if first and last and last < first:
        wrong.append((end, cells[end], f"trước ngày bắt đầu {shown(first)}"))
    return wrong


def _place(cells: dict[str, str], kind: str, name: str) -> Place:
    return Place(
        cells[f"{kind}_code"],
        name,
        tables.day(cells[f"{kind}_from"]),
        tables.day(cells[f"{kind}_to"]),
    )


def _differences(office: ListedOffice, facts: OfficeFacts) -> list[Problem]:
    return [
        (
            name,
            _text(getattr(facts, name)),
            f"khác với dòng {office.row.number} của cùng đơn vị"
            f" (“{_text(getattr(office.facts, name))}”)",
        )
        for name in (f.name for f in fields(OfficeFacts))
        if getattr(facts, name) != getattr(office.facts, name)
    ]


def _add_places(
    office: ListedOffice,
    cells: dict[str, str],
    owners: dict[tuple[str, date], tuple[str, int]],
    row: Row,
) -> list[Problem]:
    code, counter = cells["shop_code"], cells["counter_code"]
    if not code:
        return [
            (column, cells[column], "có ghi nhưng thiếu mã Bộ phận Một cửa")
            for column in (
                "shop_name",
                "counter_code",
                "counter_name",
                "shop_from",
                "counter_from",
            )
            if cells[column]
        ]
    if not cells["shop_name"]:
        return [("shop_name", "", "chưa ghi")]
    owner, line = owners.setdefault(
        (code, office.facts.valid_from), (office.facts.code, row.number)
    )
    if owner != office.facts.code:
        return [("shop_code", code, f"đã là của đơn vị {owner} ở dòng {line}")]
    said = _place(cells, "shop", cells["shop_name"])
    shop = office.shops.setdefault(code, said)
    if shop.name != said.name:
        return [("shop_name", said.name, f"cùng mã nhưng tên khác “{shop.name}”")]
    if shop != said:
        return [("shop_from", cells["shop_from"], "cùng mã nhưng thời gian khác")]
    if not counter:
        return (
            [("counter_code", "", "có tên quầy nhưng thiếu mã quầy")]
            if cells["counter_name"]
            else []
        )
    there = office.counters.setdefault(code, {})
    if counter in there:
        return [("counter_code", counter, "quầy này đã có ở dòng trên")]
    name = cells["counter_name"] or f"Quầy {counter}"
    there[counter] = _place(cells, "counter", name)
    return []


def _find_overlaps(offices: Iterable[ListedOffice], findings: Findings) -> None:
    by_code: dict[str, list[ListedOffice]] = {}
    for office in offices:
        by_code.setdefault(office.facts.code, []).append(office)
    for same in by_code.values():
        same.sort(key=lambda office: office.facts.valid_from)
        for earlier, later in pairwise(same):
            end = earlier.facts.valid_to
            if end is None or end >= later.facts.valid_from:
                findings.add(later.row, [overlap(later, earlier.facts.name, end)])


def overlap(office: ListedOffice, name: str, end: date | None) -> RowProblem:
    """Two offices with one code at one time: the code would name neither."""
    until = f"đến {shown(end)}" if end else "không có ngày kết thúc"
    return RowProblem(
        office.row.number,
        TITLES["code"],
        office.facts.code,
        f"cùng thời gian với “{name}” ({until}); một mã mỗi ngày chỉ của một đơn vị",
    )


def _text(value: object) -> str:
    if isinstance(value, date):
        return shown(value)
    return " ".join(value) if isinstance(value, tuple) else str(value or "")
