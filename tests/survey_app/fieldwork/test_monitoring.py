"""The page of every morning: who has nothing, who is behind, who is done."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from survey_app import db
from survey_app.fieldwork import monitoring
from survey_app.fieldwork.monitoring import Status, status
from survey_app.models import Invitation, Office, Outcome
from tests.survey_app.fieldwork.making import FRAME

PAGE = "/fieldwork/waves/2026-Q1/monitoring"
MARCH = {"first_day": date(2026, 3, 1), "closes_on": date(2026, 3, 10)}


def answer(office, count, issued=None):
    """So many of the office's citizens answered."""
    with db.begin() as session:
        drawn = session.scalars(
            select(Invitation)
            .join(Office, Office.id == Invitation.office_id)
            .where(Office.code == office)
        ).all()
        for invitation in drawn[: issued or len(drawn)]:
            invitation.issued_at = invitation.wave.created_at
        for invitation in drawn[:count]:
            invitation.outcome, invitation.spent = Outcome.COMPLETED, True


@pytest.mark.parametrize(
    ("target", "done", "today", "expected"),
    [
        (0, 0, date(2026, 3, 5), Status.NOT_DRAWN),
        (10, 0, date(2026, 3, 1), Status.NOTHING),
        (10, 10, date(2026, 3, 5), Status.MET),
        (10, 5, date(2026, 3, 5), Status.ON_TRACK),
        (10, 4, date(2026, 3, 5), Status.BEHIND),
        (10, 9, date(2026, 4, 5), Status.BEHIND),
    ],
)
def test_an_office_is_on_track_while_its_share_covers_the_days_passed(
    target, done, today, expected
):
    assert status(target, done, today=today, **MARCH) is expected


def test_without_a_last_day_all_short_of_the_target_are_behind():
    found = status(
        10, 9, today=date(2026, 3, 5), first_day=date(2026, 3, 1), closes_on=None
    )

    assert found is Status.BEHIND


def test_offices_without_ballots_stand_first(make_wave, planner):
    make_wave(frame=FRAME, total=30, opened=True)
    answer("30316", 3)
    answer("STP", 30)

    page = planner.get(PAGE).text

    names = ["Phường Long Xuyên", "Phường Châu Đốc", "Sở Tư pháp"]
    assert sorted(names, key=page.index) == names
    assert "Chưa có phiếu: 1 đơn vị" in page


def test_the_list_for_the_letter_holds_what_was_filtered(make_wave, planner):
    make_wave(frame=FRAME, total=30, opened=True)
    answer("STP", 30)
    rows = planner.get(f"{PAGE}.csv?status=nothing").data.decode("utf-8-sig")

    table = list(csv.DictReader(io.StringIO(rows)))

    assert [row["Mã"] for row in table] == ["30307", "30316"]
    assert {row["Tình trạng"] for row in table} == {"Chưa có phiếu"}


def test_the_workbook_holds_numbers_as_numbers(make_wave, planner):
    make_wave(frame=FRAME, total=30, opened=True)
    answer("30307", 4, issued=8)

    book = openpyxl.load_workbook(io.BytesIO(planner.get(f"{PAGE}.xlsx?q=long").data))

    head, row = book.active.iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert found["Hồ sơ đã trả kết quả"] == 60
    assert (found["Mã đã phát"], found["Phiếu theo mẫu đã về"]) == (8, 4)
    assert found["Tỷ lệ trả lời"] == "50,0 %"


@pytest.mark.parametrize("kind", ["pdf", "exe"])
def test_other_kinds_of_file_are_not_there(make_wave, planner, kind):
    make_wave()

    assert planner.get(f"{PAGE}.{kind}").status_code == 404


def test_the_last_day_is_set_and_taken_back(make_wave, planner):
    make_wave(frame=FRAME, total=30, opened=True)
    url = f"{PAGE}/closes-on"

    planner.post(url, data={"closes_on": "2026-03-12"})
    told = planner.get(PAGE).text
    planner.post(url, data={"closes_on": ""})

    assert "10 ngày" in told
    assert "Đã bỏ ngày" in planner.get(PAGE).text


@pytest.mark.parametrize("day", ["hôm nay", "2026-02-30", "2026-03-01"])
def test_a_wrong_last_day_is_refused(make_wave, planner, day):
    make_wave(frame=FRAME, total=30, opened=True)

    reply = planner.post(f"{PAGE}/closes-on", data={"closes_on": day})

    assert reply.status_code == 409


def test_a_field_that_answers_too_seldom_is_named(app, make_wave, planner):
    rows = [
        (*row[:3], "Đất đai" if i < 30 else row[3], *row[4:])
        for i, row in enumerate(FRAME)
    ]
    wave = make_wave(frame=rows, total=90, opened=True)
    with db.begin() as session:
        for invitation in session.scalars(select(Invitation)):
            if invitation.service_field != "Đất đai":
                invitation.outcome = Outcome.COMPLETED

    with db.read() as session:
        worst = monitoring.drifts(session, wave)["Lĩnh vực"][0]

    assert worst.p < 0.05
    assert "ít hơn khung mẫu" in planner.get(PAGE).text


def test_a_wave_without_anything_says_so(make_wave, planner):
    make_wave()

    page = planner.get(PAGE).text

    assert "chưa mở" in page
    assert "Chưa có phiếu theo mẫu nào về" in page
