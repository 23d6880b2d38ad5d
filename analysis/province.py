"""All offices together, by the roll-up the rule set names."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.ballots import Ballots, silent_units
from analysis.composites import Plan
from analysis.criteria import criterion_reports, tally
from analysis.evaluate import (
    Whole,
    by_fields,
    by_transactions,
    index_ballots,
    joined,
    measure,
)
from analysis.figures import Refusals, figures, pooled_deff
from analysis.responses import FrozenSet
from analysis.results import FactorReport, Figure, ProvinceReport, Reason
from questionnaires import Questionnaire


def province_report(
    frozen: FrozenSet,
    questionnaire: Questionnaire,
    plan: Plan,
    offices: Sequence[str],
    ballots: Ballots,
    frame_size: FloatArray,
    k: Sequence[float],
) -> ProvinceReport:
    """The province's figures.

    Parameters
    ----------
    frozen : FrozenSet
        For the silent units of response classes.
    questionnaire, plan
        The form, and how its items combine.
    offices : sequence of str, length O
        Codes in the order of the manifest.
    ballots : Ballots
        Those that count, of all offices that stayed in the design.
    frame_size : array of float, shape (O,)
        Transactions in the frame of each office.
    k : sequence of float, length Q
        K of each figure, from these offices.
    """
    whole, covered = _rolled_up(frozen, ballots, offices, frame_size, plan)
    found = measure(ballots, silent_units(ballots, frozen), whole, plan)
    least = plan.rule.ladder.figure_from
    d_pool, _ = pooled_deff(found, plan.items, weight_cv2(ballots, None, 1), least)
    reason = whole.reason.copy()
    rollup = plan.rule.rollup
    if rollup.field_to_office is None or rollup.office_to_province is None:
        reason[:, -1] = Reason.ROLLUP_UNSET
    row = figures(
        found,
        np.array(k),
        d_pool,
        Refusals(reason, whole.flags),
        plan.rule.ladder,
        plan.rule.confidence,
    )[0]
    everything = tally(ballots, np.zeros(len(ballots.office), dtype=np.int64), 1)
    coverage = float(whole.coverage[0])
    return ProvinceReport(
        index=row[-1],
        factors=factor_reports(row, whole, 0, questionnaire, plan),
        criteria=criterion_reports(row, everything, 0, ballots.items),
        left_out=tuple(offices[int(o)] for o in np.flatnonzero(~covered)),
        coverage=coverage if np.isfinite(coverage) else None,
    )


def office_wholes(
    frozen: FrozenSet, ballots: Ballots, offices: Sequence[str], plan: Plan
) -> Whole:
    """Offices by their ballots, or by their fields as the rule set says."""
    plain = by_transactions(ballots, ballots.office, len(offices), plan)
    if plan.rule.rollup.field_to_office in (None, "transactions"):
        return plain
    return by_fields(plain, frozen, ballots, offices, plan)


def factor_reports(
    row: Sequence[Figure],
    whole: Whole,
    unit: int,
    questionnaire: Questionnaire,
    plan: Plan,
) -> tuple[FactorReport, ...]:
    """Factors of one whole, with the criteria that entered and those that did not."""
    reports = []
    for f, factor in enumerate(questionnaire.factors):
        enters = whole.enters[unit, plan.factors[f]]
        ids = [criterion.id for criterion in factor.criteria]
        reports.append(
            FactorReport(
                id=factor.id,
                title=factor.title,
                figure=row[plan.items + f],
                entered=tuple(i for i, e in zip(ids, enters, strict=True) if e),
                left_out=tuple(i for i, e in zip(ids, enters, strict=True) if not e),
            )
        )
    return tuple(reports)


def weight_cv2(ballots: Ballots, unit: IntArray | None, units: int) -> FloatArray:
    """Squared coefficient of variation of the weights, by unit."""
    at = np.zeros(len(ballots.office), dtype=np.int64) if unit is None else unit
    n = np.bincount(at, minlength=units)
    total = np.bincount(at, ballots.weight, units)
    square = np.bincount(at, ballots.weight**2, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv2: FloatArray = np.nan_to_num(n * square / total**2 - 1.0)
    return cv2


def _rolled_up(
    frozen: FrozenSet,
    ballots: Ballots,
    offices: Sequence[str],
    frame_size: FloatArray,
    plan: Plan,
) -> tuple[Whole, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """The province, and which offices have a part in it."""
    everywhere = np.zeros(len(ballots.office), dtype=np.int64)
    plain = by_transactions(ballots, everywhere, 1, plan)
    rule = plan.rule.rollup
    there = np.bincount(ballots.office, minlength=len(offices)) > 0
    if rule.office_to_province in (None, "transactions"):
        return plain.covering(frame_size, there, float(rule.min_coverage)), there
    fixed = None
    if rule.office_to_province == "fixed":
        shares = [float(rule.office_shares.get(o, Decimal(0))) for o in offices]
        fixed = np.array(shares)
    parts = office_wholes(frozen, ballots, offices, plan)
    whole = joined(
        plain,
        parts,
        offices,
        np.zeros(len(offices), dtype=np.int64),
        index_ballots(ballots, parts, len(offices), plan),
        plan,
        fixed=fixed,
        frame_size=frame_size,
    )
    out = set(whole.left_out[0])
    return whole, np.array([office not in out for office in offices])
