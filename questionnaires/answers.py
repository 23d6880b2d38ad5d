"""Read what a person sent into answers, without a web framework in sight.

The route is walked anew each time: a question is asked only if its rule holds of the
answers *kept so far*, so an answer on an abandoned branch is dropped and steers
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from questionnaires.model import (
    LEFT_EMPTY,
    OFF_ROUTE,
    Criterion,
    Problem,
    Question,
    Questionnaire,
)
from questionnaires.routing import Value, holds

AnswerValue = int | str | list[int]
Submitted = Mapping[str, Sequence[str]]

CONFIRMED = "__confirmed"
ORDER = "__order"
SPECIFY_MAX_LENGTH = 200

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_VIETNAMESE_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class AnswersRejected(ValueError):
    """Some answers are missing or cannot be. They are all in ``problems``."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Read:
    """One answer as stored and as rules see it (None: nothing to look at)."""

    stored: AnswerValue
    seen: Value | None = None


@dataclass(slots=True)
class _Walk:
    """What has been gathered on the way down the page."""

    answers: dict[str, AnswerValue] = field(default_factory=dict)
    seen: dict[str, Value] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_answers(
    questionnaire: Questionnaire, submitted: Submitted
) -> dict[str, AnswerValue]:
    """Answers in storage codes, one for every question of the form.

    Parameters
    ----------
    questionnaire : Questionnaire
        The form the person was shown.
    submitted : mapping of str to sequence of str
        What came back, by question id; a web form as it is. Names that are not
        questions of this form are ignored. ``__confirmed`` lists the ids of the soft
        checks that the person has confirmed.

    Returns
    -------
    dict
        A level, option code or number; a sorted list of option codes for a multiple;
        an ISO day; a text; or a negative code: -1 not applicable, -2 don't know,
        -3 refused, -4 off the route, -5 left empty. A question with "khác (ghi rõ)"
        has the text under ``<id>__text`` besides, and a form that shuffles criteria
        the seed of their order under ``__order``.

    Raises
    ------
    AnswersRejected
        With one problem for each thing to put right, in the order of the page.
    """
    walk = _walk(questionnaire, submitted)
    walk.problems += _doubts(questionnaire, submitted, walk)
    if any(factor.shuffle for factor in questionnaire.factors):
        walk.answers[ORDER] = _order(_values(submitted, ORDER))
    if walk.problems:
        order = {q.id: place for place, q in enumerate(questionnaire.questions)}
        raise AnswersRejected(sorted(walk.problems, key=lambda p: order[p.where]))
    return walk.answers


def seen_answers(
    questionnaire: Questionnaire, submitted: Submitted
) -> dict[str, Value]:
    """The answers on the route as rules see them, faulty ones left out."""
    return _walk(questionnaire, submitted).seen


def asked_questions(
    questionnaire: Questionnaire, submitted: Submitted
) -> tuple[str, ...]:
    """The ids of the questions on the route of what has been answered so far."""
    return tuple(_walk(questionnaire, submitted).asked)


def _walk(questionnaire: Questionnaire, submitted: Submitted) -> _Walk:
    walk = _Walk()
    for question in questionnaire.questions:
        _ask(question, submitted, walk)
    return walk


def _ask(question: Question, submitted: Submitted, walk: _Walk) -> None:
    if question.show_if is None or holds(question.show_if, walk.seen):
        walk.asked.append(question.id)
        read = _read(question, _values(submitted, question.id))
    else:
        read = _Read(OFF_ROUTE)
    if isinstance(read, Problem):
        walk.problems.append(read)
        return
    walk.answers[question.id] = read.stored
    if read.seen is not None:
        walk.seen[question.id] = read.seen
    if question.specify is not None:
        _ask_specify(question, read, submitted, walk)


def _ask_specify(
    question: Question, read: _Read, submitted: Submitted, walk: _Walk
) -> None:
    """The text of "khác (ghi rõ)": asked only when that option was chosen."""
    chosen = read.seen if isinstance(read.seen, tuple) else (read.seen,)
    if question.specify is None or question.specify.id not in chosen:
        walk.answers[question.specify_id] = OFF_ROUTE
        return
    values = _values(submitted, question.specify_id)
    text = _text(question, " ".join(values), SPECIFY_MAX_LENGTH)
    if isinstance(text, Problem):
        walk.problems.append(text)
    else:
        walk.answers[question.specify_id] = text.stored if values else LEFT_EMPTY


def _doubts(
    questionnaire: Questionnaire, submitted: Submitted, walk: _Walk
) -> list[Problem]:
    confirmed = _values(submitted, CONFIRMED)
    return [
        Problem("impossible" if check.hard else "unconfirmed", check.where, check.id)
        for check in questionnaire.checks
        if (check.hard or check.id not in confirmed) and holds(check.rule, walk.seen)
    ]


def _order(values: list[str]) -> int:
    """The seed the page was shown with; a page that lost it is recorded as such."""
    found = _WHOLE_NUMBER.fullmatch(values[0]) if values else None
    return int(found[0]) if found else LEFT_EMPTY


def _values(submitted: Submitted, name: str) -> list[str]:
    """What was sent under a name: NFC, trimmed, blanks and repetitions left out."""
    found = (unicodedata.normalize("NFC", v).strip() for v in submitted.get(name, ()))
    return list(dict.fromkeys(value for value in found if value))


def _read(question: Question, values: list[str]) -> _Read | Problem:
    if not values:
        if question.required:
            return Problem("required", question.id)
        return _Read(LEFT_EMPTY)
    special = {s.value: s.code for s in question.specials}
    if len(values) == 1 and values[0] in special:
        return _Read(special[values[0]], values[0])
    if question.kind == "multiple":
        return _several(question, values)
    if len(values) > 1:
        return Problem("one_only", question.id, ", ".join(values))
    match question.kind:
        case "scale":
            return _level(question, values[0])
        case "single":
            return _option(question, values[0])
        case "number":
            return _number(question, values[0])
        case "date":
            return _day(question, values[0])
        case _:
            return _text(question, values[0], question.max_length)


def _level(question: Question, value: str) -> _Read | Problem:
    assert isinstance(question, Criterion)
    level = int(value) if _WHOLE_NUMBER.fullmatch(value) else 0
    if level not in question.scale.levels or value != str(level):
        return Problem("not_an_option", question.id, value)
    return _Read(level, level)


def _option(question: Question, value: str) -> _Read | Problem:
    for option in question.options:
        if option.id == value:
            return _Read(option.code, option.id)
    return Problem("not_an_option", question.id, value)


def _several(question: Question, values: list[str]) -> _Read | Problem:
    options = {option.id: option for option in question.options}
    specials = {special.value for special in question.specials}
    if strange := [v for v in values if v not in options and v not in specials]:
        return Problem("not_an_option", question.id, ", ".join(strange))
    alone = [v for v in values if v in specials or options[v].exclusive]
    if alone and len(values) > 1:
        return Problem("exclusive", question.id, alone[0])
    chosen = [option for option in question.options if option.id in values]
    codes = sorted(option.code for option in chosen)
    return _Read(codes, tuple(option.id for option in chosen))


def _number(question: Question, value: str) -> _Read | Problem:
    if not _WHOLE_NUMBER.fullmatch(value):
        return Problem("not_a_number", question.id, value)
    if not _within(question, int(value)):
        return _out_of_range(question)
    return _Read(int(value), int(value))


def _day(question: Question, value: str) -> _Read | Problem:
    try:
        if found := _ISO_DAY.fullmatch(value):
            year, month, day = found.groups()
        elif found := _VIETNAMESE_DAY.fullmatch(value):
            day, month, year = found.groups()
        else:
            return Problem("not_a_date", question.id, value)
        iso = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return Problem("not_a_date", question.id, value)
    return _Read(iso, iso) if _within(question, iso) else _out_of_range(question)


def _within(question: Question, value: int | str) -> bool:
    low, high = question.minimum, question.maximum
    return (low is None or low <= value) and (  # type: ignore[operator]
        high is None or value <= high  # type: ignore[operator]
    )


def _out_of_range(question: Question) -> Problem:
    low = "" if question.minimum is None else question.minimum
    high = "" if question.maximum is None else question.maximum
    return Problem("out_of_range", question.id, f"{low}..{high}")


def _text(question: Question, value: str, max_length: int | None) -> _Read | Problem:
    value = _DIRECTION_MARKS.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        return Problem("not_text", question.id)
    if max_length is not None and len(value) > max_length:
        return Problem("too_long", question.id, f"{len(value)}/{max_length}")
    return _Read(value, value)
