"""One tap for every result: what the officer at the counter sees."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from survey_app import codes, db
from survey_app.models import (
    HandOver,
    HandOverShift,
    Invitation,
    Outcome,
    Selection,
    Wave,
    WaveStatus,
)
from tests.survey_app.hand_over.conftest import SCREEN


def count(table):
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def shift():
    with db.read() as session:
        return session.scalars(select(HandOverShift)).one()


def start_at(number):
    with db.begin() as session:
        session.scalars(select(HandOverShift)).one().start = number


def totals(html):
    return re.findall(r"<dd>([^<]*)</dd>", html)[:4]


def test_one_tap_registers_the_result_and_shows_its_slip_at_once(screen):
    counter = screen()

    reply = counter.tap()
    page = counter.client.get(reply.location)

    assert reply.status_code == 303
    assert "Lượt này có phiếu" in page.text
    assert "Sở Tư pháp" in page.text
    assert "Lĩnh vực: Hộ tịch" in page.text
    assert re.search(r'class="code">[0-9A-Z]{5}-[0-9A-Z]{5}<', page.text)


def test_the_code_on_the_slip_opens_the_questionnaire_of_this_counter(screen):
    counter = screen()
    page = counter.client.get(counter.tap("Chứng thực").location).text

    code = re.search(r'class="code">([^<]+)<', page)[1]
    opened = counter.client.get(f"/P/{code}")

    assert opened.status_code == 200
    assert "Sở Tư pháp" in opened.text
    assert "Chứng thực" in opened.text


def test_the_slip_invites_by_counter_and_week_and_answers_by_field_of_the_office(
    screen,
):
    screen().tap("Chứng thực")

    with db.read() as session:
        invitation = session.scalars(select(Invitation)).one()
    assert invitation.selection is Selection.AT_HAND_OVER
    assert invitation.stratum == "STP:STP-1/1:2026-W10"
    assert invitation.response_class == "STP:Chứng thực"
    assert invitation.outcome is Outcome.NOT_RETURNED
    assert invitation.transaction_id is None


def test_of_every_third_turn_one_gets_a_slip_from_the_drawn_start_on(screen):
    counter = screen(every=3)
    counter.tap()
    with db.begin() as session:
        start = session.scalars(select(HandOverShift)).one().start

    slips = [1] if start == 1 else []
    for number in range(2, 11):
        if "/slips/" in counter.tap().location:
            slips.append(number)

    assert slips == [n for n in range(1, 11) if n >= start and (n - start) % 3 == 0]


def test_the_screen_tells_the_totals_of_the_half_day_and_never_the_start(screen):
    counter = screen(every=100)
    counter.tap()
    start_at(41)

    html = counter.html()

    assert "Buổi chiều 02/03/2026" in html
    assert totals(html) == ["1", "0", "0", "0 %"]
    assert "41" not in re.sub(r"[0-9a-f-]{36}|<link[^>]*>", "", html)


def test_a_slip_counts_as_handed_out_once_it_is_printed(screen):
    counter = screen()
    slip = counter.tap().location
    before = totals(counter.html())

    counter.client.post(f"{slip}/printed")

    assert before == ["1", "1", "0", "0 %"]
    assert totals(counter.html()) == ["1", "1", "1", "100 %"]


def test_the_field_and_channel_of_the_last_tap_are_remembered(screen):
    counter = screen(every=100)
    counter.tap("Chứng thực", channel="post")

    html = counter.html()

    assert '<button name="field" value="Chứng thực" class="again" autofocus>' in html
    assert 'value="post" checked' in html


def test_a_double_tap_is_one_turn_with_one_slip(screen):
    counter = screen()
    mark = counter.mark()

    replies = [counter.tap(turn=mark) for _ in range(2)]

    assert replies[0].location == replies[1].location
    assert (count(HandOver), count(Invitation), shift().finished) == (1, 1, 1)


def test_a_turn_of_another_counter_is_not_shown_nor_taken_over(
    screen, officer, signed_in
):
    counter = screen()
    slip = counter.tap().location
    other = signed_in(officer(1))
    turn = slip.rsplit("/", 1)[1]

    taken = other.post(
        f"{SCREEN}/turns",
        data={"turn": turn, "field": "Hộ tịch", "channel": "in_person"},
    )

    assert other.get(slip).status_code == 404
    assert other.post(f"{slip}/printed").status_code == 404
    assert taken.status_code == 404
    assert count(HandOver) == 1


def test_everything_wrong_with_a_tap_is_said_at_once_and_what_was_typed_stays(screen):
    counter = screen()

    reply = counter.tap("Đất đai", channel="pigeon", dossier="12")

    assert reply.status_code == 422
    assert "chọn lĩnh vực" in reply.text
    assert "chọn hình thức" in reply.text
    assert "Mã hồ sơ “12” không đúng dạng" in reply.text
    assert 'value="12"' in reply.text
    assert count(HandOver) == 0


def test_a_dossier_is_registered_once_and_its_code_is_not_kept(screen):
    counter = screen()
    counter.tap(dossier="H01.30-260301-0001")

    again = counter.tap(dossier="h01.30-260301-0001")

    assert again.status_code == 422
    assert "đã được ghi nhận" in again.text
    with db.read() as session:
        kept = session.scalars(select(HandOver)).one().dossier_hash
    assert len(kept) == 64


def test_the_last_tap_is_taken_back_within_a_minute(screen, now):
    counter = screen(every=100)
    counter.tap()
    start_at(50)
    now.moment += timedelta(seconds=59)

    reply = counter.undo()

    assert reply.status_code == 303
    assert count(HandOver) == 0
    assert (shift().finished, shift().undone) == (0, 1)
    assert "Đã hoàn tác" in counter.html()


def test_an_unprinted_slip_is_taken_back_with_its_turn_and_opens_nothing(screen):
    counter = screen()
    page = counter.client.get(counter.tap().location).text
    code = re.search(r'class="code">([^<]+)<', page)[1]

    counter.undo()

    assert (count(HandOver), count(Invitation)) == (0, 0)
    assert counter.client.get(f"/P/{code}").status_code == 404


def test_after_a_minute_a_tap_stands(screen, now):
    counter = screen(every=100)
    counter.tap()
    now.moment += timedelta(seconds=61)

    reply = counter.undo()

    assert reply.status_code == 409
    assert "trong vòng một phút" in reply.text
    assert "Hoàn tác lượt này" not in counter.html()
    assert count(HandOver) == 1


def test_a_printed_slip_is_not_taken_back(screen):
    counter = screen()
    slip = counter.tap().location
    counter.client.post(f"{slip}/printed")

    reply = counter.undo()

    assert reply.status_code == 409
    assert "đã in nên không hoàn tác được" in reply.text
    assert "Hoàn tác lượt này" not in counter.html()
    assert (count(HandOver), count(Invitation)) == (1, 1)


def test_a_tap_is_not_taken_back_twice_nor_after_another_one(screen, build, signed_in):
    counter = screen(every=100)
    counter.tap()
    start_at(50)
    with db.read() as session:
        account = session.scalars(select(HandOver)).one().account_id
    other = type(counter)(counter.client.application.test_client())
    with other.client.session_transaction() as cookie:
        cookie["_user_id"] = f"{account}.1"
    other.tap()

    late = counter.undo()
    first, second = other.undo(), other.undo()

    assert "Đã có lượt khác sau lượt này" in late.text
    assert (first.status_code, second.status_code) == (303, 409)
    assert count(HandOver) == 1


def test_morning_and_afternoon_have_a_start_each(screen, now, noon):
    counter = screen(every=5)
    counter.tap()
    now.moment = noon + timedelta(hours=22)
    counter.tap()

    with db.read() as session:
        shifts = session.scalars(select(HandOverShift)).all()
    assert {(s.day.isoformat(), s.half.value) for s in shifts} == {
        ("2026-03-02", "afternoon"),
        ("2026-03-03", "morning"),
    }
    assert all(1 <= s.start <= 5 for s in shifts)


def test_from_the_next_day_on_no_turn_knows_its_slip(screen, now):
    counter = screen()
    slip = counter.tap().location
    now.moment += timedelta(days=1)
    counter.tap()

    reply = counter.client.get(slip)

    assert reply.status_code == 409
    assert "đã qua ngày phát" in reply.text


@pytest.mark.parametrize("paper", ["80", "a6"])
def test_the_slip_fits_its_paper_and_the_paper_is_remembered(screen, paper):
    counter = screen()
    slip = counter.tap().location

    counter.client.get(f"{slip}?paper={paper}")

    assert f"counter_slip_{paper}.css" in counter.client.get(slip).text


def test_a_closed_wave_takes_no_taps(screen):
    counter = screen()
    mark = counter.mark()
    with db.begin() as session:
        session.scalars(select(Wave)).one().status = WaveStatus.CLOSED

    reply = counter.tap(turn=mark)

    assert reply.status_code == 422
    assert "không mở" in reply.text
    assert count(HandOver) == 0


def test_a_counter_that_gives_no_slips_says_so(build, make_account, signed_in):
    build()
    officer = signed_in(make_account("counter_officer"))

    assert "không có đợt khảo sát đang mở" in officer.get("/counter/").text.lower()
    assert officer.get(SCREEN).status_code == 404


def test_the_only_wave_is_opened_without_a_choice(screen):
    assert screen().client.get("/counter/").location == SCREEN


def test_a_code_is_not_printed_while_no_phone_could_open_it(screen):
    counter = screen()
    slip = counter.tap().location
    counter.client.application.config["PUBLIC_URL"] = ""

    reply = counter.client.get(slip)

    assert reply.status_code == 409
    assert "SIPAS_PUBLIC_URL" in reply.text


def test_a_tap_costs_the_server_less_than_fifty_milliseconds(screen):
    counter = screen(every=2)
    marks = [str(uuid4()) for _ in range(20)]
    counter.tap()

    times = []
    for mark in marks:
        began = time.perf_counter()
        counter.client.post(
            f"{SCREEN}/turns",
            data={"turn": mark, "field": "Hộ tịch", "channel": "in_person"},
        )
        times.append(time.perf_counter() - began)

    assert sorted(times)[len(times) // 2] <= 0.05


def test_a_code_comes_from_its_invitation_so_a_reprint_is_the_same(screen):
    counter = screen()
    slip = counter.tap().location

    first, second = (
        re.search(r'class="code">([^<]+)<', counter.client.get(slip).text)[1]
        for _ in range(2)
    )

    assert first == second
    assert codes.normalise(first, length=codes.SLIP_LENGTH)
