"""Ids become names of columns and form fields: safe in SPSS, Stata, CSS, and unique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questionnaires.draft import draft_questions
from questionnaires.model import Problem
from questionnaires.shape import Table, place

ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED = ("overall", "facts", "profile", "consent", "nonce", "language")


def id_problems(source: Table) -> Iterator[Problem]:
    """Ids that break the pattern, are taken by the house, or stand twice."""
    if form_id := source.get("id"):
        yield from _bad(form_id, "")
    seen: set[str] = set()
    for where, found in _ids(source):
        if found:
            yield from _bad(found, where)
            if found in RESERVED:
                yield Problem("reserved_id", where, found)
            if found in seen:
                yield Problem("duplicate_id", where, found)
            seen.add(found)


def _ids(source: Table) -> Iterator[tuple[str, str]]:
    for i, factor in enumerate(source.get("factor", ()), start=1):
        yield place("", "factor", i, factor), factor.get("id", "")
    for question in draft_questions(source):
        yield question.where, question.id
    for i, doubt in enumerate(source.get("check", ()), start=1):
        yield place("", "check", i, doubt), doubt.get("id", "")


def _bad(found: str, where: str) -> Iterator[Problem]:
    """Two underscores part a question from its option in the names of columns."""
    if not ID.fullmatch(found) or "__" in found:
        yield Problem("bad_id", where, found)
