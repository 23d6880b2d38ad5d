"""Why a wave may not open, and what comes next."""

from dataclasses import replace

import pytest

from survey_app.fieldwork.readiness import WaveFacts, next_step, opening_problems
from survey_app.models import WaveStatus

READY = WaveFacts(
    status=WaveStatus.DRAFT,
    offices=3,
    frame_size=120,
    empty_offices=0,
    plan_version=1,
    invitations=30,
    issued=0,
    returned=0,
    live_posters=4,
)
NOTHING = replace(
    READY,
    offices=0,
    frame_size=0,
    plan_version=None,
    invitations=0,
    live_posters=0,
    definition_problems=("Không có mẫu phiếu “x”.",),
)


def test_a_wave_with_frame_and_plan_may_open_even_without_posters():
    assert opening_problems(READY) == []
    assert opening_problems(replace(READY, live_posters=0)) == []


def test_every_reason_against_opening_is_given_at_once():
    assert opening_problems(NOTHING) == [
        "Không có mẫu phiếu “x”.",
        "Chưa chọn đơn vị nào.",
        "Chưa nhập hồ sơ đã giải quyết (khung mẫu còn trống).",
        "Chưa chốt kế hoạch chọn mẫu.",
    ]


def test_a_frame_changed_after_the_plan_needs_the_plan_again():
    changed = replace(READY, invitations=0)

    assert opening_problems(changed) == [
        "Khung mẫu đã đổi sau khi chốt kế hoạch; cần chốt lại kế hoạch."
    ]


def test_posters_alone_open_a_wave_only_when_that_is_asked_for():
    hung = replace(READY, frame_size=0, plan_version=None, invitations=0)

    assert opening_problems(hung) != []
    assert opening_problems(hung, posters_only=True) == []
    assert opening_problems(replace(hung, live_posters=0), posters_only=True) != []


def test_a_plan_is_not_passed_over_by_opening_for_posters():
    assert opening_problems(READY, posters_only=True) != []


@pytest.mark.parametrize("status", [s for s in WaveStatus if s != "draft"])
def test_only_a_draft_opens(status):
    assert opening_problems(replace(READY, status=status)) == [
        "Chỉ mở được đợt khảo sát đang chuẩn bị."
    ]


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"offices": 0}, "fieldwork.wave_offices"),
        ({"frame_size": 0, "invitations": 0}, "fieldwork.transactions_of"),
        ({"invitations": 0}, "fieldwork.plan"),
        ({}, "fieldwork.open_wave"),
        ({"status": WaveStatus.OPEN}, "fieldwork.hand_out"),
        ({"status": WaveStatus.OPEN, "issued": 30}, "fieldwork.close_wave"),
        ({"status": WaveStatus.OPEN, "issued": None}, "fieldwork.close_wave"),
        ({"status": WaveStatus.CLOSED}, None),
        ({"status": WaveStatus.FROZEN}, None),
    ],
)
def test_the_next_step_leads_to_the_page_where_it_is_done(changes, page):
    assert next_step(replace(READY, **changes)).page == page
