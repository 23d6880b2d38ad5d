"""Routing on paper: beside an answer, the question to go on with.

A reader without a screen cannot be asked rules, only told where to go. What depends
on answers given elsewhere is left to the sentence before the question.
"""

from __future__ import annotations

from questionnaires import Question, Questionnaire
from questionnaires.routing import Value, holds, questions_of
from survey_app.paper.keys import choices

END = "end"


def jumps(questionnaire: Questionnaire) -> dict[tuple[str, str], str]:
    """By question and answer, the id to go on with, where it is not the next one.

    ``END`` stands for the part after the last question.
    """
    questions = questionnaire.questions
    found = {}
    for place, question in enumerate(questions[:-1]):
        if question.kind not in ("scale", "single"):
            continue
        for choice in choices(question):
            seen = int(choice.value) if choice.value.isdecimal() else choice.value
            target = _next(question, seen, questions[place + 1 :])
            if target != questions[place + 1].id:
                found[question.id, choice.value] = target
    return found


def _next(asked: Question, seen: Value, later: tuple[Question, ...]) -> str:
    """The first later question that may be asked, whatever was answered before."""
    known = {asked.id}
    for question in later:
        rule = question.show_if
        if rule is None or not set(questions_of(rule)) <= known:
            return question.id
        if holds(rule, {asked.id: seen}):
            return question.id
        known.add(question.id)  # off the route, so without an answer
    return END
