"""Copies given out, printed, marked and accounted for, office by office."""

import re

import pytest

from survey_app import db
from survey_app.models import AuditEntry, PaperForm, PaperState, WaveStatus

PAGE = "/paper/2026-q1/"


def cells(page):
    """The figures of the first office: issued, stored, waiting, spoiled, lost, out."""
    row = re.search(r"<tbody>(.*?)</tr>", page.text, re.S)[1]
    figures = re.findall(r'<td class="figure">(?:<strong>)?(\d+)', row)
    return [int(figure) for figure in figures]


@pytest.fixture
def sent(wave):
    return {"office": wave.office_id, "count": "5", "language": "vi"}


def test_without_paper_the_page_says_what_to_do(planner, wave):
    assert "Chưa cấp phiếu giấy nào" in planner.get(PAGE).text


def test_copies_are_numbered_for_an_office_and_logged(planner, sent):
    page = planner.post(f"{PAGE}issue", data=sent, follow_redirects=True)

    assert "Đã cấp 5 phiếu" in page.text
    assert cells(page) == [5, 0, 0, 0, 0, 5]
    with db.read() as session:
        [entry] = session.query(AuditEntry)
        assert (entry.action, entry.detail["count"]) == ("paper.issued", 5)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"count": "0"}, "Mỗi lần cấp từ 1 đến 2.000 phiếu."),
        ({"count": "năm"}, "Mỗi lần cấp từ 1 đến 2.000 phiếu."),
        ({"count": "2001"}, "Mỗi lần cấp từ 1 đến 2.000 phiếu."),
        ({"office": "99"}, "Vui lòng chọn một đơn vị"),
        ({"language": "fr"}, "chưa có bản dịch “fr”"),
    ],
)
def test_a_wrong_wish_is_refused_and_kept(planner, sent, wrong, told):
    page = planner.post(f"{PAGE}issue", data=sent | wrong)

    assert page.status_code == 422
    assert told in page.text
    assert f'value="{(sent | wrong)["count"]}"' in page.text
    with db.read() as session:
        assert session.query(PaperForm).count() == 0


def test_every_reason_is_told_at_once(planner, sent, wave):
    wave.change_wave(status=WaveStatus.CLOSED)
    page = planner.post(f"{PAGE}issue", data={"office": "0", "count": "x"})

    assert page.text.count("<li>") >= 4
    assert "không cấp thêm phiếu giấy" in page.text


def test_every_copy_is_in_exactly_one_column(
    planner, issued, typists, type_in, keys_of, printed
):
    serials = issued(6)
    for typist in typists:
        type_in(typist, serials[0], keys_of())
    type_in(typists[0], serials[1], keys_of())
    typists[0].post(f"{PAGE}entry/{serials[2]}/spoil", data={"reason": "blank"})
    numbers = f"{printed(serials[3])}..{printed(serials[4])}"
    planner.post(f"{PAGE}mark", data={"numbers": numbers, "state": "lost"})

    assert cells(planner.get(PAGE)) == [6, 1, 1, 1, 2, 1]


def test_a_lost_copy_that_turns_up_can_be_typed_in(
    wave, planner, issued, typists, type_in, keys_of, printed
):
    serial = issued()[0]
    planner.post(f"{PAGE}mark", data={"numbers": printed(serial), "state": "lost"})
    for typist in typists:
        type_in(typist, serial, keys_of())

    assert len(wave.responses()) == 1
    assert cells(planner.get(PAGE)) == [1, 1, 0, 0, 0, 0]


def test_marking_throws_away_what_was_typed(
    planner, issued, typists, type_in, keys_of, printed, paper
):
    serial = issued()[0]
    type_in(typists[0], serial, keys_of())
    planner.post(
        f"{PAGE}mark",
        data={"numbers": printed(serial), "state": "spoiled:unreadable"},
    )

    assert paper.entries() == []
    assert paper.form(serial).state is PaperState.SPOILED


@pytest.mark.parametrize(
    ("numbers", "state", "told"),
    [
        ("", "lost", "Chưa ghi số phiếu nào."),
        ("000001-0 abc", "lost", "không phải số phiếu"),
        ("000999-3", "lost", "không có phiếu số 000999-3"),
        ("{first}", "", "chọn tình trạng"),
        ("{first}", "returned", "ghi nhận khi nhập"),
        ("{first}", "spoiled", "Chưa chọn lý do hỏng."),
        ("{last}..{first}", "lost", "Khoảng"),
    ],
)
def test_a_wrong_mark_is_refused_with_its_reason(
    planner, issued, printed, paper, numbers, state, told
):
    first, last = issued(2)
    typed = numbers.format(first=printed(first), last=printed(last))
    page = planner.post(f"{PAGE}mark", data={"numbers": typed, "state": state})

    assert page.status_code == 422
    assert told in page.text
    assert paper.form(first).state is PaperState.ISSUED


def test_a_copy_already_counted_is_not_marked(
    planner, issued, typists, type_in, keys_of, printed, paper
):
    serial = issued()[0]
    for typist in typists:
        type_in(typist, serial, keys_of())
    page = planner.post(
        f"{PAGE}mark", data={"numbers": printed(serial), "state": "lost"}
    )

    assert page.status_code == 422
    assert paper.form(serial).stored


def test_who_only_types_sees_the_way_there_and_nothing_else(typists, issued):
    issued()
    page = typists[0].get("/paper/")

    assert "/paper/2026-q1/entry" in page.text
    assert f'href="{PAGE}"' not in page.text
    assert typists[0].get(PAGE).status_code == 403


def test_the_list_without_waves_says_so(planner):
    assert "Chưa có đợt khảo sát nào." in planner.get("/paper/").text


def test_the_page_of_a_wave_leads_to_its_paper(planner, wave):
    assert f'href="{PAGE}"' in planner.get("/fieldwork/waves/2026-q1").text


def test_the_page_of_a_form_offers_a_specimen_in_each_language(planner, app):
    page = planner.get("/questionnaires/sipas_2640/")

    for language in ("vi", "en", "km"):
        assert f"/paper/specimen/sipas_2640-{language}.pdf" in page.text
