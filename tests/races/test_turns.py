"""Many turns at one counter at the same moment, on both kinds of database."""

import threading
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from survey_app import clock, db
from survey_app.accounts.identity import SignedIn
from survey_app.api import keys
from survey_app.models import HandOver, HandOverShift, Invitation
from tests.survey_app.hand_over import making

TURNS = 24
TRANSACTION = {
    "office": "STP",
    "shop": "STP-1",
    "counter": "1",
    "field": "Chứng thực",
    "channel": "in_person",
    "received_on": "2026-02-27",
    "returned_on": "2026-03-02",
}


@pytest.fixture
def counter(app_on_any_database):
    """Every third turn gets a slip; gives the officer of the counter."""
    making.build(every=3)
    return making.make_officer(making.counter_id())


def at_once(acts):
    """Do all acts at the same moment."""
    ready = threading.Barrier(len(acts))

    def do(act):
        ready.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(do, acts))


def tapping(app, officer, mark):
    def tap():
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = SignedIn(officer).get_id()
        return client.post(
            f"/counter/{making.CODE}/turns",
            data={"turn": mark, "field": "Hộ tịch", "channel": "in_person"},
        )

    return tap


def sending(app, key, mark, **members):
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": mark}
    return lambda: app.test_client().post(
        "/api/v1/transactions", json=TRANSACTION | members, headers=headers
    )


def stored():
    with db.read() as session:
        return (
            session.scalars(select(HandOver)).all(),
            session.scalars(select(Invitation)).all(),
            session.scalars(select(HandOverShift)).one(),
        )


def make_key():
    with db.begin() as session:
        return keys.make(
            session, None, name="Một cửa", wave_code=making.CODE, now=clock.now()
        )[1]


def test_taps_at_the_same_moment_are_numbered_one_by_one(app_on_any_database, counter):
    taps = [tapping(app_on_any_database, counter, uuid4()) for _ in range(TURNS)]

    replies = at_once(taps)

    turns, invitations, shift = stored()
    assert {r.status_code for r in replies} == {303}
    assert shift.finished == len(turns) == TURNS
    assert len(invitations) == sum(t.slip for t in turns) == TURNS // 3


def test_one_tap_sent_many_times_is_one_turn(app_on_any_database, counter):
    mark = uuid4()

    replies = at_once([tapping(app_on_any_database, counter, mark)] * 10)

    turns, _, shift = stored()
    assert len({r.location for r in replies}) == 1
    assert (len(turns), shift.finished) == (1, 1)


def test_one_request_sent_many_times_is_one_turn_with_one_answer(
    app_on_any_database, counter
):
    key = make_key()

    replies = at_once([sending(app_on_any_database, key, "lan-1")] * 10)

    turns, _, shift = stored()
    assert {r.status_code for r in replies} == {201}
    assert len({r.text for r in replies}) == 1
    assert (len(turns), shift.finished) == (1, 1)


def test_of_two_bodies_under_one_mark_one_is_kept(app_on_any_database, counter):
    key = make_key()

    replies = at_once(
        [
            sending(app_on_any_database, key, "lan-1", field=field)
            for field in ("Hộ tịch", "Chứng thực") * 3
        ]
    )

    turns, _, _ = stored()
    assert Tally(r.status_code for r in replies) == {201: 3, 409: 3}
    assert len(turns) == 1


def test_one_dossier_told_by_many_requests_is_one_turn(app_on_any_database, counter):
    key, dossier = make_key(), "H01.30-260301-0001"

    replies = at_once(
        [
            sending(app_on_any_database, key, str(n), dossier_code=dossier)
            for n in range(6)
        ]
    )

    turns, _, shift = stored()
    assert sorted(r.status_code for r in replies)[0] == 201
    assert {r.status_code for r in replies[1:]} <= {201, 409, 422}
    assert (len(turns), shift.finished) == (1, 1)


def test_screen_and_software_together_never_share_a_number(
    app_on_any_database, counter
):
    app, key = app_on_any_database, make_key()
    acts = [tapping(app, counter, uuid4()) for _ in range(6)]
    acts += [sending(app, key, str(n)) for n in range(6)]

    at_once(acts)

    turns, invitations, shift = stored()
    assert shift.finished == len(turns) == 12
    assert len(invitations) == sum(t.slip for t in turns) == 4
