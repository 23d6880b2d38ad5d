"""An open wave whose counters give slips with results, and a day's turns at one."""

from uuid import uuid4

from sqlalchemy import select

from survey_app import clock, db
from survey_app.fieldwork import waves
from survey_app.hand_over import counters, turns
from survey_app.models import Account, Counter, Role
from tests.survey_app.fieldwork.making import build_province, build_wave

FIELDS = ("Hộ tịch", "Chứng thực")
CODE = "2026-Q1"


def build(*, every=1, opened=True, frame=(), total=None):
    """A province and a wave of which both counters of STP give slips."""
    build_province()
    wave = build_wave(CODE, frame=frame, total=total)
    with db.begin() as session:
        keys = [c.id for c in counters_of(session, "STP")]
        counters.choose(session, wave.id, keys, every=every, fields=FIELDS)
        if opened:
            waves.open_wave(session, wave.id, now=clock.now())
    return wave


def counters_of(session, office):
    found = session.scalars(select(Counter).order_by(Counter.code))
    return [c for c in found if c.shop.office.code == office]


def counter_id(number=0, office="STP"):
    with db.read() as session:
        return counters_of(session, office)[number].id


def make_officer(counter, username="quay-1"):
    """The officer of a counter."""
    with db.begin() as session:
        account = Account(
            username=username,
            name="Trần Thị Quầy",
            role=Role.COUNTER_OFFICER,
            password_hash="none that fits",
            counter_id=counter,
            created_at=clock.now(),
        )
        session.add(account)
    return account


def take_turns(wave, officer, count, *, field=FIELDS[0], now=None):
    """Turns one after the other, as the screen registers them."""
    done = []
    for _ in range(count):
        with db.begin() as session:
            place = counters.place(session, officer.counter_id)
            planned = counters.planned(session, wave, officer.counter_id)
            handed = turns.Handed(
                uuid4(),
                turns.Place(place.shop.office, place.shop, place),
                field,
                "in_person",
                account_id=officer.id,
            )
            done.append(
                turns.register(session, planned, handed, now=now or clock.now())
            )
    return done
