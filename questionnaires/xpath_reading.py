"""Read rules as XLSForm writes them: the part of XPath that says the same as ours.

==================================  ==========================================
rule                                XLSForm
==================================  ==========================================
``["==", {answer = "q"}, "a"]``     ``${q} = 'a'`` (numbers bare, days ``date('…')``)
``< <= > >= !=``                    the same signs
``["in", {answer = "q"}, [a, b]]``  ``selected('a b', ${q})``
``["in", "a", {answer = "m"}]``     ``selected(${m}, 'a')``
``["any-in", {answer = "m"}, …]``   ``(selected(${m}, 'a') or selected(${m}, 'b'))``
``["all-in", [a, b], {answer}]``    ``(selected(${m}, 'a') and selected(${m}, 'b'))``
``["count", {answer = "m"}]``       ``count-selected(${m})``
``["answered", {answer = "q"}]``    ``${q} != ''``
``and or not``                      the same words, ``not(…)``
==================================  ==========================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from questionnaires.routing import SPECIAL_CODES

DEEPEST = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<reference>\$\{\s*[^${}\s]+\s*\})|(?P<number>\d+(?:\.\d+)?)|"
    r"(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[a-z][a-z-]*[a-z](?=\s*\()|and\b|or\b)|"
    r"(?P<sign><=|>=|!=|[=<>(),.-]))"
)
_SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class NotInSubset(ValueError):
    """An expression that has no rule of ours, or the other way round."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an expression may name: a question by its id, kind and option names.

    ``special`` marks the companion that holds "don't know" for a number or a date.
    """

    id: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)
    special: bool = False


def rule_of(expression: str, names: Mapping[str, Named], own: str = "") -> list[Any]:
    """The prefix array of an expression.

    Parameters
    ----------
    expression : str
        As in a ``relevant`` or ``constraint`` cell.
    names : mapping of str to Named
        The questions that may be named, by their name in the workbook.
    own : str
        The name that ``.`` stands for, in a constraint.

    Raises
    ------
    NotInSubset
        With the part that cannot be read.
    """
    reader = _Reader(_tokens(expression), names, own)
    rule = reader.either()
    if reader.tokens:
        raise NotInSubset(reader.tokens[0][1])
    if not isinstance(rule, list):
        raise NotInSubset(expression)
    return rule


def _tokens(expression: str) -> list[tuple[str, str]]:
    found = []
    position = 0
    text = expression.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise NotInSubset(text[position : position + 40].strip())
        found.append((str(match.lastgroup), match[0].strip()))
        position = match.end()
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question named in an expression."""

    named: Named

    @property
    def operand(self) -> dict[str, str]:
        return {"answer": self.named.id}


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right; each method takes what it understands."""

    tokens: list[tuple[str, str]]
    names: Mapping[str, Named]
    own: str
    depth: int = 0

    def either(self) -> Any:
        return self._joined("or", self.both, "any-in")

    def both(self) -> Any:
        return self._joined("and", self.comparison, "all-in")

    def _joined(self, word: str, part: Callable[[], Any], short: str) -> Any:
        parts = [part()]
        while self.tokens and self.tokens[0][1] == word:
            self.tokens.pop(0)
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        if not all(isinstance(p, list) for p in parts):
            raise NotInSubset(word)
        first = parts[0][-1]
        if all(p[0] == "in" and isinstance(p[1], str) and p[2] == first for p in parts):
            chosen = [p[1] for p in parts]
            return [short, *([first, chosen] if word == "or" else [chosen, first])]
        if word == "and" and len(parts) == 2 and _says_answered(*parts):
            return parts[0]
        return [word, *parts]

    def comparison(self) -> Any:
        left = self.value()
        if self.tokens and self.tokens[0][1] in _SIGNS:
            operator = _SIGNS[self.tokens.pop(0)[1]]
            return _compared(operator, left, self.value())
        return left

    def value(self) -> Any:
        """A question, a literal, or a rule in parentheses or in a function."""
        kind, text = self._take()
        match kind:
            case "reference":
                return self._question(text[2:-1].strip())
            case "number":
                return _number(text)
            case "text":
                return text[1:-1]
            case "word":
                return self._less_specials(self._function(text))
        if text == "-":
            return -_number(self._take()[1])
        if text == "." and self.own:
            return self._question(self.own)
        if text == "(":
            inner = self._deeper(self.either)
            self._take(")")
            return inner
        raise NotInSubset(text)

    def _less_specials(self, found: Any) -> Any:
        """A count as we export it leaves out "don't know"; ours does so by itself."""
        while self.tokens and self.tokens[0][1] == "-":
            self._take("-")
            if self._take()[1] != "number" or found[0] != "count":
                raise NotInSubset("-")
            self._take("(")
            rule = self.comparison()
            self._take(")")
            if rule[1] not in SPECIAL_CODES:
                raise NotInSubset("number(")
        return found

    def _deeper(self, part: Callable[[], Any]) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotInSubset("(" * DEEPEST)
        found = part()
        self.depth -= 1
        return found

    def _function(self, name: str) -> Any:
        self._take("(")
        arguments = []
        while self.tokens and self.tokens[0][1] != ")":
            arguments.append(self._deeper(self.either))
            if self.tokens and self.tokens[0][1] == ",":
                self.tokens.pop(0)
        self._take(")")
        match name, arguments:
            case "not", [list(rule)]:
                return ["not", rule]
            case "date", [str(day)]:
                return _day(day)
            case "count-selected", [_Asked() as asked] if (
                asked.named.kind == "multiple"
            ):
                return ["count", asked.operand]
            case "selected", [_Asked() as asked, str(option)]:
                return _selected(asked, option)
            case "selected", [str(options), _Asked() as asked]:
                literals = [_literal(asked.named, x) for x in options.split()]
                return ["in", asked.operand, literals]
        raise NotInSubset(f"{name}(")

    def _question(self, name: str) -> _Asked:
        if name not in self.names:
            raise NotInSubset(f"${{{name}}}")
        return _Asked(self.names[name])

    def _take(self, expected: str = "") -> tuple[str, str]:
        if not self.tokens or (expected and self.tokens[0][1] != expected):
            raise NotInSubset(self.tokens[0][1] if self.tokens else "…")
        return self.tokens.pop(0)


def _says_answered(equal: list[Any], answered: list[Any]) -> bool:
    """``${a} = ${b} and ${a} != ''``: XPath holds two missing answers for equal."""
    return equal[0] == "==" and answered == ["answered", equal[1]]


def _compared(operator: str, left: Any, right: Any) -> list[Any]:
    if not isinstance(left, _Asked) and isinstance(right, _Asked):
        return _compared(_TURNED[operator], right, left)
    if isinstance(left, _Asked) and isinstance(right, _Asked):
        return [operator, left.operand, right.operand]
    if isinstance(left, list) and left[0] == "count" and isinstance(right, int):
        return [operator, left, right]
    if not isinstance(left, _Asked) or isinstance(right, list):
        raise NotInSubset(operator)
    if right == "" and operator in ("==", "!="):
        answered = ["answered", left.operand]
        return answered if operator == "!=" else ["not", answered]
    if left.named.kind == "multiple":
        raise NotInSubset(f"${{…}} {operator}")
    return [operator, left.operand, _literal(left.named, right)]


def _selected(asked: _Asked, option: str) -> list[Any]:
    literal = _literal(asked.named, option)
    if asked.named.kind == "multiple":
        return ["in", literal, asked.operand]
    return ["==", asked.operand, literal]


def _literal(named: Named, value: Any) -> str | int:
    """A literal in the terms of the question it is compared with."""
    if named.special or (value in SPECIAL_CODES and value in named.options):
        return str(value)
    if named.kind in ("single", "multiple"):
        if str(value) not in named.options:
            raise NotInSubset(f"'{value}'")
        return named.options[str(value)]
    if named.kind in ("scale", "number"):
        number = _number(str(value)) if str(value).isdigit() else value
        if not isinstance(number, int):
            raise NotInSubset(f"'{value}'")
        return number
    if named.kind == "date":
        return _day(str(value))
    if not isinstance(value, str):
        raise NotInSubset(str(value))
    return value


def _number(text: str) -> int:
    if len(text) > 9 or "." in text:
        raise NotInSubset(text[:40])
    return int(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise NotInSubset(f"date('{text}')") from error
