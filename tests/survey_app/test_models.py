"""The tables as the migrations make them, on both kinds of database."""

from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, text

from survey_app import db, upgrade
from survey_app.models import Definition, Model, Office


def test_the_migrations_make_exactly_the_tables_of_the_models(app_on_any_database):
    with db.current_database().engine.connect() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, Model.metadata) == []


def test_a_migrated_database_is_ready(app_on_any_database):
    reply = app_on_any_database.test_client().get("/readyz")

    assert reply.status_code == 200


def test_an_empty_database_is_not_ready_and_says_what_to_do(make_app, tmp_path):
    client = make_app(f"sqlite:///{tmp_path}/empty.db").test_client()

    reply = client.get("/readyz")

    assert reply.status_code == 503
    assert "sipas db upgrade" in reply.json["status"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE definition SET text = 'x'", "DELETE FROM definition"],
)
def test_a_published_questionnaire_cannot_be_changed(app_on_any_database, statement):
    with pytest.raises(exc.DBAPIError, match="immutable"), db.begin() as session:
        session.execute(text(statement))


def test_publishing_the_same_text_again_changes_nothing(app_on_any_database, noon):
    with db.begin() as session:
        upgrade.publish_shipped(session, now=noon)

    with db.read() as session:
        assert all(d.published_at < noon for d in session.query(Definition))


def test_other_words_under_a_published_id_are_refused(app, noon):
    with db.begin() as session:
        text_there = session.query(Definition).first().text

        with pytest.raises(upgrade.PublishedTextChanged):
            upgrade.publish(session, Definition, text_there + "\n# other", now=noon)


def test_a_moment_without_a_time_zone_is_refused(app):
    with pytest.raises(exc.StatementError, match="no time zone"), db.begin() as session:
        session.execute(
            Definition.__table__.insert(),
            [
                {
                    "id": "x",
                    "kind": "x",
                    "text": "",
                    "sha256": "x",
                    "published_at": datetime(2026, 1, 1),
                }
            ],
        )


def test_what_a_block_did_is_undone_when_it_raises(app_on_any_database):
    def fail():
        with db.begin() as session:
            session.add(_office("X"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with db.read() as session:
        assert session.query(Office).filter_by(code="X").count() == 0


def test_looking_changes_nothing(app_on_any_database):
    with db.begin() as session:
        session.add(_office("X"))
    with db.read() as session:
        assert session.query(Office).filter_by(code="X").one().name == "Sở X"


def test_moments_come_back_in_utc(app_on_any_database):
    with db.read() as session:
        assert session.query(Definition).first().published_at.tzinfo is UTC


def _office(code):
    return Office(
        code=code,
        name=f"Sở {code}",
        search_name=f"so {code}".lower(),
        level="so_ban_nganh",
        kind="so",
        valid_from=date(2021, 1, 1),
    )
