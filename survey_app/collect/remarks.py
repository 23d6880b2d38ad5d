"""What is to be put right on a page, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires import Problem, Question, Questionnaire
from survey_app.collect import ballots
from survey_app.collect.wording import Words, words


@dataclass(frozen=True, slots=True)
class Remark:
    """One problem: where it is, what to do, and the doubt that can be confirmed."""

    where: str
    sentence: str
    confirm: str = ""


def remarks(questionnaire: Questionnaire, problems: list[Problem]) -> list[Remark]:
    """The problems in page order, each with its sentence in the form's language.

    An unknown kind of problem is an error, never a silent gap on the page.
    """
    say = words(questionnaire.language)
    return [_remark(questionnaire, problem, say) for problem in problems]


def _remark(questionnaire: Questionnaire, problem: Problem, say: Words) -> Remark:
    if problem.where == ballots.CONSENT:
        return Remark(problem.where, say(f"remark.{problem.code}"))
    if problem.code in ("impossible", "unconfirmed"):
        check = next(c for c in questionnaire.checks if c.id == problem.detail)
        confirm = check.id if problem.code == "unconfirmed" else ""
        return Remark(problem.where, check.text, confirm)
    question = questionnaire.question(problem.where)
    sentence = sentence_for(problem.code, question.kind, say)
    return Remark(
        problem.where,
        sentence.format(
            detail=problem.detail,
            option=_label(question, problem.detail),
            range=range_of(question, say),
        ),
    )


def sentence_for(code: str, kind: str, say: Words) -> str:
    """The sentence for a kind of problem, with gaps for what it is about."""
    return say.find(f"remark.of_kind.{code}_{kind}") or say(f"remark.{code}")


def range_of(question: Question, say: Words) -> str:
    """Which numbers or days are possible."""
    low, high = (_shown(bound) for bound in (question.minimum, question.maximum))
    if low and high:
        return say("remark.between", low=low, high=high)
    if low:
        return say("remark.at_least", low=low)
    return say("remark.at_most", high=high)


def _label(question: Question, value: str) -> str:
    labels = {option.id: option.label for option in question.options}
    labels |= {special.value: special.label for special in question.specials}
    return labels.get(value, value)


def _shown(bound: int | str | None) -> str:
    if isinstance(bound, str):
        return "/".join(reversed(bound.split("-")))
    return "" if bound is None else str(bound)
