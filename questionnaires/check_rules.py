"""Rules of routing: sound, over earlier questions, about answers that can occur."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.model import Problem
from questionnaires.routing import OPERATORS
from questionnaires.shape import Table, place

EQUALITY = ("==", "!=")
ORDER = ("<", "<=", ">", ">=")
MEMBERSHIP = ("in", "any-in", "all-in")
JOINING = ("and", "or")
DEEPEST = 20

_OPERANDS = dict.fromkeys((*EQUALITY, *ORDER, *MEMBERSHIP), (2, 2))
_OPERANDS |= {"and": (2, 99), "or": (2, 99)}
_OPERANDS |= dict.fromkeys(("not", "count", "answered"), (1, 1))

_KIND_OF_ANSWER = {
    "scale": "number",
    "number": "number",
    "single": "option",
    "multiple": "options",
    "date": "day",
    "text": "text",
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def rule_problems(source: Table) -> Iterator[Problem]:
    """What is wrong with each ``show_if`` and with the rule of each check."""
    questions = draft_questions(source)
    known = {question.id: question for question in questions if question.id}
    earlier: dict[str, DraftQuestion] = {}
    for question in questions:
        if "show_if" in question.source:
            reader = _Reader(question.where, earlier, known)
            yield from reader.judge(question.source["show_if"])
        earlier[question.id] = question
    yield from _shuffled(source)
    for i, doubt in enumerate(source.get("check", ()), start=1):
        where = place("", "check", i, doubt)
        if doubt.get("rule"):
            yield from _Reader(where, known, known).judge(doubt["rule"])
        if doubt.get("where") and doubt["where"] not in known:
            yield Problem("unknown_answer", where, doubt["where"])


def _shuffled(source: Table) -> Iterator[Problem]:
    """In a factor shown in random order no criterion comes before another."""
    shuffled = {
        place("", "factor", i, factor)
        for i, factor in enumerate(source.get("factor", ()), start=1)
        if factor.get("shuffle")
    }
    questions = [q for q in draft_questions(source) if q.section in shuffled]
    for question in questions:
        for other in questions:
            if other.section == question.section and _mentions(question, other.where):
                yield Problem("shuffled_rule", question.where, other.where)


@dataclass(slots=True)
class _Reader:
    """Goes down one rule and gathers what is wrong with it."""

    where: str
    earlier: Mapping[str, DraftQuestion]
    known: Mapping[str, DraftQuestion]
    problems: list[Problem] = field(default_factory=list)

    def judge(self, rule: Any) -> list[Problem]:
        kind = self.operation(rule)
        if kind not in (None, "truth"):
            self.report("bad_rule", _written(rule))
        return self.problems

    def report(self, code: str, detail: str) -> None:
        self.problems.append(Problem(code, self.where, detail))

    def operation(self, rule: Any, depth: int = 1) -> str | None:
        """The kind of value an operation gives; None once a problem is reported."""
        if depth > DEEPEST:
            self.report("bad_rule", f"> {DEEPEST} × [")
            return None
        if not (isinstance(rule, list) and rule and isinstance(rule[0], str)):
            self.report("bad_rule", _written(rule))
            return None
        operator, *operands = rule
        if operator not in OPERATORS:
            self.report("unknown_operator", operator)
            return None
        fewest, most = _OPERANDS[operator]
        if not fewest <= len(operands) <= most:
            self.report("wrong_operands", f"{operator}: {len(operands)}")
            return None
        kinds = [self.operand(operator, operand, depth) for operand in operands]
        if None not in kinds and not self.fits(operator, operands, kinds):
            self.report("wrong_operands", _written(rule))
        return "number" if operator == "count" else "truth"

    def operand(self, operator: str, operand: Any, depth: int) -> str | None:
        """truth, number, option, options, day, text (of answers); literal, literals."""
        if isinstance(operand, dict):
            return self.answer(operand)
        if isinstance(operand, list):
            literal = operator in MEMBERSHIP and all(_is_literal(x) for x in operand)
            if literal and operand:
                return "literals"
            return self.operation(operand, depth + 1)
        if _is_literal(operand):
            return "literal"
        self.report("bad_rule", _written(operand))
        return None

    def answer(self, operand: dict[str, Any]) -> str | None:
        found = operand.get("answer")
        if set(operand) != {"answer"} or not isinstance(found, str):
            self.report("bad_rule", _written(operand))
            return None
        if found not in self.known:
            self.report("unknown_answer", found)
            return None
        if found not in self.earlier:
            waits = found == self.where or _mentions(self.known[found], self.where)
            self.report("loop" if waits else "later_answer", found)
            return None
        return _KIND_OF_ANSWER.get(self.known[found].kind)

    def fits(self, operator: str, operands: list[Any], kinds: list[Any]) -> bool:
        """Whether operands of these kinds make sense under the operator."""
        if operator in JOINING or operator == "not":
            return all(kind == "truth" for kind in kinds)
        if operator == "answered":
            return isinstance(operands[0], dict)
        if operator == "count":
            return bool(kinds[0] == "options")
        if operator in MEMBERSHIP:
            return self.member(operator, operands, kinds)
        return self.comparison(operator, operands, kinds)

    def comparison(self, operator: str, operands: list[Any], kinds: list[Any]) -> bool:
        allowed = {"number", "day"}
        if operator in EQUALITY:
            allowed |= {"option", "text"}
        left, right = kinds
        if "literal" not in kinds:
            return left == right and left in allowed and left != "option"
        place_of_other = 1 if left == "literal" else 0
        other = kinds[place_of_other]
        if other not in allowed:
            return False
        literal = operands[1 - place_of_other]
        return self.possible(operands[place_of_other], other, literal)

    def member(self, operator: str, operands: list[Any], kinds: list[Any]) -> bool:
        left, right = operands
        if operator == "in" and kinds == ["literal", "options"]:
            return self.possible(right, "options", left)
        if operator == "in" and kinds[1] == "literals" and kinds[0] != "options":
            return kinds[0] not in ("literal", "truth") and all(
                self.possible(left, kinds[0], literal) for literal in right
            )
        if operator != "in" and sorted(kinds) == ["literals", "options"]:
            answer, literals = (left, right) if kinds[0] == "options" else (right, left)
            return all(self.possible(answer, "options", x) for x in literals)
        return False

    def possible(self, operand: Any, kind: str, literal: Any) -> bool:
        """Whether a value could ever be the answer; a strange option is named."""
        question = self.known[operand["answer"]] if isinstance(operand, dict) else None
        if question and kind != "options" and literal in question.specials:
            return True
        if kind == "number":
            return isinstance(literal, int) and not isinstance(literal, bool)
        if kind == "day":
            return isinstance(literal, date) or bool(_ISO_DAY.fullmatch(str(literal)))
        if not isinstance(literal, str):
            return False
        if question and kind in ("option", "options"):
            known = {option.get("id") for option in question.options}
            if literal not in known:
                self.report("not_an_option", f"{question.id}: {literal}")
        return True


def _written(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, default=str)


def _mentions(question: DraftQuestion, other: str) -> bool:
    """Whether the rule of a question, sound or not, looks at another one."""
    waiting = [question.source.get("show_if")]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and part.get("answer") == other:
            return True
        if isinstance(part, list):
            waiting += part
    return False


def _is_literal(value: Any) -> bool:
    return isinstance(value, str | int | date) and not isinstance(value, bool)
