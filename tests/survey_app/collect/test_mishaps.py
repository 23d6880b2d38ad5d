"""When the database is busy, the flood comes, or a log is written."""

import logging
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import event, exc

from survey_app import db
from survey_app.collect import masking, operations, pacing
from tests.survey_app.collect.making import Fieldwork, nonce_in


@pytest.fixture
def impatient(app):
    """The database gives up on a lock at once instead of after half a minute."""
    engine = db.current_database().engine
    event.listen(engine, "connect", _be_impatient)
    engine.dispose()


def test_a_locked_database_asks_to_try_again_and_loses_nothing(
    client, fieldwork, impatient, tmp_path
):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    with closing(sqlite3.connect(tmp_path / "sipas.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        busy = client.post(address, data=fields)
        other.rollback()

    again = client.post(address, data=fields)

    assert busy.status_code == 503
    assert busy.headers["Retry-After"] == "10"
    assert nonce_in(busy.text) == fields["so-phieu"]
    assert '<input type="hidden" name="a1" value="4">' in busy.text
    assert again.status_code == 303
    assert len(fieldwork.responses()) == 1


def test_a_database_that_is_away_is_a_busy_page_too(client, fieldwork, monkeypatch):
    def away(*_):
        raise exc.OperationalError("SELECT 1", {}, OSError("no route"))

    monkeypatch.setattr("survey_app.collect.openings._found", away)

    assert client.get(f"/P/{fieldwork.slip()}").status_code == 503


def test_what_nobody_foresaw_is_said_plainly_and_can_be_sent_again(
    client, fieldwork, monkeypatch
):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address)
    monkeypatch.setattr(operations, "keep", lambda *_, **__: 1 / 0)

    reply = client.post(address, data=fields)

    assert reply.status_code == 500
    assert "ZeroDivisionError" not in reply.text
    assert '<input type="hidden" name="a1" value="4">' in reply.text


def test_what_is_typed_is_never_markup(client, fieldwork, monkeypatch):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address) | {"a1": '"><script>alert(1)</script>'}
    returned = client.post(address, data=fields)
    monkeypatch.setattr(operations, "kept", lambda *_, **__: 1 / 0)
    echoed = client.post(address, data=fields)

    for page in (returned, echoed):
        assert "<script>alert" not in page.text


def test_a_flood_by_one_code_is_slowed_and_others_are_not(
    make_app, sqlite_url, now, noon, monkeypatch
):
    monkeypatch.setattr("survey_app.collect.answering.BALLOTS_PER_MINUTE", 3)
    app = make_app(sqlite_url, RATELIMIT_ENABLED=True)
    client, fieldwork = app.test_client(), Fieldwork(app, noon)
    flooded, other = f"/Q/{fieldwork.poster()}", f"/P/{fieldwork.slip()}"
    statuses = [client.post(flooded, data={}).status_code for _ in range(4)]

    refused = client.post(flooded, data={"a1": "4"})

    assert statuses == [422, 422, 422, 429]
    assert refused.headers["Retry-After"] == "60"
    assert '<input type="hidden" name="a1" value="4">' in refused.text
    assert client.post(other, data={}).status_code == 422
    now.moment += timedelta(minutes=1)
    assert client.post(flooded, data={}).status_code == 422


def test_trying_out_receipts_is_slowed(make_app, sqlite_url, now):
    app = make_app(sqlite_url, RATELIMIT_ENABLED=True)
    client = app.test_client()
    for _ in range(pacing.RECEIPTS_PER_MINUTE):
        client.post("/rut-phieu", data={"bien-nhan": "x"})

    assert client.post("/rut-phieu", data={"bien-nhan": "x"}).status_code == 429


@pytest.mark.parametrize(
    "line",
    [
        "GET /P/7K3M9QX2TA HTTP/1.1",
        "GET /p/7k3m9-qx2ta HTTP/1.1",
        "POST https://khaosat.example.gov.vn/Q/7K3M9QX2 200",
        "GET /S/7K3M9QX2TA",
        "303 /cam-on/7K3M9QX2TA4B",
    ],
)
def test_a_code_or_receipt_is_masked(line):
    masked = masking.masked(line)

    assert "7K3M9" not in masked.upper()
    assert "/***" in masked


@pytest.mark.parametrize("logger", ["werkzeug", "waitress", "gunicorn.access", "any"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("GET /P/7K3M9QX2TA",),
        ("%s %d", "GET /P/7K3M9QX2TA", 200),
        ("%(r)s %(s)s", {"r": "GET /P/7K3M9QX2TA", "s": 200}),
    ],
)
def test_no_log_of_any_server_holds_a_code(app, caplog, logger, arguments):
    with caplog.at_level(logging.INFO):
        logging.getLogger(logger).info(*arguments)

    assert "GET /P/***" in caplog.text
    assert "7K3M9" not in caplog.text


def test_an_unforeseen_mishap_leaves_no_answer_and_no_code_in_the_log(
    client, fieldwork, caplog, monkeypatch
):
    code = fieldwork.slip()
    fields = fieldwork.opened(client, f"/P/{code}")

    def fail(session, *_, **__):
        session.connection().exec_driver_sql(
            "INSERT INTO no_such_table VALUES (?)", ("answers",)
        )

    monkeypatch.setattr(operations, "keep", fail)
    reply = client.post(f"/P/{code}", data=fields)

    assert reply.status_code == 503
    assert code not in caplog.text
    assert "answers" not in caplog.text


def _be_impatient(connection, record):
    connection.execute("PRAGMA busy_timeout = 20")
