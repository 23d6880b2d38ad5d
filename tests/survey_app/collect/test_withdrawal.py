"""Taking a ballot back with the receipt."""

import pytest
from sqlalchemy import text

from survey_app import db
from survey_app.collect import unlinking
from survey_app.models import Selection, Wave, WaveStatus

ERASED = (
    *("mode", "assisted", "shop_id", "counter_id", "service_field", "channel", "psu"),
    *("answers", "language", "consent_version", "received_hour", "duration_seconds"),
    "delay",
)


@pytest.fixture
def answered(client, fieldwork):
    """Answers a slip: its address, the fields sent and the receipt."""
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    reply = client.post(address, data=fields)
    return address, fields, reply.location.rpartition("/")[2]


def withdraw(client, receipt):
    return client.post("/rut-phieu/dong-y", data={"bien-nhan": receipt})


def test_the_receipt_finds_the_ballot_and_asks_once_more(client, answered):
    receipt = answered[2]
    typed = f"{receipt[:4]}-{receipt[4:8]}-{receipt[8:]}".lower()

    page = client.post("/rut-phieu", data={"bien-nhan": typed})

    assert page.status_code == 200
    assert "Sở Xây dựng" in page.text
    assert f'name="bien-nhan" value="{receipt}"' in page.text


def test_withdrawing_erases_the_answers_and_leaves_a_tombstone(
    app_on_any_database, fieldwork_on_any_database
):
    client, fieldwork = app_on_any_database.test_client(), fieldwork_on_any_database
    address = f"/P/{fieldwork.slip()}"
    thanks = client.post(address, data=fieldwork.opened(client, address)).location
    before = fieldwork.responses()[0]

    reply = withdraw(client, thanks.rpartition("/")[2])

    assert (reply.status_code, reply.location) == (303, "/rut-phieu/xong")
    (left,) = fieldwork.responses()
    assert left.withdrawn
    assert (left.id, left.body_sha256) == (before.id, before.body_sha256)
    assert (left.selection, left.stratum) == (Selection.FROM_LIST, "SXD")
    assert (left.office_id, left.response_class) == (before.office_id, "SXD-1")
    for erased in ERASED:
        assert getattr(left, erased) is None, erased
    with db.read() as session:
        nulls = "SELECT count(*) FROM response WHERE answers IS NULL"
        assert session.scalar(text(nulls)) == 1


def test_the_code_of_a_withdrawn_ballot_stays_spent(client, fieldwork, answered):
    withdraw(client, answered[2])

    assert fieldwork.invitations()[0].spent
    assert client.get(answered[0]).status_code == 409


def test_a_withdrawn_ballot_sent_again_is_gone_for_good(client, fieldwork, answered):
    address, fields, receipt = answered
    withdraw(client, receipt)

    reply = client.post(address, data=fields)

    assert reply.status_code == 410
    assert fieldwork.responses()[0].answers is None


def test_withdrawing_twice_says_that_it_is_done(client, answered):
    withdraw(client, answered[2])

    assert withdraw(client, answered[2]).status_code == 410
    assert client.get(f"/cam-on/{answered[2]}").status_code == 410


def test_a_closed_wave_still_lets_go_of_a_ballot(client, fieldwork, answered):
    fieldwork.change_wave(status=WaveStatus.CLOSED)

    assert withdraw(client, answered[2]).status_code == 303


def test_after_the_freeze_nothing_is_withdrawn(client, fieldwork, answered):
    fieldwork.change_wave(status=WaveStatus.FROZEN)

    asked = client.post("/rut-phieu", data={"bien-nhan": answered[2]})

    assert asked.status_code == 409
    assert "không còn thông tin nào nối phiếu" in asked.text
    assert withdraw(client, answered[2]).status_code == 409
    assert fieldwork.responses()[0].answers is not None


def test_a_forgotten_receipt_finds_nothing(
    app_on_any_database, fieldwork_on_any_database
):
    client, fieldwork = app_on_any_database.test_client(), fieldwork_on_any_database
    address = f"/P/{fieldwork.slip()}"
    thanks = client.post(address, data=fieldwork.opened(client, address)).location
    before = fieldwork.responses()[0]

    with db.begin() as session:
        unlinking.forget_receipts(session, session.get_one(Wave, fieldwork.wave_id))

    (after,) = fieldwork.responses()
    assert after.id != before.id
    assert after.id.version == 4
    assert after.answers == before.answers
    assert client.get(thanks).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "thiếu ký tự"),
        ("123456789012", "ký tự gõ nhầm"),
        ("000000000000", "không tìm thấy phiếu nào"),
    ],
)
def test_a_wrong_receipt_is_explained(client, fieldwork, typed, sentence):
    reply = client.post("/rut-phieu", data={"bien-nhan": typed})

    assert reply.status_code == 422
    assert sentence in reply.text
    assert f'name="bien-nhan" value="{typed}"' in reply.text
