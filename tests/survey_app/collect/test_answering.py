"""What a citizen sees from the code to the thanks page, and what is kept of it."""

import re
from datetime import timedelta

import pytest

from survey_app.models import Delay, Mode, Outcome, Selection, WaveStatus
from tests.survey_app.collect.making import complete, nonce_in


def test_a_citizen_answers_and_is_thanked_with_a_receipt(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    page = client.get(address)

    reply = client.post(address, data=fieldwork.filled(page.text))
    thanks = client.get(reply.location)

    assert reply.status_code == 303
    assert "Phiếu đã được ghi nhận" in thanks.text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", thanks.text)


def test_the_page_names_the_office_the_place_and_the_field(client, fieldwork):
    page = client.get(f"/P/{fieldwork.slip()}").text

    assert "Sở Xây dựng" in page
    assert "Bộ phận Một cửa Sở Xây dựng, Quầy số 1" in page
    assert "Đất đai" in page


def test_a_ballot_keeps_what_the_design_names_and_the_hour_only(
    client, fieldwork, now, noon
):
    now.moment = noon + timedelta(minutes=31)
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    now.moment += timedelta(seconds=95)
    client.post(address, data=fields | {"co-nguoi-giup": "1"})

    (kept,) = fieldwork.responses()

    assert (kept.selection, kept.mode) == (Selection.FROM_LIST, Mode.PHONE_SELF)
    assert kept.assisted is True
    assert (kept.stratum, kept.response_class) == ("SXD", "SXD-1")
    assert (kept.service_field, kept.channel) == ("Đất đai", "trực tiếp")
    assert kept.answers["a1"] == 4
    assert set(kept.answers) >= {q.id for q in fieldwork.questionnaire.questions}
    assert kept.received_hour == noon
    assert kept.duration_seconds == 95
    assert kept.delay is Delay.MINUTES_60
    assert kept.language == "vi"
    assert kept.consent_version == fieldwork.questionnaire.consent.version


def test_the_code_is_spent_with_the_ballot(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    client.post(address, data=fieldwork.opened(client, address))

    (invitation,) = fieldwork.invitations()

    assert invitation.spent
    assert invitation.outcome is Outcome.COMPLETED


def test_opening_a_page_spends_nothing(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    client.get(address)

    assert client.get(address).status_code == 200
    assert not fieldwork.invitations()[0].spent


def test_a_poster_takes_many_ballots_of_the_office_it_hangs_at(client, fieldwork):
    address = f"/Q/{fieldwork.poster()}"
    for _ in range(2):
        client.post(address, data=fieldwork.opened(client, address))

    kept = fieldwork.responses()

    assert len(kept) == 2
    assert {r.selection for r in kept} == {Selection.OPEN}
    assert {(r.stratum, r.response_class) for r in kept} == {("SXD", "")}
    assert {(r.delay, r.service_field) for r in kept} == {(None, None)}


def test_a_poster_of_a_whole_shop_names_no_counter(client, fieldwork):
    page = client.get(f"/Q/{fieldwork.poster(counter_id=None)}")

    assert page.status_code == 200
    assert "Quầy số 1" not in page.text


@pytest.mark.parametrize("spelt", [str.lower, str.upper, lambda c: f"{c[:5]}-{c[5:]}"])
@pytest.mark.parametrize("door", ["P", "p"])
def test_codes_are_accepted_however_they_are_spelt(client, fieldwork, spelt, door):
    address = f"/{door}/{spelt(fieldwork.slip())}"

    reply = client.post(address, data=fieldwork.opened(client, address))

    assert reply.status_code == 303


def test_letters_that_look_like_figures_are_read_as_figures(client, fieldwork):
    code = next(c for c in fieldwork.slips(200) if "0" in c and "1" in c)

    page = client.get("/P/" + code.replace("0", "o").replace("1", "l"))

    assert page.status_code == 200


def test_a_missing_answer_is_asked_for_and_the_others_stay(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    del fields["a1"]

    reply = client.post(address, data=fields)

    assert reply.status_code == 422
    assert fieldwork.responses() == []
    assert '<a href="#cau-a1">Câu 1: Xin chọn một phương án.' in reply.text
    assert re.search(
        r'id="cau-a1"[^>]* class="wrong" aria-describedby="loi-a1"', reply.text
    )
    assert 'name="a2" value="4" checked' in reply.text
    assert 'name="dong-y" value="citizen-1" checked' in reply.text


def test_the_returned_page_can_be_sent_and_counts_once(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    returned = client.post(address, data=fields | {"a1": "9"})

    fields["so-phieu"] = nonce_in(returned.text)
    reply = client.post(address, data=fields)

    assert reply.status_code == 303
    assert len(fieldwork.responses()) == 1


def test_every_problem_is_listed_in_one_go(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    nonce = nonce_in(client.get(address).text)

    reply = client.post(address, data={"so-phieu": nonce})

    required = [q.id for q in fieldwork.questionnaire.questions if q.required]
    listed = re.findall(r'<a href="#cau-(\w+)">', reply.text)
    assert set(listed) <= set(required)
    assert {q.id for q in fieldwork.questionnaire.criteria} <= set(listed)
    assert '<a href="#dong-y">' in reply.text


def test_without_consent_nothing_is_kept(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    del fields["dong-y"]

    reply = client.post(address, data=fields)

    assert reply.status_code == 422
    assert "Xin đánh dấu đồng ý" in reply.text
    assert fieldwork.responses() == []


def test_nothing_is_chosen_on_a_fresh_page_and_consent_is_not_ticked(client, fieldwork):
    page = client.get(f"/P/{fieldwork.slip()}").text
    form = page[page.index("<form") :]

    assert " checked" not in form


def test_the_levels_stand_in_the_order_of_the_definition(client, fieldwork):
    page = client.get(f"/P/{fieldwork.slip()}").text

    levels = re.findall(r'name="a1" value="(\d)"', page)
    assert levels == ["1", "2", "3", "4", "5"]


def test_a_second_ballot_by_the_same_code_is_turned_away(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    first, second = (fieldwork.opened(client, address) for _ in range(2))
    client.post(address, data=first)

    reply = client.post(address, data=second)

    assert reply.status_code == 409
    assert "Phiếu này đã được ghi nhận" in reply.text
    assert len(fieldwork.responses()) == 1


def test_opening_a_used_code_says_so(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    client.post(address, data=fieldwork.opened(client, address))

    reply = client.get(address)

    assert reply.status_code == 409
    assert "Phiếu này đã được ghi nhận" in reply.text


@pytest.mark.parametrize("kind", ["slip", "poster"])
def test_a_double_tap_sees_the_same_thanks(client, fieldwork, kind):
    code = getattr(fieldwork, kind)()
    address = f"/{'P' if kind == 'slip' else 'Q'}/{code}"
    fields = fieldwork.opened(client, address)
    first = client.post(address, data=fields)

    second = client.post(address, data=fields)

    assert (second.status_code, second.location) == (303, first.location)
    assert len(fieldwork.responses()) == 1


def test_the_same_page_with_other_answers_is_a_conflict(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    client.post(address, data=fields)

    reply = client.post(address, data=fields | {"a1": "1"})

    assert reply.status_code == 409
    assert "những câu trả lời khác" in reply.text
    assert fieldwork.responses()[0].answers["a1"] == 4


def test_a_page_sent_again_with_an_answer_missing_is_a_conflict_too(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    client.post(address, data=fields)
    del fields["a1"]

    assert client.post(address, data=fields).status_code == 409


def test_a_poster_page_sent_twice_offers_a_new_form(client, fieldwork):
    address = f"/Q/{fieldwork.poster()}"
    fields = fieldwork.opened(client, address)
    client.post(address, data=fields)

    reply = client.post(address, data=fields | {"a1": "1"})

    assert f'<a class="button" href="{address}">Mở phiếu mới</a>' in reply.text


def test_the_mark_of_one_code_is_worth_nothing_with_another(client, fieldwork):
    mine, other = (f"/P/{code}" for code in fieldwork.slips(2))
    fields = fieldwork.opened(client, mine)

    reply = client.post(other, data=fields)

    assert reply.status_code == 422
    assert fieldwork.responses() == []


def test_a_page_open_for_too_long_comes_back_whole_and_can_be_sent(
    client, fieldwork, now
):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    now.moment += timedelta(hours=2)

    returned = client.post(address, data=fields)
    reply = client.post(address, data=fields | {"so-phieu": nonce_in(returned.text)})

    assert returned.status_code == 422
    assert "Trang mở quá hai giờ" in returned.text
    assert returned.text.count(" checked>") >= len(complete(fieldwork.questionnaire))
    assert reply.status_code == 303
    assert fieldwork.responses()[0].duration_seconds == 7200


def test_a_ballot_kept_in_time_is_thanked_for_even_when_resent_hours_later(
    client, fieldwork, now
):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    client.post(address, data=fields)
    now.moment += timedelta(hours=5)

    assert client.post(address, data=fields).status_code == 303


def test_a_page_opened_before_the_close_is_accepted_after_it(client, fieldwork, now):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    fieldwork.change_wave(status=WaveStatus.CLOSED, closed_at=now.moment)
    now.moment += timedelta(minutes=119)

    assert client.post(address, data=fields).status_code == 303


def test_a_page_of_a_closed_wave_expires_for_good(client, fieldwork, now):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    fieldwork.change_wave(status=WaveStatus.CLOSED, closed_at=now.moment)
    now.moment += timedelta(minutes=121)

    reply = client.post(address, data=fields)

    assert reply.status_code == 409
    assert "Đợt khảo sát đã kết thúc" in reply.text
    assert fieldwork.responses() == []


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (WaveStatus.DRAFT, "Đợt khảo sát chưa mở"),
        (WaveStatus.CLOSED, "Đợt khảo sát đã kết thúc"),
        (WaveStatus.FROZEN, "Đợt khảo sát đã kết thúc"),
    ],
)
@pytest.mark.parametrize("door", ["P", "Q"])
def test_a_wave_that_is_not_open_starts_no_ballots(
    client, fieldwork, status, title, door
):
    code = fieldwork.slip() if door == "P" else fieldwork.poster()
    fieldwork.change_wave(status=status)

    reply = client.get(f"/{door}/{code}")

    assert reply.status_code == 409
    assert f"<h1>{title}</h1>" in reply.text


def test_a_frozen_wave_takes_no_page_opened_before(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    fieldwork.change_wave(status=WaveStatus.FROZEN)

    assert client.post(address, data=fields).status_code == 409
    assert fieldwork.responses() == []


def test_a_revoked_poster_takes_nothing_more(client, fieldwork, noon):
    address = f"/Q/{fieldwork.poster(revoked_at=noon)}"

    assert client.get(address).status_code == 410
    assert client.post(address, data={}).status_code == 410


def test_a_staff_code_opens_no_slip(client, fieldwork):
    address = f"/P/{fieldwork.slip(selection=Selection.STAFF)}"

    assert client.get(address).status_code == 404


def test_a_code_nobody_was_given(client, fieldwork):
    reply = client.get("/P/0000000000")

    assert reply.status_code == 404
    assert "Không tìm thấy mã phiếu" in reply.text
    assert 'name="ma"' in reply.text


def test_a_mistyped_code_is_told_apart_from_an_unknown_one(client, fieldwork):
    code = fieldwork.slip()
    wrong = ("1" if code[0] != "1" else "2") + code[1:]

    reply = client.get(f"/P/{wrong}")

    assert reply.status_code == 404
    assert "ký tự gõ nhầm" in reply.text


def test_a_ballot_longer_than_any_form_is_refused(client, fieldwork):
    reply = client.post(f"/P/{fieldwork.slip()}", data={"a1": "x" * 70_000})

    assert reply.status_code == 413


def test_thanks_are_said_only_for_a_ballot_that_is_there(client, fieldwork):
    assert client.get("/cam-on/000000000000").status_code == 404
    assert client.get("/cam-on/x").status_code == 404


@pytest.mark.parametrize(
    ("passed", "delay"),
    [
        (timedelta(seconds=119), Delay.MINUTES_2),
        (timedelta(minutes=2), Delay.MINUTES_10),
        (timedelta(minutes=59), Delay.MINUTES_60),
        (timedelta(hours=23), Delay.HOURS_24),
        (timedelta(days=6), Delay.DAYS_7),
        (timedelta(days=7), Delay.MORE),
    ],
)
def test_how_long_the_code_was_held_is_kept_in_six_steps(
    client, fieldwork, now, passed, delay
):
    address = f"/P/{fieldwork.slip()}"
    now.moment += passed
    client.post(address, data=fieldwork.opened(client, address))

    assert fieldwork.responses()[0].delay is delay


def test_a_code_whose_day_is_forgotten_has_no_delay(client, fieldwork):
    address = f"/P/{fieldwork.slip(issued_at=None)}"
    client.post(address, data=fieldwork.opened(client, address))

    assert fieldwork.responses()[0].delay is None
