"""The expressions of a workbook: when a question is asked, and what it accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from questionnaires.model import Problem
from questionnaires.shape import Table
from questionnaires.xlsform_sheets import Line
from questionnaires.xlsform_survey import Item
from questionnaires.xpath_reading import Named, NotInSubset, rule_of

_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+|date\(\s*['\"]([^'\"]+)['\"]\s*\))")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*(\d+)")
_ALONE = re.compile(
    r"not\(\s*selected\(\s*\.\s*,\s*['\"]([^'\"]+)['\"]\s*\)\s+and\s+"
    r"count-selected\(\s*\.\s*\)\s*>\s*1\s*\)"
)


@dataclass(slots=True)
class Limits:
    """What a constraint comes to."""

    bounds: Table = field(default_factory=dict)
    exclusive: set[str] = field(default_factory=set)
    checks: list[Table] = field(default_factory=list)


class Rules:
    """Reads expressions, knowing the questions they may name."""

    def __init__(self, items: list[Item], problems: list[Problem]) -> None:
        self.problems = problems
        self.ids = {item.name: item.id for item in items if item.id}
        self.names: dict[str, Named] = {}
        owners = {item.name: item for item in items}
        for item in items:
            if item.is_group or item.kind == "note":
                continue
            owner = owners.get(item.belongs_to)
            if owner and item.name.endswith("__special"):
                self.names[item.name] = Named(owner.id, owner.kind, special=True)
            elif not item.belongs_to:
                self.names[item.name] = _named(item)

    def relevant(self, item: Item) -> list[Any] | None:
        """When a question is asked: its own expression and those of its groups."""
        rules = [
            self.read(each.line, "relevant", each.line.get("relevant"))
            for each in (*item.groups, item)
            if each.line.get("relevant")
        ]
        found = [rule for rule in rules if rule]
        return ["and", *found] if len(found) > 1 else (found or [None])[0]

    def opener(self, text: Item, owner: Item) -> str:
        """The option of a question that opens the text beside it, "" when unclear."""
        rule = self.read(text.line, "relevant", text.line.get("relevant"))
        match rule:
            case ["in", str(option), {"answer": owner.id}]:
                return option
            case ["==", {"answer": owner.id}, str(option)]:
                return option
        return ""

    def limits(self, item: Item, message: str) -> Limits:
        """Ranges and lengths where the parts of a constraint are such, else checks."""
        limits = Limits()
        for part in _conjuncts(item.line.get("constraint")):
            if alone := _ALONE.fullmatch(part):
                limits.exclusive.add(alone[1])
            elif length := _LENGTH.fullmatch(part):
                limits.bounds["max_length"] = int(length[2]) - (length[1] == "<")
            elif not self._bound(part, item, limits.bounds):
                self._check(part, item, message, limits)
        return limits

    def read(self, line: Line, column: str, expression: str, own: str = "") -> Any:
        """The rule of an expression; None and a problem when it is beyond us."""
        if not expression:
            return None
        try:
            return rule_of(expression, self.names, own)
        except NotInSubset as error:
            detail = f"{column}: {error}"
            self.problems.append(Problem("unsupported_expression", line.where, detail))
            return None

    def _bound(self, part: str, item: Item, bounds: Table) -> bool:
        found = _BOUND.fullmatch(part)
        if not found or item.kind not in ("number", "date"):
            return False
        sign, written, day = found.groups()
        if (day is not None) != (item.kind == "date"):
            return False
        key = "minimum" if sign.startswith(">") else "maximum"
        if key in bounds or (day is not None and sign in "<>"):
            return False
        try:
            step = {">": 1, "<": -1}.get(sign, 0)
            bounds[key] = date.fromisoformat(day) if day else int(written) + step
        except ValueError:
            return False
        return True

    def _check(self, part: str, item: Item, message: str, limits: Limits) -> None:
        rule = self.read(item.line, "constraint", part, item.name)
        if rule is None:
            return
        number = len(limits.checks) + 1
        check = {
            "id": f"{item.id[:25]}_check{number if number > 1 else ''}",
            "where": item.id,
            "rule": rule[1] if rule[0] == "not" else ["not", rule],
            "hard": True,
        }
        limits.checks.append(check | ({"text": message} if message else {}))


def _named(item: Item) -> Named:
    if item.is_criterion and item.choices:
        return Named(item.id, "scale", {c.name: c.name for c in item.choices.choices})
    options = {c.name: c.id for c in item.choices.choices} if item.choices else {}
    if item.or_other:
        options.setdefault("other", "other")
    return Named(item.id, item.kind, options)


def _conjuncts(expression: str) -> Iterator[str]:
    """The parts of an expression that "and" joins at the top."""
    depth, start = 0, 0
    for match in re.finditer(r"'[^']*'|\"[^\"]*\"|\(|\)|\band\b", expression):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        elif match[0] == "and" and depth == 0:
            yield expression[start : match.start()].strip()
            start = match.end()
    if last := expression[start:].strip():
        yield last
