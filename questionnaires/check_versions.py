"""A published wording is for ever: what a new form may not do to an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.model import Problem
from questionnaires.shape import Table


def version_problems(source: Table, earlier: Sequence[Table]) -> Iterator[Problem]:
    """Meanings that change under the same id, against each earlier definition.

    Forms of the same decision share their criteria; to change the wording of one needs
    another decision. Codes keep their meaning through all forms of one family, that
    is those whose questions have the same id.
    """
    for before in earlier:
        if source.get("id") == before.get("id") and source != before:
            yield Problem("published_form_changed", "", str(before.get("id", "")))
        old = {q.id: q for q in draft_questions(before)}
        same_decision = _decision(source) == _decision(before)
        for question in draft_questions(source):
            if (was := old.get(question.id)) and was.kind == question.kind:
                yield from _codes(question, was)
                if same_decision and question.kind == "scale":
                    yield from _criterion(question, was)


def _codes(now: DraftQuestion, was: DraftQuestion) -> Iterator[Problem]:
    meaning = {option.get("code"): option for option in was.options}
    for option in now.options:
        old = meaning.get(option.get("code"))
        if old is not None and old.get("id") != option.get("id"):
            detail = f"{option['code']}: {old.get('id')} / {option.get('id')}"
            yield Problem("code_changed_meaning", now.where, detail)


def _criterion(now: DraftQuestion, was: DraftQuestion) -> Iterator[Problem]:
    if now.source.get("text") != was.source.get("text"):
        yield Problem("criterion_changed", now.where, str(was.source.get("text", "")))


def _decision(source: Table) -> str:
    return str(source.get("source", {}).get("decision", ""))
