"""Figures that ministries, provinces and newspapers published, each with its source.

They are there to compare with and to check our arithmetic against; nothing is scored
by them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

COLUMNS = (
    "year",
    "place",
    "indicator",
    "label",
    "value",
    "unit",
    "source",
    "status",
    "note",
)
STATUSES = ("seen", "inferred", "memory")
# From 2022 on households are asked, not people who finished a transaction.
FIRST_YEAR_OF_HOUSEHOLDS = 2022


class FiguresRejected(ValueError):
    """A file of published figures with faults; ``problems`` names every line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One published number.

    ``indicator`` is the code to look it up by, ``label`` what people read. ``status``
    is seen (read in the source), inferred (computed from seen numbers) or memory (not
    confirmed). ``value`` is None where the source tells only a place in a list.
    """

    year: int
    place: str
    indicator: str
    label: str
    value: Decimal | None
    unit: str
    source: str
    status: str
    note: str

    @property
    def is_of_households(self) -> bool:
        return self.year >= FIRST_YEAR_OF_HOUSEHOLDS

    def may_stand_beside(self, other: PublishedFigure) -> bool:
        """Whether two figures of satisfaction may be put on one line."""
        if self.indicator != other.indicator or self.unit != other.unit:
            return False
        asks_people = self.indicator.startswith("sipas")
        return not asks_people or self.is_of_households == other.is_of_households


@cache
def published_figures() -> tuple[PublishedFigure, ...]:
    """All figures that come with the program, in the order of the file."""
    path = files("survey_app") / "provinces" / "published_results.csv"
    return read(path.read_text(encoding="utf-8"))


def find(
    indicator: str, *, place: str = "", year: int | None = None
) -> tuple[PublishedFigure, ...]:
    """The figures of one indicator, of one place and year if they are given."""
    return tuple(
        figure
        for figure in published_figures()
        if figure.indicator == indicator
        and place in ("", figure.place)
        and year in (None, figure.year)
    )


def read(text: str) -> tuple[PublishedFigure, ...]:
    """The figures of a CSV text.

    Raises
    ------
    FiguresRejected
        With every fault and its line.
    """
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise FiguresRejected((f"line 1: the columns must be {', '.join(COLUMNS)}",))
    rows = [(reader.line_num, row) for row in reader]
    if problems := tuple(_problems(rows)):
        raise FiguresRejected(problems)
    return tuple(_figure(row) for _, row in rows)


def _problems(rows: list[tuple[int, dict[str, str]]]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        if None in row or None in row.values():
            yield f"line {line}: there must be {len(COLUMNS)} cells"
            continue
        for name in ("place", "indicator", "label", "source"):
            if not row[name].strip():
                yield f"line {line}: {name} is empty"
        if not (row["year"].isdecimal() and len(row["year"]) == 4):
            yield f"line {line}: {row['year']!r} is no year"
        if row["status"] not in STATUSES:
            yield f"line {line}: status must be one of {', '.join(STATUSES)}"
        if row["value"] and _number(row["value"]) is None:
            yield f"line {line}: {row['value']!r} is no number"
        key = (row["year"], row["place"], row["label"])
        if key in seen:
            yield f"line {line}: repeats line {seen[key]}"
        seen[key] = line


def _figure(row: Mapping[str, str]) -> PublishedFigure:
    return PublishedFigure(
        year=int(row["year"]),
        place=row["place"],
        indicator=row["indicator"],
        label=row["label"],
        value=_number(row["value"]) if row["value"] else None,
        unit=row["unit"],
        source=row["source"],
        status=row["status"],
        note=row["note"],
    )


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
