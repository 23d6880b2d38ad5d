"""Say in words when a question is to be answered, for pages without a script."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires import Criterion, Question, Questionnaire
from questionnaires.routing import AnswerOf, Operand, Operation

_ORDER = {
    "<": "nhỏ hơn {}",
    "<=": "không quá {}",
    ">": "lớn hơn {}",
    ">=": "từ {} trở lên",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def leads(questionnaire: Questionnaire, numbers: Mapping[str, int]) -> dict[str, str]:
    """For each conditional question the sentence that stands before it.

    ``numbers`` are the numbers that the questions carry on the page.
    """
    wording = _Wording(questionnaire, numbers)
    return {
        question.id: f"Chỉ trả lời nếu {wording.clause(question.show_if)}."
        for question in questionnaire.questions
        if question.show_if is not None
    }


class _Wording:
    """Clauses about the questions of one questionnaire."""

    def __init__(
        self, questionnaire: Questionnaire, numbers: Mapping[str, int]
    ) -> None:
        self._questions = {q.id: q for q in questionnaire.questions}
        self._numbers = numbers

    def clause(self, rule: Operation) -> str:
        match rule.operator, rule.operands:
            case "and", parts:
                return " và ".join(self._part(part, inside=True) for part in parts)
            case "or", parts:
                return " hoặc ".join(self._part(part, inside=True) for part in parts)
            case "not", (part,):
                return f"không phải trường hợp {self._part(part)}"
            case "answered", (AnswerOf(question),):
                return f"Ông/Bà có trả lời câu {self._numbers[question]}"
            case operator, (left, right):
                return self._comparison(operator, left, right)
        raise ValueError(f"no words for the operator {rule.operator}")

    def _part(self, part: Operand, *, inside: bool = False) -> str:
        if not isinstance(part, Operation):
            raise ValueError(f"{part} is not a condition")
        clause = self.clause(part)
        return f"({clause})" if inside and part.operator in ("and", "or") else clause

    def _comparison(self, operator: str, left: Operand, right: Operand) -> str:
        if _is_literal(left) and not _is_literal(right):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        subject, question = self._subject(left)
        values = right if isinstance(right, tuple) else (right,)
        named = [self._value(value, question) for value in values]
        either = " hoặc ".join(named)
        match operator:
            case "==":
                return f"{subject} {self._verb(question)} {either}"
            case "!=":
                return f"{subject} không {self._verb(question)} {either}"
            case "in":
                return f"{subject} {self._verb(question)} {either}"
            case "any-in":
                return f"{subject} chọn {either}"
            case "all-in":
                return f"{subject} chỉ chọn trong các ý {', '.join(named)}"
        words = _ORDER[operator].format(either)
        if question is None:
            return f"{subject} {words}"
        return f"{subject} {self._verb(question)} {words}"

    def _subject(self, operand: Operand) -> tuple[str, Question | None]:
        match operand:
            case AnswerOf(question):
                number = self._numbers[question]
                return f"ở câu {number} Ông/Bà", self._questions[question]
            case Operation("count", (AnswerOf(question),)):
                return f"số ý Ông/Bà chọn ở câu {self._numbers[question]}", None
        raise ValueError(f"no words for {operand}")

    @staticmethod
    def _verb(question: Question | None) -> str:
        if question is None:
            return "là"
        verbs = {"number": "ghi số", "date": "ghi ngày", "text": "ghi"}
        return verbs.get(question.kind, "chọn")

    def _value(self, value: Operand, question: Question | None) -> str:
        if isinstance(value, AnswerOf):
            return f"câu trả lời ở câu {self._numbers[value.question]}"
        if question is not None:
            if isinstance(question, Criterion) and isinstance(value, int):
                return f"“{question.scale.label(value)}”"
            for option in question.options:
                if option.id == value:
                    return f"“{option.label}”"
            for special in question.specials:
                if special.value == value:
                    return f"“{special.label}”"
        return str(value)


def _is_literal(operand: Operand) -> bool:
    return not isinstance(operand, AnswerOf | Operation)
