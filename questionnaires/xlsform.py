"""Workbooks in and out. What comes in is hostile until proved otherwise.

A workbook is read as plain text cells only: no formula is computed, no macro run, no
entity expanded, and size is bounded before anything is unpacked.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl

from questionnaires.model import Problem

LARGEST_FILE = 10_000_000
LARGEST_UNPACKED = 30_000_000
MOST_PARTS = 500
MOST_SHEETS = 40
MOST_ROWS = 5_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
CONSTANTS = {"=TRUE()": "true", "=FALSE()": "false"}  # how spreadsheets store a tick

Rows = list[tuple[int, list[str]]]


class WorkbookRejected(ValueError):
    """A workbook cannot be taken; ``problems`` names sheet and row of each reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code} {p.detail}" for p in problems))
        self.problems = problems


def read_sheets(content: bytes, wanted: Sequence[str]) -> dict[str, Rows]:
    """The cells of the sheets wanted, as text, by lower-case name of sheet.

    Each row comes with its number in Excel; blank rows are left out.

    Raises
    ------
    WorkbookRejected
        For what is no .xlsx file, too large, or holds formulas or errors in the
        sheets wanted.
    """
    _refuse_bombs(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl, about looks that it leaves out
        return _read(content, wanted)


def write_sheets(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """A workbook of text cells. Nothing in it can become a formula."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_text_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def place_of(sheet: str, row: int) -> str:
    """How a problem names a row of a workbook."""
    return f"{sheet}, row {row}"


def _read(content: bytes, wanted: Sequence[str]) -> dict[str, Rows]:
    try:
        book = openpyxl.load_workbook(
            BytesIO(content), read_only=True, keep_links=False
        )
    except Exception as error:  # whatever a damaged file makes openpyxl raise
        raise _rejected("not_xlsx", type(error).__name__) from error
    try:
        return _sheets(book, wanted)
    finally:
        book.close()


def _refuse_bombs(content: bytes) -> None:
    """Look at the directory of the archive before unpacking anything."""
    if len(content) > LARGEST_FILE:
        raise _rejected("workbook_too_large", f"{len(content)}/{LARGEST_FILE}")
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
                raise _rejected("workbook_too_large", f"{unpacked}/{LARGEST_UNPACKED}")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_entities(archive.read(part))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _rejected("not_xlsx", type(error).__name__) from error


def _refuse_entities(xml: bytes) -> None:
    """Excel writes neither document types nor UTF-16: entities hide in both."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml[:200]:
        raise _rejected("workbook_with_entities", "")


def _sheets(book: Any, wanted: Sequence[str]) -> dict[str, Rows]:
    problems: list[Problem] = []
    found: dict[str, Rows] = {}
    if len(book.sheetnames) > MOST_SHEETS:
        raise _rejected("workbook_too_large", f"{len(book.sheetnames)}/{MOST_SHEETS}")
    for name in book.sheetnames:
        short = name.strip().lower()
        sheet = book[name]
        if short in wanted and short not in found and hasattr(sheet, "iter_rows"):
            found[short] = list(_rows(sheet, short, problems))
    if problems:
        raise WorkbookRejected(problems)
    return found


def _rows(
    sheet: Any, name: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    taken = 0
    rows = sheet.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:  # a damaged sheet may raise anything
            problems.append(
                Problem("not_xlsx", place_of(name, number + 1), type(error).__name__)
            )
            return
        number += 1
        cells = [_text(cell, place_of(name, number), problems) for cell in row[:1000]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        taken += 1
        if taken > MOST_ROWS or len(cells) > MOST_COLUMNS:
            limit = f"{MOST_ROWS} rows, {MOST_COLUMNS} columns"
            problems.append(Problem("sheet_too_large", place_of(name, number), limit))
            return
        yield number, cells


def _text(cell: Any, where: str, problems: list[Problem]) -> str:
    """The text of a cell; formulas and errors are refused, not guessed at."""
    value = cell.value
    if value is None:
        return ""
    if value in CONSTANTS:
        return CONSTANTS[value]
    if cell.data_type == "f":
        problems.append(Problem("formula", where, str(value)[:80]))
    elif cell.data_type == "e":
        problems.append(Problem("cell_error", where, str(value)[:80]))
    elif len(str(value)) > LONGEST_CELL:
        problems.append(Problem("cell_too_long", where, str(LONGEST_CELL)))
    else:
        return unicodedata.normalize("NFC", _plain(value)).strip()
    return ""


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _text_cell(sheet: Any, value: Any) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value="")
    if isinstance(value, int) and not isinstance(value, bool):
        cell.value = value
    else:
        cell.value = str(value)
        cell.data_type = "s"
    return cell


def _rejected(code: str, detail: str) -> WorkbookRejected:
    return WorkbookRejected([Problem(code, "workbook", detail)])
