"""Races made certain: a lock is held from outside until everybody waits for it.

Formr's method: no sleeping and no luck. PostgreSQL tells who waits for whom; SQLite
has one writer at a time, so the races over rows exist on PostgreSQL only.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from survey_app import db
from survey_app.collect import unlinking
from survey_app.models import Invitation, Wave, WaveStatus
from tests.survey_app.collect.making import Fieldwork

PATIENCE = 20


@pytest.fixture
def app(now, make_app, postgres_url):
    app = make_app(postgres_url)
    with app.app_context():
        yield app


@pytest.fixture
def fieldwork(app, noon):
    return Fieldwork(app, noon)


def send_while_held(app, address, ballots, lock):
    """Take a lock, send every ballot, wait until each waits for it, let go."""
    with ThreadPoolExecutor(len(ballots)) as phones:
        with db.begin() as session:
            lock(session)
            sent = [
                phones.submit(app.test_client().post, address, data=fields)
                for fields in ballots
            ]
            wait_until_blocked(len(ballots))
        return [reply.result(timeout=PATIENCE) for reply in sent]


def wait_until_blocked(count):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with db.read() as session:
            waiting = session.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database()"
                )
            )
        if waiting >= count:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{waiting} of {count} are waiting")


def test_of_two_who_wait_for_the_same_slip_one_is_kept(app, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    client = app.test_client()
    ballots = [fieldwork.opened(client, address) for _ in range(2)]

    def hold_slip(session):
        session.execute(select(Invitation.id).with_for_update())

    replies = send_while_held(app, address, ballots, hold_slip)

    assert sorted(r.status_code for r in replies) == [303, 409]
    assert len(fieldwork.responses()) == 1


def test_two_taps_that_wait_for_the_same_slip_are_both_thanked(app, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(app.test_client(), address)

    def hold_slip(session):
        session.execute(select(Invitation.id).with_for_update())

    replies = send_while_held(app, address, [fields] * 2, hold_slip)

    assert {r.status_code for r in replies} == {303}
    assert len(fieldwork.responses()) == 1


def test_a_ballot_under_way_while_the_wave_is_frozen_is_refused(app, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(app.test_client(), address)

    def freeze(session):
        wave = session.get_one(Wave, fieldwork.wave_id, with_for_update=True)
        wave.status = WaveStatus.FROZEN
        session.flush()

    (reply,) = send_while_held(app, address, [fields], freeze)

    assert reply.status_code == 409
    assert "Đợt khảo sát đã kết thúc" in reply.text
    assert fieldwork.responses() == []
    assert not fieldwork.invitations()[0].spent


def test_a_ballot_under_way_while_the_wave_is_unlinked_is_kept(app, fieldwork, noon):
    """Its row of the slip is deleted and written anew while the ballot waits."""
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(app.test_client(), address)

    def unlink(session):
        wave = session.get_one(Wave, fieldwork.wave_id)
        unlinking.unlink(session, wave, now=noon)
        session.flush()

    (reply,) = send_while_held(app, address, [fields], unlink)

    assert reply.status_code == 303
    assert len(fieldwork.responses()) == 1
    assert fieldwork.invitations()[0].spent


def test_unlinking_waits_for_a_ballot_under_way(app, fieldwork, noon):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(app.test_client(), address)

    def unlink():
        with app.app_context(), db.begin() as session:
            wave = session.get_one(Wave, fieldwork.wave_id)
            unlinking.unlink(session, wave, now=noon)

    with ThreadPoolExecutor(2) as people:
        with db.begin() as session:
            session.execute(select(Invitation.id).with_for_update())
            ballot = people.submit(app.test_client().post, address, data=fields)
            wait_until_blocked(1)
            unlinked = people.submit(unlink)
            wait_until_blocked(2)
        assert ballot.result(timeout=PATIENCE).status_code == 303
        unlinked.result(timeout=PATIENCE)

    assert len(fieldwork.responses()) == 1
    assert fieldwork.invitations()[0].issued_at is None
