"""Results closed in one second by one official: seen while a file is read, not kept.

The time of day and the official are personal data. They stay in memory until the
answer to whoever brought the file is written, and go nowhere else.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from sampling import frame_checks
from survey_app import tables
from survey_app.tables import Row, Table

_TIME = re.compile(r"(?:(?P<day>\S+)[ T])?(?P<clock>\d{1,2}:\d{2}:\d{2})(?:\.\d+)?")
_START = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """Results of one official in one second, with the lines they stand on."""

    official: str
    moment: datetime
    count: int
    first_line: int
    last_line: int

    @property
    def when(self) -> str:
        return f"{self.moment:%H:%M:%S %d/%m/%Y}"


@dataclass(slots=True)
class Watch:
    """Notes moment and official of each row that goes by."""

    lines: array[int] = field(default_factory=lambda: array("q"))
    seconds: array[int] = field(default_factory=lambda: array("q"))
    officials: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def over(self, table: Table) -> Table:
        """The same table; where it has both columns, its rows are noted as read."""
        if not {"time", "official"} <= table.places.keys():
            return table
        return replace(table, rows=self._noted(table))

    def blocks(self) -> list[Block]:
        """What was noted, the largest blocks first."""
        moments = np.array(self.seconds, dtype="datetime64[s]")
        found = frame_checks.blocks(moments, self.officials)
        return [
            Block(
                self.officials[f.rows[0]],
                _START + timedelta(seconds=self.seconds[f.rows[0]]),
                f.count,
                self.lines[f.rows[0]],
                self.lines[f.rows[-1]],
            )
            for f in found
        ]

    def _noted(self, table: Table) -> Iterator[Row]:
        time, official, returned = map(
            table.places.get, ("time", "official", "returned")
        )
        for row in table.rows:
            name = row.at(official)
            at = moment(row.at(time), row.at(returned)) if name else None
            if at is not None:
                self.lines.append(row.number)
                self.seconds.append(int((at - _START).total_seconds()))
                self.officials.append(self._names.setdefault(name, name))
            yield row


def moment(time: str, returned: str) -> datetime | None:
    """When a result was handed over, to the second; None where it is not known so far.

    Midnight is what programs write for a day without a time.

    Examples
    --------
    >>> moment("14:05:09", "31/12/2025")
    datetime.datetime(2025, 12, 31, 14, 5, 9)
    >>> moment("14:05", "31/12/2025") is None
    True
    """
    found = _TIME.fullmatch(time)
    day = tables.day((found["day"] if found else None) or returned)
    if found is None or day is None:
        return None
    hour, minute, second = map(int, found["clock"].split(":"))
    if hour > 23 or minute > 59 or second > 59 or not hour + minute + second:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second)
