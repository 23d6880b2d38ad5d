"""What is typed from a paper form: the small numbers printed beside the boxes.

The numbers follow the order of the boxes and are no codes of storage. A written
answer is typed as it stands; its boxes, such as "don't know", are typed as *1, *2.
A question that was asked and left empty, or ticked twice, is typed as 0, and as *0
where an answer is written. Nothing typed means not typed yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaires import (
    AnswersRejected,
    AnswerValue,
    Criterion,
    Problem,
    Question,
    Questionnaire,
    read_answers,
)
from questionnaires.answers import CONFIRMED, asked_questions

EMPTY, EMPTY_WRITTEN = "0", "*0"
CONSENT, ASSISTED, CODE = "dong-y", "co-nguoi-giup", "ma-phieu"
YES, NO = "1", "2"

_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: the number printed beside it, its value in forms, its label."""

    key: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What one person typed, read as far as it can be."""

    answers: dict[str, AnswerValue]
    problems: tuple[Problem, ...]


def choices(question: Question) -> tuple[Choice, ...]:
    """The boxes of a question in the order of the page."""
    if isinstance(question, Criterion):
        boxes = [(str(x), question.scale.label(x)) for x in question.scale.levels]
    else:
        boxes = [(option.id, option.label) for option in question.options]
    mark = "" if boxes else "*"
    boxes += [(special.value, special.label) for special in question.specials]
    return tuple(
        Choice(f"{mark}{n}", value, label)
        for n, (value, label) in enumerate(boxes, start=1)
    )


def fields(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The names of all that is typed for the questions, in the order of the page."""
    names = []
    for question in questionnaire.questions:
        names.append(question.id)
        if question.specify:
            names.append(question.specify_id)
    return tuple(names)


def on_paper(questionnaire: Questionnaire) -> Questionnaire:
    """The form as paper takes it: nobody can be made to answer a question."""
    return replace(
        questionnaire,
        factors=tuple(
            replace(
                factor,
                shuffle=False,
                criteria=tuple(replace(c, required=False) for c in factor.criteria),
            )
            for factor in questionnaire.factors
        ),
        overall=questionnaire.overall
        and replace(questionnaire.overall, required=False),
        facts=tuple(replace(fact, required=False) for fact in questionnaire.facts),
        profile=tuple(replace(fact, required=False) for fact in questionnaire.profile),
    )


def read(questionnaire: Questionnaire, typed: Mapping[str, Any]) -> Typed:
    """Answers in storage codes, and every problem in the order of the page.

    ``typed`` holds one text for each name of ``fields``, and under ``__confirmed``
    the doubts looked at again on the paper.
    """
    form = on_paper(questionnaire)
    submitted: dict[str, list[str]] = {CONFIRMED: list(typed.get(CONFIRMED, ()))}
    problems: dict[str, Problem] = {}
    for question in form.questions:
        values = _values(question, str(typed.get(question.id, "")).strip())
        if isinstance(values, Problem):
            problems[question.id] = values
        else:
            submitted[question.id] = values
        if question.specify:
            text = str(typed.get(question.specify_id, "")).strip()
            submitted[question.specify_id] = [text] if text else []
    asked = asked_questions(form, submitted)
    for id_ in asked:
        if not str(typed.get(id_, "")).strip():
            problems.setdefault(id_, Problem("not_typed", id_))
    problems = {id_: p for id_, p in problems.items() if id_ in asked}
    answers: dict[str, AnswerValue] = {}
    try:
        answers = read_answers(form, submitted)
    except AnswersRejected as rejected:
        for problem in rejected.problems:
            problems.setdefault(problem.where, problem)
    order = [question.id for question in form.questions]
    found = sorted(problems.values(), key=lambda problem: order.index(problem.where))
    return Typed(answers if not found else {}, tuple(found))


def spoken(question: Question, typed: str) -> str:
    """What was typed, in the words of the form, for people who compare."""
    if typed in (EMPTY, EMPTY_WRITTEN) and _is_empty(question, typed):
        return "để trống"
    labels = {choice.key: choice.label for choice in choices(question)}
    parts = typed.split() if question.kind == "multiple" else [typed]
    return ", ".join(labels.get(part, part) for part in parts)


def _values(question: Question, typed: str) -> list[str] | Problem:
    if not typed or _is_empty(question, typed):
        return []
    boxes = {choice.key: choice.value for choice in choices(question)}
    parts = re.split(r"[ ,;+]+", typed) if question.kind == "multiple" else [typed]
    is_boxes = question.kind in ("scale", "single", "multiple")
    if is_boxes or typed.startswith("*"):
        if strange := [part for part in parts if part and part not in boxes]:
            return Problem("no_such_key", question.id, ", ".join(strange))
        return [boxes[part] for part in parts if part]
    if question.kind == "date" and (found := _DAY.fullmatch(typed)):
        return ["/".join(found.groups())]
    return [typed]


def _is_empty(question: Question, typed: str) -> bool:
    is_written = question.kind in ("number", "date", "text")
    return typed == (EMPTY_WRITTEN if is_written else EMPTY)
