"""What a planner sees: consequences at once, two plans, a calculator, wrong input."""

import re

import pytest

from sampling.plan import from_json
from survey_app import db
from survey_app.fieldwork import plans
from survey_app.models import Role
from tests.survey_app.fieldwork.making import FRAME

ADDRESS = "/fieldwork/waves/2026-Q1/plan"
ASKED = {"size_by": "total", "total": "40", "at_least": "4", "margin": "10"} | {
    "expected": "85",
    "response": "80",
    "gain": "2,4",
}


@pytest.fixture
def page(planner, make_wave):
    make_wave(frame=FRAME)

    def page(address=ADDRESS, **asked):
        return planner.get(address, query_string=ASKED | asked)

    return page


def test_a_number_shows_what_it_gives_and_what_the_margin_would_need(page):
    shown = page().text

    assert "<strong>40</strong> phiếu phát, trên 120 hồ sơ" in shown
    assert "Cần cho ± 10,0: tiêu chí" in shown
    assert "Từng bước tính số phiếu cần" in shown
    assert shown.count('<svg class="margin"') == 3
    assert "Phường Long Xuyên: ± " in shown


def test_a_margin_shows_how_many_it_takes_and_when_the_whole_list_is_not_enough(page):
    criterion = page(size_by="share").text
    index = page(size_by="index").text
    impossible = page(size_by="share", margin="1").text

    assert 0 < forms(index) < forms(criterion) < 120
    assert forms(impossible) == 120
    assert "(cả danh sách)" in impossible
    assert "(cả danh sách)" not in index


def forms(shown):
    return int(re.search(r"<strong>(\d+)</strong> phiếu phát", shown)[1])


def test_money_buys_as_many_as_it_can(page):
    shown = page(size_by="budget", budget="1.000.000", cost="20.000").text

    assert "<strong>50</strong> phiếu phát" in shown
    assert "<strong>1.000.000</strong> đồng" in shown


def test_communes_may_cost_more(page):
    shown = page(
        size_by="budget", budget="1000000", cost="20000", cost_commune="40000"
    ).text

    assert "<strong>50</strong>" not in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"size_by": "budget", "cost": "9", "budget": "50"}, "cần ít nhất 108 đồng"),
        ({"size_by": "budget", "budget": "50"}, "Cần chi phí một phiếu"),
        ({"at_least": "20", "at_most": "10"}, "nhỏ hơn mức tối thiểu"),
        ({"at_most": "10"}, "nhiều nhất 30 phiếu"),
        ({"strata": "làng"}, "Vui lòng chọn một mục trong danh sách"),
        ({"reserve": "300"}, "phải từ 0 đến 200"),
        ({"deff": "0"}, "phải từ 0,1 đến 20"),
    ],
)
def test_wishes_that_cannot_be_are_answered_with_what_was_typed(page, wrong, sentence):
    reply = page(**wrong)

    assert reply.status_code == 422
    assert sentence in reply.text
    assert 'value="85"' in reply.text


def test_every_kth_is_tested_against_the_rota_before_it_is_chosen(page):
    shown = page(draw="systematic", total="30").text

    assert "khoảng cách chọn" in shown


def test_two_plans_stand_beside_each_other_in_one_address(planner, make_wave):
    make_wave(frame=FRAME)
    asked = {f"a-{k}": v for k, v in ASKED.items()}
    asked |= {f"b-{k}": v for k, v in (ASKED | {"total": "60"}).items()}

    both = planner.get(f"{ADDRESS}/compare", query_string=asked)
    half = planner.get(f"{ADDRESS}/compare", query_string=asked | {"b-total": "9999"})

    assert both.status_code == 200
    assert "<strong>40</strong> phiếu phát" in both.text
    assert "<strong>60</strong> phiếu phát" in both.text
    assert half.status_code == 422
    assert "Phương án B không thực hiện được" in half.text


def test_the_calculator_answers_both_ways_and_labels_slovin(signed_in):
    analyst = signed_in(Role.ANALYST)
    asked = {
        "frame_size": "2.500",
        "margin": "5",
        "n": "100",
        "expected": "50",
        "gain": "1",
        "deff": "1",
        "response": "100",
        "eligibility": "100",
        "first": "80",
        "second": "85",
        "power": "80",
    }

    first = analyst.get("/fieldwork/calculator")
    shown = analyst.get("/fieldwork/calculator", query_string=asked).text
    wrong = analyst.get("/fieldwork/calculator", query_string=asked | {"n": "9999"})
    typed = analyst.get("/fieldwork/calculator", query_string=asked | {"n": "nhiều"})

    assert first.status_code == 200
    assert "<strong>334</strong>" in shown
    assert "giản lược Slovin, N ÷ (1 + N·e²): 345 phiếu" in shown
    assert wrong.status_code == typed.status_code == 422
    assert "không đi cùng nhau" in wrong.text
    assert "vui lòng ghi một số nguyên" in typed.text


def test_aim_rules_and_reserve_are_fixed_with_the_plan(planner, make_wave):
    wave = make_wave(frame=FRAME)
    fixed = {
        "aim": "So sánh các phường",
        "exclusion_rules": "Phiếu đã rút lại.\r\n\r\nPhiếu trả lời dưới 20 giây.",
        "reserve": "15",
        "seed": "7",
    }

    planner.post(ADDRESS, data=ASKED | fixed)

    with db.read() as session:
        sealed = from_json(plans.latest_plan(session, wave).document)
    assert sealed.aim == "So sánh các phường"
    assert sealed.exclusion_rules == (
        "Phiếu đã rút lại.",
        "Phiếu trả lời dưới 20 giây.",
    )
    assert sealed.reserve == 7
