"""Find the line of the file on which a part of a definition begins."""

from __future__ import annotations

import re
from collections import Counter

from questionnaires.shape import Table, place

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?")


def lines_of(text: str, source: Table) -> dict[str, int]:
    """Line numbers by place, for every table that has a header of its own."""
    counted: Counter[str] = Counter()
    factor = 0
    lines: dict[str, int] = {}
    for number, header in _headers(text):
        counted[header] += 1
        if header == "factor":
            factor = counted[header]
            counted["factor.criterion"] = 0
        for where in _places(source, header, counted[header], factor):
            lines.setdefault(where, number)
    return lines


def _headers(text: str) -> list[tuple[int, str]]:
    """The headers of tables, those inside of long texts left out."""
    found = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside and (match := _HEADER.fullmatch(line)):
            found.append((number, match[1]))
        if (line.count('"""') + line.count("'" * 3)) % 2:
            inside = not inside
    return found


def _places(source: Table, header: str, number: int, factor: int) -> list[str]:
    """What problems call the n-th table under a header."""
    if header == "factor.criterion":
        factors = source.get("factor", ())
        if not 0 < factor <= len(factors):
            return []
        outer = factors[factor - 1]
        return _named(outer, "criterion", number, place("", "factor", factor, outer))
    if header in ("factor", "fact", "profile", "check"):
        return _named(source, header, number, "")
    if header == "overall_question":
        overall = source.get("overall_question", {})
        return [header, str(overall.get("id", header))]
    return [header.replace(".", " ", 1), header.replace(".", ", ", 1)]


def _named(outer: Table, name: str, number: int, parent: str) -> list[str]:
    tables = outer.get(name, ())
    if not number <= len(tables):
        return []
    return [place(parent, name, number, tables[number - 1])]
