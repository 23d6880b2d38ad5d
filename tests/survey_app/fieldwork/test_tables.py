"""Files as they come: encodings, separators, spreadsheets, and hostile ones."""

import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from survey_app import tables, xlsx_files
from survey_app.tables import Column, FileRefused
from tests.survey_app.fieldwork.making import windows_1258

COLUMNS = (
    Column("code", "Mã đơn vị", ("ma",)),
    Column("name", "Tên đơn vị"),
    Column("note", "Ghi chú", required=False),
)
TEXT = "Mã đơn vị{0}Tên đơn vị\r\n30307{0}Phường Mỹ Thới\r\n30316{0}Xã Cần Đăng\r\n"


def read(content):
    table = tables.read(io.BytesIO(content), COLUMNS)
    return [(row.number, table.named(row)) for row in table.rows]


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_csv_is_read_whatever_its_encoding_and_separator(encoding, separator):
    found = read(TEXT.format(separator).encode(encoding))

    assert found == [
        (2, {"code": "30307", "name": "Phường Mỹ Thới"}),
        (3, {"code": "30316", "name": "Xã Cần Đăng"}),
    ]


def test_old_windows_files_are_read_and_their_letters_put_together():
    content = windows_1258("Mã đơn vị,Tên đơn vị\r\n1,Phường Mỹ Thới\r\n")

    assert read(content) == [(2, {"code": "1", "name": "Phường Mỹ Thới"})]


def test_text_is_put_into_one_spelling():
    text = "Mã đơn vị,Tên đơn vị\n1,Mỹ\u00a0Thới \u200b\n"
    decomposed = unicodedata.normalize("NFD", text)

    assert read(decomposed.encode())[0][1]["name"] == "Mỹ Thới"


def test_a_workbook_is_read_with_numbers_and_days_as_people_write_them():
    content = workbook(
        ["Tên đơn vị", "Mã đơn vị", "Ghi chú"],
        ["Phường Long Xuyên", 30307, date(2025, 7, 1)],
        ["Xã Vĩnh Hậu", 30367.0, datetime(2025, 7, 1, 8, 30)],
    )

    assert read(content) == [
        (2, {"code": "30307", "name": "Phường Long Xuyên", "note": "2025-07-01"}),
        (3, {"code": "30367", "name": "Xã Vĩnh Hậu", "note": "2025-07-01 08:30:00"}),
    ]


def test_a_formula_is_never_computed():
    content = workbook(["Mã đơn vị", "Tên đơn vị"], ["1", '=HYPERLINK("x","y")'])

    assert read(content) == [(2, {"code": "1", "name": ""})]


def test_title_lines_above_the_header_and_strange_columns_are_passed_over():
    content = "DANH SÁCH ĐƠN VỊ\n\n,STT,MA,ten don vi\n,1,30307,Long Xuyên\n"

    table = tables.read(io.BytesIO(content.encode()), COLUMNS)

    assert (table.header.number, table.unknown) == (3, ("STT",))
    assert [table.named(row)["code"] for row in table.rows] == ["30307"]


def test_a_quoted_cell_may_go_over_several_lines_without_losing_count():
    content = 'Mã đơn vị,Tên đơn vị\n1,"Phường\nLong Xuyên"\n2,Châu Đốc\n'

    assert [(n, cells["name"]) for n, cells in read(content.encode())] == [
        (2, "Phường Long Xuyên"),
        (4, "Châu Đốc"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "không có dòng nào"),
        (b"\n \n,,\n", "không có dòng nào"),
        ("Mã đơn vị,Tên đơn vị\n".encode(), "chỉ có dòng tiêu đề"),
        (b"a,b\n1,2\n", "Không tìm thấy dòng tiêu đề"),
        ("Mã đơn vị,x\n1,2\n".encode(), "Thiếu cột “Tên đơn vị”"),
        ("Mã đơn vị,MA,Tên đơn vị\n1,2,3\n".encode(), "có 2 lần"),
        (b"%PDF-1.7 ...", "tệp PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
        (bytes(range(256)) * 20, "không phải tệp CSV hay Excel"),
        (b"PK\x03\x04 broken", "Không mở được tệp Excel"),
        (("Mã đơn vị,Tên đơn vị\n1," + "x" * 3000).encode(), "dài hơn 2000 ký tự"),
        (("Mã đơn vị,Tên đơn vị\n" + "," * 300 + "1").encode(), "hơn 200 cột"),
        (b"ma\n" + b'1,"' + b"x" * 200_000, "thiếu dấu ngoặc kép"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(content, reason):
    with pytest.raises(FileRefused) as refused:
        read(content)

    assert reason in " ".join(refused.value.reasons)


def test_all_missing_headings_are_named_at_once():
    columns = (*COLUMNS, Column("level", "Cấp"))

    with pytest.raises(FileRefused) as refused:
        tables.read(io.BytesIO("Ghi chú,x\n1,2\n".encode()), columns)

    assert len(refused.value.reasons) == 3


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def test_a_file_that_unpacks_to_far_more_than_it_weighs_is_refused_unopened():
    with pytest.raises(FileRefused, match="quá lớn"):
        read(packed(xl__worksheets__sheet1=b"\0" * 30_000_000))


def test_a_file_with_too_many_parts_is_refused_unopened():
    parts = {f"part{i}": b"x" for i in range(xlsx_files.MAX_PARTS + 1)}

    with pytest.raises(FileRefused, match="quá lớn"):
        read(packed(**parts))


def test_a_file_that_declares_entities_is_refused_unopened():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    with pytest.raises(FileRefused, match="Không mở được"):
        read(packed(xl__workbook=bomb))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("1-7-2025", date(2025, 7, 1)),
        ("01.07.2025", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("2025-07-01 08:30:00", date(2025, 7, 1)),
        ("01/07/2025 08:30", date(2025, 7, 1)),
        ("31/02/2025", None),
        ("01/07/25", None),
        ("45839", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it_and_never_guessed(text, day):
    assert tables.day(text) == day


def test_only_what_is_asked_for_is_in_memory():
    class Counted(io.BytesIO):
        given = 0

        def read1(self, size=-1):
            found = super().read1(size)
            self.given += len(found)
            return found

    lines = "".join(f"{i},Xã {i}\n" for i in range(200_000))
    source = Counted(("\ufeffMã đơn vị,Tên đơn vị\n" + lines).encode())

    table = tables.read(source, COLUMNS)
    next(table.rows)

    assert source.given < 300_000
