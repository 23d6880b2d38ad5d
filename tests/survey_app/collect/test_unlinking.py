"""What somebody who carries the database away can join: nothing."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy import stats
from sqlalchemy import event, text

from survey_app import db
from survey_app.collect import unlinking
from survey_app.models import Wave
from tests.survey_app.collect.making import Fieldwork

BALLOTS = 30
ISSUED = datetime(2026, 3, 2, 3, 33, 33, 333333, tzinfo=UTC)


@pytest.fixture
def on_any(app_on_any_database, now, noon):
    return answered(app_on_any_database, now, noon)


@pytest.fixture
def on_postgresql(make_app, postgres_url, now, noon):
    app = make_app(postgres_url)
    with app.app_context():
        yield answered(app, now, noon)


@pytest.fixture
def on_sqlite(app, now, noon):
    return answered(app, now, noon)


def answered(app, now, noon):
    """Slips answered one after the other, and some that were not."""
    client, fieldwork = app.test_client(), Fieldwork(app, noon)
    for code in fieldwork.slips(BALLOTS, issued_at=ISSUED):
        now.moment += timedelta(minutes=3)
        client.post(f"/P/{code}", data=fieldwork.opened(client, f"/P/{code}"))
    fieldwork.slips(20, issued_at=ISSUED)
    return fieldwork


def unlink(fieldwork, now):
    with db.begin() as session:
        wave = session.get_one(Wave, fieldwork.wave_id)
        unlinking.unlink(session, wave, now=now.moment)


def unlink_and_vacuum(fieldwork, now):
    unlink(fieldwork, now)
    unlinking.vacuum(db.current_database())


def rows(statement):
    with db.read() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_nothing_is_lost_but_the_moment_of_issue(on_any, now):
    def contents():
        return [
            sorted(rows("SELECT * FROM response"), key=str),
            sorted(
                rows(
                    "SELECT id, code_hash, spent, outcome, stratum, service_field"
                    " FROM invitation"
                ),
                key=str,
            ),
        ]

    before = contents()

    unlink_and_vacuum(on_any, now)

    assert contents() == before
    assert len(before[0]) == BALLOTS
    assert {i.issued_at for i in on_any.invitations()} == {None}


def test_the_wave_remembers_when_it_was_unlinked(on_any, now):
    unlink(on_any, now)

    with db.read() as session:
        assert session.get_one(Wave, on_any.wave_id).unlinked_at == now.moment


def test_other_waves_are_left_alone(on_any, now):
    with db.begin() as session:
        wave = session.get_one(Wave, on_any.wave_id)
        other = Wave(
            code="dot-2",
            name="Đợt 2",
            questionnaire_id=wave.questionnaire_id,
            rule_set_id=wave.rule_set_id,
            period_start=wave.period_start,
            period_end=wave.period_end,
            created_at=now.moment,
        )
        session.add(other)
        session.flush()
        unlinking.unlink(session, other, now=now.moment)

    assert all(i.issued_at for i in on_any.invitations())


def test_a_page_opened_before_can_be_sent_after(on_any, now):
    address, client = f"/P/{on_any.slip()}", on_any.app.test_client()
    fields = on_any.opened(client, address)

    unlink_and_vacuum(on_any, now)

    assert client.post(address, data=fields).status_code == 303


def test_before_unlinking_postgresql_tells_which_slip_gave_which_ballot(on_postgresql):
    """The danger is real: one database transaction wrote both rows of a pair."""
    pairs = rows(
        "SELECT r.id FROM response r JOIN invitation i"
        " ON r.xmin::text = i.xmin::text WHERE i.spent"
    )

    assert len(pairs) == BALLOTS


def test_afterwards_one_database_transaction_wrote_all_rows(on_postgresql, now):
    unlink_and_vacuum(on_postgresql, now)

    writers = rows(
        "SELECT DISTINCT xmin::text FROM response"
        " UNION SELECT DISTINCT xmin::text FROM invitation"
    )
    assert len(writers) == 1


def test_places_on_postgresql_say_nothing_of_the_order(on_postgresql, now):
    arrived, after = {}, {}
    for table in ("response", "invitation"):
        placed = f"SELECT id FROM {table} ORDER BY ctid"
        arrived[table] = {id_: place for place, (id_,) in enumerate(rows(placed))}
        unlink_and_vacuum(on_postgresql, now)
        after[table] = [arrived[table][id_] for (id_,) in rows(placed)]

    # Independent orders of 30 have |rho| > 0.8 once in ten million runs.
    for order in after.values():
        assert abs(stats.spearmanr(order, np.arange(len(order))).statistic) < 0.8


def test_no_old_copy_is_left_on_postgresql(on_postgresql, now):
    unlink(on_postgresql, now)
    sizes = "SELECT pg_relation_size('response'), pg_relation_size('invitation')"
    (before,) = rows(sizes)

    unlinking.vacuum(db.current_database())

    (after,) = rows(sizes)
    assert all(new < old for new, old in zip(after, before, strict=True))


def test_rows_on_sqlite_have_no_number_and_lie_by_random_key(on_sqlite, now, tmp_path):
    unlink_and_vacuum(on_sqlite, now)

    with closing(sqlite3.connect(tmp_path / "sipas.db")) as file:
        for table in ("response", "invitation"):
            with pytest.raises(sqlite3.OperationalError, match="no such column"):
                file.execute(f"SELECT rowid FROM {table}")
            ids = [r[0] for r in file.execute(f"SELECT id FROM {table} NOT INDEXED")]
            assert ids == sorted(ids)


def test_the_file_of_sqlite_and_its_journal_forget_the_moment_of_issue(
    on_sqlite, now, tmp_path
):
    file, journal = tmp_path / "sipas.db", tmp_path / "sipas.db-wal"
    moment = ISSUED.strftime("%H:%M:%S.%f").encode()
    assert moment in file.read_bytes() + journal.read_bytes()

    unlink_and_vacuum(on_sqlite, now)

    assert moment not in file.read_bytes()
    assert journal.read_bytes() == b""


def test_a_journal_that_somebody_reads_is_reported(on_sqlite, now, tmp_path):
    database = db.current_database()
    event.listen(database.engine, "connect", _be_impatient)
    database.engine.dispose()
    unlink(on_sqlite, now)

    with closing(sqlite3.connect(tmp_path / "sipas.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM response").fetchone()

        with pytest.raises(unlinking.JournalStillRead):
            unlinking.vacuum(database)


def _be_impatient(connection, record):
    connection.execute("PRAGMA busy_timeout = 20")
