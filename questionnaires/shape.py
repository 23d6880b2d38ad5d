"""Which tables and keys a definition file may hold, and of which kind.

Checking the shape first leaves a copy in which every key has the right kind, so that
the checks of meaning need not doubt it. An unknown key is a problem, never ignored:
a misspelt ``critereon`` would lose a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from questionnaires.model import Problem

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """What one key holds: a kind of value, or tables of a shape of their own."""

    kind: str
    required: bool = False
    table: Mapping[str, Key] | None = None


def _text(required: bool = False) -> Key:
    return Key("text", required)


OPTION = {
    "id": _text(required=True),
    "code": Key("number", required=True),
    "label": _text(required=True),
    "exclusive": Key("flag"),
    "specify": Key("flag"),
}

COMMON = {
    "id": _text(required=True),
    "text": _text(required=True),
    "hint": _text(),
    "required": Key("flag"),
    "show_if": Key("list"),
    "not_applicable": Key("flag"),
    "dont_know": Key("flag"),
    "refuse": Key("flag"),
    "source": Key("texts"),
    "status": _text(),
}

CRITERION = COMMON | {"scale": _text(required=True)}

FACT = COMMON | {
    "kind": _text(required=True),
    "option": Key("tables", table=OPTION),
    "choice": _text(),
    "minimum": Key("bound"),
    "maximum": Key("bound"),
    "max_length": Key("number"),
}

FACTOR = {
    "id": _text(required=True),
    "title": _text(required=True),
    "note": _text(),
    "shuffle": Key("flag"),
    "criterion": Key("tables", required=True, table=CRITERION),
}

CHECK = {
    "id": _text(required=True),
    "where": _text(required=True),
    "rule": Key("list", required=True),
    "text": _text(required=True),
    "hard": Key("flag"),
}

HEADING = {"title": _text(required=True), "note": _text()}

QUESTIONNAIRE = {
    "id": _text(required=True),
    "title": _text(required=True),
    "audience": _text(required=True),
    "language": _text(required=True),
    "introduction": _text(),
    "source": Key(
        "table",
        required=True,
        table={
            "decision": _text(required=True),
            "status": _text(required=True),
            "date": Key("day"),
            "note": _text(),
        },
    ),
    "consent": Key(
        "table",
        required=True,
        table={
            "version": _text(required=True),
            "text": _text(required=True),
            "interview_text": _text(),
        },
    ),
    "special": Key("table", table={"na": _text(), "dk": _text(), "ref": _text()}),
    "reference": Key("named texts"),
    "scale": Key(
        "named table",
        table={
            "labels": Key("texts", required=True),
            "satisfied_from": Key("number", required=True),
        },
    ),
    "choice": Key("named tables", table=OPTION),
    "heading": Key(
        "table",
        table={
            name: Key("table", table=HEADING)
            for name in ("overall", "facts", "profile")
        },
    ),
    "factor": Key("tables", table=FACTOR),
    "overall_question": Key("table", table=CRITERION),
    "fact": Key("tables", table=FACT),
    "profile": Key("tables", table=FACT),
    "check": Key("tables", table=CHECK),
}


def clean(source: Table) -> tuple[Table, list[Problem]]:
    """The parts of a definition that have the right shape, and what has not."""
    problems: list[Problem] = []
    return _clean(source, QUESTIONNAIRE, "", problems), problems


def place(parent: str, name: str, number: int, source: Table) -> str:
    """How a problem names a table: by its id, else by counting ("fact 2").

    Ids of options are unique in their question only, so options are counted.
    """
    if name != "option" and isinstance(source.get("id"), str) and source["id"]:
        return str(source["id"])
    return _join(parent, f"{name} {number}")


def _clean(
    source: Table, shape: Mapping[str, Key], where: str, problems: list[Problem]
) -> Table:
    result: Table = {}
    for name, key in shape.items():
        if key.required and source.get(name) in (None, "", [], {}):
            problems.append(Problem("missing", where, name))
    for name, value in source.items():
        if name not in shape:
            problems.append(Problem("unknown_key", where, name))
        elif (found := _value(value, shape[name], name, where, problems)) is not None:
            result[name] = found
    return result


def _value(
    value: Any, key: Key, name: str, where: str, problems: list[Problem]
) -> Any | None:
    """The value if it is of the kind, cleaned below; else None and a problem."""
    if not _is_kind(value, key.kind):
        problems.append(Problem("wrong_kind", where, f"{name}: {key.kind}"))
        return None
    shape = key.table or {}
    match key.kind:
        case "table":
            return _clean(value, shape, _join(where, name), problems)
        case "tables":
            return _tables(value, shape, name, where, problems)
        case "named table":
            return {
                inner: _clean(table, shape, f"{name} {inner}", problems)
                for inner, table in value.items()
            }
        case "named tables":
            return {
                inner: _tables(tables, shape, "option", f"{name} {inner}", problems)
                for inner, tables in value.items()
            }
        case _:
            return value


def _tables(
    value: list[Table],
    shape: Mapping[str, Key],
    name: str,
    where: str,
    problems: list[Problem],
) -> list[Table]:
    return [
        _clean(table, shape, place(where, name, number, table), problems)
        for number, table in enumerate(value, start=1)
    ]


def _is_kind(value: Any, kind: str) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "day":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "bound":
            return _is_kind(value, "number") or _is_kind(value, "day")
        case "list":
            return isinstance(value, list)
        case "texts":
            return _all(value, list, "text")
        case "tables":
            return _all(value, list, "table")
        case "named texts":
            return _all(value, dict, "text")
        case "named table":
            return _all(value, dict, "table")
        case "named tables":
            return _all(value, dict, "tables")
        case _:
            return isinstance(value, dict)


def _all(value: Any, container: type[list[Any] | dict[str, Any]], kind: str) -> bool:
    if not isinstance(value, container):
        return False
    parts = list(value.values()) if isinstance(value, dict) else list(value)
    return all(_is_kind(part, kind) for part in parts)


def _join(where: str, name: str) -> str:
    return f"{where}, {name}" if where else name
