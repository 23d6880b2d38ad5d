"""The judge: every problem of a definition in one run, none fatal to the rest."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from questionnaires.check_ids import id_problems
from questionnaires.check_options import option_problems
from questionnaires.check_questions import question_problems
from questionnaires.check_reach import reach_problems
from questionnaires.check_rules import rule_problems
from questionnaires.check_scales import scale_problems
from questionnaires.check_versions import version_problems
from questionnaires.check_wording import wording_problems
from questionnaires.draft import draft_questions
from questionnaires.lines import lines_of
from questionnaires.model import Problem
from questionnaires.shape import Table, clean

AUDIENCES = ("citizen", "staff")
STATUSES = ("seen", "partial", "memory")
LONGEST_FILE = 500_000
MOST_QUESTIONS = 300
LONGEST_DETAIL = 300
_DOTTED = re.compile(r"(?:\.[ \t]*[\w\"'-]{1,64}[ \t]*){20}")

_CHECKS: tuple[Callable[[Table], Iterator[Problem]], ...] = (
    id_problems,
    scale_problems,
    question_problems,
    option_problems,
    wording_problems,
)


def check(text: str, *, earlier: Sequence[str] = ()) -> list[Problem]:
    """All the problems of a definition file, in the order of the page.

    Parameters
    ----------
    text : str
        The definition. Decomposed characters (NFD) are taken as composed.
    earlier : sequence of str
        Definitions published before, whose ids and codes must keep their meaning.
    """
    if len(text) > LONGEST_FILE:
        return [Problem("too_large", "", f"{len(text)}/{LONGEST_FILE}")]
    try:
        source = read_toml(text)
    except (ValueError, RecursionError) as error:
        return [Problem("not_toml", "", str(error))]
    shaped, problems = clean(source)
    if len(draft_questions(shaped)) > MOST_QUESTIONS:
        return [Problem("too_large", "", f"{MOST_QUESTIONS} questions")]
    problems += _whole(shaped)
    for judge in _CHECKS:
        problems += judge(shaped)
    problems += _routing(shaped, sound=not problems)
    problems += version_problems(shaped, [clean(read_toml(t))[0] for t in earlier])
    return _in_page_order(text, shaped, problems)


def read_toml(text: str) -> Table:
    """The tables of a definition file, its text composed (NFC) first.

    ``ValueError`` when it is not TOML; long dotted keys cost time without bound.
    """
    if _DOTTED.search(text):
        raise ValueError("a key of too many parts")
    return tomllib.loads(unicodedata.normalize("NFC", text))


def _routing(source: Table, *, sound: bool) -> list[Problem]:
    """Routes are tried out only when all they need is in order."""
    problems = list(rule_problems(source))
    if sound and not problems:
        problems += reach_problems(source)
    return problems


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


def _in_page_order(text: str, source: Table, problems: list[Problem]) -> list[Problem]:
    """Sorted as the page runs, each with its line in the file."""
    order = {q.where: place for place, q in enumerate(draft_questions(source), start=1)}
    lines = lines_of(text, source)

    def head(where: str) -> str:
        return where.rpartition(", ")[0]

    def place(problem: Problem) -> int:
        where = problem.where
        while where and where not in order:
            where = head(where)
        return order.get(where, 0)

    def line(where: str) -> int:
        while where and where not in lines:
            where = head(where)
        return lines.get(where, 0)

    found = [
        replace(p, detail=p.detail[:LONGEST_DETAIL], line=line(p.where))
        for p in problems
    ]
    return sorted(dict.fromkeys(found), key=place)
