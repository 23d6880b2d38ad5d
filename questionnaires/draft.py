"""A definition that is still to be judged: its questions in page order, with places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from questionnaires.shape import Table, place

SPECIAL_KEYS = {"na": "not_applicable", "dk": "dont_know", "ref": "refuse"}


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """One question as written; ``where`` is its id, or its place while it has none."""

    where: str
    section: str
    kind: str
    source: Table
    options: tuple[Table, ...]

    @property
    def id(self) -> str:
        return str(self.source.get("id", ""))

    @property
    def specials(self) -> tuple[str, ...]:
        """The special answers this question allows: "na", "dk", "ref"."""
        return tuple(v for v, key in SPECIAL_KEYS.items() if self.source.get(key))


def draft_questions(source: Table) -> tuple[DraftQuestion, ...]:
    """Every question of a definition of the right shape, in page order."""
    return tuple(_questions(source))


def _questions(source: Table) -> Iterator[DraftQuestion]:
    for i, factor in enumerate(source.get("factor", ()), start=1):
        parent = place("", "factor", i, factor)
        for j, criterion in enumerate(factor.get("criterion", ()), start=1):
            where = place(parent, "criterion", j, criterion)
            yield DraftQuestion(where, parent, "scale", criterion, ())
    if overall := source.get("overall_question"):
        where = overall.get("id") or "overall_question"
        yield DraftQuestion(where, "overall", "scale", overall, ())
    for section, name in (("facts", "fact"), ("profile", "profile")):
        for i, fact in enumerate(source.get(name, ()), start=1):
            where = place("", name, i, fact)
            kind = fact.get("kind", "")
            yield DraftQuestion(where, section, kind, fact, _options(source, fact))


def _options(source: Table, fact: Table) -> tuple[Table, ...]:
    """The options written with the question, else those of the list it names."""
    shared: dict[str, Any] = source.get("choice", {})
    return tuple(fact.get("option") or shared.get(fact.get("choice", ""), ()))
