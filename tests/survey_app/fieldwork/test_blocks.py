"""Results closed in one second: seen while the file is read, and then forgotten."""

from datetime import datetime

import pytest
from sqlalchemy import text

from survey_app import clock, db
from survey_app.fieldwork import transactions
from survey_app.fieldwork.blocks import moment
from tests.survey_app.fieldwork.making import HEADER, as_csv, finished

PAGE = "/fieldwork/waves/2026-Q1/transactions"
OFFICIAL = "Trần Thị Bích Nga"
WITH_TIME = (*HEADER[:-1], "Giờ trả kết quả", "Công chức")


def closed(number, time, official=OFFICIAL):
    """A row closed on one and the same day."""
    row = finished(number, received="05/01/2026", returned="07/01/2026")
    return (*row[:-1], time, official)


SUSPICIOUS = (
    closed(1, "08:00:00"),
    *(closed(i, "16:59:58") for i in range(2, 8)),
    *(closed(i, "16:59:58", "Người khác") for i in range(8, 12)),
)


def check(wave, rows, header=WITH_TIME):
    with db.read() as session:
        file = as_csv(rows, header=header)
        return transactions.check(session, wave, file, now=clock.now())


def upload(planner, rows, **more):
    file = (as_csv(rows, header=WITH_TIME), "ho-so.csv")
    return planner.post(PAGE, data={"file": file, **more})


def test_six_results_of_one_official_in_one_second_are_a_block(make_wave):
    (block,) = check(make_wave(), SUSPICIOUS).blocks

    assert (block.official, block.count) == (OFFICIAL, 6)
    assert block.moment == datetime(2026, 1, 7, 16, 59, 58)
    assert (block.first_line, block.last_line) == (3, 8)


@pytest.mark.parametrize("time", ["", "16:59", "00:00:00", "chiều", "25:00:00"])
def test_times_that_do_not_tell_the_second_say_nothing(make_wave, time):
    found = check(make_wave(), [closed(i, time) for i in range(9)])

    assert (len(found.finished), found.blocks) == (9, [])


def test_without_the_official_a_second_says_nothing(make_wave):
    wave = make_wave()

    assert check(wave, [closed(i, "16:59:58", "") for i in range(9)]).blocks == []
    header = (*WITH_TIME[:-1], "Ghi chú")
    assert check(wave, SUSPICIOUS, header=header).blocks == []


@pytest.mark.parametrize(
    "cell", ["2026-01-06 9:05:07", "06/01/2026 09:05:07", "2026-01-06T09:05:07.250"]
)
def test_a_cell_with_its_own_day_counts_for_that_day(cell):
    assert moment(cell, "07/01/2026") == datetime(2026, 1, 6, 9, 5, 7)


def test_the_planner_sees_the_block_once_with_the_rows_stored(make_wave, planner):
    make_wave()

    page = upload(planner, SUSPICIOUS).text

    assert "Đã nhập 11 hồ sơ" in page
    assert "16:59:58 07/01/2026" in page
    assert OFFICIAL in page
    assert OFFICIAL not in planner.get(PAGE).text


def test_with_bad_rows_left_out_both_are_shown(make_wave, planner):
    make_wave()
    bad = ("không phải mã", *closed(20, "16:59:58")[1:])

    page = upload(planner, [*SUSPICIOUS, bad], bad_rows="skip").text

    assert "1 dòng chưa đúng" in page
    assert "Nhiều hồ sơ trong cùng một giây" in page


def test_neither_time_nor_official_is_written_anywhere(app, make_wave, planner):
    make_wave()
    upload(planner, SUSPICIOUS)

    with db.read() as session:
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        ).all()
        kept = [
            str(tuple(row))
            for name in names
            for row in session.execute(text(f'SELECT * FROM "{name}"'))
        ]

    assert any("frame.imported" in row for row in kept)
    assert not any(OFFICIAL in row or "16:59:58" in row for row in kept)
