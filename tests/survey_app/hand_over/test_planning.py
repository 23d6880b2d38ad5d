"""Which counters give slips is said before the wave opens, and stands after."""

import pytest
from sqlalchemy import select

from survey_app import clock, db
from survey_app.fieldwork import waves
from survey_app.hand_over import counters
from survey_app.models import AuditEntry, HandOverCounter, Wave, WaveStatus
from tests.survey_app.fieldwork.making import build_province, build_wave
from tests.survey_app.hand_over import making

PLAN = f"/counter/{making.CODE}/plan"


@pytest.fixture
def planner(app, signed_in):
    build_province()
    build_wave(making.CODE)
    return signed_in("planner")


def planned():
    with db.read() as session:
        found = session.scalars(select(HandOverCounter))
        return {p.counter_id: (p.every, p.fields) for p in found}


def send(planner, *keys, do="choose", **fields):
    given = {
        "counter": list(keys),
        "every": "1",
        "fields": "Hộ tịch",
        "do": do,
    } | fields
    return planner.post(PLAN, data=given)


def test_counters_ticked_give_slips_with_their_fields_as_buttons(planner):
    key = making.counter_id(0)

    send(planner, key, every="5", fields=" Hộ  tịch \n\nChứng thực\nHộ tịch")
    page = planner.get(PLAN).text

    assert planned() == {key: (5, ["Hộ tịch", "Chứng thực"])}
    assert "cứ 5 lượt một phiếu" in page
    assert "Hộ tịch; Chứng thực" in page


def test_all_counters_shown_are_set_with_one_button(planner):
    shown = [making.counter_id(n) for n in (0, 1)]

    send(planner, do="choose_all", shown=shown)

    assert set(planned()) == set(shown)


def test_counters_are_left_out_again(planner):
    first, second = making.counter_id(0), making.counter_id(1)
    send(planner, first, second)

    send(planner, first, do="leave_out")

    assert set(planned()) == {second}


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(planner):
    reply = send(planner, every="0", fields="x" * 121)

    assert reply.status_code == 422
    assert "Chưa chọn quầy nào" in reply.text
    assert "từ 1 đến 100" in reply.text
    assert "dài quá 120 chữ" in reply.text
    assert "x" * 121 in reply.text
    assert planned() == {}


def test_after_opening_nothing_of_it_changes(planner):
    key = making.counter_id(0)
    send(planner, key)
    with db.begin() as session:
        wave = session.scalars(select(Wave)).one()
        waves.open_wave(session, wave.id, now=clock.now())

    replies = [send(planner, key, every="7"), send(planner, key, do="leave_out")]

    assert [r.status_code for r in replies] == [422, 422]
    assert all("đã được khóa" in r.text for r in replies)
    assert planned() == {key: (1, ["Hộ tịch"])}
    assert "<button name=" not in planner.get(PLAN).text


def test_a_wave_in_which_only_counters_ask_may_open(planner):
    send(planner, making.counter_id(0))
    wave = f"/fieldwork/waves/{making.CODE}"

    page = planner.get(f"{wave}/open").text
    planner.post(f"{wave}/open")

    assert "1 quầy phát phiếu khi trả kết quả" in page
    with db.read() as session:
        assert session.scalars(select(Wave)).one().status is WaveStatus.OPEN


def test_a_wave_with_counters_does_not_open_as_posters_only(planner):
    send(planner, making.counter_id(0))

    reply = planner.post(
        f"/fieldwork/waves/{making.CODE}/open", data={"posters_only": "y"}
    )

    assert reply.status_code == 409
    assert "Đợt này đã chọn quầy phát phiếu khi trả kết quả" in reply.text


def test_what_was_fixed_is_in_the_log(planner):
    send(planner, making.counter_id(0), every="3")

    with db.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("hand_over.planned", making.CODE)
    assert entry.detail["every"] == 3


def test_counters_are_found_by_words_without_tone_marks(planner):
    page = planner.get(f"{PLAN}?q=ho+tich").text

    assert "Quầy Hộ tịch" in page
    assert "Quầy Chứng thực" not in page


def test_where_nothing_is_found_the_page_says_so(planner):
    assert "Không có quầy nào như vậy" in planner.get(f"{PLAN}?q=khong-co").text


def test_a_counter_of_an_office_not_judged_is_offered_on_request(planner):
    with db.begin() as session:
        wave = session.scalars(select(Wave)).one()
        waves.set_offices(
            session,
            wave.id,
            [o.id for o in wave.offices if o.code != "STP"],
        )

    with db.read() as session:
        wave = session.scalars(select(Wave)).one()
        own = counters.lines(session, wave)
        everywhere = counters.lines(session, wave, everywhere=True)
    assert {line.office.code for line in own} == {"30307", "30316"}
    assert {line.office.code for line in everywhere} == {"30307", "30316", "STP"}
