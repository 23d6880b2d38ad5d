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
    tables = [load(text) for text in (before, after)]
    old, new = (dict(_flat(table, "")) for table in tables)
    old_sources, new_sources = map(_sources, tables)
    return [
        *_different(old, new, "{}"),
        *_different(old_sources, new_sources, "Nguồn của “{}”"),
    ]


def _different(
    old: Mapping[str, str], new: Mapping[str, str], spoken: str
) -> Iterator[Difference]:
    for path in [*old, *(path for path in new if path not in old)]:
        if old.get(path) != new.get(path):
            place = spoken.format(spoken_place(path))
            yield Difference(path, place, old.get(path), new.get(path))


def _sources(table: Mapping[str, Any]) -> dict[str, str]:
    """What is said of the source of each rule, by the path of the rule."""
    said: dict[str, str] = {}
    for row in table.get("source", ()):
        told = f"{words.SOURCE_STATUSES[row['status']]}: {row['text']}"
        earlier = said.get(row["of"])
        said[row["of"]] = f"{earlier}\n{told}" if earlier else told
    return said


def _flat(table: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        path = f"{where}.{name}" if where else name
        if path == "source":
            continue
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
