"""How many to ask in each office, by value."""

import pytest

from sampling.plan import from_json
from sampling.small_strata import Cell
from survey_app import db
from survey_app.errors import Refused
from survey_app.fieldwork import plans
from survey_app.fieldwork.planning import SizeBy, SizeWish, allocated
from survey_app.fieldwork.planning_preview import JudgedOffice, preview
from tests.survey_app.fieldwork.making import FRAME

SIZES = {"30307": 700, "30316": 250, "STP": 50}


def total(number, at_least=0):
    return SizeWish(SizeBy.TOTAL, total=number, at_least=at_least)


def test_a_total_is_shared_in_proportion_and_no_office_falls_under_its_minimum():
    assert allocated(SIZES, total(100)) == {"30307": 70, "30316": 25, "STP": 5}
    assert allocated(SIZES, total(100, 10)) == {"30307": 66, "30316": 24, "STP": 10}


def test_slovin_is_applied_to_each_office():
    wish = SizeWish(SizeBy.SLOVIN, at_least=0)

    assert allocated({"a": 100, "b": 1000}, wish) == {"a": 80, "b": 286}


def test_a_share_takes_account_of_those_who_will_not_answer():
    all_answer = SizeWish(SizeBy.SHARE, at_least=0)
    some_answer = SizeWish(SizeBy.SHARE, at_least=0, response=0.6)

    assert allocated({"a": 2500}, all_answer) == {"a": 334}
    assert allocated({"a": 2500}, some_answer) == {"a": 556}


def test_a_small_office_is_taken_whole():
    wish = SizeWish(SizeBy.SLOVIN, at_least=30)

    assert allocated({"a": 12}, wish) == {"a": 12}


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (total(1001), "lớn hơn số hồ sơ"),
        (total(50, 30), "cần ít nhất 90 phiếu"),
        (total(None), "từ 1 trở lên"),
    ],
)
def test_a_wish_the_frame_cannot_meet_is_refused_with_numbers(wish, reason):
    with pytest.raises(Refused, match=reason):
        allocated(SIZES, wish)


def test_a_preview_says_what_each_sample_is_worth_and_who_has_none():
    wish = SizeWish(SizeBy.TOTAL, total=33, at_least=0, expected_share=0.85, gain=2.4)

    frame = {
        Cell(code, "f", "post", "2026-01"): n for code, n in (("a", 10**9), ("b", 3))
    }
    found = preview(
        frame,
        [JudgedOffice("a", "A"), JudgedOffice("b", "B"), JudgedOffice("c", "Xã C")],
        wish,
    )

    assert found.without_frame == ("Xã C",)
    assert [(o.code, o.n, o.is_thin) for o in found.offices] == [
        ("a", 33, False),
        ("b", 0, True),
    ]
    assert found.offices[0].margin_of_criterion == pytest.approx(0.1218, abs=1e-4)
    assert found.offices[0].margin_of_index == pytest.approx(0.0786, abs=1e-4)


def test_an_empty_frame_is_said_to_be_empty():
    with pytest.raises(Refused, match="còn trống"):
        preview({}, [JudgedOffice("a", "A")], total(10))


def test_what_was_wished_is_kept_in_the_plan(make_wave):
    wave = make_wave(frame=FRAME, total=30)

    with db.read() as session:
        sealed = from_json(plans.latest_plan(session, wave).document)

    assert (sealed.n, sealed.frame_size, sealed.seed) == (30, 120, 7)
    assert dict(sealed.decided)["total"] == 30
    assert [(s.stratum, s.frame_size) for s in sealed.strata] == [
        ("30307", 60),
        ("30316", 40),
        ("STP", 20),
    ]
