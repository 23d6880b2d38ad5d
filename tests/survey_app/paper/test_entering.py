"""Typing paper ballots in twice, and settling what was read differently."""

from datetime import timedelta

import pytest

from survey_app import clock, db
from survey_app.models import (
    AuditEntry,
    Mode,
    PaperState,
    Role,
    Selection,
    SpoiledReason,
    WaveStatus,
)

PAGE = "/paper/2026-q1"


@pytest.fixture
def stored(issued, typists, type_in, keys_of):
    """A copy that two people typed alike."""

    def stored(**other):
        serial = issued()[0]
        for typist in typists:
            reply = type_in(typist, serial, keys_of(**other))
            assert reply.status_code == 303, reply.text
        return serial

    return stored


def test_a_ballot_is_stored_when_two_people_type_the_same(wave, stored, paper):
    serial = stored()

    [response] = wave.responses()
    assert response.mode is Mode.PAPER
    assert response.answers["a1"] == 1
    assert response.office_id == wave.office_id
    assert (paper.form(serial).state, paper.form(serial).stored) == (
        PaperState.RETURNED,
        True,
    )


def test_one_typing_alone_stores_nothing(wave, issued, typists, type_in, keys_of):
    type_in(typists[0], issued()[0], keys_of())

    assert wave.responses() == []


def test_once_stored_nothing_leads_from_the_sheet_to_the_answers(wave, stored, paper):
    serial = stored()

    assert paper.entries() == []
    assert paper.form(serial).response_id is None
    with db.read() as session:
        log = [(e.action, e.subject, e.detail) for e in session.query(AuditEntry)]
    assert log == []


def test_the_receipt_printed_before_withdraws_the_ballot(
    app, wave, issued, typists, type_in, keys_of, paper
):
    from survey_app.collect import operations, receipts

    serial = issued()[0]
    receipt = receipts.receipt(paper.form(serial).response_id)
    for typist in typists:
        type_in(typist, serial, keys_of())
    with db.begin() as session:
        operations.withdraw(session, receipt)

    assert [r.withdrawn for r in wave.responses()] == [True]


def test_without_a_slip_a_paper_ballot_counts_as_open(wave, stored):
    stored()

    assert [r.selection for r in wave.responses()] == [Selection.OPEN]


def test_the_code_of_a_slip_is_spent_and_makes_the_ballot_one_of_the_sample(
    wave, stored, spent
):
    code = wave.slip()
    stored(**{"ma-phieu": code.lower()})

    [response] = wave.responses()
    assert (response.selection, response.stratum, response.response_class) == (
        Selection.FROM_LIST,
        "SXD",
        "SXD-1",
    )
    assert spent(code)


def test_a_code_is_kept_only_as_its_hash(
    wave, issued, typists, type_in, keys_of, paper
):
    code = wave.slip()
    type_in(typists[0], issued()[0], keys_of(**{"ma-phieu": code}))

    [entry] = paper.entries()
    assert code not in str(entry.typed)
    assert len(entry.code_hash) == 64


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("7K3M9QX2T", "thiếu ký tự hoặc gõ nhầm"),
        ("0000000000", "không có mã phiếu đó"),
    ],
)
def test_a_code_that_cannot_be_is_told(
    wave, issued, typists, type_in, keys_of, code, told
):
    page = type_in(typists[0], issued()[0], keys_of(**{"ma-phieu": code}))

    assert page.status_code == 422
    assert told in page.text


def test_a_spent_code_is_told_and_the_sheet_can_be_marked(
    wave, issued, typists, type_in, keys_of, paper
):
    code, serial = wave.slip(spent=True), issued()[0]
    page = type_in(typists[0], serial, keys_of(**{"ma-phieu": code}))
    typists[0].post(f"{PAGE}/entry/{serial}/spoil", data={"reason": "code_used"})

    assert "đã dùng để gửi một phiếu khác" in page.text
    assert paper.form(serial).reason is SpoiledReason.CODE_USED


def test_a_code_spent_between_the_two_typings_is_not_counted_twice(
    wave, issued, typists, type_in, keys_of, paper
):
    code, serial = wave.slip(), issued()[0]
    type_in(typists[0], serial, keys_of(**{"ma-phieu": code}))
    other = issued()[0]
    for typist in typists:
        type_in(typist, other, keys_of(**{"ma-phieu": code}))
    page = type_in(typists[1], serial, keys_of(**{"ma-phieu": code}))

    assert page.status_code == 422
    assert len(wave.responses()) == 1


def test_what_stood_on_no_route_or_was_left_empty_is_stored_as_such(wave, stored):
    stored(promptness="1", late_told="", late_apology="2", a1="0", visits="*0")

    answers = wave.responses()[0].answers
    assert (answers["late_told"], answers["late_apology"]) == (-4, -4)
    assert (answers["a1"], answers["visits"]) == (-5, -5)


def test_boxes_beside_a_written_answer_have_keys_of_their_own(wave, stored):
    stored(visits="*1", a1="6")

    answers = wave.responses()[0].answers
    assert (answers["visits"], answers["a1"]) == (-2, -1)


def test_several_boxes_are_typed_with_blanks_between(wave, stored):
    stored(wishes="1 3")

    assert wave.responses()[0].answers["wishes"] == [1, 3]


def test_everything_not_typed_yet_is_told_and_what_is_typed_is_kept(
    issued, typists, type_in, wave
):
    page = type_in(typists[0], issued()[0], {"a1": "4"})

    assert page.status_code == 422
    assert 'name="a1" class="narrow" value="4"' in page.text
    assert page.text.count("Chưa nhập.") > 20
    assert 'aria-invalid="true" autofocus' in page.text


def test_a_key_without_a_box_is_told(issued, typists, type_in, keys_of):
    page = type_in(typists[0], issued()[0], keys_of(a1="9", b1="x"))

    assert page.status_code == 422
    assert "Không có ô số 9." in page.text
    assert "Không có ô số x." in page.text


def test_without_consent_nothing_of_the_answers_is_kept(
    wave, issued, typists, type_in, paper
):
    serial = issued()[0]
    for typist in typists:
        type_in(typist, serial, {"dong-y": "2", "co-nguoi-giup": "0", "a1": "5"})

    assert wave.responses() == []
    assert paper.form(serial).reason is SpoiledReason.NO_CONSENT
    assert paper.entries() == []


def test_the_same_person_does_not_type_a_copy_twice(
    wave, issued, typists, type_in, keys_of
):
    serial = issued()[0]
    type_in(typists[0], serial, keys_of())
    page = type_in(typists[0], serial, keys_of())

    assert page.status_code == 422
    assert "lần hai phải do người khác nhập" in page.text
    assert wave.responses() == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("000001-7", "sai chữ số"),
        ("chữ", "sai chữ số"),
        ("000999-1", "sai chữ số"),
        ("000999-3", "không có phiếu số 000999-3"),
    ],
)
def test_a_number_that_is_no_copy_is_told(issued, typists, typed, told):
    issued()
    page = typists[0].get(f"{PAGE}/entry", query_string={"serial": typed})

    assert page.status_code == 422
    assert told in page.text


def test_a_number_opens_its_copy_however_it_is_written(issued, typists, printed):
    serial = issued()[0]
    number = printed(serial)
    written = (number, number.replace("-", ""), number.lstrip("0"), f" {number} ")
    replies = [
        typists[0].get(f"{PAGE}/entry", query_string={"serial": text})
        for text in written
    ]

    assert {reply.location for reply in replies} == {f"{PAGE}/entry/{serial}"}


def test_a_copy_that_is_done_or_spoiled_is_not_opened_again(
    stored, typists, issued, printed
):
    done, spoiled = stored(), issued()[0]
    typists[0].post(f"{PAGE}/entry/{spoiled}/spoil", data={"reason": "blank"})
    told = [
        typists[0].get(f"{PAGE}/entry", query_string={"serial": printed(serial)}).text
        for serial in (done, spoiled)
    ]

    assert "đã nhập xong" in told[0]
    assert "đã được ghi là hỏng" in told[1]


def test_paper_is_typed_in_the_days_of_grace_and_no_longer(
    wave, issued, typists, type_in, keys_of, now
):
    serials = issued(2)
    wave.change_wave(status=WaveStatus.CLOSED, closed_at=clock.now())
    now.moment += timedelta(days=6)
    within = type_in(typists[0], serials[0], keys_of())
    now.moment += timedelta(days=2)
    after = type_in(typists[0], serials[1], keys_of())

    assert (within.status_code, after.status_code) == (303, 422)
    assert "không nhận phiếu giấy lúc này" in after.text


@pytest.fixture
def differing(issued, typists, type_in, keys_of):
    """A copy read differently at two places."""
    serial = issued()[0]
    type_in(typists[0], serial, keys_of())
    type_in(typists[1], serial, keys_of(a1="5", visits="3"))
    return serial


def test_what_was_read_differently_waits_in_a_list(wave, planner, differing, printed):
    page = planner.get(f"{PAGE}/disagreements")

    assert wave.responses() == []
    assert printed(differing) in page.text
    assert '<td class="figure">2</td>' in page.text


def test_both_readings_stand_side_by_side_in_words(planner, differing):
    page = planner.get(f"{PAGE}/disagreements/{differing}")

    assert "Rất không hài lòng" in page.text
    assert "Rất hài lòng" in page.text
    assert page.text.count("<fieldset") == 2


def test_each_place_is_settled_by_one_reading_or_anew(wave, planner, differing, paper):
    sent = {"a1-chon": "2", "visits-chon": "3", "visits-khac": "4"}
    planner.post(f"{PAGE}/disagreements/{differing}", data=sent)

    answers = wave.responses()[0].answers
    assert (answers["a1"], answers["visits"]) == (5, 4)
    assert paper.form(differing).differences == 2
    assert paper.entries() == []


def test_a_place_left_undecided_or_settled_wrongly_is_told(wave, planner, differing):
    undecided = planner.post(f"{PAGE}/disagreements/{differing}", data={"a1-chon": "1"})
    wrong = planner.post(
        f"{PAGE}/disagreements/{differing}",
        data={"a1-chon": "3", "a1-khac": "8", "visits-chon": "1"},
    )

    assert (undecided.status_code, wrong.status_code) == (422, 422)
    assert "Chưa nhập." in undecided.text
    assert "Không có ô số 8." in wrong.text
    assert 'value="8"' in wrong.text
    assert wave.responses() == []


def test_settling_is_logged_without_the_number_of_the_copy(planner, differing, printed):
    sent = {"a1-chon": "1", "visits-chon": "1"}
    planner.post(f"{PAGE}/disagreements/{differing}", data=sent)

    with db.read() as session:
        [entry] = session.query(AuditEntry)
        assert (entry.action, entry.subject, entry.detail) == (
            "paper.settled",
            "2026-q1",
            {},
        )


def test_the_code_read_differently_is_settled_too(
    wave, planner, issued, typists, type_in, keys_of, spent
):
    code, serial = wave.slip(), issued()[0]
    type_in(typists[0], serial, keys_of())
    type_in(typists[1], serial, keys_of(**{"ma-phieu": code}))
    planner.post(f"{PAGE}/disagreements/{serial}", data={"ma-phieu-chon": "2"})

    assert [r.selection for r in wave.responses()] == [Selection.FROM_LIST]
    assert spent(code)


def test_nothing_to_settle_leads_back_to_typing(signed_in, wave):
    page = signed_in(Role.SUPERVISOR).get(f"{PAGE}/disagreements")

    assert "Không có phiếu nào nhập hai lần khác nhau." in page.text


def test_a_copy_not_typed_twice_has_nothing_to_settle(planner, issued):
    page = planner.get(f"{PAGE}/disagreements/{issued()[0]}")

    assert page.status_code == 404
