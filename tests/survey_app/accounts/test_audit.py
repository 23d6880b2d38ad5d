"""The log keeps what staff did, and shows when somebody touched it."""

import ast
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import exc, text

import survey_app
from survey_app import db
from survey_app.accounts import actions, audit
from survey_app.models import AuditEntry, Role


def write(now, *subjects, account=None):
    with db.begin() as session:
        for subject in subjects:
            audit.record(
                session, account, "wave.opened", subject, {"n": 1}, now=now.moment
            )


def chain():
    with db.read() as session:
        return audit.verify(session)


def tamper(statement):
    """Change the table as somebody with all rights to the database could."""
    with db.begin() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
            session.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
        else:
            session.execute(
                text("DROP TRIGGER IF EXISTS audit_entry_immutable ON audit_entry")
            )
        session.execute(text(statement))


def test_an_untouched_log_is_whole(app_on_any_database, now):
    write(now, "một", "hai", "ba")

    assert chain().entries == 3
    assert chain().broken_at is None


def test_an_empty_log_is_whole(app):
    assert chain() == audit.Chain(0, audit.BEGINNING, None)


def test_what_was_written_at_a_vietnamese_hour_reads_the_same_in_utc(app, now):
    now.moment = now.moment.replace(microsecond=123456)

    write(now, "một")

    assert chain().broken_at is None
    with db.read() as session:
        entry = session.query(AuditEntry).one()
    assert entry.at.astimezone(UTC) == now.moment


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entry SET subject = 'x' WHERE id = 2", 2),
        ("UPDATE audit_entry SET actor = 'x' WHERE id = 1", 1),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = 3", 3),
        ("DELETE FROM audit_entry WHERE id = 2", 3),
        ("DELETE FROM audit_entry WHERE id = 1", 2),
    ],
)
def test_changing_or_removing_an_entry_breaks_the_chain(
    app_on_any_database, now, statement, broken_at
):
    write(now, "một", "hai", "ba")

    tamper(statement)

    assert chain().broken_at == broken_at


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET subject = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_change_the_log(app_on_any_database, now, statement):
    write(now, "một")

    with pytest.raises(exc.DBAPIError, match="immutable"), db.begin() as session:
        session.execute(text(statement))


def test_entries_written_at_the_same_time_still_form_one_chain(
    app_on_any_database, now
):
    def write_in_a_thread(number):
        with app_on_any_database.app_context():
            write(now, f"việc {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write_in_a_thread, range(40)))

    assert chain().entries == 40
    assert chain().broken_at is None


def test_what_is_undone_leaves_no_entry(app, now):
    def fail():
        with db.begin() as session:
            audit.record(session, None, "wave.opened", "một", now=now.moment)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert chain().entries == 0


def test_the_page_shows_who_did_what_and_can_be_narrowed(signed_in, make_account, now):
    lan = make_account(Role.PLANNER, username="lan")
    write(now, "đợt-1", account=lan)
    write(now, "đợt-2")
    administrator = signed_in(Role.ADMINISTRATOR)

    everything = administrator.get("/accounts/audit").text
    narrowed = administrator.get("/accounts/audit?actor=lan").text

    assert "đợt-1" in everything
    assert "đợt-2" in everything
    assert "đợt-2" not in narrowed


def test_the_log_can_be_narrowed_to_days_of_vietnam(signed_in, now):
    now.moment = now.moment.replace(hour=23, minute=59)
    write(now, "cuối-ngày")
    now.moment += timedelta(minutes=2)
    write(now, "đầu-ngày-sau")
    day = {"first_day": "2026-03-02", "last_day": "2026-03-02"}

    reply = signed_in(Role.ADMINISTRATOR).get("/accounts/audit", query_string=day)

    assert "cuối-ngày" in reply.text
    assert "đầu-ngày-sau" not in reply.text


def test_a_day_that_does_not_exist_is_said_to_be_wrong(signed_in):
    reply = signed_in(Role.ADMINISTRATOR).get("/accounts/audit?first_day=2026-02-31")

    assert reply.status_code == 422
    assert "ngày có thật" in reply.text


def test_a_long_log_is_read_page_by_page(signed_in, now):
    write(now, *(f"việc-{number:03}." for number in range(150)))
    administrator = signed_in(Role.ADMINISTRATOR)

    first = administrator.get("/accounts/audit").text
    older = administrator.get("/accounts/audit?before=51").text

    assert "việc-149." in first
    assert "việc-049." not in first
    assert "before=51" in first
    assert "việc-049." in older


def test_the_log_leaves_as_a_file_that_no_spreadsheet_runs(signed_in, now):
    write(now, "=HYPERLINK(1)")

    reply = signed_in(Role.ADMINISTRATOR).get("/accounts/audit.csv")

    assert reply.data.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(1)" in reply.text


def test_the_check_says_where_the_chain_broke(signed_in, now):
    administrator = signed_in(Role.ADMINISTRATOR)
    write(now, "một", "hai")
    whole = administrator.get("/accounts/audit/check").text

    tamper("UPDATE audit_entry SET subject = 'x' WHERE id = 2")

    assert "Nguyên vẹn: 2 mục" in whole
    assert (
        "mục số <strong>2</strong>" in administrator.get("/accounts/audit/check").text
    )


def test_every_act_written_anywhere_has_a_name_people_can_read():
    package = Path(survey_app.__file__).parent
    words = {
        call.args[2].value
        for path in package.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("audit.record")
        and isinstance(call.args[2], ast.Constant)
    }

    assert "wave.opened" in words
    assert words - actions.NAMES.keys() == set()
