"""Every figure of a set of units by one rule set: criteria, factors, index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.indices import (
    Share,
    Totals,
    average,
    criterion,
    mean_of_items,
    pooled,
)
from analysis.results import Reason
from analysis.rule_set import RuleSet
from questionnaires import Questionnaire


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which items make which figure, as numbers.

    Attributes
    ----------
    items : int
        J, the overall question included.
    factors : tuple of array of int
        Places of the items of each factor.
    overall : int or None
        Place of the overall question.
    item_weights : array of float, shape (J,)
        0 for the overall question.
    factor_weights : array of float, shape (F,)
        Weights of the factors.
    rule : RuleSet
        How they are combined.
    """

    items: int
    factors: tuple[IntArray, ...]
    overall: int | None
    item_weights: FloatArray
    factor_weights: FloatArray
    rule: RuleSet

    @property
    def figures(self) -> int:
        """Criteria, factors, and the index."""
        return self.items + len(self.factors) + 1

    @property
    def composite(self) -> BoolArray:
        """Which figures combine several items."""
        single = self.rule.index_rule == "overall_question"
        return np.array(
            [False] * self.items + [True] * len(self.factors) + [not single]
        )

    def members(self) -> list[IntArray]:
        """Places of the items behind each figure."""
        if self.rule.index_rule == "overall_question":
            index = np.array([] if self.overall is None else [self.overall], dtype=int)
        else:
            index = np.concatenate(self.factors)
        return [np.array([j]) for j in range(self.items)] + [*self.factors, index]


def plan_of(questionnaire: Questionnaire, rule: RuleSet) -> Plan:
    """Items of a questionnaire under a rule set."""
    ids = [item.id for item in questionnaire.criteria]
    overall = len(ids) if questionnaire.overall else None
    places, start = [], 0
    for factor in questionnaire.factors:
        places.append(np.arange(start, start + len(factor.criteria)))
        start += len(factor.criteria)
    item_weights = [float(rule.item_weights.get(item, 1)) for item in ids]
    return Plan(
        items=len(ids) + (overall is not None),
        factors=tuple(places),
        overall=overall,
        item_weights=np.array(item_weights + [0.0] * (overall is not None)),
        factor_weights=np.array(
            [float(rule.factor_weights.get(f.id, 1)) for f in questionnaire.factors]
        ),
        rule=rule,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Q figures of U units, and where a rule refuses them.

    Attributes
    ----------
    shares : tuple of Share, length Q
        Criteria, factors, index.
    enters : array of bool, shape (U, J)
        Items with answers enough.
    reason : array of object, shape (U, Q)
        A :class:`Reason` or ``None``.
    rescaled : array of bool, shape (U, Q)
        Where weights were renormalised over the parts that are there.
    """

    shares: tuple[Share, ...]
    enters: BoolArray
    reason: np.ndarray[tuple[int, int], np.dtype[np.object_]]
    rescaled: BoolArray

    @property
    def value(self) -> FloatArray:
        """Shape (U, Q), exactly 0 or 1 where only rounding separates it."""
        value = np.stack([share.value for share in self.shares], axis=1)
        value = np.where(np.abs(value) < 1e-12, 0.0, value)
        return np.where(np.abs(value - 1.0) < 1e-12, 1.0, value)


def combine(totals: Totals, enters: BoolArray, plan: Plan) -> Combined:
    """Criteria, factors and index of each unit.

    Parameters
    ----------
    totals : Totals
        Weighted sums of U units over J items.
    enters : array of bool, shape (U, J)
        Items with answers enough to enter a factor or the index.
    plan : Plan
        Items, weights and rules.
    """
    rule = plan.rule
    weights = np.where(enters, plan.item_weights, 0.0)
    criteria = [criterion(totals, j) for j in range(plan.items)]
    by_rule = {"pooled": pooled, "mean_of_items": mean_of_items}
    factors = []
    for places in plan.factors:
        own = np.zeros_like(weights)
        own[:, places] = weights[:, places]
        factors.append(by_rule[rule.factor_rule](totals, own))
    if rule.index_rule == "overall_question":
        index = criteria[-1] if plan.overall is not None else _nowhere(totals)
    elif rule.index_rule == "mean_of_factors":
        there = np.stack([np.isfinite(f.value) for f in factors], axis=1)
        index = average(factors, np.where(there, plan.factor_weights, 0.0))
    else:
        index = by_rule[rule.index_rule](totals, weights)
    reason, rescaled = _gaps(enters, plan)
    return Combined((*criteria, *factors, index), enters, reason, rescaled)


def _nowhere(totals: Totals) -> Share:
    nothing = np.full_like(totals.answered, np.nan)
    return Share(nothing[:, 0], nothing, nothing)


def _gaps(
    enters: BoolArray, plan: Plan
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.object_]], BoolArray]:
    """Where parts are missing: refused, or rescaled, as the rule set says."""
    reason = np.full((len(enters), plan.figures), None, dtype=object)
    rescaled = np.zeros(reason.shape, dtype=bool)
    for q, places in enumerate(plan.members()):
        if q < plan.items:
            continue
        weighs = plan.item_weights[places] > 0.0
        if plan.overall is not None and plan.overall in places:
            weighs = np.ones(len(places), dtype=bool)
        absent = (~enters[:, places] & weighs).any(axis=1)
        if len(places) == 0:
            reason[:, q] = Reason.NO_OVERALL_QUESTION
        elif plan.rule.missing_part == "refuse":
            reason[absent, q] = Reason.MISSING_PART
        else:
            some = (enters[:, places] & weighs).any(axis=1)
            rescaled[absent & some, q] = True
            reason[absent & ~some, q] = Reason.MISSING_PART
    return reason, rescaled
