"""From criteria to factors to the satisfaction index, for many units at once.

Everything is a ratio of weighted sums, or an average of such ratios. A share
keeps its derivative by every sum it was made from: that is all a variance
needs, whatever the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray, sums


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Weighted sums of U units (offices, fields, or one province) over J items.

    Attributes
    ----------
    satisfied, answered : array of float, shape (U, J)
        Sums of weight over satisfied, and over valid answers.
    """

    satisfied: FloatArray
    answered: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """One share per unit, and how it moves with the unit's sums.

    Attributes
    ----------
    value : array of float, shape (U,)
        ``nan`` where there is nothing to divide by.
    by_satisfied, by_answered : array of float, shape (U, J)
        Derivatives by the sums; the influence of a response is
        ``w * (by_satisfied @ s + by_answered @ a)``.
    """

    value: FloatArray
    by_satisfied: FloatArray
    by_answered: FloatArray


def pooled(totals: Totals, item_weights: FloatArray) -> Share:
    r"""Satisfied answers over valid answers, items taken together.

    Parameters
    ----------
    totals : Totals
        Of U units and J items.
    item_weights : array of float, shape (U, J)
        Weight of each item, 0 for an item that does not enter.

    Returns
    -------
    Share

    Notes
    -----
    :math:`I = \sum_j c_j S_j / \sum_j c_j A_j`. One item with weight 1 gives
    the share of that criterion.

    Examples
    --------
    >>> totals = Totals(np.array([[8.0, 3.0]]), np.array([[10.0, 10.0]]))
    >>> pooled(totals, np.ones((1, 2))).value.tolist()
    [0.55]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        bottom = (item_weights * totals.answered).sum(axis=1)
        value = (item_weights * totals.satisfied).sum(axis=1) / bottom
        by_satisfied = item_weights / bottom[:, None]
        return Share(value, by_satisfied, -value[:, None] * by_satisfied)


def criterion(totals: Totals, item: int) -> Share:
    """Share of satisfied answers to one item."""
    by_satisfied = np.zeros_like(totals.answered)
    by_answered = np.zeros_like(totals.answered)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = totals.satisfied[:, item] / totals.answered[:, item]
        by_satisfied[:, item] = 1.0 / totals.answered[:, item]
        by_answered[:, item] = -value / totals.answered[:, item]
    return Share(value, by_satisfied, by_answered)


def average(parts: Sequence[Share], part_weights: FloatArray) -> Share:
    """Average of shares of the same units.

    Parameters
    ----------
    parts : sequence of Share, length K
        What to average.
    part_weights : array of float, shape (U, K)
        Weight of each part in each unit, 0 for one that does not enter; need
        not sum to 1.

    Returns
    -------
    Share
        ``nan`` where no part enters.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = part_weights / part_weights.sum(axis=1, keepdims=True)
    value = np.zeros(len(weights))
    by_satisfied = np.zeros_like(parts[0].by_satisfied)
    by_answered = np.zeros_like(parts[0].by_answered)
    for part, weight in zip(parts, weights.T, strict=True):
        value += weight * np.where(weight > 0.0, part.value, 0.0)
        enters = weight[:, None] > 0.0
        by_satisfied += weight[:, None] * np.where(enters, part.by_satisfied, 0.0)
        by_answered += weight[:, None] * np.where(enters, part.by_answered, 0.0)
    return Share(value, by_satisfied, by_answered)


def mean_of_items(totals: Totals, item_weights: FloatArray) -> Share:
    """Weighted mean of the shares of the items; arguments as :func:`pooled`."""
    items = range(item_weights.shape[1])
    return average([criterion(totals, j) for j in items], item_weights)


def roll_up(
    parts: Share,
    shares: FloatArray,
    whole: IntArray,
    count: int,
    *,
    owner: IntArray | None = None,
) -> Share:
    """Shares of parts combined into shares of the wholes they belong to.

    Parameters
    ----------
    parts : Share
        Of P parts; derivatives of U units.
    shares : array of float, shape (P,)
        What each part counts for in its whole; 0 for a part left out.
    whole : array of int, shape (P,)
        Whole that each part belongs to, numbered from 0.
    count : int
        Number of wholes.
    owner : array of int, shape (U,), optional
        Part that each unit belongs to; the units are the parts by default.

    Returns
    -------
    Share
        ``value`` is per whole, shape (count,); the derivatives stay per unit,
        shape (U, J), already multiplied by what their part counts for.
    """
    total = sums(shares, whole, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(shares > 0.0, shares / total[whole], 0.0)
        value = sums(part * np.where(part > 0.0, parts.value, 0.0), whole, count)
        value = np.where(total > 0.0, value, np.nan)
    by_unit = (part if owner is None else part[owner])[:, None]
    return Share(
        value,
        np.where(by_unit > 0.0, by_unit * parts.by_satisfied, 0.0),
        np.where(by_unit > 0.0, by_unit * parts.by_answered, 0.0),
    )


def influences(
    shares: Sequence[Share],
    weight: FloatArray,
    satisfied: BoolArray,
    answered: BoolArray,
    unit: IntArray,
) -> FloatArray:
    """Influence of each response on each of Q shares.

    Parameters
    ----------
    shares : sequence of Share, length Q
        With derivatives for U units.
    weight : array of float, shape (n,)
        Transactions each response stands for.
    satisfied, answered : array of bool, shape (n, J)
        Satisfied, and valid, answers.
    unit : array of int, shape (n,)
        Unit of each response; rows in order of unit.

    Returns
    -------
    array of float, shape (n, Q)
        0 where a share is undefined.
    """
    by_sum = np.stack(
        [np.hstack([share.by_satisfied, share.by_answered]) for share in shares],
        axis=2,
    )
    by_sum = np.where(np.isfinite(by_sum), by_sum, 0.0)
    found = np.empty((len(weight), len(shares)))
    begins = np.ones(len(unit), dtype=bool)
    begins[1:] = unit[1:] != unit[:-1]
    for start, stop in pairwise([*np.flatnonzero(begins), len(unit)]):
        answers = np.hstack([satisfied[start:stop], answered[start:stop]])
        weighted = answers * weight[start:stop, None]
        found[start:stop] = weighted @ by_sum[unit[start]]
    return found
