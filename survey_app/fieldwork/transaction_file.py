"""The file of finished transactions: its columns, and what is wrong with a row.

Pure reading: what goes on to the database is a ``Finished`` without the dossier
code and the person's key, each replaced by a keyed hash as soon as it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from survey_app import tables
from survey_app.fieldwork.directory import Directory, Entry
from survey_app.fieldwork.problems import RowProblem
from survey_app.fieldwork.transaction_columns import TITLES
from survey_app.fieldwork.words import CHANNELS, understood
from survey_app.formats import day as shown
from survey_app.tables import Row, Table

# TT 01/2018/TT-VPCP, Điều 19, and the shorter form in use.
DOSSIER = re.compile(
    r"[0-9A-Z]{2,3}(?:\.[0-9A-Z]{2,3}){1,3}-"
    r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})-\d{4,6}"
)


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished transaction as it is kept."""

    dossier_hash: str
    office_id: int
    shop_id: int | None
    counter_id: int | None
    service_field: str
    channel: str
    received_on: date
    returned_on: date
    person_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FrameRules:
    """What a transaction must meet to be in the frame of a wave."""

    period_start: date
    period_end: date
    today: date
    offices: Collection[int]
    directory: Directory
    already: Collection[str]
    hashed: Callable[[str], str]
    person_hashed: Callable[[str], str]


def checked(
    table: Table, rules: FrameRules
) -> Iterator[tuple[Row, Finished | None, list[RowProblem]]]:
    """Each row with what it says, or with everything wrong with it."""
    lines: dict[str, int] = {}
    for row in table.rows:
        cells = dict.fromkeys(TITLES, "") | table.named(row)
        code = dossier_code(cells["dossier"])
        dossier_hash = rules.hashed(code) if code else None
        finished, problems = _read(cells, dossier_hash, rules)
        if dossier_hash is not None:
            if dossier_hash in rules.already:
                problems.append(("dossier", "hồ sơ này đã được nhập vào đợt khảo sát"))
            first = lines.setdefault(dossier_hash, row.number)
            if first != row.number:
                problems.append(("dossier", f"trùng với dòng {first}"))
        yield (
            row,
            None if problems else finished,
            [RowProblem(row.number, TITLES[c], cells[c], r) for c, r in problems],
        )


def dossier_code(text: str) -> str | None:
    """A dossier code in one spelling, or None if it has not the shape of one."""
    code = text.upper().replace(" ", "")
    found = DOSSIER.fullmatch(code)
    if found is None:
        return None
    year, month, day = found["year"], found["month"], found["day"]
    return code if tables.day(f"20{year}-{month}-{day}") else None


Problem = tuple[str, str]


def _read(
    cells: dict[str, str], dossier_hash: str | None, rules: FrameRules
) -> tuple[Finished | None, list[Problem]]:
    problems: list[Problem] = []
    if not cells["dossier"]:
        problems.append(("dossier", "chưa ghi"))
    elif dossier_hash is None:
        problems.append(("dossier", "không đúng dạng, ví dụ H01.30-220105-0001"))
    received, returned = _days(cells, rules, problems)
    office = shop = counter = None
    if not cells["office"]:
        problems.append(("office", "chưa ghi"))
    elif returned is not None:
        office = _office(cells["office"], returned, rules, problems)
    if office is not None and returned is not None:
        shop, counter = _places(cells, office, returned, rules, problems)
    if not cells["field"]:
        problems.append(("field", "chưa ghi"))
    channel = understood(cells["channel"], CHANNELS)
    if channel is None:
        problems.append(
            ("channel", "phải là một trong: " + ", ".join(CHANNELS.values()))
        )
    if problems or not (dossier_hash and received and returned and office and channel):
        return None, problems
    finished = Finished(
        dossier_hash=dossier_hash,
        office_id=office.id,
        shop_id=shop.id if shop else None,
        counter_id=counter.id if counter else None,
        service_field=cells["field"],
        channel=channel,
        received_on=received,
        returned_on=returned,
        person_hash=rules.person_hashed(cells["person"]) if cells["person"] else None,
    )
    return finished, problems


def _days(
    cells: dict[str, str], rules: FrameRules, problems: list[Problem]
) -> tuple[date | None, date | None]:
    days = []
    for column in ("received", "returned"):
        days.append(found := tables.day(cells[column]))
        if not cells[column]:
            problems.append((column, "chưa ghi"))
        elif found is None:
            problems.append((column, "không phải ngày; ghi dạng 31/12/2025"))
    received, returned = days
    if returned and not rules.period_start <= returned <= rules.period_end:
        start, end = shown(rules.period_start), shown(rules.period_end)
        problems.append(("returned", f"ngoài thời kỳ {start} đến {end}"))
    elif returned and returned > rules.today:
        problems.append(("returned", f"sau hôm nay, {shown(rules.today)}"))
    if received and returned and returned < received:
        problems.append(("returned", f"trước ngày tiếp nhận {shown(received)}"))
    return received, returned


def _office(
    code: str, returned: date, rules: FrameRules, problems: list[Problem]
) -> Entry | None:
    office = rules.directory.office(code, returned)
    if office is None:
        reason = f"không có đơn vị nào mang mã này vào ngày {shown(returned)}"
        problems.append(("office", reason))
    elif office.id not in rules.offices:
        problems.append(("office", f"{office.name} không thuộc đợt khảo sát này"))
        return None
    return office


def _places(
    cells: dict[str, str],
    office: Entry,
    returned: date,
    rules: FrameRules,
    problems: list[Problem],
) -> tuple[Entry | None, Entry | None]:
    directory = rules.directory
    if cells["shop"]:
        shop = directory.shop(cells["shop"], returned)
        if shop is None:
            problems.append(
                ("shop", f"không có nơi tiếp nhận mang mã này {_on(returned)}")
            )
    else:
        shop = directory.only_shop(office.id, returned)
        if shop is None:
            number = f"không có đúng một nơi tiếp nhận {_on(returned)}"
            problems.append(("shop", f"cần ghi, vì {office.name} {number}"))
    if shop is None or not cells["counter"]:
        return shop, None
    counter = directory.counter(shop.id, cells["counter"], returned)
    if counter is None:
        problems.append(
            ("counter", f"{shop.name} không có quầy mang mã này {_on(returned)}")
        )
    return shop, counter


def _on(day: date) -> str:
    return f"vào ngày {shown(day)}"
