"""No question that nobody reaches, and no more work for those who are dissatisfied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.draft import draft_questions
from questionnaires.model import Problem
from questionnaires.reach import (
    RoutedQuestion,
    is_exhaustive,
    looked_at,
    routed_questions,
    trials,
)
from questionnaires.routing import Operation, build_rule, holds
from questionnaires.shape import Table, place


@dataclass(frozen=True, slots=True)
class _Doubt:
    where: str
    rule: Operation


def reach_problems(source: Table) -> Iterator[Problem]:
    """Judge a form whose rules are sound; the judge of rules comes first."""
    doubts = [
        _Doubt(place("", "check", i, doubt), build_rule(doubt["rule"]))
        for i, doubt in enumerate(source.get("check", ()), start=1)
        if doubt.get("rule")
    ]
    level_counts = {
        name: len(scale.get("labels", ()))
        for name, scale in source.get("scale", {}).items()
    }
    rules = [doubt.rule for doubt in doubts]
    questions = routed_questions(draft_questions(source), level_counts, rules)
    yield from _unreachable(questions, doubts)
    yield from _unequal_effort(questions, doubts)


def _unreachable(
    questions: Sequence[RoutedQuestion], doubts: Sequence[_Doubt]
) -> Iterator[Problem]:
    for q in questions:
        if q.rule is None:
            continue
        ids = looked_at(q.rule, questions)
        if is_exhaustive(questions, ids) and not any(
            q.draft.id in trial.asked
            for trial in trials(questions, ids, until=q.draft.id)
        ):
            yield Problem("unreachable_question", q.draft.where)
    for doubt in doubts:
        ids = looked_at(doubt.rule, questions)
        if is_exhaustive(questions, ids) and not any(
            holds(doubt.rule, trial.answers) for trial in trials(questions, ids)
        ):
            yield Problem("unreachable_check", doubt.where)


def _unequal_effort(
    questions: Sequence[RoutedQuestion], doubts: Sequence[_Doubt]
) -> Iterator[Problem]:
    """Each level of a criterion must lead to as many questions as any other."""
    for criterion in questions:
        if criterion.draft.kind == "scale":
            level_of = criterion.draft.id
            followers = [q for q in questions if _follows(q.rule, level_of, questions)]
            asking = [d for d in doubts if _follows(d.rule, level_of, questions)]
            where = [q.draft.where for q in followers] + [d.where for d in asking]
            if where and _steps_differ(questions, level_of, followers, asking):
                yield Problem("unequal_effort", where[0], level_of)


def _follows(
    rule: Operation | None, question: str, questions: Sequence[RoutedQuestion]
) -> bool:
    return rule is not None and question in looked_at(rule, questions)


def _steps_differ(
    questions: Sequence[RoutedQuestion],
    level_of: str,
    followers: Sequence[RoutedQuestion],
    asking: Sequence[_Doubt],
) -> bool:
    """Whether two levels, all else being equal, lead to different numbers of steps."""
    following = {q.draft.id for q in followers}
    rules = [d.rule for d in asking]
    ids = {level_of} | following
    for rule in [q.rule for q in followers if q.rule] + rules:
        ids |= looked_at(rule, questions)
    else_equal: dict[str, dict[int, set[int]]] = {}
    for trial in trials(questions, ids):
        level = trial.answers.get(level_of)
        if isinstance(level, int):
            rest = {k: v for k, v in trial.answers.items() if k not in following}
            rest.pop(level_of)
            steps = len(trial.asked & following)
            steps += sum(holds(rule, trial.answers) for rule in rules)
            by_level = else_equal.setdefault(repr(sorted(rest.items())), {})
            by_level.setdefault(level, set()).add(steps)
    return any(
        steps != next(iter(by_level.values()))
        for by_level in else_equal.values()
        for steps in by_level.values()
    )
