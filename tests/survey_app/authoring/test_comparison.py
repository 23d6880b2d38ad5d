"""Two forms side by side, and criteria joined into one series by decision."""

import pytest

import questionnaires
from survey_app import db
from survey_app.authoring import comparisons
from survey_app.models import AuditEntry, Definition

CHANGED = "Nơi ngồi chờ có đủ ghế"


@pytest.fixture
def page(planner, texts):
    """The address that compares a form with one that words a criterion anew."""
    form = questionnaires.parse(texts.published)
    text = texts.published.replace("sipas_2640", "sipas_moi")
    text = text.replace("2640/QĐ-BNV của Bộ Nội vụ", "99/QĐ-UBND")
    text = text.replace(form.question("a1").text, CHANGED)
    planner.post("/questionnaires/publish", data={"text": text})
    return "/questionnaires/sipas_2640/compare/sipas_moi"


def compared():
    with db.read() as session:
        before, after = (
            questionnaires.parse(session.get_one(Definition, id_).text)
            for id_ in ("sipas_2640", "sipas_moi")
        )
        return comparisons.compare(session, before, after)


def test_what_changed_is_shown_before_and_after(planner, page):
    shown = planner.get(page)

    assert shown.status_code == 200
    assert "Lời câu hỏi" in shown.text
    assert CHANGED in shown.text


def test_criteria_worded_alike_are_joined_and_the_changed_one_stands_alone(page):
    found = compared()

    assert len(found.pairs) == 22
    assert [c.id for c in found.alone_before] == ["a1"]
    assert [c.id for c in found.alone_after] == ["a1"]


def test_a_decision_joins_two_criteria_with_its_reason_and_is_logged(planner, page):
    sent = {"old": "a1", "new": "a1", "reason": "Công văn 12/SNV"}
    shown = planner.post(page, data=sent, follow_redirects=True)

    assert "Công văn 12/SNV" in shown.text
    assert compared().alone_before == ()
    with db.read() as session:
        last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert (last.action, last.detail["reason"]) == (
            "criteria.joined",
            "Công văn 12/SNV",
        )


def test_a_decision_can_be_taken_back(planner, page):
    planner.post(page, data={"old": "a1", "new": "a1", "reason": "Công văn 12/SNV"})
    planner.post(f"{page}/part", data={"old": "a1"})

    assert [c.id for c in compared().alone_before] == ["a1"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"old": "a1", "new": "a1", "reason": " "}, "Chưa ghi lý do ghép"),
        ({"old": "a2", "new": "a1", "reason": "x"}, "Tiêu chí của phiếu trước"),
        ({"old": "a1", "new": "zz", "reason": "x"}, "Tiêu chí của phiếu sau"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_with_the_reason(planner, page, sent, told):
    shown = planner.post(page, data=sent)

    assert shown.status_code == 422
    assert told in shown.text
    assert [c.id for c in compared().alone_before] == ["a1"]


def test_a_form_beside_itself_differs_in_nothing(planner):
    shown = planner.get("/questionnaires/sipas_2640/compare/sipas_2640")

    assert "Hai phiếu giống hệt nhau." in shown.text


def test_every_kind_of_difference_has_words(planner):
    for pair in (("sipas_1001_service", "sipas_2640"), ("sipas_2640", "sipas_ward_9")):
        shown = planner.get("/questionnaires/{}/compare/{}".format(*pair))

        assert shown.status_code == 200


def test_comparing_with_nothing_is_not_found(planner):
    page = planner.get("/questionnaires/sipas_2640/compare/khong-co")

    assert page.status_code == 404
