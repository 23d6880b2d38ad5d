"""What changed between two rule sets, rule by rule, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.rule_messages import spoken_place
from analysis.rule_table import load
from survey_app.formats import day
from survey_app.rule_sets import words


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule before and after; None where it was not there."""

    where: str
    place: str
    before: str | None
    after: str | None


def differences(before: str, after: str) -> list[Difference]:
    """Every rule that differs between two texts, in the order of the first."""
    old, new = (dict(_flat(load(text), "")) for text in (before, after))
    return [
        Difference(path, spoken_place(path), old.get(path), new.get(path))
        for path in [*old, *(path for path in new if path not in old)]
        if old.get(path) != new.get(path)
    ]


def _flat(table: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        path = f"{where}.{name}" if where else name
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for k, row in enumerate(value):
                yield from _flat(row, f"{path}[{k}]")
        else:
            yield path, _said(path, value)


def _said(path: str, value: Any) -> str:
    known = words.VALUES.get(path) or words.VALUES.get(path.rpartition(".")[2], {})
    match value:
        case list():
            text = " ".join(map(str, value))
        case int() | Decimal():
            text = words.plain(Decimal(value))
        case str():
            text = value
        case _:
            text = day(value)
    return known.get(text, text)
