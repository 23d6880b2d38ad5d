"""Decide whether a question is asked, from the answers given so far.

A rule is a prefix array over a closed list of operators, answers written only as
``{answer = "id"}``: ``["==", {answer = "late"}, "yes"]``. Inside a rule an answer is
the option id (single), a tuple of option ids (multiple), a whole number (scale,
number), an ISO day (date) or the text itself; "na", "dk" and "ref" stand for the
special answers, and no entry means not answered or not asked.

What is decided here, and holds in ``survey_app/static/routing.js`` as well:

- an ordered comparison with a missing or special value is false;
- ``==`` is exact (case and kind count), ``!=`` is its negation, so a missing answer
  differs from everything;
- ``in``, ``any-in`` and ``all-in`` are false when either side is missing or empty;
- ``count`` of a missing or special answer is 0;
- ``answered`` means a substantive answer: "don't know" is not one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

SPECIAL_CODES = {"na": -1, "dk": -2, "ref": -3}

Value = str | int | tuple[str, ...]
Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class AnswerOf:
    """The answer to an earlier question, as an operand of a rule."""

    question: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator with its operands: a rule, or a part of one."""

    operator: str
    operands: tuple[Operand, ...]


Operand = Operation | AnswerOf | str | int | tuple[str | int, ...]
Rule = Operation


def build_rule(source: Any) -> Operation:
    """A rule from its prefix array, which the judge has found sound."""
    operator, *operands = source
    return Operation(operator, tuple(_operand(operand) for operand in operands))


def rule_as_json(rule: Operation) -> list[Any]:
    """The prefix array of a rule, fit for ``json.dumps`` and for JavaScript."""
    return [rule.operator, *(_operand_as_json(operand) for operand in rule.operands)]


def holds(rule: Operation, answers: Answers) -> bool:
    """Whether a rule is true of the answers given on the route so far."""
    return bool(_evaluate(rule, answers))


def questions_of(rule: Operation) -> tuple[str, ...]:
    """The ids of the questions whose answers a rule looks at, in reading order."""
    found: dict[str, None] = {}
    for operand in rule.operands:
        if isinstance(operand, AnswerOf):
            found[operand.question] = None
        elif isinstance(operand, Operation):
            found |= dict.fromkeys(questions_of(operand))
    return tuple(found)


def _operand(source: Any) -> Operand:
    if isinstance(source, dict):
        return AnswerOf(source["answer"])
    if isinstance(source, date):
        return source.isoformat()
    if isinstance(source, list):
        if source and source[0] in OPERATORS and any(_is_part(s) for s in source[1:]):
            return build_rule(source)
        return tuple(source)
    literal: str | int = source
    return literal


def _is_part(source: Any) -> bool:
    """Only an operation holds answers or lists; a list of literals holds neither."""
    return isinstance(source, dict | list)


def _operand_as_json(operand: Operand) -> Any:
    match operand:
        case Operation():
            return rule_as_json(operand)
        case AnswerOf(question):
            return {"answer": question}
        case tuple():
            return list(operand)
        case _:
            return operand


def _evaluate(operand: Operand, answers: Answers) -> Any:
    match operand:
        case Operation(operator, operands):
            return OPERATORS[operator](*(_evaluate(part, answers) for part in operands))
        case AnswerOf(question):
            return answers.get(question)
        case _:
            return operand


def _equal(left: Any, right: Any) -> bool:
    return left is not None and type(left) is type(right) and left == right


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def both(left: Any, right: Any) -> bool:
        if left in SPECIAL_CODES or right in SPECIAL_CODES:
            return False
        same = type(left) is type(right) and isinstance(left, str | int)
        return same and compare(left, right)

    return both


def _in(left: Any, right: Any) -> bool:
    return isinstance(right, tuple) and any(_equal(left, item) for item in right)


def _any_in(left: Any, right: Any) -> bool:
    return isinstance(left, tuple) and any(_in(item, right) for item in left)


def _all_in(left: Any, right: Any) -> bool:
    return (
        isinstance(left, tuple)
        and bool(left)
        and all(_in(item, right) for item in left)
    )


def _answered(value: Any) -> bool:
    return value is not None and value != () and value not in SPECIAL_CODES


def _count(value: Any) -> int:
    return len(value) if isinstance(value, tuple) else 0


OPERATORS: dict[str, Callable[..., Any]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": _in,
    "any-in": _any_in,
    "all-in": _all_in,
    "and": lambda *parts: all(parts),
    "or": lambda *parts: any(parts),
    "not": lambda part: not part,
    "count": _count,
    "answered": _answered,
}
