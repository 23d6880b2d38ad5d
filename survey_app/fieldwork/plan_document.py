"""The plan as people read and sign it: a value made from its sealed text alone.

Names of offices come from the directory; every number comes from the plan, so the
page cannot say anything else than what the hash seals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sampling import expected, plan, size
from sampling.plan import Plan
from sampling.stratification import of_plan
from survey_app.fieldwork.planning import (
    DRAW_BY,
    SHARING,
    SIZE_BY,
    STRATA_BY,
    DrawBy,
    Sharing,
    SizeBy,
    StrataBy,
)
from survey_app.models import FrozenPlan


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office of the plan: its counts and what they will be worth."""

    code: str
    name: str
    strata: int
    frame_size: int
    n: int
    reserve: int
    criterion: float | None
    index: float | None


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Everything on the page, in its order."""

    version: int
    sha256: str
    frozen: FrozenPlan
    plan: Plan
    offices: tuple[OfficeLine, ...]
    criterion: float | None
    index: float | None
    choices: tuple[tuple[str, str], ...]
    numbers: Mapping[str, float]
    attempts: int

    @property
    def merged(self) -> tuple[tuple[str, str, str], ...]:
        """Kind, too small, joined with; an office of one part has joined nothing."""
        return (
            *_joined("Tầng", self.plan.merged),
            *_joined("Nhóm trả lời", self.plan.merged_classes),
        )


def document(frozen: FrozenPlan, names: Mapping[str, str]) -> PlanDocument:
    """Lay out a sealed plan.

    Parameters
    ----------
    frozen : FrozenPlan
        As it is kept, word for word.
    names : mapping of str to str
        Of offices, by code.
    """
    sealed = plan.from_json(frozen.document)
    decided = dict(sealed.decided)
    numbers = {
        name: float(cast(float, decided.get(name, usual)))
        for name, usual in (
            ("expected_share", 0.5),
            ("response", 1.0),
            ("eligibility", 1.0),
            ("deff", 1.0),
            ("gain", 1.0),
            ("confidence", 0.95),
        )
    }
    offices = tuple(
        _line(code, names.get(code, code), rows, numbers)
        for code, rows in _by_office(sealed, names).items()
    )
    return PlanDocument(
        version=frozen.version,
        sha256=frozen.sha256,
        frozen=frozen,
        plan=sealed,
        offices=offices,
        criterion=_together(offices, numbers, gain=1.0),
        index=_together(offices, numbers, gain=numbers["gain"]),
        choices=_choices(sealed, decided),
        numbers=numbers,
        attempts=int(cast(int, decided.get("attempts_at_least", 3)) or 0),
    )


def _joined(
    kind: str, pairs: tuple[tuple[str, str], ...]
) -> list[tuple[str, str, str]]:
    parts = Counter(target for _, target in pairs)
    return [
        (kind, small, target)
        for small, target in pairs
        if parts[target] > 1 or not small.startswith(f"{target} / ")
    ]


def _by_office(
    sealed: Plan, names: Mapping[str, str]
) -> dict[str, list[plan.PlannedStratum]]:
    """Strata by office: a stratum is named by its office, or begins with its code."""
    found: dict[str, list[plan.PlannedStratum]] = {}
    for row in sealed.strata:
        office = row.stratum if row.stratum in names else row.stratum.split(" / ")[0]
        found.setdefault(office, []).append(row)
    return found


def _line(
    code: str, name: str, rows: list[plan.PlannedStratum], numbers: Mapping[str, float]
) -> OfficeLine:
    frame_size, n = sum(r.frame_size for r in rows), sum(r.n for r in rows)
    return OfficeLine(
        code=code,
        name=name,
        strata=len(rows),
        frame_size=frame_size,
        n=n,
        reserve=sum(r.reserve for r in rows),
        criterion=_margin(n, frame_size, numbers, gain=1.0),
        index=_margin(n, frame_size, numbers, gain=numbers["gain"]),
    )


def _margin(
    n: int, frame_size: int, numbers: Mapping[str, float], *, gain: float
) -> float | None:
    if not n:
        return None
    return size.margin_of_index(
        n,
        p=numbers["expected_share"],
        gain=gain,
        confidence=numbers["confidence"],
        fieldwork=size.Fieldwork(
            frame_size, numbers["deff"], numbers["response"], numbers["eligibility"]
        ),
    ).reached


def _together(
    offices: tuple[OfficeLine, ...], numbers: Mapping[str, float], *, gain: float
) -> float | None:
    losses = numbers["response"] * numbers["eligibility"]
    try:
        return expected.margin(
            {
                o.code: expected.ExpectedStratum(
                    o.frame_size, o.n * losses, numbers["expected_share"]
                )
                for o in offices
            },
            gain=gain,
            deff=numbers["deff"],
            confidence=numbers["confidence"],
        ).margin
    except expected.NothingExpected:
        return None


def _choices(
    sealed: Plan, decided: Mapping[str, object]
) -> tuple[tuple[str, str], ...]:
    """What was chosen from a list, in words."""
    columns = ",".join(of_plan(sealed).columns)
    pairs = [
        ("Cách định cỡ mẫu", SIZE_BY[SizeBy(str(decided["size_by"]))])
        if "size_by" in decided
        else None,
        ("Cách phân bổ", SHARING[Sharing(str(decided["sharing"]))])
        if "sharing" in decided
        else None,
        ("Tầng", STRATA_BY[StrataBy(columns)]),
        ("Cách chọn trong tầng", DRAW_BY[DrawBy(sealed.draw)])
        if sealed.draw in set(DrawBy)
        else ("Cách chọn trong tầng", sealed.draw),
    ]
    return tuple(pair for pair in pairs if pair)
