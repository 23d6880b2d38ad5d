"""Read one table of a rule set: note what was taken, collect what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from analysis.rule_set import Problem

LONGEST_TEXT = 100_000
LARGEST_NUMBER = Decimal(1_000_000)


class NotReadable(ValueError):
    """A text that is no TOML at all, or too long to be a rule set."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def load(text: str) -> dict[str, Any]:
    """The tables of a text, numbers with a decimal point as exact decimals.

    Raises
    ------
    NotReadable
    """
    if len(text) > LONGEST_TEXT:
        raise NotReadable(Problem("too_large", "", f"{len(text)}/{LONGEST_TEXT}"))
    try:
        return tomllib.loads(text, parse_float=_exact)
    except (ValueError, RecursionError) as error:
        raise NotReadable(Problem("not_toml", "", str(error))) from error


def _exact(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond all measure
        return Decimal("NaN")


class Table:
    """A TOML table being read, key by key."""

    def __init__(
        self, data: Mapping[str, Any], where: str, problems: list[Problem]
    ) -> None:
        self.data, self.where, self.problems = data, where, problems
        self.taken: set[str] = set()

    def problem(self, code: str, name: str, detail: str = "") -> None:
        self.problems.append(Problem(code, f"{self.where}{name}", detail))

    def close(self) -> None:
        """Whatever was not taken is a key nobody knows."""
        for name in self.data:
            if name not in self.taken:
                self.problem("unknown_key", name)

    def table(self, name: str, *, optional: bool = False) -> Table:
        value = self._take(name, {} if optional else None, dict)
        return Table(value or {}, f"{self.where}{name}.", self.problems)

    def tables(self, name: str) -> list[Table]:
        rows = []
        for k, row in enumerate(self._take(name, [], list)):
            if isinstance(row, dict):
                rows.append(Table(row, f"{self.where}{name}[{k}].", self.problems))
            else:
                self.problem("wrong_type", f"{name}[{k}]", type(row).__name__)
        return rows

    def text(self, name: str) -> str:
        value = str(self._take(name, None, str) or "")
        if isinstance(self.data.get(name), str) and not value.strip():
            self.problem("empty", name)
        return value

    def choice(
        self, name: str, allowed: Iterable[str], default: str | None = None
    ) -> str:
        value = self._take(name, default, str)
        if isinstance(self.data.get(name), str) and value not in allowed:
            self.problem("not_one_of", name, ", ".join(allowed))
        return str(value)

    def choices(self, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        values = self._take(name, None, list) or []
        for value in values:
            if value not in allowed:
                self.problem("not_one_of", name, ", ".join(allowed))
        if isinstance(self.data.get(name), list) and not values:
            self.problem("empty", name)
        if len(set(map(str, values))) != len(values):
            self.problem("twice", name)
        return tuple(map(str, values))

    def day(self, name: str) -> date | None:
        value = self._take(name, date.min, date)
        if isinstance(value, datetime):
            self.problem("wrong_type", name, "datetime")
            return None
        return None if value == date.min else value

    def whole(
        self, name: str, default: int | None, allowed: range, *, code: str = ""
    ) -> int:
        value = self._take(name, default, int)
        if value is None:
            return allowed[0]
        if value not in allowed:
            ends = f"{allowed[0]} – {allowed[-1]}"
            self.problem(code or "out_of_range", name, ends)
        return int(value)

    def number(self, name: str, default: Decimal | None) -> Decimal:
        value = self._take(name, default, (int, Decimal))
        if value is None:
            return Decimal(1)
        if not Decimal(value).is_finite() or abs(value) > LARGEST_NUMBER:
            self.problem("not_a_number", name, str(value)[:40])
            return Decimal(1)
        return Decimal(value)

    def weights(self, name: str) -> dict[str, Decimal]:
        table = self.table(name, optional=True)
        found = {key: table.number(key, None) for key in table.data}
        for key, value in found.items():
            if value < 0:
                table.problem("negative", key)
        if found and not any(found.values()):
            self.problem("all_zero", name)
        return found

    def _take(self, name: str, default: Any, kind: Any) -> Any:
        """The value under a name; a default of None means it must be there."""
        self.taken.add(name)
        if name not in self.data:
            if default is None:
                self.problem("missing", name)
            return default
        value = self.data[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            self.problem("wrong_type", name, type(value).__name__)
            return kind() if kind in (str, dict, list) else default
        return value
