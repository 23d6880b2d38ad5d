"""The fields of the form: their names, and what a published rule set puts in them.

A field is named by the path of its rule, rows counted from 0:
``scorecard.domain.3.staff_points``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from analysis.rule_set import Ladder
from analysis.rule_table import load

BAND_ROWS = 10
CLASS_ROWS = 8
TEXTS = ("id", "title", "version", "citation")
CHOICES = (
    "status",
    "index.index_rule",
    "index.factor_rule",
    "index.missing_part",
    "rollup.field_to_office",
    "rollup.office_to_province",
    "points.rule",
    "scorecard.not_applicable",
)
DAYS = ("valid_from", "valid_to")
NUMBERS = (
    "index.decimals",
    "rollup.min_coverage",
    *(f"ladder.{name}" for name in Ladder.__slots__),
    "points.full_marks",
    "points.decimals",
)
SHARES = ("rollup.field_shares", "rollup.office_shares")
COUNTED = "selection.counted"
ROWS = {
    "points.band": (BAND_ROWS, ("low", "high", "closed", "points")),
    "scorecard.class": (CLASS_ROWS, ("name", "low", "high", "closed")),
}

PAGE = (
    *("title", "id", "version", "citation", "status", "valid_from", "valid_to"),
    *("index.factor_rule", "index.index_rule", "index.missing_part", COUNTED),
    *("index.decimals", "rollup.field_to_office", "rollup.field_shares"),
    *("rollup.office_to_province", "rollup.office_shares", "rollup.min_coverage"),
    *("ladder", "points.rule", "points.full_marks", "points.decimals", "points.band"),
    *("scorecard.domain", "scorecard.not_applicable", "scorecard.class"),
)


def typed_from(text: str) -> dict[str, str]:
    """What the fields hold when somebody begins from a published text.

    Id and citation are left for the new version to fill in.
    """
    data = load(text)
    typed = {
        name: shown(at(data, name)) for name in (*TEXTS, *CHOICES, *NUMBERS, *DAYS)
    }
    typed |= {"id": "", "citation": "", "version": _next(typed["version"])}
    typed[COUNTED] = " ".join(at(data, COUNTED) or ())
    for name in SHARES:
        shares = at(data, name) or {}
        typed[name] = "\n".join(f"{key} = {shown(v)}" for key, v in shares.items())
    for k, domain in enumerate(at(data, "scorecard.domain") or ()):
        typed[f"scorecard.domain.{k}.staff_points"] = shown(domain.get("staff_points"))
    for path, (_, columns) in ROWS.items():
        for k, row in enumerate(at(data, path) or ()):
            typed |= {f"{path}.{k}.{c}": shown(row.get(c)) for c in columns}
    return typed


def at(data: Mapping[str, Any], path: str) -> Any:
    """What stands at a path, None if nothing does."""
    here: Any = data
    for name in path.split("."):
        if not isinstance(here, Mapping) or name not in here:
            return None
        here = here[name]
    return here


def shown(value: Any) -> str:
    """A value as people would type it: a comma before decimals."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",")
    return str(value)


def field_of(where: str, rows: Mapping[str, Sequence[int]]) -> str:
    """The name of the field to mend for a place in the file.

    ``rows`` says for each table which rows of the form were written, in order.
    """
    path, _, rest = where.partition("[")
    if not rest:
        return _FIRST.get(where, where)
    place, _, column = rest.partition("]")
    written = rows.get(path, ())
    k = written[int(place)] if int(place) < len(written) else int(place)
    return f"{path}.{k}{column or _first_column(path)}"


def place_on_page(name: str) -> tuple[int, tuple[int, ...]]:
    """Where a field stands on the page, to be sorted by."""
    part = next((k for k, p in enumerate(PAGE) if f"{name}.".startswith(f"{p}.")), 99)
    return part, tuple(int(digits) for digits in name.split(".") if digits.isdecimal())


def row_fields(path: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every row of a table in the form with the names of its fields."""
    count, columns = ROWS[path]
    for k in range(count):
        yield k, tuple(f"{path}.{k}.{column}" for column in columns)


_FIRST = {
    "scorecard.domain": "scorecard.domain.0.staff_points",
    "scorecard.part": "points.full_marks",
    "scorecard.class": "scorecard.class.0.name",
    "points.band": "points.band.0.low",
    "points": "points.rule",
}


def _first_column(path: str) -> str:
    return f".{ROWS[path][1][0]}" if path in ROWS else ""


def _next(version: str) -> str:
    return str(int(version) + 1) if version.isdecimal() else ""
