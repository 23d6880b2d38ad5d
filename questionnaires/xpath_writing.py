"""Write rules as XLSForm expressions; ``xpath_reading`` shows the table of both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from questionnaires.model import Question
from questionnaires.routing import SPECIAL_CODES, AnswerOf, Operand, Operation
from questionnaires.xpath_reading import NotInSubset

_SELECTS = ("scale", "single", "multiple")
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def expression_of(rule: Operation, question: Callable[[str], Question]) -> str:
    """A rule as an XLSForm expression.

    Parameters
    ----------
    question : callable
        Gives the question of an id, to know of what kind an answer is.
    """
    return _Writer(question).operation(rule)


@dataclass(frozen=True, slots=True)
class _Writer:
    question: Callable[[str], Question]

    def operation(self, rule: Operation) -> str:
        operator, operands = rule.operator, rule.operands
        match operator, operands:
            case "and" | "or", _:
                return self._joined(operator, [self._part(o) for o in operands])
            case "not", (Operation("answered", (AnswerOf(name),)),):
                return self._unanswered(name)
            case "not", (inner,):
                return f"not({self._part(inner)})"
            case "answered", (AnswerOf(name),):
                return self._answered(name)
            case "count", (AnswerOf(name),):
                return self._counted(name)
            case "in", (AnswerOf() as asked, tuple() as literals):
                return self._in_list(asked, literals)
            case "in", (str(literal), AnswerOf(name)):
                return f"selected(${{{name}}}, {_quoted(literal)})"
            case "any-in", _:
                name, literals = _sides(operands)
                return self._joined("or", [_chosen(name, x) for x in literals])
            case "all-in", (tuple() as literals, AnswerOf(name)):
                return self._joined("and", [_chosen(name, x) for x in literals])
            case "all-in", (AnswerOf(name), tuple() as literals):
                return self._nothing_but(name, literals)
        return self._comparison(operator, operands)

    def _part(self, operand: Operand) -> str:
        if isinstance(operand, Operation):
            return self.operation(operand)
        raise NotInSubset(str(operand))

    def _joined(self, word: str, parts: list[str]) -> str:
        return f"({f' {word} '.join(parts)})"

    def _comparison(self, operator: str, operands: tuple[Operand, ...]) -> str:
        sign = "=" if operator == "==" else operator
        left, right = operands
        if not isinstance(left, AnswerOf | Operation):
            left, right, sign = right, left, _TURNED[sign]
        if isinstance(left, AnswerOf) and right in SPECIAL_CODES:
            return f"${{{self._holder(left.question)}}} {sign} {_quoted(str(right))}"
        written = f"{self._side(left)} {sign} {self._side(right, beside=left)}"
        if (
            operator == "=="
            and isinstance(left, AnswerOf)
            and isinstance(right, AnswerOf)
        ):
            return f"({written} and ${{{left.question}}} != '')"
        return written

    def _side(self, operand: Operand, beside: Operand | None = None) -> str:
        match operand:
            case AnswerOf(name):
                return f"${{{name}}}"
            case Operation("count", (AnswerOf(name),)):
                return self._counted(name)
            case int():
                return str(operand)
            case str():
                asked = beside.question if isinstance(beside, AnswerOf) else ""
                is_day = asked and self.question(asked).kind == "date"
                return f"date({_quoted(operand)})" if is_day else _quoted(operand)
        raise NotInSubset(str(operand))

    def _counted(self, name: str) -> str:
        """Special answers are choices in a workbook, and none of ours to count."""
        specials = self.question(name).specials
        less = "".join(f" - number({_chosen(name, s.value)})" for s in specials)
        return f"count-selected(${{{name}}}){less}"

    def _answered(self, name: str) -> str:
        parts = [f"${{{name}}} != ''"]
        question = self.question(name)
        if question.kind in ("scale", "single"):
            parts += [f"${{{name}}} != {_quoted(s.value)}" for s in question.specials]
        if question.kind == "multiple":
            parts += [f"not({_chosen(name, s.value)})" for s in question.specials]
        return parts[0] if len(parts) == 1 else self._joined("and", parts)

    def _unanswered(self, name: str) -> str:
        plain = not self.question(name).specials
        return f"${{{name}}} = ''" if plain else f"not({self._answered(name)})"

    def _in_list(self, asked: AnswerOf, literals: tuple[str | int, ...]) -> str:
        selects = self.question(asked.question).kind in _SELECTS
        by_itself = [x for x in literals if x in SPECIAL_CODES and not selects]
        if by_itself or any(re.search(r"\s", str(x)) for x in literals):
            parts = [self._comparison("==", (asked, x)) for x in literals]
            return self._joined("or", parts)
        joined = _quoted(" ".join(str(x) for x in literals))
        return f"selected({joined}, ${{{asked.question}}})"

    def _nothing_but(self, name: str, literals: tuple[str | int, ...]) -> str:
        parts = [f"count-selected(${{{name}}}) > 0"]
        question = self.question(name)
        others = [o.id for o in question.options if o.id not in literals]
        others += [s.value for s in question.specials if s.value not in literals]
        return self._joined("and", parts + [f"not({_chosen(name, x)})" for x in others])

    def _holder(self, name: str) -> str:
        """Where a workbook keeps "don't know" of a question."""
        return name if self.question(name).kind in _SELECTS else f"{name}__special"


def _sides(operands: tuple[Operand, ...]) -> tuple[str, tuple[str | int, ...]]:
    """The question and the list, whichever way round."""
    match operands:
        case (AnswerOf(name), tuple() as literals) | (
            tuple() as literals,
            AnswerOf(name),
        ):
            return name, literals
    raise NotInSubset(str(operands))


def _chosen(name: str, option: str | int) -> str:
    return f"selected(${{{name}}}, {_quoted(str(option))})"


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    raise NotInSubset(text)
