"""Each question by itself: a known kind, keys that belong to it, a possible range."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.model import Problem
from questionnaires.shape import Table

LARGEST_NUMBER = 999_999_999
LONGEST_TEXT = 5_000

KEYS_OF_KIND = {
    "single": {"option", "choice"},
    "multiple": {"option", "choice"},
    "number": {"minimum", "maximum"},
    "date": {"minimum", "maximum"},
    "text": {"max_length"},
}
_OF_SOME_KIND = ("option", "choice", "minimum", "maximum", "max_length")


def question_problems(source: Table) -> Iterator[Problem]:
    """What is wrong with each question, its rule and its options left aside."""
    special = source.get("special", {})
    for question in draft_questions(source):
        if question.kind != "scale" or "kind" in question.source:
            yield from _kind(question)
        yield from _range(question)
        for value in question.specials:
            if not special.get(value):
                yield Problem("no_special_label", question.where, value)


def _kind(question: DraftQuestion) -> Iterator[Problem]:
    if question.kind not in KEYS_OF_KIND:
        if question.kind:
            yield Problem("unknown_kind", question.where, question.kind)
        return
    for key in _OF_SOME_KIND:
        if key in question.source and key not in KEYS_OF_KIND[question.kind]:
            yield Problem("key_not_for_kind", question.where, f"{key}: {question.kind}")
    if question.kind == "text" and not (
        0 < question.source.get("max_length", 0) <= LONGEST_TEXT
    ):
        yield Problem("no_max_length", question.where, f"1..{LONGEST_TEXT}")


def _range(question: DraftQuestion) -> Iterator[Problem]:
    low, high = (question.source.get(key) for key in ("minimum", "maximum"))
    of_kind = {"number": int, "date": date}.get(question.kind, object)
    bounds = [bound for bound in (low, high) if bound is not None]
    if not all(isinstance(bound, of_kind) for bound in bounds):
        yield Problem("wrong_bound", question.where, question.kind)
    elif question.kind == "number" and not all(
        0 <= bound <= LARGEST_NUMBER for bound in bounds
    ):
        yield Problem("wrong_bound", question.where, f"0..{LARGEST_NUMBER}")
    elif len(bounds) == 2 and type(low) is type(high) and low > high:  # type: ignore[operator]
        yield Problem("empty_range", question.where, f"{low}..{high}")
