"""Slips against transactions: what a supervisor sees of each counter and officer."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from sampling.at_counter import Handover
from survey_app import db
from survey_app.hand_over import turns, watch
from survey_app.models import HandOver, HandOverShift
from tests.survey_app.fieldwork.making import build_province, build_wave
from tests.survey_app.hand_over import making

SHIFTS = f"/counter/{making.CODE}/shifts"


@pytest.fixture
def at_work(app, now):
    """Ten turns with six slips printed at the first counter, none at the second."""
    wave = making.build()
    officer = making.make_officer(making.counter_id())
    for turn in making.take_turns(wave, officer, 10)[:6]:
        with db.begin() as session:
            turns.note_printed(session, session.get_one(HandOver, turn.id))
    return wave, officer


def cells(html, caption):
    table = html.split(caption, 1)[1].split("</table>", 1)[0]
    body = table.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [
        [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<td.*?</td>", row)]
        for row in body.split("</tr>")
        if "<td" in row
    ]


def test_each_counter_shows_finished_due_printed_and_what_is_missing(
    at_work, signed_in
):
    rows = cells(signed_in("supervisor").get(SHIFTS).text, "Theo quầy")

    assert rows == [
        *[["1", "10", "10", "6", "60,0 %", "4", "0", watch.UNDER_DUE]],
        *[["1", "0", "0", "0", "–", "0", "0", watch.NO_TURN]],
    ]


def test_each_officer_shows_every_half_day(at_work, now, signed_in):
    wave, officer = at_work
    now.moment += timedelta(hours=21)
    making.take_turns(wave, officer, 2)

    rows = cells(signed_in("planner").get(SHIFTS).text, "Theo người trực")

    assert [row[0] for row in rows] == ["03/03/2026, sáng", "02/03/2026, chiều"]
    assert [row[3:6] for row in rows] == [["2", "2", "0"], ["10", "10", "6"]]
    assert {row[2] for row in rows} == {"Trần Thị Quầy"}


def test_counters_are_sorted_and_found_by_the_address(at_work, signed_in):
    supervisor = signed_in("supervisor")

    by_share = cells(supervisor.get(f"{SHIFTS}?sort=share").text, "Theo quầy")
    found = cells(supervisor.get(f"{SHIFTS}?q=chung+thuc").text, "Theo quầy")

    assert [row[1] for row in by_share] == ["0", "10"]
    assert [row[1] for row in found] == ["0"]


def test_the_file_says_the_same_as_the_page(at_work, signed_in):
    reply = signed_in("supervisor").get(f"{SHIFTS}.csv")

    header, row = reply.data.decode("utf-8-sig").strip().split("\r\n")
    assert "phat-phieu-2026-Q1.csv" in reply.headers["Content-Disposition"]
    assert header.endswith(
        "Lượt đã trả kết quả,Phiếu phải phát,Phiếu đã in,Phiếu ÷ lượt,Cần xem lại"
    )
    assert row == (
        "Sở Tư pháp,Trung tâm Phục vụ hành chính công,Quầy Hộ tịch,02/03/2026,chiều,"
        f'Trần Thị Quầy,10,10,6,"0,6000",{watch.UNDER_DUE}'
    )


@pytest.mark.parametrize(
    ("handed", "undone", "expected"),
    [
        (Handover(0, 0, 0), 0, (watch.NO_TURN,)),
        (Handover(10, 10, 10), 0, ()),
        (Handover(10, 10, 9), 0, (watch.UNDER_DUE,)),
        (Handover(10, 10, 10), 2, ()),
        (Handover(10, 10, 10), 3, (watch.OFTEN_UNDONE,)),
        (Handover(100, 100, 100), 10, ()),
    ],
)
def test_a_flag_has_a_rule(handed, undone, expected):
    assert watch.flags(handed, undone) == expected


def test_a_wave_without_such_counters_says_so(app, signed_in):
    build_province()
    build_wave(making.CODE)

    assert "Không có quầy nào" in signed_in("supervisor").get(SHIFTS).text


def test_no_turn_keeps_a_minute_or_an_order(at_work):
    columns = set(HandOver.__table__.columns.keys())
    kinds = {str(c.type) for c in HandOver.__table__.columns}

    assert not {name for name in columns if name.endswith("_at")}
    assert "DATETIME" not in kinds
    assert {str(c.type) for c in HandOverShift.__table__.columns} <= {
        "INTEGER",
        "DATE",
        "VARCHAR(24)",
    }
    with db.read() as session:
        assert len(session.scalars(select(HandOver)).all()) == 10
