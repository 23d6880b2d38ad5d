"""The judge: every problem of a definition in one run, none fatal to the rest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator

from questionnaires.check_ids import id_problems
from questionnaires.check_options import option_problems
from questionnaires.check_questions import question_problems
from questionnaires.check_rules import rule_problems
from questionnaires.check_scales import scale_problems
from questionnaires.draft import draft_questions
from questionnaires.model import Problem
from questionnaires.shape import Table, clean

AUDIENCES = ("citizen", "staff")
STATUSES = ("seen", "partial", "memory")

_CHECKS: tuple[Callable[[Table], Iterator[Problem]], ...] = (
    id_problems,
    scale_problems,
    question_problems,
    option_problems,
    rule_problems,
)


def check(text: str) -> list[Problem]:
    """All the problems of a definition file, in the order of the page."""
    try:
        source = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return [Problem("not_toml", "", str(error))]
    shaped, problems = clean(source)
    problems += _whole(shaped)
    for judge in _CHECKS:
        problems += judge(shaped)
    return _in_page_order(shaped, problems)


def _whole(source: Table) -> Iterator[Problem]:
    """What concerns the form as a whole."""
    if source.get("audience", "citizen") not in AUDIENCES:
        yield Problem("unknown_audience", "", source["audience"])
    questions = draft_questions(source)
    if not questions:
        yield Problem("no_questions", "")
    headings = source.get("heading", {})
    for section in ("overall", "facts", "profile"):
        if section not in headings and any(q.section == section for q in questions):
            yield Problem("missing", "heading", section)
    statuses = [("source", source.get("source", {}).get("status"))]
    statuses += [(q.where, q.source.get("status")) for q in questions]
    for where, status in statuses:
        if status is not None and status not in STATUSES:
            yield Problem("unknown_status", where, status)
    for question in questions:
        for key in question.source.get("source", ()):
            if key not in source.get("reference", {}):
                yield Problem("unknown_reference", question.where, key)


def _in_page_order(source: Table, problems: list[Problem]) -> list[Problem]:
    order = {q.where: place for place, q in enumerate(draft_questions(source), start=1)}

    def place(problem: Problem) -> int:
        return order.get(problem.where) or order.get(problem.where.split(", ")[0], 0)

    return sorted(problems, key=place)
