"""The plan as people read and sign it."""

import re
from dataclasses import replace

import pytest

from sampling.plan import from_json
from survey_app import clock, db
from survey_app.fieldwork import plans
from survey_app.fieldwork.plan_document import document
from survey_app.fieldwork.planning import SizeBy, SizeWish, StrataBy
from survey_app.models import Role
from tests.survey_app.fieldwork.making import FRAME, build_wave, finished

WISH = SizeWish(
    SizeBy.TOTAL, total=60, at_least=12, reserve=0.15, gain=2.4, expected_share=0.85
)


def sealed(wave, wish=WISH, reason=""):
    with db.begin() as session:
        return plans.freeze_plan(
            session, wave.id, wish, seed=7, reason=reason, now=clock.now()
        )


@pytest.fixture
def wave(province):
    return build_wave(frame=FRAME)


def test_every_number_of_the_page_comes_from_the_sealed_text(signed_in, wave):
    frozen = sealed(wave)
    shown = signed_in(Role.ANALYST).get("/fieldwork/waves/2026-Q1/plan/1").text

    plan = from_json(frozen.document)
    assert frozen.sha256 in shown
    assert plan.frame_sha256 in shown
    assert f"<strong>{plan.seed}</strong> (PCG64)" in shown
    assert "Chọn 60 hồ sơ, thêm 10 hồ sơ dự phòng" in shown
    assert "Phường Long Xuyên" in shown
    assert "Chỉ loại phiếu mà người trả lời đã rút lại." in shown
    assert "Chưa có sửa đổi nào." in shown


def test_expected_margins_are_those_of_the_preview(wave):
    frozen = sealed(wave)
    with db.read() as session:
        preview = plans.planned(session, wave, WISH)

    doc = document(frozen, {})

    assert [o.criterion for o in doc.offices] == [
        o.margin_of_criterion for o in preview.offices
    ]
    assert (doc.criterion, doc.index) == (
        preview.margin_of_criterion,
        preview.margin_of_index,
    )


def test_fine_strata_and_what_was_joined_are_listed(signed_in, province):
    more = [finished(i, field="Hộ tịch") for i in range(200, 260)]
    wave = build_wave(frame=(*FRAME, *more))
    frozen = sealed(wave, replace(WISH, strata=StrataBy.FIELD))
    shown = signed_in(Role.PLANNER).get("/fieldwork/waves/2026-Q1/plan/1").text

    strata = [s.stratum for s in from_json(frozen.document).strata]
    assert len(strata) > 3
    assert all(stratum in shown for stratum in strata)
    assert "Từng tầng" in shown


def test_an_amendment_says_when_and_why_and_what_it_replaced(signed_in, wave):
    first = sealed(wave)
    sealed(wave, replace(WISH, total=70), reason="Thêm kinh phí")

    shown = signed_in(Role.PLANNER).get("/fieldwork/waves/2026-Q1/plan/2").text

    assert re.search(rf"2026-03-02: Thêm kinh phí\..*{first.sha256}", shown)


def test_the_pdf_is_a_pdf_and_a_plan_that_is_not_there_is_not_found(signed_in, wave):
    sealed(wave)
    planner = signed_in(Role.PLANNER)

    reply = planner.get("/fieldwork/waves/2026-Q1/plan/1.pdf")
    missing = planner.get("/fieldwork/waves/2026-Q1/plan/9.pdf")

    assert reply.data.startswith(b"%PDF-")
    assert reply.headers["Content-Disposition"].endswith("ke-hoach-2026-Q1-v1.pdf")
    assert missing.status_code == 404
