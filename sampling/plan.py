"""The plan: what was decided before anyone was asked, in a form that can be sealed.

A plan is a value. Its canonical text is the same on every machine, so its
SHA-256 shows whether a single figure was changed after fieldwork began.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from sampling.plan_checks import contradictions, misshapen

FORMAT = 1

Scalar: TypeAlias = str | int | float | bool | None


class PlanRejected(ValueError):
    """A plan contradicts itself or cannot be read.

    Attributes
    ----------
    problems : tuple of str
        All of them, in the order of the document.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PlannedStratum:
    """One stratum: transactions in the frame, in the sample, held in reserve."""

    stratum: str
    frame_size: int
    n: int
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change after sealing: the day, why, and the plan it changed by its hash."""

    on: str
    reason: str
    previous_sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything needed to draw the sample again and to judge it.

    Attributes
    ----------
    wave : str
        Id of the wave.
    aim : str
        What the survey is to find out, in a sentence.
    draw : str
        Name of the draw: simple, systematic, pps_systematic, every_kth, census.
    strata : tuple of PlannedStratum
        In the order of the allocation.
    seed : int
        For ``randomness.generator``, whose bit generator is PCG64.
    frame_sha256 : str
        Hash of the list drawn from, or empty while there is none.
    merged : tuple of (str, str)
        Strata too small to stand alone, and the stratum each has joined.
    exclusion_rules : tuple of str
        Which ballots will not count, fixed before the first is read.
    decided : tuple of (str, scalar)
        Other choices by name: margin wished, confidence, cap, response expected.
    amendments : tuple of Amendment
        Oldest first.
    merged_classes : tuple of (str, str)
        Response classes too small to stand alone, and the class each has joined.

    Raises
    ------
    PlanRejected
        If the parts contradict each other, or text is not in Unicode's NFC (the
        same words in another spelling would have another hash).

    Examples
    --------
    >>> plan = Plan(wave="2026-q1", aim="Index per commune", draw="simple",
    ...             strata=(PlannedStratum("Long Xuyên", 700, 30, 5),), seed=7)
    >>> plan.n, plan.frame_size, plan.reserve
    (30, 700, 5)
    >>> digest(plan)[:8]
    'ef462d7f'
    >>> from_json(to_json(plan)) == plan
    True
    """

    wave: str
    aim: str
    draw: str
    strata: tuple[PlannedStratum, ...]
    seed: int
    frame_sha256: str = ""
    merged: tuple[tuple[str, str], ...] = ()
    exclusion_rules: tuple[str, ...] = ()
    decided: tuple[tuple[str, Scalar], ...] = ()
    amendments: tuple[Amendment, ...] = ()
    merged_classes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        problems = contradictions(self)
        if not problems and not unicodedata.is_normalized("NFC", to_json(self)):
            problems = ["text is not in NFC: normalise it where it is read"]
        if problems:
            raise PlanRejected(tuple(problems))
        # Named pairs have no order of their own; sorted, equal plans are equal.
        object.__setattr__(self, "merged", tuple(sorted(self.merged)))
        classes = tuple(sorted(self.merged_classes))
        object.__setattr__(self, "merged_classes", classes)
        by_name = tuple(sorted(self.decided, key=lambda pair: pair[0]))
        object.__setattr__(self, "decided", by_name)

    @property
    def frame_size(self) -> int:
        return sum(stratum.frame_size for stratum in self.strata)

    @property
    def n(self) -> int:
        return sum(stratum.n for stratum in self.strata)

    @property
    def reserve(self) -> int:
        return sum(stratum.reserve for stratum in self.strata)


def to_json(plan: Plan) -> str:
    """Canonical text: one line, keys sorted, no spaces, letters as they are.

    Examples
    --------
    >>> to_json(Plan("w", "aim", "simple", (PlannedStratum("a", 9, 3),), 7))[:30]
    '{"aim":"aim","amendments":[],"'
    """
    document = asdict(plan) | {
        "format": FORMAT,
        "decided": dict(plan.decided),
        "merged": dict(plan.merged),
        "merged_classes": dict(plan.merged_classes),
    }
    if not plan.merged_classes:  # plans without any keep the hash they always had
        del document["merged_classes"]
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def digest(plan: Plan) -> str:
    """SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(to_json(plan).encode("utf-8")).hexdigest()


def from_json(text: str) -> Plan:
    """Read a plan back from its text.

    Raises
    ------
    PlanRejected
        With every problem: not JSON, a part missing, unknown or of the wrong
        kind, parts that contradict each other.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PlanRejected((f"not JSON: {error}",)) from error
    if not isinstance(document, dict):
        raise PlanRejected((f"expected an object, got {type(document).__name__}",))
    if problems := misshapen(document, FORMAT):
        raise PlanRejected(tuple(problems))
    return Plan(
        wave=document["wave"],
        aim=document["aim"],
        draw=document["draw"],
        strata=tuple(PlannedStratum(**row) for row in document["strata"]),
        seed=document["seed"],
        frame_sha256=document["frame_sha256"],
        merged=tuple(document["merged"].items()),
        exclusion_rules=tuple(document["exclusion_rules"]),
        decided=tuple(document["decided"].items()),
        amendments=tuple(Amendment(**row) for row in document["amendments"]),
        merged_classes=tuple(document.get("merged_classes", {}).items()),
    )


def amended(plan: Plan, *, on: str, reason: str, **changes: Any) -> Plan:
    """Plan with some parts changed, and on record that, when and why they were.

    Parameters
    ----------
    plan : Plan
        The sealed plan.
    on : str
        Day of the decision, ISO.
    reason : str
        In a sentence.
    **changes
        Parts of the plan by name, such as ``strata``.

    Raises
    ------
    PlanRejected
        If the result contradicts itself or no reason is given.
    """
    if not reason.strip():
        raise PlanRejected(("an amendment needs a reason",))
    record = Amendment(on, reason, digest(plan))
    return replace(plan, **changes, amendments=(*plan.amendments, record))
