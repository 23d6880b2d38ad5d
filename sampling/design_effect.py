"""What a design costs in precision: unequal weights, and people asked in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True)
class WeightEffect:
    """How much of a sample unequal weights use up.

    Attributes
    ----------
    deff : float
        Kish's design effect, 1 + cv² of the weights.
    n_eff : float
        Answers with equal weights that would be worth as much.
    """

    deff: float
    n_eff: float


@dataclass(frozen=True, slots=True)
class TwoStage:
    """How many communes, and how many transactions in each.

    Attributes
    ----------
    communes : float
        First-stage units, not rounded.
    take : float
        Transactions in each, not rounded.
    deff : float
        Design effect of asking ``take`` people in one commune.
    cv : float
        Coefficient of variation reached.
    cost : float
        Of communes and transactions together.
    """

    communes: float
    take: float
    deff: float
    cv: float
    cost: float


def kish(weights: Sequence[float]) -> WeightEffect:
    r"""Design effect of unequal weights.

    Parameters
    ----------
    weights : sequence of float, length n
        Above 0, in any scale.

    Returns
    -------
    WeightEffect

    Raises
    ------
    ValueError
        If there are no weights or one is not above 0.

    Notes
    -----
    :math:`n \sum w^2 / (\sum w)^2`.

    References
    ----------
    .. [1] L. Kish, *Survey Sampling*, Wiley, 1965, sec. 11.7.

    Examples
    --------
    >>> kish([1, 1, 2])
    WeightEffect(deff=1.125, n_eff=2.6666666666666665)
    """
    if not len(weights) or any(not w > 0 for w in weights):
        raise ValueError("weights must be there and above 0")
    total, squares = fsum(weights), fsum(w * w for w in weights)
    n_eff = total**2 / squares
    return WeightEffect(len(weights) / n_eff, n_eff)


def two_stage(take: float, *, homogeneity: float, weight_cv: float = 0.0) -> float:
    r"""Design effect of asking several people in each commune.

    Parameters
    ----------
    take : float
        Answers per commune, on average, from 1.
    homogeneity : float
        Intraclass correlation of the answer within communes, up to 1.
    weight_cv : float, default 0
        Coefficient of variation of the weights.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    :math:`(1 + (\bar b - 1) \delta)(1 + cv_w^2)`.

    References
    ----------
    .. [1] L. Kish, "Methods for design effects", *Journal of Official
           Statistics* 11 (1995), 55-77.

    Examples
    --------
    >>> round(two_stage(20, homogeneity=0.05), 3)
    1.95
    """
    if not take >= 1 or not -1 < homogeneity <= 1 or not weight_cv >= 0:
        raise ValueError(
            f"expected take from 1, homogeneity up to 1, weight_cv from 0; "
            f"got {take}, {homogeneity}, {weight_cv}"
        )
    effect = (1.0 + (take - 1.0) * homogeneity) * (1.0 + weight_cv**2)
    if not effect > 0:
        raise ValueError(f"a homogeneity of {homogeneity} cannot be with {take} each")
    return effect


def best_take(
    *, commune_cost: float, transaction_cost: float, homogeneity: float
) -> float:
    r"""Transactions per commune that buy most precision for the money.

    Parameters
    ----------
    commune_cost : float
        Of one more commune, whatever the number asked there.
    transaction_cost : float
        Of one more transaction, same currency.
    homogeneity : float
        Intraclass correlation within communes, between 0 and 1.

    Returns
    -------
    float
        Not rounded.

    Raises
    ------
    ValueError
        If a cost is not above 0 or the homogeneity not between 0 and 1.

    Notes
    -----
    :math:`\sqrt{(C_1 / C_2)(1 - \delta) / \delta}`.

    References
    ----------
    .. [1] M. H. Hansen, W. N. Hurwitz and W. G. Madow, *Sample Survey Methods
           and Theory*, Wiley, 1953, vol. I, sec. 6.16.

    Examples
    --------
    >>> best_take(commune_cost=400, transaction_cost=25, homogeneity=0.2)
    8.0
    """
    if not (commune_cost > 0 and transaction_cost > 0 and 0 < homogeneity < 1):
        raise ValueError(
            "expected costs above 0 and homogeneity between 0 and 1; "
            f"got {commune_cost}, {transaction_cost}, {homogeneity}"
        )
    return sqrt(commune_cost / transaction_cost * (1.0 - homogeneity) / homogeneity)


def for_budget(
    budget: float,
    *,
    commune_cost: float,
    transaction_cost: float,
    homogeneity: float,
    population_cv: float,
) -> TwoStage:
    """Communes and take that give the least variance for a budget.

    Parameters
    ----------
    budget : float
        For communes and transactions together.
    commune_cost, transaction_cost, homogeneity
        As for `best_take`.
    population_cv : float
        Standard deviation of the answer divided by its mean; for a share p,
        the square root of (1 - p)/p.

    Returns
    -------
    TwoStage

    Raises
    ------
    ValueError
        As for `best_take`.

    Examples
    --------
    >>> plan = for_budget(60000, commune_cost=400, transaction_cost=25,
    ...                   homogeneity=0.2, population_cv=0.5)
    >>> plan.communes, plan.take, round(plan.cv, 4)
    (100.0, 8.0, 0.0274)
    """
    take = best_take(
        commune_cost=commune_cost,
        transaction_cost=transaction_cost,
        homogeneity=homogeneity,
    )
    communes = budget / (commune_cost + transaction_cost * take)
    deff = 1.0 + (take - 1.0) * homogeneity
    cv = population_cv * sqrt(deff / (communes * take))
    return TwoStage(communes, take, deff, cv, budget)


def for_cv(
    cv: float,
    *,
    commune_cost: float,
    transaction_cost: float,
    homogeneity: float,
    population_cv: float,
) -> TwoStage:
    """Cheapest communes and take for a coefficient of variation.

    Parameters, result and errors as for `for_budget`.

    Examples
    --------
    >>> plan = for_cv(0.05, commune_cost=400, transaction_cost=25,
    ...               homogeneity=0.2, population_cv=0.5)
    >>> round(plan.communes, 6), plan.take, round(plan.cost, 6)
    (30.0, 8.0, 18000.0)
    """
    take = best_take(
        commune_cost=commune_cost,
        transaction_cost=transaction_cost,
        homogeneity=homogeneity,
    )
    deff = 1.0 + (take - 1.0) * homogeneity
    communes = population_cv**2 * deff / take / cv**2
    cost = communes * (commune_cost + transaction_cost * take)
    return TwoStage(communes, take, deff, cv, cost)
