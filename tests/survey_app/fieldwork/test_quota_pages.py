"""Targets are set by those who plan, places taken by those who interview."""

import re
from datetime import timedelta

import pytest

from survey_app import db
from survey_app.fieldwork import quotas, response_rates
from survey_app.models import QuotaCell, Role
from tests.survey_app.fieldwork.making import FRAME

PAGE = "/fieldwork/waves/2026-Q1/quotas"


@pytest.fixture
def interviewer(signed_in):
    return signed_in(Role.INTERVIEWER)


def cells():
    with db.read() as session:
        return {(c.office_id, c.name): c.target for c in session.query(QuotaCell)}


def test_targets_come_from_the_plan(make_wave, planner):
    make_wave(frame=FRAME, total=30)

    reply = planner.post(f"{PAGE}/from-plan", data={"split": "whole"})

    assert reply.status_code == 303
    assert sum(cells().values()) == 30
    assert "Đã đặt chỉ tiêu 30 cuộc phỏng vấn" in planner.get(PAGE).text


def test_another_way_of_splitting_wishes_for_no_more_in_all(make_wave, planner):
    make_wave(frame=FRAME, total=30)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})

    planner.post(f"{PAGE}/from-plan", data={"split": "channel"})

    assert sum(cells().values()) == 30
    assert "Trực tiếp" in {name for _, name in cells()}


@pytest.mark.parametrize("split", ["", "nonsense"])
def test_an_unknown_way_of_splitting_is_refused(make_wave, planner, split):
    make_wave(frame=FRAME, total=30)

    reply = planner.post(f"{PAGE}/from-plan", data={"split": split})

    assert reply.status_code == 422
    assert "Vui lòng chọn cách chia nhóm" in reply.text


def test_without_a_plan_there_is_nothing_to_share(make_wave, planner):
    make_wave(frame=FRAME)

    reply = planner.post(f"{PAGE}/from-plan", data={"split": "whole"})

    assert reply.status_code == 422
    assert "Chưa chốt kế hoạch" in reply.text


def test_every_wrong_target_is_told_and_kept_as_typed(make_wave, planner):
    make_wave(frame=FRAME, total=30)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    before = cells()

    reply = planner.post(PAGE, data={"cell-1": "nhiều", "cell-2": "-1", "cell-3": "5"})

    assert reply.status_code == 422
    assert reply.text.count("vui lòng ghi một số từ 0 trở lên") == 2
    assert 'value="nhiều"' in reply.text
    assert cells() == before


def test_a_target_cannot_fall_under_what_is_done(make_wave, planner, interviewer):
    make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    interviewer.post("/fieldwork/interviews/start/1")

    reply = planner.post(PAGE, data={"cell-1": "0", "cell-2": "9", "cell-3": "9"})

    assert reply.status_code == 422
    assert "không giảm xuống 0 được" in reply.text


def test_an_interview_takes_a_place_and_keeps_it_when_done(
    make_wave, planner, interviewer
):
    make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    interviewer.post("/fieldwork/interviews/start/1")
    page = interviewer.get("/fieldwork/interviews").text
    finish = re.search(r'action="(/fieldwork/interviews/[^"]+/finish)"', page)[1]

    interviewer.post(finish)

    with db.read() as session:
        cell = session.get_one(QuotaCell, 1)
    assert (cell.reserved, cell.finished) == (0, 1)
    assert "Nguyễn Thị Ánh" in planner.get("/fieldwork/waves/2026-Q1/monitoring").text


def test_nobody_finishes_the_interview_of_another(make_wave, planner, signed_in):
    make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    mine, other = signed_in(Role.INTERVIEWER), signed_in(Role.INTERVIEWER)
    mine.post("/fieldwork/interviews/start/1")
    page = mine.get("/fieldwork/interviews").text
    finish = re.search(r'action="(/fieldwork/interviews/[^"]+/finish)"', page)[1]

    assert other.post(finish).status_code == 404


def test_a_full_cell_says_so_and_time_frees_it(make_wave, planner, interviewer, now):
    make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    planner.post(PAGE, data={"cell-1": "1", "cell-2": "0", "cell-3": "0"})
    interviewer.post("/fieldwork/interviews/start/1")
    refused = interviewer.post("/fieldwork/interviews/start/1")
    now.moment += timedelta(hours=1)

    taken = interviewer.post("/fieldwork/interviews/start/1")

    assert refused.status_code == 409
    assert "Nhóm này đã đủ" in refused.text
    assert taken.status_code == 303


def test_no_interview_starts_before_the_wave_is_open(make_wave, planner, interviewer):
    make_wave(frame=FRAME, total=30)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})

    assert interviewer.post("/fieldwork/interviews/start/1").status_code == 409
    assert interviewer.post("/fieldwork/interviews/start/99").status_code == 404


def test_rates_of_interviewers_follow_from_what_became_of_their_interviews(
    make_wave, planner, interviewer, now
):
    wave = make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    for act in (*["finish"] * 5, *["release"] * 3, "", ""):
        interviewer.post("/fieldwork/interviews/start/1")
        if act:
            page = interviewer.get("/fieldwork/interviews").text
            path = re.search(rf'action="([^"]*/{act})"', page)[1]
            interviewer.post(path)
    with db.begin() as session:
        under_way = response_rates.by_interviewer(session, wave)
        now.moment += timedelta(hours=2)
        quotas.expire_all(session, wave, now=now.moment)

    with db.read() as session:
        (row,) = response_rates.by_interviewer(session, wave)
    page = planner.get("/fieldwork/waves/2026-Q1/rates").text

    assert under_way[0].outcomes == {"completed": 5, "broken_off": 3}
    assert row.outcomes == {"completed": 5, "broken_off": 3, "other": 2}
    assert (row.rates.rr1, row.rates.cooperation3) == (0.5, 5 / 8)
    assert row.rates.refusal1 == 0.3
    assert row.name in page
    assert "62,5 %" in page


def test_an_interview_under_way_is_no_outcome(make_wave, planner, interviewer):
    make_wave(frame=FRAME, total=30, opened=True)
    planner.post(f"{PAGE}/from-plan", data={"split": "whole"})
    interviewer.post("/fieldwork/interviews/start/1")

    assert (
        "Từng người phỏng vấn" not in planner.get("/fieldwork/waves/2026-Q1/rates").text
    )
