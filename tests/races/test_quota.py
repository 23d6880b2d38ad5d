"""Many interviews that want the last places, on both kinds of database."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import exc

from survey_app import db
from survey_app.fieldwork import quotas
from survey_app.models import QuotaCell, QuotaPlace, WaveOffice

STARTS, PLACES = 200, 50


@pytest.fixture
def cell(app_on_any_database, fieldwork):
    with db.begin() as session:
        session.add(
            WaveOffice(wave_id=fieldwork.wave_id, office_id=fieldwork.office_id)
        )
        cell = QuotaCell(
            wave_id=fieldwork.wave_id, office_id=fieldwork.office_id, target=PLACES
        )
        session.add(cell)
    return cell.id


def at_once(app, act, many):
    """Do something for each of many at the same moment, each in a thread."""
    ready = threading.Barrier(len(many))

    def one(argument):
        ready.wait(timeout=60)
        with app.app_context():
            try:
                with db.begin() as session:
                    return act(session, argument)
            except quotas.QuotaFull:
                return "full"

    with ThreadPoolExecutor(len(many)) as threads:
        return list(threads.map(one, many))


def start(now):
    return lambda session, _: quotas.reserve(session, cell_of(session), now=now)


def cell_of(session):
    return session.query(QuotaCell.id).scalar()


def counts():
    with db.read() as session:
        cell = session.query(QuotaCell).one()
        return cell.reserved, cell.finished


def test_two_hundred_starts_for_fifty_places_give_fifty(
    app_on_any_database, cell, noon
):
    replies = at_once(app_on_any_database, start(noon), range(STARTS))

    assert Counter(r == "full" for r in replies) == {True: STARTS - PLACES, False: 50}
    assert counts() == (PLACES, 0)


def test_starts_and_finishes_at_once_never_pass_the_target(
    app_on_any_database, cell, noon
):
    first = at_once(app_on_any_database, start(noon), range(30))

    def act(session, place):
        if place is None:
            return quotas.reserve(session, cell, now=noon)
        return quotas.finish(session, place, now=noon)

    at_once(app_on_any_database, act, [*first, *[None] * 100])

    assert counts() == (PLACES - 30, 30)


def test_places_whose_time_is_over_are_given_to_others_but_only_once(
    app_on_any_database, cell, noon
):
    at_once(app_on_any_database, start(noon), range(PLACES))
    later = noon + timedelta(minutes=quotas.MINUTES)

    replies = at_once(app_on_any_database, start(later), range(STARTS))

    assert Counter(r == "full" for r in replies)[False] == PLACES
    assert counts() == (PLACES, 0)
    with db.read() as session:
        states = Counter(place.state for place in session.query(QuotaPlace))
    assert states == {"expired": PLACES, "reserved": PLACES}


def test_two_hundred_taps_on_finished_count_one(app_on_any_database, cell, noon):
    (place,) = at_once(app_on_any_database, start(noon), range(1))

    at_once(
        app_on_any_database,
        lambda session, _: quotas.finish(session, place, now=noon),
        range(STARTS),
    )

    assert counts() == (0, 1)


def test_finishing_and_giving_back_at_once_leaves_one_of_the_two(
    app_on_any_database, cell, noon
):
    (place,) = at_once(app_on_any_database, start(noon), range(1))

    def act(session, giving_back):
        try:
            if giving_back:
                quotas.release(session, place)
            else:
                quotas.finish(session, place, now=noon)
        except quotas.PlaceGone:
            return

    at_once(app_on_any_database, act, [True, False] * 20)

    assert counts() in {(0, 0), (0, 1)}


def test_the_table_itself_refuses_a_place_too_many(app_on_any_database, cell):
    with pytest.raises(exc.IntegrityError), db.begin() as session:
        session.query(QuotaCell).update({"finished": PLACES + 1})


def test_an_interview_that_took_too_long_still_counts_while_a_place_is_left(
    app_on_any_database, cell, noon
):
    later = noon + timedelta(hours=2)
    with db.begin() as session:
        place = quotas.reserve(session, cell, now=noon)
        quotas.expire(session, cell, now=later)

        quotas.finish(session, place, now=later)

    assert counts() == (0, 1)


def test_an_interview_that_took_too_long_is_refused_when_all_places_are_taken(
    app_on_any_database, cell, noon
):
    later = noon + timedelta(hours=2)
    with db.begin() as session:
        place = quotas.reserve(session, cell, now=noon)
    at_once(app_on_any_database, start(later), range(60))

    with pytest.raises(quotas.QuotaFull), db.begin() as session:
        quotas.finish(session, place, now=later)

    assert counts() == (PLACES, 0)


def test_a_place_given_back_is_free_again(app_on_any_database, cell, noon):
    with db.begin() as session:
        quotas.release(session, quotas.reserve(session, cell, now=noon))

    assert counts() == (0, 0)
