"""What somebody who carries the database away learns of turns and their order."""

import pytest
from sqlalchemy import select, text

from survey_app import db
from survey_app.collect import unlinking
from survey_app.models import HandOver, Wave
from tests.survey_app.hand_over import making

TURNS = 40


def in_table_order():
    """Ids of turns as they lie in the table."""
    sqlite = db.current_database().engine.dialect.name == "sqlite"
    order = "" if sqlite else " ORDER BY ctid"
    with db.read() as session:
        return [
            str(r[0]) for r in session.execute(text(f"SELECT id FROM hand_over{order}"))
        ]


@pytest.fixture
def arrived(app_on_any_database):
    """Ids of turns in the order in which people came."""
    wave = making.build()
    officer = making.make_officer(making.counter_id())
    turns = making.take_turns(wave, officer, TURNS)
    hexed = db.current_database().engine.dialect.name == "sqlite"
    return [t.id.hex if hexed else str(t.id) for t in turns]


def unlink(now):
    with db.begin() as session:
        unlinking.unlink(session, session.scalars(select(Wave)).one(), now=now.moment)
    unlinking.vacuum(db.current_database())


def test_after_unlinking_turns_lie_in_another_order_than_people_came(arrived, now):
    unlink(now)

    found = in_table_order()
    assert sorted(found) == sorted(arrived)
    assert found != arrived


def test_after_unlinking_no_turn_knows_its_slip_and_nothing_else_is_lost(arrived, now):
    def contents():
        columns = [c for c in HandOver.__table__.columns if c.name != "invitation_id"]
        with db.read() as session:
            return sorted(map(str, session.execute(select(*columns))))

    before = contents()

    unlink(now)

    assert contents() == before
    with db.read() as session:
        assert set(session.scalars(select(HandOver.invitation_id))) == {None}


def test_on_postgresql_no_write_mark_tells_turns_apart(
    arrived, app_on_any_database, now
):
    if db.current_database().engine.dialect.name == "sqlite":
        with db.read() as session, pytest.raises(Exception, match="rowid"):
            session.execute(text("SELECT rowid FROM hand_over"))
        return
    unlink(now)

    with db.read() as session:
        marks = set(session.scalars(text("SELECT xmin::text FROM hand_over")))
    assert len(marks) == 1
