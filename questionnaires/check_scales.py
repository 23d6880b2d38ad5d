"""A fair scale has as many levels of discontent as of content, and says so in words."""

from __future__ import annotations

import re
import unicodedata
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
    for name, scale in scales.items():
        yield from _one_scale(f"scale {name}", scale)
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
    for label in sorted({x for x in labels if labels.count(x) > 1}):
        yield Problem("repeated_label", where, label)
    satisfied_from = scale.get("satisfied_from")
    half = len(labels) // 2
    if satisfied_from is not None and satisfied_from != len(labels) - half + 1:
        detail = f"satisfied_from {satisfied_from}, {len(labels)} levels"
        yield Problem("unbalanced_scale", where, detail)
    elif leaning := _leaning(labels, half):
        yield Problem("unbalanced_scale", where, leaning)


def _leaning(labels: list[str], half: int) -> str:
    """A label on the wrong side of the middle, "" when there is none.

    "Hài lòng" below "rất hài lòng" in the lower half praises; "không hài lòng" in the
    upper half blames.
    """
    praise = {_core(label) for label in labels[-half:] if not _NEGATION.search(label)}
    for place, label in enumerate(labels):
        in_upper_half = place >= len(labels) - half
        negated = bool(_NEGATION.search(label))
        if _core(label) in praise and negated == in_upper_half:
            return label
    return ""


def _core(label: str) -> str:
    """What a label is about, strength and negation taken away."""
    return " ".join(_NEGATION.sub("", _STRENGTH.sub("", label)).split())
