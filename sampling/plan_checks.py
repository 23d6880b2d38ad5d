"""What can be wrong with a plan: every problem, each with the part it is in."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sampling.plan import Amendment, Plan, PlannedStratum

STRATUM = ("stratum", "frame_size", "n", "reserve")
AMENDMENT = ("on", "reason", "previous_sha256")
_SHAPE: dict[str, type] = {
    "aim": str,
    "amendments": list,
    "decided": dict,
    "draw": str,
    "exclusion_rules": list,
    "format": int,
    "frame_sha256": str,
    "merged": dict,
    "seed": int,
    "strata": list,
    "wave": str,
}
_OPTIONAL: dict[str, type] = {"merged_classes": dict}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def misshapen(document: dict[str, Any], written_format: int) -> list[str]:
    """What keeps a document from being read as a plan, in the order of its parts."""
    known = _SHAPE | _OPTIONAL
    problems = [f"{key}: unknown" for key in document if key not in known]
    for key, kind in known.items():
        if key not in document:
            if key in _OPTIONAL:
                continue
            problems.append(f"{key}: missing")
        elif not _is(document[key], kind):
            problems.append(f"{key}: expected {kind.__name__}, got {document[key]!r}")
    if problems:
        return problems
    if document["format"] != written_format:
        return [f"format: expected {written_format}, got {document['format']}"]
    return [
        *_rows("strata", document["strata"], STRATUM),
        *_rows("amendments", document["amendments"], AMENDMENT),
    ]


def _rows(key: str, rows: list[Any], names: tuple[str, ...]) -> list[str]:
    return [
        f"{key}[{i}]: expected {', '.join(names)}, got {row!r}"
        for i, row in enumerate(rows)
        if not isinstance(row, dict) or set(row) != set(names)
    ]


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def contradictions(plan: Plan) -> list[str]:
    """What is wrong within a plan, in the order of its parts."""
    problems = []
    for name in ("wave", "aim", "draw"):
        if not isinstance(text := getattr(plan, name), str) or not text.strip():
            problems.append(f"{name}: expected words, got {text!r}")
    if not _is(plan.seed, int) or plan.seed < 0:
        problems.append(f"seed: expected a whole number from 0, got {plan.seed!r}")
    if plan.frame_sha256 and not _SHA256.fullmatch(plan.frame_sha256):
        problems.append(f"frame_sha256: not a SHA-256: {plan.frame_sha256!r}")
    problems += _stratum_problems(plan.strata)
    names = [stratum.stratum for stratum in plan.strata]
    problems += [
        f"merged: {small!r} joins {target!r}, which is not a stratum of the plan"
        for small, target in plan.merged
        if target not in names
    ]
    problems += _twice("merged", [small for small, _ in plan.merged])
    problems += _twice("merged_classes", [small for small, _ in plan.merged_classes])
    problems += _twice("decided", [name for name, _ in plan.decided])
    problems += [
        f"decided: {name}: expected text, number, yes/no or nothing, got {value!r}"
        for name, value in plan.decided
        if not isinstance(value, str | int | float | None) or _is_endless(value)
    ]
    problems += [
        f"exclusion_rules: expected words, got {rule!r}"
        for rule in plan.exclusion_rules
        if not isinstance(rule, str) or not rule.strip()
    ]
    return problems + _amendment_problems(plan.amendments)


def _stratum_problems(strata: tuple[PlannedStratum, ...]) -> list[str]:
    problems = [] if strata else ["strata: none"]
    problems += [
        f"strata: expected a name, got {row.stratum!r}"
        for row in strata
        if not isinstance(row.stratum, str) or not row.stratum.strip()
    ]
    problems += _twice("strata", [stratum.stratum for stratum in strata])
    for row in strata:
        numbers = (row.frame_size, row.n, row.reserve)
        if not all(_is(number, int) and number >= 0 for number in numbers):
            problems.append(
                f"strata: {row.stratum}: expected whole numbers from 0, got {numbers}"
            )
        elif row.n + row.reserve > row.frame_size:
            problems.append(
                f"strata: {row.stratum}: sample of {row.n} and reserve of "
                f"{row.reserve} from a frame of {row.frame_size}"
            )
    return problems


def _amendment_problems(amendments: tuple[Amendment, ...]) -> list[str]:
    problems = []
    for amendment in amendments:
        if not _DAY.fullmatch(str(amendment.on)):
            problems.append(f"amendments: not a day: {amendment.on!r}")
        if not isinstance(amendment.reason, str) or not amendment.reason.strip():
            problems.append(f"amendments: expected a reason, got {amendment.reason!r}")
        if not _SHA256.fullmatch(str(amendment.previous_sha256)):
            problems.append(f"amendments: not a SHA-256: {amendment.previous_sha256!r}")
    return problems


def _twice(key: str, names: Iterable[Any]) -> list[str]:
    counted = Counter(name for name in names if isinstance(name, str))
    return [f"{key}: {name!r} twice" for name, n in counted.items() if n > 1]


def _is_endless(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
