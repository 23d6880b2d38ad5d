"""Import the example workbooks of pyxform and compare with what pyxform itself reads.

    git clone https://github.com/XLSForm/pyxform
    python benchmarks/xlsform.py pyxform

For each workbook: the same list of question paths and types as pyxform, or a refusal
that names sheet and row. Old .xls files are written anew as .xlsx first.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path

import openpyxl
import xlrd
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from questionnaires import check
from questionnaires.xlsform import WorkbookRejected
from questionnaires.xlsform_import import Imported, import_xlsform

FOLDERS = ("tests/example_xls", "tests/bug_example_xls")
TYPES = {
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "int": "integer",
    "string": "text",
}
# Rows that pyxform adds for the look of a table; no question of the workbook's author.
GENERATED = ("generated_table_list_label_", "reserved_name_for_field_list_labels_")
OUTCOMES = (
    "accepted and equal",
    "accepted and different",
    "accepted, which pyxform refuses",
    "refused with place",
    "refused without place",
    "crashed",
)


def main() -> None:
    folder = Path(sys.argv[1])
    counts: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    slowest = 0.0
    for path in sorted(p for name in FOLDERS for p in (folder / name).iterdir()):
        if path.suffix in (".xlsx", ".xlsm", ".xls"):
            content = as_xlsx(path)
            started = time.perf_counter()
            outcome, detail = compare(content)
            slowest = max(slowest, time.perf_counter() - started)
            counts[outcome] += 1
            print(f"{path.parent.name}/{path.name}: {outcome}. {detail}")
    print()
    for outcome in OUTCOMES:
        print(f"{outcome:36}{counts[outcome]:4}")
    print(f"{'slowest workbook, both readers, s':36}{slowest:7.2f}")
    never = ("accepted and different", "refused without place", "crashed")
    sys.exit(any(counts[outcome] for outcome in never))


def compare(content: bytes) -> tuple[str, str]:
    """The outcome for one workbook, and what stands behind it."""
    try:
        imported = import_xlsform(content)
    except WorkbookRejected as refusal:
        placed = all(re.search(r", row \d+$", p.where) for p in refusal.problems)
        first = refusal.problems[0]
        outcome = "refused with place" if placed else "refused without place"
        return outcome, f"{first.where}: {first.code} {first.detail}"
    except Exception as error:  # a crash is what is being counted
        return "crashed", repr(error)
    check(imported.text)
    try:
        theirs = read_by_pyxform(content)
    except PyXFormError as error:
        return "accepted, which pyxform refuses", str(error).splitlines()[0][:120]
    ours = read_by_us(imported)
    if ours == theirs:
        return "accepted and equal", f"{len(ours)} questions"
    return "accepted and different", f"{sorted(set(ours) ^ set(theirs))}"


def read_by_us(imported: Imported) -> list[tuple[str, str]]:
    return [(item.path, TYPES.get(item.type, item.type)) for item in imported.items]


def read_by_pyxform(content: bytes) -> list[tuple[str, str]]:
    survey = convert(BytesIO(content), warnings=[])._survey
    found = []
    for element in survey.iter_descendants():
        kind = str(getattr(element, "type", ""))
        path = element.get_xpath().split("/", 2)[-1]
        made_up = path.startswith("meta/") or any(name in path for name in GENERATED)
        if kind not in ("survey", "group", "") and not made_up:
            found.append((path, TYPES.get(kind, kind)))
    return found


def as_xlsx(path: Path) -> bytes:
    if path.suffix != ".xls":
        return path.read_bytes()
    old = xlrd.open_workbook(path)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in old.sheets():
        new = book.create_sheet(sheet.name)
        for row in range(sheet.nrows):
            new.append([cell_value(sheet.cell(row, n)) for n in range(sheet.ncols)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def cell_value(cell: xlrd.sheet.Cell) -> object:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return None if cell.ctype == xlrd.XL_CELL_EMPTY else cell.value


if __name__ == "__main__":
    main()
