"""Try out the answers that rules look at: which questions can be reached, by whom.

Only answers that can make a difference are tried: each option, each level, and for
numbers and days the neighbours of every value the rules mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, islice, product
from math import prod
from typing import Any

from questionnaires.draft import DraftQuestion
from questionnaires.routing import (
    AnswerOf,
    Operation,
    Value,
    build_rule,
    holds,
    questions_of,
)

MOST_TRIALS = 4_000
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to answer: what was chosen, and which questions that leads to."""

    answers: Mapping[str, Value]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoutedQuestion:
    """A question with its rule, which is sound, and the answers worth a try."""

    draft: DraftQuestion
    rule: Operation | None
    choices: tuple[Value | None, ...]


def routed_questions(
    drafts: Sequence[DraftQuestion],
    level_counts: Mapping[str, int],
    rules_of_checks: Sequence[Operation],
) -> list[RoutedQuestion]:
    """The form in page order, with what its rules make worth trying."""
    rules = {d.id: build_rule(d.source["show_if"]) for d in drafts if _has_rule(d)}
    mentioned: dict[str, set[str | int]] = {}
    for rule in (*rules.values(), *rules_of_checks):
        for question in questions_of(rule):
            mentioned.setdefault(question, set()).update(_literals(rule))
    return [
        RoutedQuestion(
            d,
            rules.get(d.id),
            _worth_trying(
                d,
                mentioned.get(d.id, set()),
                level_counts.get(d.source.get("scale", ""), 0),
            ),
        )
        for d in drafts
    ]


def _has_rule(draft: DraftQuestion) -> bool:
    return bool(draft.source.get("show_if"))


def looked_at(rule: Operation, questions: Sequence[RoutedQuestion]) -> set[str]:
    """The ids of all questions a rule depends on, at first or second hand."""
    rules = {q.draft.id: q.rule for q in questions}
    found: set[str] = set()
    waiting = list(questions_of(rule))
    while waiting:
        question = waiting.pop()
        if question not in found:
            found.add(question)
            inner = rules.get(question)
            waiting += questions_of(inner) if inner else ()
    return found


def trials(
    questions: Sequence[RoutedQuestion], ids: set[str], *, until: str = ""
) -> Iterator[Trial]:
    """Walk the page once for every combination of answers worth a try.

    Parameters
    ----------
    questions : sequence of RoutedQuestion
        The whole form in page order.
    ids : set of str
        The questions whose answers vary; all that their rules look at among them.
    until : str
        One more question to walk to, whose own answer does not matter.
    """
    path = [q for q in questions if q.draft.id in ids or q.draft.id == until]
    varied = [q for q in path if q.draft.id in ids]
    names = [q.draft.id for q in varied]
    for values in islice(product(*(q.choices for q in varied)), MOST_TRIALS):
        yield _walk(path, dict(zip(names, values, strict=True)))


def is_exhaustive(questions: Sequence[RoutedQuestion], ids: set[str]) -> bool:
    """Whether all combinations are few enough to be tried."""
    counts = (len(q.choices) for q in questions if q.draft.id in ids)
    return prod(counts) <= MOST_TRIALS


def _walk(
    questions: Sequence[RoutedQuestion], values: Mapping[str, Value | None]
) -> Trial:
    answers: dict[str, Value] = {}
    asked = set()
    for q in questions:
        if q.rule is None or holds(q.rule, answers):
            asked.add(q.draft.id)
            value = values.get(q.draft.id)
            if value is not None:
                answers[q.draft.id] = value
    return Trial(answers, frozenset(asked))


def _worth_trying(
    draft: DraftQuestion, mentioned: set[str | int], levels: int
) -> tuple[Value | None, ...]:
    found: set[Value | None] = {None, *draft.specials}
    match draft.kind:
        case "scale":
            found |= set(range(1, levels + 1))
        case "single":
            found |= {str(option["id"]) for option in draft.options}
        case "multiple":
            found |= set(_selections(draft, mentioned))
        case "number":
            found |= _numbers(draft, mentioned)
        case "date":
            found |= _days(draft, mentioned)
        case _:
            found |= {str(m) for m in mentioned} | {"…"}
    return tuple(sorted(found, key=repr))


def _selections(draft: DraftQuestion, mentioned: set[Any]) -> Iterator[Value]:
    """Every choice among the options that rules mention, and every number of them."""
    exclusive = [o["id"] for o in draft.options if o.get("exclusive")]
    free = [o["id"] for o in draft.options if not o.get("exclusive")]
    named = [x for x in free if x in mentioned][:6]
    others = [x for x in free if x not in named]
    for some in chain.from_iterable(
        combinations(named, n) for n in range(len(named) + 1)
    ):
        for extra in range(len(others) + 1):
            if some or extra:
                yield tuple(x for x in free if x in (*some, *others[:extra]))
    yield from ((x,) for x in exclusive)


def _numbers(draft: DraftQuestion, mentioned: set[Any]) -> set[Value | None]:
    low = draft.source.get("minimum", 0)
    high = draft.source.get("maximum", 999_999_999)
    near = {n + step for n in mentioned if isinstance(n, int) for step in (-1, 0, 1)}
    return {n for n in near | {low, high} if low <= n <= high}


def _days(draft: DraftQuestion, mentioned: set[Any]) -> set[Value | None]:
    low = draft.source.get("minimum", date(1900, 1, 1))
    high = draft.source.get("maximum", date(2100, 1, 1))
    named = {date.fromisoformat(m) for m in mentioned if _ISO_DAY.fullmatch(str(m))}
    near = {day + timedelta(days=step) for day in named for step in (-1, 0, 1)}
    return {d.isoformat() for d in near | {low, high} if low <= d <= high}


def _literals(rule: Operation) -> Iterator[str | int]:
    for operand in rule.operands:
        match operand:
            case Operation():
                yield from _literals(operand)
            case AnswerOf():
                pass
            case tuple():
                yield from operand
            case _:
                yield operand
