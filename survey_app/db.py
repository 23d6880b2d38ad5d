"""One engine for the application, one session for a piece of work.

``with begin()`` writes and ``with read()`` reads; there is no other way to a
session. Who begins, commits: a function that is handed a session never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker


@dataclass(frozen=True, slots=True)
class Database:
    """The engine, and one maker of sessions for each kind of work.

    SQLite has one writer at a time. Threads of this process queue at ``gate``,
    which is fair and cheap, instead of polling for the file lock.
    """

    engine: Engine
    writers: sessionmaker[Session]
    readers: sessionmaker[Session]
    gate: Lock


def init_app(app: Flask) -> None:
    app.extensions["database"] = connect(app.config["DATABASE_URL"])


def connect(url: str) -> Database:
    """Make the engine for SQLite or PostgreSQL; nothing is opened yet."""
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
        readers = engine
    else:
        engine = create_engine(
            url,
            pool_size=10,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,  # an error in a log must not hold a ballot
        )
        readers = engine.execution_options(postgresql_readonly=True)
    writers = engine.execution_options(sipas_writes=True)
    return Database(
        engine,
        sessionmaker(writers, expire_on_commit=False),
        sessionmaker(readers, expire_on_commit=False),
        Lock(),
    )


@contextmanager
def begin() -> Iterator[Session]:
    """A session that commits when the block ends and rolls back if it raises."""
    database = current_database()
    if database.engine.dialect.name == "sqlite":
        with database.gate, database.writers.begin() as session:
            yield session
    else:
        with database.writers.begin() as session:
            yield session


@contextmanager
def read() -> Iterator[Session]:
    """A session for looking only; whatever it did is rolled back."""
    with current_database().readers() as session:
        yield session


def current_database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _sqlite_connected(connection: Any, record: Any) -> None:
    # Transactions are begun below, not by the driver, which would begin late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged ballot survives a power cut
        "foreign_keys = ON",
        "busy_timeout = 30000",
        "secure_delete = ON",  # what is erased is overwritten, not left in pages
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("sipas_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
