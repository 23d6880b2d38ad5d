"""Files of other programs: looked at, matched, imported; wrong ones told clearly."""

import io
import re

import openpyxl
import pytest

from survey_app import db
from survey_app.fieldwork import transactions
from tests.survey_app.fieldwork.making import (
    FRAME,
    HEADER,
    as_csv,
    finished,
    windows_1258,
)

PAGE = "/fieldwork/waves/2026-Q1/transactions"
OTHER = (
    "Số biên nhận",
    "Cơ quan GQ",
    "Ô cửa",
    "Nhóm TTHC",
    "Nhận",
    "Trả",
    "Nộp",
    "Tên",
)
CHOSEN = {
    "c-dossier": "Số biên nhận",
    "c-office": "Cơ quan GQ",
    "c-counter": "Ô cửa",
    "c-field": "Nhóm TTHC",
    "c-received": "Nhận",
    "c-returned": "Trả",
    "c-channel": "Nộp",
    "name": "Phần mềm A",
    "heading": list(OTHER),
}


def size(wave):
    with db.read() as session:
        return transactions.frame_size(session, wave)


def sent(planner, file, name="ho-so.csv", **fields):
    return planner.post(PAGE, data={"file": (file, name), **fields})


def test_unknown_headings_are_matched_once_and_used_again(make_wave, planner):
    wave = make_wave()
    refused = sent(planner, as_csv(FRAME, OTHER))
    saved = planner.post(f"{PAGE}/columns/save", data=CHOSEN)
    mapping = re.search(r"mapping=(\d+)", saved.location)[1]

    reply = sent(planner, as_csv(FRAME, OTHER), mapping=mapping)

    assert refused.status_code == 422
    assert reply.status_code == 303
    assert size(wave) == len(FRAME)
    assert "Phần mềm A" in planner.get(saved.location).text


def test_the_first_rows_are_shown_and_nothing_is_stored(make_wave, planner):
    wave = make_wave()

    page = planner.post(
        f"{PAGE}/columns", data={"file": (as_csv(FRAME, OTHER), "a.csv")}
    ).text

    assert "Số biên nhận" in page
    assert FRAME[4][0] in page
    assert FRAME[5][0] not in page
    assert size(wave) == 0


def test_headings_that_are_understood_are_chosen_already(make_wave, planner):
    make_wave()

    page = planner.post(f"{PAGE}/columns", data={"file": (as_csv(FRAME), "a.csv")}).text

    assert '<option value="Mã hồ sơ" selected>' in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "Chưa đặt tên"),
        ({"c-office": ""}, "Chưa chọn cột của tệp cho “Mã đơn vị”"),
        ({"c-office": "Số biên nhận"}, "được chọn cho hơn một cột"),
    ],
)
def test_a_wrong_match_is_told_and_kept_on_the_page(make_wave, planner, change, told):
    make_wave()

    reply = planner.post(f"{PAGE}/columns/save", data=CHOSEN | change)

    assert reply.status_code == 422
    assert told in reply.text
    assert '<option value="Nhóm TTHC" selected>' in reply.text


@pytest.mark.parametrize("content", [b"", b"\n\n", b"one\n", b"%PDF-1.7 x"])
def test_a_file_that_is_no_table_is_told(make_wave, planner, content):
    make_wave()

    reply = planner.post(
        f"{PAGE}/columns", data={"file": (io.BytesIO(content), "a.csv")}
    )

    assert reply.status_code == 422


def test_no_file_is_told(make_wave, planner):
    make_wave()

    assert "Chưa chọn tệp" in planner.post(f"{PAGE}/columns").text


def test_a_match_that_is_gone_is_not_found(make_wave, planner):
    make_wave()

    assert sent(planner, as_csv(FRAME), mapping="99").status_code == 404


def test_one_row_is_a_frame(make_wave, planner):
    wave = make_wave()

    assert sent(planner, as_csv(FRAME[:1])).status_code == 303
    assert size(wave) == 1


def test_duplicate_codes_are_told_with_both_rows(make_wave, planner):
    wave = make_wave()

    reply = sent(planner, as_csv([FRAME[0], FRAME[1], FRAME[0]]))

    assert "trùng với dòng 2" in reply.text
    assert size(wave) == 0


def test_a_file_of_old_windows_is_read_letter_by_letter(make_wave, planner):
    wave = make_wave()
    text = as_csv(FRAME, HEADER, encoding="utf-8").read().decode()

    reply = sent(planner, io.BytesIO(windows_1258(text)))

    assert reply.status_code == 303
    assert size(wave) == len(FRAME)


def test_days_as_text_in_a_workbook_are_read(make_wave, planner):
    wave, book, out = make_wave(), openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER, *(finished(i) for i in range(5))):
        book.active.append(row)
    book.save(out)
    out.seek(0)

    assert sent(planner, out, "a.xlsx").status_code == 303
    assert size(wave) == 5
