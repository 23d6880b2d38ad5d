"""The frame as a whole before the draw, and who answered of those asked."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from survey_app import clock, codes, db
from survey_app.fieldwork import frame_quality, response_rates, transactions, waves
from survey_app.models import (
    ContactOutcome,
    ContactResult,
    Invitation,
    Outcome,
    Selection,
    Transaction,
)
from tests.survey_app.fieldwork.making import FRAME, HEADER, as_csv, finished

WAVE = "/fieldwork/waves/2026-Q1"


def earlier_wave(rows):
    draft = waves.WaveDraft(
        code="2025-Q4",
        name="Quý IV năm 2025",
        questionnaire_id="sipas_2640",
        rule_set_id="demo_2025",
        period_start=date(2025, 10, 1),
        period_end=date(2025, 12, 31),
        levels=("so_ban_nganh", "xa"),
    )
    with db.begin() as session:
        wave = waves.create_wave(session, draft, now=clock.now())
        transactions.import_transactions(session, wave, as_csv(rows), now=clock.now())


def of_december(number, office):
    return finished(
        number,
        office,
        dossier=f"H01.30-251201-{number:04d}",
        received="01/12/2025",
        returned="05/12/2025",
    )


def findings(wave):
    with db.read() as session:
        return frame_quality.quality(session, wave).findings


def test_offices_without_transactions_are_named(make_wave, planner):
    make_wave(frame=FRAME[:60])

    page = planner.get(f"{WAVE}/frame").text

    assert "Đơn vị không có hồ sơ nào" in page
    assert "Sở Tư pháp" in page
    assert "Phường Châu Đốc" in page


def test_months_are_held_against_the_last_wave_at_the_same_total(make_wave, planner):
    earlier_wave([of_december(i, "30307") for i in range(30)])
    wave = make_wave(frame=FRAME)

    found = {(f.check, f.subject): f.expected for f in findings(wave)}

    assert found["coverage_lost", "Phường Long Xuyên / 12"] == len(FRAME)
    assert "Quý IV năm 2025" in planner.get(f"{WAVE}/frame").text


def test_days_that_went_wrong_later_are_counted_in_transactions(make_wave):
    wave = make_wave(frame=FRAME)
    with db.begin() as session:
        rows = session.scalars(select(Transaction).limit(7)).all()
        for row in rows:
            row.returned_on = date(2025, 12, 1)

    found = {f.check: f.count for f in findings(wave)}

    assert found == {"outside_period": 7, "result_before_receipt": 7}


def test_a_sound_frame_is_said_to_be_sound(make_wave, planner):
    make_wave(frame=FRAME)

    assert "Không thấy điều gì bất thường" in planner.get(f"{WAVE}/frame").text


def with_persons(wave, count_by_person):
    """Bring transactions in whose file says who came."""
    persons = [who for who, count in count_by_person.items() for _ in range(count)]
    rows = [
        finished(200 + i, ("30307", "30316")[i % 2], person=who)
        for i, who in enumerate(persons)
    ]
    file = as_csv(rows, header=(*HEADER[:-1], "Khóa người nộp"))
    with db.begin() as session:
        transactions.import_transactions(session, wave, file, now=clock.now())


def test_people_who_came_often_are_found_and_not_told_who_they_are(make_wave, planner):
    wave = make_wave()
    with_persons(wave, {"089 123 456 789": 4, "089123456789": 3, "once": 5, "": 9})

    (found,) = (f for f in findings(wave) if f.check == "repeat_visitor")
    page = planner.get(f"{WAVE}/frame").text

    assert (found.count, found.subject) == (7, "Phường Châu Đốc, Phường Long Xuyên")
    assert "Một người nộp nhiều hồ sơ" in page
    with db.read() as session:
        kept = set(session.scalars(select(Transaction.person_hash)))
    assert {len(mark) for mark in kept - {None}} == {64}
    assert not any(mark in page for mark in kept - {None})


def test_more_people_than_a_page_holds_are_summed_up(make_wave):
    wave = make_wave()
    with_persons(wave, {f"p{i}": 6 for i in range(23)})

    found = [f for f in findings(wave) if f.check == "repeat_visitor"]

    assert (len(found), found[-1].subject, found[-1].count) == (21, "3 người khác", 18)


def test_the_hash_of_a_person_is_another_in_another_wave():
    keys = {codes.person_hash(b"k", wave, "089123456789") for wave in ("A", "B")}

    assert len(keys) == 2


def test_an_empty_frame_says_the_next_step(make_wave, planner):
    make_wave()

    page = planner.get(f"{WAVE}/frame").text

    assert "Chưa có hồ sơ nào" in page
    assert f"{WAVE}/transactions" in page


def test_rates_follow_from_what_is_recorded(make_wave, planner):
    wave = make_wave(frame=FRAME, total=60, opened=True)
    with db.begin() as session:
        asked = session.scalars(
            select(Invitation).where(Invitation.office_id == 2)
        ).all()
        for invitation in asked[:12]:
            invitation.outcome = Outcome.COMPLETED
        for invitation in asked[12:15]:
            session.add(
                ContactOutcome(
                    wave_id=wave.id,
                    transaction_id=invitation.transaction_id,
                    outcome=ContactResult.REFUSED,
                    attempts=1,
                    noted_on=date(2026, 3, 2),
                )
            )

    with db.read() as session:
        (row, *_) = response_rates.by_office(session, wave, Selection.FROM_LIST)

    assert len(asked) == 30
    assert row.outcomes == {"completed": 12, "refused": 3, "not_returned": 15}
    assert (row.rates.rr1, row.rates.refusal1) == (0.4, 0.1)
    assert row.rates.cooperation1 == pytest.approx(0.8)


def test_the_whole_wave_is_the_sum_of_its_offices(make_wave, planner):
    make_wave(frame=FRAME, total=60, opened=True)

    text = planner.get(f"{WAVE}/rates.csv").data.decode("utf-8-sig")

    *offices, whole = csv.DictReader(io.StringIO(text))
    assert whole["Đơn vị"] == "Cả đợt"
    column = "Chưa trả lời"
    assert int(whole[column]) == sum(int(row[column]) for row in offices) == 60


def test_every_rate_is_on_the_page(make_wave, planner):
    make_wave(frame=FRAME, total=60, opened=True)

    page = planner.get(f"{WAVE}/rates").text

    assert all(f">{title}</th>" in page for _, title in response_rates.RATES)


def test_a_wave_that_asked_nobody_has_no_rates(make_wave, planner):
    make_wave()

    assert "chưa có tỷ lệ" in planner.get(f"{WAVE}/rates").text
    assert planner.get(f"{WAVE}/rates.pdf").status_code == 404
