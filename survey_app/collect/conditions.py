"""Say in words when a question is to be answered, for pages without a script."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires import Criterion, Question, Questionnaire
from questionnaires.routing import AnswerOf, Operand, Operation
from survey_app.collect.wording import words

_ORDER = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def leads(questionnaire: Questionnaire, numbers: Mapping[str, int]) -> dict[str, str]:
    """For each conditional question the sentence that stands before it.

    ``numbers`` are the numbers that the questions carry on the page. The sentences
    are in the language of the questionnaire, where there are words in it.
    """
    wording = _Wording(questionnaire, numbers)
    return {
        question.id: wording.say("only_if", clause=wording.clause(question.show_if))
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
        self._words = words(questionnaire.language)

    def say(self, key: str, **values: object) -> str:
        return self._words(f"condition.{key}", **values)

    def clause(self, rule: Operation) -> str:
        match rule.operator, rule.operands:
            case ("and" | "or") as joint, parts:
                return self.say(joint).join(self._part(p, inside=True) for p in parts)
            case "not", (part,):
                return self.say("not", clause=self._part(part))
            case "answered", (AnswerOf(question),):
                return self.say("answered", number=self._numbers[question])
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
        either = self.say("or").join(named)
        verb = self._verb(question)
        match operator:
            case "==" | "in":
                return self.say("is", subject=subject, verb=verb, value=either)
            case "!=":
                return self.say("is_not", subject=subject, verb=verb, value=either)
            case "any-in":
                return self.say("any_of", subject=subject, value=either)
            case "all-in":
                return self.say("only_of", subject=subject, value=", ".join(named))
        comparison = self.say(_ORDER[operator], value=either)
        if question is None:
            return self.say("compares", subject=subject, comparison=comparison)
        return self.say(
            "compares_answer", subject=subject, verb=verb, comparison=comparison
        )

    def _subject(self, operand: Operand) -> tuple[str, Question | None]:
        match operand:
            case AnswerOf(question):
                number = self._numbers[question]
                return self.say("at_question", number=number), self._questions[question]
            case Operation("count", (AnswerOf(question),)):
                return self.say("count", number=self._numbers[question]), None
        raise ValueError(f"no words for {operand}")

    def _verb(self, question: Question | None) -> str:
        if question is None:
            return self.say("verb_count")
        is_written = question.kind in ("number", "date", "text")
        return self.say(f"verb_{question.kind if is_written else 'choose'}")

    def _value(self, value: Operand, question: Question | None) -> str:
        if isinstance(value, AnswerOf):
            return self.say("answer_of", number=self._numbers[value.question])
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
