"""From a frozen wave to everything that is printed about it.

This module only walks: gather the ballots, evaluate every figure, assemble the
values of ``results``. What a figure is, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.ballots import Ballots, gather, silent_units, together
from analysis.composites import Plan, plan_of
from analysis.criteria import Tally, criterion_reports, tally
from analysis.evaluate import Whole, by_transactions, measure
from analysis.fieldwork import Fieldwork, by_office, frame_by_field
from analysis.figures import Measured, Refusals, figures, k_factors, pooled_deff
from analysis.headers import header
from analysis.points import Points, score
from analysis.points import withheld as no_points
from analysis.province import (
    factor_reports,
    office_wholes,
    province_report,
    weight_cv2,
)
from analysis.responses import FrozenSet
from analysis.results import (
    CriterionReport,
    FactorReport,
    Figure,
    Flag,
    Header,
    LevelShare,
    OfficeLeftOut,
    OfficeReport,
    OpenBallots,
    PooledFactor,
    ProvinceReport,
    Reason,
    SelectionReport,
    WaveReport,
)
from analysis.rule_set import RuleSet, RuleSetRejected
from analysis.rules import check_against
from questionnaires import Questionnaire

__all__ = [
    "CriterionReport",
    "FactorReport",
    "Figure",
    "Flag",
    "Header",
    "LevelShare",
    "OfficeLeftOut",
    "OfficeReport",
    "OpenBallots",
    "PooledFactor",
    "ProvinceReport",
    "Reason",
    "SelectionReport",
    "WaveReport",
    "wave_report",
]

SELECTIONS = ("from_list", "at_hand_over")


@dataclass(frozen=True, slots=True, eq=False)
class _Selection:
    """All offices evaluated on the ballots of one selection."""

    name: str
    ballots: Ballots
    lonely: frozenset[int]
    offices: Whole
    figures: list[list[Figure]]
    measured: Measured
    tally: Tally
    k: list[PooledFactor]
    routes: list[str]
    responses: IntArray
    fieldwork: list[Fieldwork]


def wave_report(
    frozen: FrozenSet, questionnaire: Questionnaire, rule_set: RuleSet
) -> WaveReport:
    """Every figure of a wave by one rule set.

    Parameters
    ----------
    frozen : FrozenSet
        Responses, dispositions, frame, manifest.
    questionnaire : Questionnaire
        The form that was answered.
    rule_set : RuleSet
        How answers become an index and points.

    Returns
    -------
    WaveReport
        Offices in the order of the manifest, those without a ballot too.

    Raises
    ------
    RuleSetRejected
        If the rule set weighs criteria or factors the form does not have.
    FrozenSetRefused
        If a column is absent, or a ballot contradicts the frame.
    DesignRefused
        If a stratum has more responses than frame.
    """
    if problems := check_against(rule_set, questionnaire):
        raise RuleSetRejected(tuple(problems))
    plan = plan_of(questionnaire, rule_set)
    offices: Sequence[Mapping[str, Any]] = frozen.manifest["offices"]
    codes = [str(office["code"]) for office in offices]
    found = [_evaluate(frozen, questionnaire, plan, codes, s) for s in SELECTIONS]
    chosen = [_choose(found, rule_set, o) for o in range(len(codes))]
    reports = tuple(
        _office(offices[o], o, chosen[o], found, questionnaire, plan)
        for o in range(len(codes))
    )
    by_name = {selection.name: selection for selection in found}
    return WaveReport(
        header=header(frozen, questionnaire, rule_set),
        province=province_report(
            frozen,
            questionnaire,
            plan,
            codes,
            _counted(found, chosen),
            _frame(frozen, codes, chosen),
            _k_of(found, chosen, rule_set),
        ),
        offices=reports,
        open_ballots=_open_ballots(frozen, questionnaire, plan, offices),
        left_out=_left_out(reports, chosen),
        index_k={name: s.k[-1] for name, s in by_name.items()},
        factor_k={
            name: dict(
                zip(
                    (f.id for f in questionnaire.factors),
                    s.k[plan.items :],
                    strict=False,
                )
            )
            for name, s in by_name.items()
        },
        d_pool_route={
            code: chosen[o].routes[o]
            for o, code in enumerate(codes)
            if reports[o].responses
        },
    )


def _left_out(
    reports: Sequence[OfficeReport], chosen: Sequence[_Selection]
) -> tuple[OfficeLeftOut, ...]:
    """Offices without a ballot, or with too few for a variance."""
    return tuple(
        OfficeLeftOut(
            report.code,
            report.name,
            Reason.LEFT_DESIGN if report.responses else Reason.NO_DATA,
            report.responses,
            report.frame_size,
        )
        for o, report in enumerate(reports)
        if report.responses == 0 or o in chosen[o].lonely
    )


def _evaluate(
    frozen: FrozenSet,
    questionnaire: Questionnaire,
    plan: Plan,
    offices: Sequence[str],
    selection: str,
) -> _Selection:
    """Every figure of every office from the ballots of one selection."""
    everyone = gather(frozen, questionnaire, offices, selection)
    lonely = everyone.lonely_offices()
    ballots = everyone
    if len(lonely):
        ballots = everyone.where(~np.isin(everyone.office, lonely))
    whole = office_wholes(frozen, ballots, offices, plan)
    found = measure(ballots, silent_units(ballots, frozen), whole, plan)
    least = plan.rule.ladder.figure_from
    k = k_factors(found, least)
    cv2 = weight_cv2(ballots, ballots.office, len(offices))
    d_pool, routes = pooled_deff(found, plan.items, cv2, least)
    responses = np.bincount(everyone.office, minlength=len(offices))
    n = np.where(np.isin(np.arange(len(offices)), lonely), responses, 0)
    refusals = _refusals(whole, plan, selection)
    refusals.reason[lonely] = Reason.LEFT_DESIGN
    shown = figures(
        found.with_n(np.maximum(found.n, n[:, None])),
        np.array([factor.value for factor in k]),
        d_pool,
        refusals,
        plan.rule.ladder,
        plan.rule.confidence,
    )
    return _Selection(
        selection,
        ballots,
        frozenset(map(int, lonely)),
        whole,
        shown,
        found,
        tally(everyone, everyone.office, len(offices)),
        k,
        routes,
        responses,
        by_office(frozen, offices, selection),
    )


def _refusals(whole: Whole, plan: Plan, selection: str) -> Refusals:
    reason, flags = whole.reason.copy(), whole.flags.copy()
    if plan.rule.rollup.field_to_office is None:
        reason[:, -1] = Reason.ROLLUP_UNSET
    if selection == "at_hand_over":
        for place, own in np.ndenumerate(flags):
            flags[place] = (*own, Flag.ASSUMES_RANDOM_RESPONSE)
    return Refusals(reason, flags)


def _choose(found: Sequence[_Selection], rule: RuleSet, office: int) -> _Selection:
    """The first counted selection with a response, else with a slip, else any."""
    counted = [s for name in rule.counted for s in found if s.name == name]
    for selection in counted:
        if selection.responses[office]:
            return selection
    for selection in counted:
        if selection.fieldwork[office].issued:
            return selection
    return counted[0]


def _office(
    office: Mapping[str, Any],
    o: int,
    chosen: _Selection,
    found: Sequence[_Selection],
    questionnaire: Questionnaire,
    plan: Plan,
) -> OfficeReport:
    row, work, rule = chosen.figures[o], chosen.fieldwork[o], plan.rule
    index, responses = row[-1], int(chosen.responses[o])
    others = [s for s in found if s is not chosen]
    selections = tuple(
        _selection(s, o)
        for s in (chosen, *others)
        if s.responses[o] or s.fieldwork[o].issued
    )
    factors = factor_reports(row, chosen.offices, o, questionnaire, plan)
    complete = all(factor.figure.reason is None for factor in factors)
    enough = index.reason is None and index.n >= rule.ladder.full_from
    return OfficeReport(
        code=str(office["code"]),
        name=str(office["name"]),
        level=str(office.get("level", "")),
        frame_size=work.frame_size,
        issued=work.issued,
        responses=responses,
        response_rate=responses / work.issued if work.issued else None,
        index=index,
        points=_points(index, rule),
        factors=factors,
        criteria=criterion_reports(row, chosen.tally, o, chosen.ballots.items),
        selections=selections,
        may_rank=enough
        and complete
        and index.df >= rule.ladder.rank_df_from
        and Flag.RESCALED not in index.flags,
        may_break_down=enough and index.df >= rule.ladder.df_from,
        units_left_out=chosen.offices.left_out[o],
    )


def _selection(found: _Selection, o: int) -> SelectionReport:
    work, responses = found.fieldwork[o], int(found.responses[o])
    return SelectionReport(
        selection=found.name,
        frame_size=work.frame_size,
        issued=work.issued,
        responses=responses,
        response_rate=responses / work.issued if work.issued else None,
        index=found.figures[o][-1],
    )


def _points(index: Figure, rule: RuleSet) -> Points:
    if rule.points_rule is None:
        return no_points(None, index.reason or Reason.POINTS_UNSET)
    return score(
        rule.points_rule,
        index,
        index_decimals=rule.index_decimals,
        points_decimals=rule.points_decimals,
    )


def _k_of(
    found: Sequence[_Selection], chosen: Sequence[_Selection], rule: RuleSet
) -> list[float]:
    """K of every figure over the offices that the province is made of."""
    units = [
        selection.measured.where(
            np.array([o for o, own in enumerate(chosen) if own is selection], dtype=int)
        )
        for selection in found
    ]
    factors = k_factors(Measured.together(units), rule.ladder.figure_from)
    return [factor.value for factor in factors]


def _counted(found: Sequence[_Selection], chosen: Sequence[_Selection]) -> Ballots:
    """The ballots each office is judged by, lonely offices gone."""
    kept = []
    for selection in found:
        own = [o for o, chosen_by in enumerate(chosen) if chosen_by is selection]
        inside = np.isin(selection.ballots.office, own)
        whole = bool(inside.all())
        kept.append(selection.ballots if whole else selection.ballots.where(inside))
    return together(kept)


def _frame(
    frozen: FrozenSet, offices: Sequence[str], chosen: Sequence[_Selection]
) -> FloatArray:
    """Transactions each office is to be judged by, silent offices included."""
    whole: dict[str, float] = {}
    for (office, _), size in frame_by_field(frozen).items():
        whole[office] = whole.get(office, 0.0) + size
    own = [selection.fieldwork[o].frame_size for o, selection in enumerate(chosen)]
    return np.array(
        [
            whole.get(office, 0.0) if size is None else float(size)
            for office, size in zip(offices, own, strict=True)
        ]
    )


def _open_ballots(
    frozen: FrozenSet,
    questionnaire: Questionnaire,
    plan: Plan,
    offices: Sequence[Mapping[str, Any]],
) -> tuple[OpenBallots, ...]:
    """Share and count of poster ballots, each counting 1; never more than that."""
    ballots = gather(frozen, questionnaire, [str(o["code"]) for o in offices], "open")
    whole = by_transactions(ballots, ballots.office, len(offices), plan)
    n = np.bincount(ballots.office, minlength=len(offices))
    shown = (n >= plan.rule.ladder.figure_from) & np.array(
        [reason is None for reason in whole.reason[:, -1]]
    )
    return tuple(
        OpenBallots(
            code=str(office["code"]),
            name=str(office["name"]),
            n=int(n[o]),
            share=float(whole.value[o, -1]) if shown[o] else None,
        )
        for o, office in enumerate(offices)
        if n[o]
    )
