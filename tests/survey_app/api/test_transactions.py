"""What the one-stop software is answered, in order and when things go wrong."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from survey_app import codes, db
from survey_app.api import keys
from survey_app.api.transaction_views import RATE
from survey_app.models import ApiKey, ApiRequest, HandOver, HandOverShift, Invitation
from tests.survey_app.api.conftest import ADDRESS, TRANSACTION, Software, make_key
from tests.survey_app.hand_over import making


def count(table):
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def faults(reply):
    assert reply.mimetype == "application/problem+json"
    return {e["pointer"]: e["code"] for e in reply.json["errors"]}


def test_a_result_handed_over_gets_its_code_and_picture_back(software):
    one_stop = software()

    reply = one_stop.hand_over(dossier_code="H01.30-260301-0001")

    assert reply.status_code == 201
    assert reply.json["reason"] == "slip"
    slip = reply.json["slip"]
    code = codes.normalise(slip["code"], length=codes.SLIP_LENGTH)
    assert slip["url"] == f"HTTPS://KHAOSAT.EXAMPLE.GOV.VN/P/{code}"
    assert slip["svg"].startswith("<svg")
    opened = one_stop.app.test_client().get(f"/P/{code}")
    assert "Chứng thực" in opened.text


def test_a_turn_that_is_not_due_is_counted_and_gets_no_slip(software):
    one_stop = software(every=100)
    one_stop.hand_over()
    with db.begin() as session:
        session.scalars(select(HandOverShift)).one().start = 50

    reply = one_stop.hand_over()

    assert reply.status_code == 201
    assert (reply.json["slip"], reply.json["reason"]) == (None, "not_due")
    assert count(HandOver) == 2


def test_screen_and_software_count_the_same_turns(software):
    one_stop = software(every=3)
    with db.read() as session:
        counter = making.counters_of(session, "STP")[0].id
    officer = making.make_officer(counter)
    with db.begin() as session:
        session.add(
            HandOverShift(
                wave_id=1,
                counter_id=counter,
                day=date(2026, 3, 2),
                half="afternoon",
                every=3,
                start=2,
                finished=0,
                undone=0,
            )
        )
    with db.read() as session:
        wave = session.scalars(select(ApiKey)).one().wave

    first = making.take_turns(wave, officer, 1)[0].has_slip
    second = one_stop.hand_over().json["reason"]

    assert (first, second) == (False, "slip")


def test_the_same_request_again_is_the_same_answer_and_one_turn(software):
    one_stop = software()

    first, second = (one_stop.hand_over(mark="lan-1") for _ in range(2))

    assert first.json == second.json
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (count(HandOver), count(Invitation)) == (1, 1)


def test_another_body_under_the_same_mark_is_refused(software):
    one_stop = software()
    one_stop.hand_over(mark="lan-1")

    reply = one_stop.hand_over(mark="lan-1", field="Hộ tịch")

    assert reply.status_code == 409
    assert reply.json["type"].endswith("#idempotency-key-reused")
    assert count(HandOver) == 1


def test_two_keys_may_use_the_same_mark(software):
    one_stop = software()
    other = Software(one_stop.app, make_key("Phần mềm khác")[1])

    replies = [s.hand_over(mark="lan-1") for s in (one_stop, other)]

    assert [r.status_code for r in replies] == [201, 201]
    assert count(HandOver) == 2


def test_a_refused_request_may_be_mended_under_the_same_mark(software):
    one_stop = software()
    one_stop.hand_over(mark="lan-1", office="?")

    assert one_stop.hand_over(mark="lan-1").status_code == 201


def test_a_request_sent_again_the_next_day_is_not_counted_twice(software, now):
    one_stop = software()
    one_stop.hand_over(mark="lan-1")
    now.moment += timedelta(days=1)
    one_stop.hand_over(returned_on="2026-03-03")

    reply = one_stop.hand_over(mark="lan-1")

    assert reply.status_code == 410
    assert count(HandOver) == 2


def test_old_marks_are_forgotten(software, now):
    one_stop = software()
    one_stop.hand_over(mark="lan-1")
    now.moment += timedelta(days=3)

    one_stop.hand_over(returned_on="2026-03-05")

    assert count(ApiRequest) == 1


def test_every_fault_is_told_at_once_with_its_place(software):
    reply = software().send(
        {
            "dossier_code": "12",
            "office": 7,
            "channel": "pigeon",
            "received_on": "27/02/2026",
            "returned_on": "2026-03-01",
            "name": "Nguyễn Văn A",
        }
    )

    assert reply.status_code == 422
    assert faults(reply) == {
        "/name": "unknown",
        "/office": "not-text",
        "/field": "missing",
        "/channel": "not-in-list",
        "/dossier_code": "shape",
        "/received_on": "not-a-day",
        "/returned_on": "not-today",
    }
    assert count(HandOver) == 0


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"office": "30999"}, {"/office": "unknown"}),
        ({"shop": "X"}, {"/shop": "unknown"}),
        ({"counter": "9"}, {"/counter": "unknown"}),
        ({"counter": None}, {"/counter": "missing"}),
        ({"field": "x" * 201}, {"/field": "too-long"}),
        ({"field": " "}, {"/field": "missing"}),
        ({"received_on": "2026-03-03"}, {"/received_on": "after-return"}),
        ({"received_on": "2026-02-30"}, {"/received_on": "not-a-day"}),
        ({"a/b~c": 1}, {"/a~1b~0c": "unknown"}),
    ],
)
def test_a_single_fault_is_told_with_its_place(software, members, expected):
    reply = software().hand_over(**members)

    assert reply.status_code == 422
    assert faults(reply) == expected


def test_results_outside_the_period_are_not_of_this_wave(software, now):
    one_stop = software()
    now.moment += timedelta(days=40)

    reply = one_stop.hand_over(returned_on="2026-04-11")

    assert faults(reply) == {"/returned_on": "outside-period"}


def test_a_counter_that_gives_no_slips_is_answered_and_not_counted(software):
    one_stop = software()

    reply = one_stop.hand_over(office="30307", shop=None, counter=None)

    assert reply.status_code == 200
    assert reply.json == {"id": None, "slip": None, "reason": "counter_not_planned"}
    assert count(HandOver) == 0


def test_a_centre_receives_for_another_office(software):
    software().hand_over(office="30307")

    with db.read() as session:
        turn = session.scalars(select(HandOver)).one()
    assert turn.stratum == "30307:STP-1/1:2026-W10"


def test_a_key_of_one_office_speaks_for_no_other(software):
    one_stop = software(office_code="STP")

    assert one_stop.hand_over().status_code == 201
    assert faults(one_stop.hand_over(office="30307")) == {"/office": "not-yours"}


def test_a_batch_is_answered_in_its_own_order(software):
    body = {
        "transactions": [
            TRANSACTION | {"counter": "2"},
            TRANSACTION | {"office": "30316", "shop": None, "counter": None},
            TRANSACTION,
        ]
    }

    reply = software().send(body)

    assert reply.status_code == 201
    reasons = [answer["reason"] for answer in reply.json["transactions"]]
    assert reasons == ["slip", "counter_not_planned", "slip"]
    assert count(HandOver) == 2


def test_a_batch_with_one_fault_changes_nothing(software):
    dossier = {"dossier_code": "H01.30-260301-0001"}
    items = [TRANSACTION | dossier, TRANSACTION | {"field": ""}, TRANSACTION | dossier]

    reply = software().send({"transactions": items})

    assert faults(reply) == {
        "/transactions/1/field": "missing",
        "/transactions/2/dossier_code": "twice",
    }
    assert (count(HandOver), count(ApiRequest)) == (0, 0)


def test_a_dossier_handed_over_before_is_told_and_nothing_is_counted(software):
    one_stop = software()
    one_stop.hand_over(dossier_code="H01.30-260301-0001")

    again = TRANSACTION | {"dossier_code": "H01.30-260301-0001"}
    reply = one_stop.send({"transactions": [TRANSACTION, again]})

    assert faults(reply) == {"/transactions/1/dossier_code": "already-there"}
    assert count(HandOver) == 1


@pytest.mark.parametrize("items", [[], [{}] * 101, "x", {}])
def test_a_batch_has_one_to_a_hundred_transactions(software, items):
    reply = software().send({"transactions": items})

    assert reply.status_code == 400
    assert reply.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer \xe9"]
)
def test_without_a_key_nothing_is_told(software, key):
    one_stop = software()

    reply = one_stop.send(TRANSACTION, Authorization=key)

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.mimetype == "application/problem+json"
    assert count(HandOver) == 0


def test_a_session_of_staff_opens_nothing_here(software, signed_in):
    software()
    staff = signed_in("administrator")

    reply = staff.post(ADDRESS, json=TRANSACTION, headers={"Idempotency-Key": "1"})

    assert reply.status_code == 401


def test_no_cookie_and_no_csrf_token_is_needed_or_given(make_app, sqlite_url, now):
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    with app.app_context():
        making.build()
        reply = Software(app, make_key()[1]).hand_over()

    assert reply.status_code == 201
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Idempotency-Key": ""}, "{}", 400),
        ({"Idempotency-Key": "é"}, "{}", 400),
        ({}, "{", 400),
        ({}, "[" * 100_000, 400),
        ({}, '"x"', 422),
        ({"Content-Type": "text/plain"}, "{}", 415),
        ({}, json.dumps({"field": "x" * 300_000}), 413),
    ],
)
def test_a_request_that_cannot_be_read_is_told_why(software, headers, body, status):
    one_stop = software()

    reply = one_stop.app.test_client().post(
        ADDRESS,
        data=body,
        headers={
            "Authorization": f"Bearer {one_stop.key}",
            "Idempotency-Key": "1",
            "Content-Type": "application/json",
        }
        | headers,
    )

    assert reply.status_code == status
    assert reply.mimetype == "application/problem+json"
    assert reply.json["status"] == status


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", ADDRESS, 405), ("PUT", ADDRESS, 405), ("POST", "/api/v1/x", 404)],
)
def test_programs_are_told_of_wrong_addresses_in_their_own_words(
    client, method, address, status
):
    reply = client.open(address, method=method)

    assert reply.status_code == status
    assert reply.mimetype == "application/problem+json"


def test_a_revoked_key_opens_nothing(software, now):
    one_stop = software()
    with db.begin() as session:
        keys.revoke(session, None, 1, now=now.moment)

    assert one_stop.hand_over().status_code == 401


def test_a_wave_that_is_not_open_counts_nothing(app, now):
    making.build(opened=False)

    reply = Software(app, make_key()[1]).hand_over()

    assert reply.status_code == 409
    assert "không mở" in reply.json["detail"]


def test_a_key_that_asks_too_often_is_told_to_wait(make_app, sqlite_url, now):
    app = make_app(sqlite_url, RATELIMIT_ENABLED=True)
    with app.app_context():
        software = Software(app, "not a key of ours")
        replies = [software.hand_over() for _ in range(int(RATE.split("/")[0]) + 1)]

    assert replies[-2].status_code == 401
    assert replies[-1].status_code == 429
    assert replies[-1].mimetype == "application/problem+json"
    assert replies[-1].headers["Retry-After"] == "60"


def test_neither_code_nor_dossier_nor_body_is_kept(software):
    one_stop = software()
    reply = one_stop.hand_over(dossier_code="H01.30-260301-0001")
    code = reply.json["slip"]["code"].replace("-", "")

    with db.read() as session:
        kept = str(session.scalars(select(ApiRequest)).one().__dict__)
        kept += str(session.scalars(select(HandOver)).one().__dict__)
    assert code not in kept
    assert "260301" not in kept
