"""Read a table that someone filled in with a spreadsheet: CSV or XLSX, row by row.

Files come from many hands, so encoding, separator, title lines above the header
and the order of columns are found out, not asked for. Only one row is in memory
at a time, and what no honest table needs is refused before it is unpacked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from typing import BinaryIO

from survey_app import csv_files, xlsx_files
from survey_app.errors import Refused
from survey_app.formats import folded

MAX_ROWS = 2_000_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
HEADER_WITHIN = 20  # rows: files often begin with a title and a date

# Control signs and zero-width marks go; blanks of other kinds become plain ones.
_UNSEEN: dict[int, str | None] = dict.fromkeys((*range(32), 0x7F, 0x200B, 0xFEFF))
_UNSEEN |= dict.fromkeys((0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0), " ")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")


class FileRefused(Refused):
    """A file that cannot be read as the table asked for."""

    status = 422
    title = "Không đọc được tệp"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template: its heading, others that are understood, its use."""

    id: str
    title: str
    also: tuple[str, ...] = ()
    required: bool = True
    meaning: str = ""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(_key(text) for text in (self.id, self.title, *self.also))


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number as a spreadsheet shows it, its cells as clean text."""

    number: int
    cells: tuple[str, ...]

    def at(self, place: int | None) -> str:
        """The cell at a place; a short row ends in empty cells."""
        if place is None or place >= len(self.cells):
            return ""
        return self.cells[place]


@dataclass(frozen=True, slots=True)
class Table:
    """A header that was understood, and the rows under it, to be read once."""

    header: Row
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    rows: Iterator[Row]

    def named(self, row: Row) -> dict[str, str]:
        """Cells of a row by column id; columns the file lacks are empty."""
        return {name: row.at(place) for name, place in self.places.items()}


def read(source: BinaryIO, columns: Sequence[Column]) -> Table:
    """Open a file, whatever its name says, and find the columns asked for.

    Raises
    ------
    FileRefused
        With every reason: not a table, empty, headings missing or twice. Reading
        the rows may raise it as well.
    """
    rows = raw_rows(source)
    first = list(islice(rows, HEADER_WITHIN))
    if not first:
        raise FileRefused("Tệp không có dòng nào.")
    header = max(first, key=lambda row: len(_matches(row, columns)))
    rest = chain((row for row in first if row.number > header.number), rows)
    matches = _matches(header, columns)
    if problems := _header_problems(header, matches, columns):
        raise FileRefused(*problems)
    places = {name: found[0] for name, found in matches.items()}
    known = set(places.values())
    unknown = tuple(
        text for i, text in enumerate(header.cells) if text and i not in known
    )
    return Table(header, places, unknown, _not_empty(rest))


def means(column: Column, heading: str) -> bool:
    """Whether a heading is understood as this column."""
    return bool(heading) and _key(heading) in column.keys


def raw_rows(source: BinaryIO) -> Iterator[Row]:
    """Every row that holds anything, as clean text, within the bounds.

    Raises
    ------
    FileRefused
        If the file is no CSV or XLSX, or larger than any honest table.
    """
    try:
        read_cells = xlsx_files.rows if xlsx_files.is_xlsx(source) else csv_files.rows
        count = 0
        for number, cells in read_cells(source):
            if len(cells) > MAX_COLUMNS:
                raise FileRefused(f"Dòng {number} có hơn {MAX_COLUMNS} cột.")
            clean = tuple(_clean(cell) for cell in cells)
            if not any(clean):
                continue
            if max(map(len, clean)) > MAX_CELL:
                raise FileRefused(
                    f"Dòng {number} có ô dài hơn {MAX_CELL} ký tự;"
                    " có thể tệp bị lệch dấu ngoặc kép."
                )
            count += 1
            if count > MAX_ROWS:
                raise FileRefused(
                    f"Tệp có hơn {MAX_ROWS} dòng. Vui lòng chia thành nhiều tệp."
                )
            yield Row(number, clean)
    except (csv_files.Unreadable, xlsx_files.Unreadable) as problem:
        raise FileRefused(problem.reason) from problem


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """The day in a cell, written 31/12/2025 or 2025-12-31; None if it is no day."""
    if found := _DAY_FIRST.fullmatch(text):
        d, m, y = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        y, m, d = map(int, found.groups())
    else:
        return None
    try:
        return date(y, m, d)
    except ValueError:
        return None


def _clean(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        return unicodedata.normalize("NFC", cell.translate(_UNSEEN)).strip()
    if isinstance(cell, datetime):
        at_midnight = cell.time() == datetime.min.time()
        return str(cell.date() if at_midnight else cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(text))


def _matches(row: Row, columns: Sequence[Column]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    keys = [_key(cell) for cell in row.cells]
    for column in columns:
        if found := [i for i, key in enumerate(keys) if key and key in column.keys]:
            places[column.id] = found
    return places


def _header_problems(
    header: Row, matches: Mapping[str, Sequence[int]], columns: Sequence[Column]
) -> list[str]:
    if not matches:
        return [
            f"Không tìm thấy dòng tiêu đề trong {HEADER_WITHIN} dòng đầu. Tệp cần các"
            " cột: " + ", ".join(f"“{c.title}”" for c in columns if c.required) + "."
        ]
    problems = [
        f"Thiếu cột “{column.title}” (dòng tiêu đề là dòng {header.number})."
        for column in columns
        if column.required and column.id not in matches
    ]
    return problems + [
        f"Cột “{column.title}” có {len(matches[column.id])} lần trong dòng tiêu đề:"
        f" {', '.join(f'“{header.cells[i]}”' for i in matches[column.id])}."
        for column in columns
        if len(matches.get(column.id, ())) > 1
    ]


def _not_empty(rows: Iterator[Row]) -> Iterator[Row]:
    first = next(rows, None)
    if first is None:
        raise FileRefused("Tệp chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào.")
    return chain((first,), rows)
