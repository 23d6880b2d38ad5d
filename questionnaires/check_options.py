"""Options: their codes are what is stored, their labels must not overlap."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from questionnaires.check_ids import ID
from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.model import Problem
from questionnaires.routing import SPECIAL_CODES
from questionnaires.shape import Table

CHOOSING = ("single", "multiple")
CODES = range(1, 100)
NO_END = 10**9

_BAND = re.compile(r"(\d+)\s*(?:-|–|—|đến|tới|to)\s*(?:dưới\s+)?(\d+)")
_UNDER = re.compile(r"(?:dưới|under)\s+(\d+)")
_OVER = re.compile(r"(?:trên|over)\s+(\d+)")
_FROM = re.compile(r"(\d+)\b.*(?:trở lên|and over|or more|or older)|(\d+)\s*\+")
_ONE = re.compile(r"(\d+)\s+(?:lần|tuổi|ngày|times?|years?)")


def option_problems(source: Table) -> Iterator[Problem]:
    """What is wrong with the options of each question, shared lists included."""
    shared: dict[str, list[Table]] = source.get("choice", {})
    used = {question.source.get("choice") for question in draft_questions(source)}
    for name, options in shared.items():
        yield from _one_list(f"choice {name}", tuple(options))
        if name not in used:
            yield Problem("unused_choice", f"choice {name}")
    for question in draft_questions(source):
        if question.source.get("option"):
            yield from _one_list(question.where, question.options)
        yield from _belonging(question, shared)


def _belonging(question: DraftQuestion, shared: dict[str, Any]) -> Iterator[Problem]:
    """Options where they belong: on questions of choice, from one list, enough."""
    choice = question.source.get("choice")
    if choice is not None and choice not in shared:
        yield Problem("unknown_choice", question.where, choice)
    if choice is not None and question.source.get("option"):
        yield Problem("two_lists", question.where, choice)
    if question.kind in CHOOSING and choice is None and len(question.options) < 2:
        yield Problem("too_few_options", question.where)
    if question.kind != "multiple":
        for option in question.options:
            if option.get("exclusive"):
                yield Problem("exclusive_alone", question.where, _name(option))


def _one_list(where: str, options: tuple[Table, ...]) -> Iterator[Problem]:
    for option in options:
        found = option.get("id", "")
        if found and (not ID.fullmatch(found) or "__" in found):
            yield Problem("bad_id", where, found)
        if found in SPECIAL_CODES:
            yield Problem("reserved_id", where, found)
        if option.get("code", 1) not in CODES:
            yield Problem("bad_code", where, f"{_name(option)}: {option['code']}")
    for key, problem in (
        ("id", "duplicate_option"),
        ("code", "duplicate_code"),
        ("label", "repeated_label"),
    ):
        counts = Counter(option[key] for option in options if key in option)
        for value in (v for v, count in counts.items() if count > 1):
            yield Problem(problem, where, str(value))
    if sum(option.get("specify", False) for option in options) > 1:
        yield Problem("two_specify", where)
    yield from _bands(where, [option.get("label", "") for option in options])


def _bands(where: str, labels: list[str]) -> Iterator[Problem]:
    """Bands such as "18-25" and "25-34": each number in one of them, none in two."""
    found = [(band, label) for label in labels if (band := band_of(label))]
    if len(found) < 2:
        return
    found.sort()
    for ((_, end), before), ((start, _), after) in pairwise(found):
        if start <= end:
            yield Problem("overlapping_bands", where, f"{before} / {after}")
        elif start > end + 1:
            yield Problem("gap_between_bands", where, f"{before} / {after}")


def band_of(label: str) -> tuple[int, int] | None:
    """The whole numbers a label speaks of, both ends in it; None when it is no band."""
    text = unicodedata.normalize("NFC", label).lower()
    if match := _BAND.search(text):
        last = int(match[2]) - ("dưới" in match[0])
        return int(match[1]), last
    if match := _FROM.search(text):
        return int(match[1] or match[2]), NO_END
    if match := _UNDER.search(text):
        return 0, int(match[1]) - 1
    if match := _OVER.search(text):
        return int(match[1]) + 1, NO_END
    if match := _ONE.fullmatch(text):
        return int(match[1]), int(match[1])
    return None


def _name(option: Table) -> str:
    return str(option.get("id", option.get("label", "?")))
