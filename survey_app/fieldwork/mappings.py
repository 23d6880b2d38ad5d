"""Files of other programs: their first rows shown, their headings matched to ours.

The file itself is not kept; the match is, under a name, for the next time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app import tables
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.transaction_columns import COLUMNS
from survey_app.models import ColumnMapping
from survey_app.tables import Column, FileRefused, Row

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The headings of a file, its first rows, and the columns recognised in it."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    guessed: Mapping[str, str]


def preview(source: BinaryIO) -> Preview:
    """Look at a file without storing anything.

    Raises
    ------
    FileRefused
        If it is no table, or has no row that could be a heading.
    """
    first = list(islice(tables.raw_rows(source), tables.HEADER_WITHIN))
    if not first:
        raise FileRefused("Tệp không có dòng nào.")
    header = max(first, key=lambda row: (len(_guessed(row)), _width(row)))
    headings = tuple(dict.fromkeys(cell for cell in header.cells if cell))
    if len(headings) < 2:
        raise FileRefused("Không tìm thấy dòng tiêu đề có từ hai cột trở lên.")
    after = [row for row in first if row.number > header.number]
    return Preview(headings, (header, *after[:SHOWN]), _guessed(header))


def save(
    session: Session, name: str, chosen: Mapping[str, str], *, now: datetime
) -> ColumnMapping:
    """Keep a match under a name; the same name again replaces it.

    Raises
    ------
    Refused
        With every reason: no name, a required column without heading, one heading
        for two columns.
    """
    problems = [] if name else ["Chưa đặt tên cho cách ghép cột."]
    problems += [
        f"Chưa chọn cột của tệp cho “{column.title}”."
        for column in COLUMNS
        if column.required and not chosen.get(column.id)
    ]
    used = [heading for heading in chosen.values() if heading]
    problems += [
        f"Cột “{heading}” của tệp được chọn cho hơn một cột."
        for heading in dict.fromkeys(used)
        if used.count(heading) > 1
    ]
    if problems:
        raise Refused(*problems)
    columns = {c.id: chosen[c.id] for c in COLUMNS if chosen.get(c.id)}
    kept = session.scalar(select(ColumnMapping).where(ColumnMapping.name == name))
    if kept is None:
        kept = ColumnMapping(name=name, columns=columns, saved_at=now)
        session.add(kept)
    else:
        kept.columns, kept.saved_at = columns, now
    session.flush()
    return kept


def saved(session: Session) -> list[ColumnMapping]:
    """All that are kept, by name."""
    return list(session.scalars(select(ColumnMapping).order_by(ColumnMapping.name)))


def columns(session: Session, key: int | None) -> Sequence[Column]:
    """The columns to look for: ours, or under the headings of a saved match.

    Raises
    ------
    NotFound
        If no match has this key.
    """
    if key is None:
        return COLUMNS
    kept = session.get(ColumnMapping, key)
    if kept is None:
        raise NotFound
    return tuple(
        replace(column, title=kept.columns[column.id], also=())
        for column in COLUMNS
        if column.id in kept.columns
    )


def _guessed(row: Row) -> dict[str, str]:
    """The heading of each column that is understood, the first where there are two."""
    return {
        column.id: next(cell for cell in row.cells if tables.means(column, cell))
        for column in COLUMNS
        if any(tables.means(column, cell) for cell in row.cells)
    }


def _width(row: Row) -> int:
    return sum(bool(cell) for cell in row.cells)
