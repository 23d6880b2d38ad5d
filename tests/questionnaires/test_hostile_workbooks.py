"""A workbook from anywhere: refused in a sentence or harmless, in bounded time."""

import os
import struct
import time
import zipfile
from io import BytesIO

import openpyxl
import pytest

from questionnaires import check
from questionnaires.xlsform import (
    LARGEST_FILE,
    MOST_COLUMNS,
    MOST_ROWS,
    WorkbookRejected,
    write_sheets,
)
from questionnaires.xlsform_import import import_xlsform

NAMESPACE = '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADER = ["type", "name", "label"]
GOOD = write_sheets({"survey": [HEADER, ["integer", "a", "Số lần"]]})
NAUGHTY = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "'; DROP TABLE x;--",
    "../../etc/passwd",
    "%s%n%x",
    "\u202etxet",
    "a\u0300" * 50,
    "NULL",
    "undefined",
    "🙂" * 100,
    "__proto__",
    "&lt;b&gt;",
    "x" * 9_000,
]


@pytest.fixture(autouse=True)
def in_bounded_time():
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 20


def refusals_of(content):
    with pytest.raises(WorkbookRejected) as rejected:
        import_xlsform(content)
    return [(problem.code, problem.where) for problem in rejected.value.problems]


def with_part(name, data):
    """The good workbook with one part of the archive replaced or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(GOOD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"type,name,label\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        GOOD[: len(GOOD) // 2],
        GOOD[:-30] + os.urandom(30),
    ],
    ids=["empty", "stub", "csv", "old xls", "half", "damaged"],
)
def test_what_is_no_workbook_is_refused(content):
    assert refusals_of(content) == [("not_xlsx", "workbook")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part("xl/media/a.bin", bytes(200_000_000))

    assert len(bomb) < LARGEST_FILE
    assert refusals_of(bomb) == [("workbook_too_large", "workbook")]


def test_a_bomb_that_lies_about_its_size_unpacks_no_further_than_it_says():
    content = bytearray(with_part("xl/worksheets/sheet1.xml", b"<x>" + b" " * 10**7))
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<L", content, place + 24, 100)

    assert refusals_of(bytes(content)) == [("not_xlsx", "workbook")]


def test_a_file_of_enormous_size_is_refused():
    assert refusals_of(GOOD + bytes(LARGEST_FILE)) == [
        ("workbook_too_large", "workbook")
    ]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
    ids=["external entity", "laughs", "external subset"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_unread(declaration, encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<worksheet/>'
    content = with_part("xl/worksheets/sheet1.xml", xml.encode(encoding))

    assert refusals_of(content) == [("workbook_with_entities", "workbook")]


def test_a_sheet_of_a_hundred_thousand_rows_is_refused_at_the_first_too_many():
    cells = "".join(
        f'<c r="{column}{{0}}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("ABC", ("integer", "q{0}", "Số"), strict=True)
    )
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 100_001))
    sheet = f"<worksheet xmlns={NAMESPACE}><sheetData>{rows}</sheetData></worksheet>"
    content = with_part("xl/worksheets/sheet1.xml", sheet)

    assert refusals_of(content) == [("sheet_too_large", f"survey, row {MOST_ROWS + 1}")]


def test_a_sheet_of_too_many_columns_is_refused():
    content = write_sheets({"survey": [HEADER, ["x"] * (MOST_COLUMNS + 1)]})

    assert refusals_of(content) == [("sheet_too_large", "survey, row 2")]


def test_a_row_at_the_end_of_the_sheet_costs_little():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    sheet.append(HEADER)
    sheet.cell(row=1_048_576, column=1, value="gps")
    out = BytesIO()
    book.save(out)

    assert refusals_of(out.getvalue())[0] == (
        "unsupported_type",
        "survey, row 1048576",
    )


def test_formulas_and_errors_are_refused_by_row():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    sheet.append(HEADER)
    sheet.append(["integer", "a", '=CMD|"/c calc"!A1'])
    sheet.append(["integer", "=A1", "#REF!"])
    out = BytesIO()
    book.save(out)

    assert refusals_of(out.getvalue()) == [
        ("formula", "survey, row 2"),
        ("formula", "survey, row 3"),
        ("cell_error", "survey, row 3"),
    ]


def test_a_tick_stored_as_a_formula_is_a_tick():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    sheet.append([*HEADER, "required"])
    sheet.append(["integer", "a", "Số lần", "=FALSE()"])
    out = BytesIO()
    book.save(out)

    assert "required = false" in import_xlsform(out.getvalue()).text


def test_a_cell_beyond_reading_is_refused():
    content = write_sheets({"survey": [HEADER, ["note", "n", "x" * 20_000]]})

    assert refusals_of(content) == [("cell_too_long", "survey, row 2")]


def test_macros_are_never_looked_at():
    content = with_part("xl/vbaProject.bin", os.urandom(1000))

    assert [item.id for item in import_xlsform(content).items] == ["a"]


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
@pytest.mark.parametrize("column", [0, 1, 2])
def test_naughty_texts_are_refused_or_judged_and_never_crash(column, text):
    row = ["integer", "a", "Số lần"]
    row[column] = text
    try:
        imported = import_xlsform(write_sheets({"survey": [HEADER, row]}))
    except WorkbookRejected as refusal:
        told = [problem.where for problem in refusal.problems]
    else:
        told = [problem.code for problem in check(imported.text)]
        assert len(imported.items) == 1

    assert all(told)


def test_an_expression_nested_beyond_reason_is_refused():
    rows = [["integer", "a", "Số"], ["integer", "b", "Số", "(" * 3000 + "${a} > 1"]]
    content = write_sheets({"survey": [[*HEADER, "relevant"], *rows]})

    assert refusals_of(content) == [("unsupported_expression", "survey, row 3")]
