"""Cut what still joins ballots to codes: order, place and moment of writing.

No column leads from one to the other. But a database remembers more than its columns:
which rows one transaction wrote (xmin), where they lie (ctid), what its journal holds.
``unlink`` writes all rows of a wave anew, in one transaction and in random order;
``vacuum`` then throws the old copies away. Done at close, at freeze, before every
backup and daily.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Engine, Table, func, insert, literal_column, null, select, text
from sqlalchemy.orm import Session

from survey_app.db import Database
from survey_app.models import HandOver, Invitation, Response, Wave

_INVITATION = cast(Table, Invitation.__table__)
_RESPONSE = cast(Table, Response.__table__)
_HAND_OVER = cast(Table, HandOver.__table__)
# What joins a slip to its moment, and a turn at a counter to its slip.
_FORGOTTEN = ("issued_at", "invitation_id")


class JournalStillRead(Exception):
    """Somebody was reading for so long that the journal could not be emptied."""


def unlink(session: Session, wave: Wave, *, now: datetime) -> None:
    """Rewrite ballots, invitations and turns of a wave; forget when codes were issued.

    Ballots under way are waited for, and those that come meanwhile wait: they hold a
    share of the wave's row, which is taken here for ourselves.
    """
    session.flush()
    _take(session, wave)
    if _is_postgresql(session):
        # Others than ballots write here too: imports, draws, reissues.
        tables = "invitation, response, hand_over"
        session.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))
    for table in (_INVITATION, _RESPONSE, _HAND_OVER):
        _rewrite(session, table, wave.id)
    wave.unlinked_at = now


def forget_receipts(session: Session, wave: Wave) -> None:
    """Give every ballot of a wave another random number, so that no receipt finds it.

    For the freeze: from then on nothing links a ballot to a person.
    """
    session.flush()
    _take(session, wave)
    session.execute(
        _RESPONSE.update()
        .where(_RESPONSE.c.wave_id == wave.id)
        .values(id=_random_number(session))
    )


def vacuum(database: Database) -> None:
    """Throw away the old copies of rewritten rows and what the journal holds of them.

    Outside any transaction; others wait for as long as it takes.

    Raises
    ------
    JournalStillRead
        If the journal of SQLite could not be emptied; try again later.
    """
    if database.engine.dialect.name == "sqlite":
        with database.gate:
            _vacuum_sqlite(database.engine)
    else:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            tables = "invitation, response, hand_over, paper_form, paper_entry"
            connection.execute(text(f"VACUUM (FULL) {tables}"))


def _take(session: Session, wave: Wave) -> None:
    session.execute(select(Wave.id).where(Wave.id == wave.id).with_for_update())


def _rewrite(session: Session, table: Table, wave_id: int) -> None:
    """Copy out, delete, and copy back in random order."""
    copy = f"{table.name}_copy"
    drop = " ON COMMIT DROP" if _is_postgresql(session) else ""
    session.execute(
        text(
            f"CREATE TEMPORARY TABLE {copy}{drop} AS"
            f" SELECT * FROM {table.name} WHERE wave_id = {wave_id:d}"
        )
    )
    session.execute(table.delete().where(table.c.wave_id == wave_id))
    names = [column.name for column in table.columns]
    columns = [null() if name in _FORGOTTEN else literal_column(name) for name in names]
    rows = select(*columns).select_from(text(copy)).order_by(_random_order(session))
    session.execute(insert(table).from_select(names, rows))
    session.execute(text(f"DROP TABLE {copy}"))


def _random_order(session: Session) -> Any:
    """An order from the system's own source of chance, which nobody can repeat."""
    if _is_postgresql(session):
        return func.gen_random_uuid()
    return func.randomblob(16)


def _random_number(session: Session) -> Any:
    """A UUIDv4, made by the database for each row."""
    if _is_postgresql(session):
        return func.gen_random_uuid()
    hexadecimal = "lower(hex(randomblob({})))".format
    variant = "substr('89ab', 1 + (random() & 3), 1)"
    return literal_column(
        f"{hexadecimal(6)} || '4' || substr({hexadecimal(2)}, 2)"
        f" || {variant} || substr({hexadecimal(8)}, 2)"
    )


def _vacuum_sqlite(engine: Engine) -> None:
    connection = engine.raw_connection()  # the driver's own: no transaction is begun
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    finally:
        connection.close()
    if busy:
        raise JournalStillRead


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
