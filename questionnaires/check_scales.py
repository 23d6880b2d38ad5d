"""A fair scale has as many levels of discontent as of content, and says so in words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from questionnaires.draft import draft_questions
from questionnaires.model import Problem
from questionnaires.shape import Table

FEWEST_LEVELS, MOST_LEVELS = 3, 11

_STRENGTH = re.compile(
    r"\b(rất|khá|hoàn toàn|tương đối|cực kỳ|hết sức|vô cùng|"
    r"very|quite|fairly|extremely|completely|somewhat)\b"
)
_NEGATION = re.compile(r"\b(không|chưa|chẳng|not|un|dis)\b|\b(un|dis)(?=[a-z]{4})")


def scale_problems(source: Table) -> Iterator[Problem]:
    """Scales that lean to one side, and criteria on a scale that does not exist."""
    scales: Table = source.get("scale", {})
    used = {question.source.get("scale") for question in draft_questions(source)}
    for name, scale in scales.items():
        yield from _one_scale(f"scale {name}", scale)
        if name not in used:
            yield Problem("unused_scale", f"scale {name}")
    for question in draft_questions(source):
        scale = question.source.get("scale")
        if scale is not None and scale not in scales:
            yield Problem("unknown_scale", question.where, scale)


def _one_scale(where: str, scale: Table) -> Iterator[Problem]:
    labels = [unicodedata.normalize("NFC", x).lower() for x in scale.get("labels", ())]
    if not labels:
        return
    if not FEWEST_LEVELS <= len(labels) <= MOST_LEVELS:
        yield Problem("wrong_number_of_levels", where, str(len(labels)))
        return
    for label, count in Counter(labels).items():
        if count > 1:
            yield Problem("repeated_label", where, label)
    satisfied_from = scale.get("satisfied_from")
    half = len(labels) // 2
    if satisfied_from is not None and satisfied_from != len(labels) - half + 1:
        detail = f"satisfied_from {satisfied_from}, {len(labels)} levels"
        yield Problem("unbalanced_scale", where, detail)
    yield from _misplaced(where, labels, len(labels) - half)


def _misplaced(where: str, labels: list[str], upper: int) -> Iterator[Problem]:
    """Labels on the wrong side of the middle.

    "Hài lòng" below "rất hài lòng" in the lower half praises; "không hài lòng" in the
    upper half, above "hài lòng", blames.
    """
    blames = [bool(_NEGATION.search(label)) for label in labels]
    cores = [_core(label) for label in labels]
    for number, label in enumerate(labels):
        if number < upper and not blames[number]:
            same = [n for n in range(upper, len(labels)) if cores[n] == cores[number]]
            if any(not blames[n] for n in same):
                yield Problem("unbalanced_scale", where, label)
        elif number >= upper and blames[number]:
            same = [n for n in range(number) if cores[n] == cores[number]]
            if any(not blames[n] for n in same):
                yield Problem("scale_out_of_order", where, label)


def _core(label: str) -> str:
    """What a label is about, strength and negation taken away."""
    return " ".join(_NEGATION.sub("", _STRENGTH.sub("", label)).split())
