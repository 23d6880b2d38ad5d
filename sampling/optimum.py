"""The best sample sizes by stratum before rounding, for a budget or a precision.

What ``allocation`` rounds to whole transactions is here as the textbook has it,
to see what a budget buys and what a precision costs. Bounds are not applied: a
size above its stratum's frame shows that the stratum is to be taken whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Optimum:
    """Sizes by stratum and what they come to.

    Attributes
    ----------
    sizes : dict of str to float
        Transactions by stratum, not rounded.
    total : float
        Their sum.
    cost : float
        What they cost, in the currency of the costs.
    variance : float
        Variance of the estimated mean (or share) of the whole frame.
    """

    sizes: dict[str, float]
    total: float
    cost: float
    variance: float


def for_sample(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    sample_size: float,
    *,
    costs: Mapping[str, float] | None = None,
) -> Optimum:
    r"""Sizes that make the variance least for a sample of so many.

    Parameters
    ----------
    frame_sizes : mapping of str to int
        Transactions in the frame, by stratum, above 0.
    spreads : mapping of str to float
        Standard deviation of the answer in each stratum, above 0. All equal:
        the result is proportional to the frame.
    sample_size : float
        Transactions in all.
    costs : mapping of str to float, optional
        Cost of one answer by stratum; 1 each by default, which is Neyman's
        allocation.

    Returns
    -------
    Optimum

    Raises
    ------
    ValueError
        If a stratum has no spread or cost, or one that is not above 0.

    Notes
    -----
    :math:`n_h = n \, (N_h S_h / \sqrt{c_h}) / \sum_h N_h S_h / \sqrt{c_h}`.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, sec. 5.5.

    Examples
    --------
    >>> for_sample({"a": 100, "b": 300}, {"a": 0.5, "b": 0.5}, 40).sizes
    {'a': 10.0, 'b': 30.0}
    """
    costs = costs or dict.fromkeys(frame_sizes, 1.0)
    measure = _measure(frame_sizes, spreads, costs)
    rate = sample_size / sum(measure.values())
    return _optimum(frame_sizes, spreads, costs, measure, rate)


def for_budget(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
    budget: float,
) -> Optimum:
    """Sizes that make the variance least for the money there is.

    Parameters
    ----------
    frame_sizes, spreads, costs
        As for `for_sample`.
    budget : float
        What all answers together may cost, fixed costs taken off.

    Returns
    -------
    Optimum
        Its ``cost`` is the budget.

    Raises
    ------
    ValueError
        As for `for_sample`.

    Examples
    --------
    >>> frame, spreads = {"town": 500, "isle": 500}, {"town": 0.4, "isle": 0.4}
    >>> for_budget(frame, spreads, {"town": 1, "isle": 4}, 90).sizes
    {'town': 30.0, 'isle': 15.0}
    """
    measure = _measure(frame_sizes, spreads, costs)
    rate = budget / sum(measure[h] * costs[h] for h in frame_sizes)
    return _optimum(frame_sizes, spreads, costs, measure, rate)


def for_variance(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
    variance: float,
) -> Optimum:
    r"""Cheapest sizes for a precision of the whole frame's mean.

    Parameters
    ----------
    frame_sizes, spreads, costs
        As for `for_sample`.
    variance : float
        Wished for: the standard error squared; for a coefficient of variation,
        (cv × mean) squared.

    Returns
    -------
    Optimum
        Its ``variance`` is the one wished for.

    Raises
    ------
    ValueError
        As for `for_sample`; also if the variance is not above 0.

    Notes
    -----
    With :math:`W_h = N_h / N`,

    .. math::

        n = \frac{\sum W_h S_h \sqrt{c_h} \; \sum W_h S_h / \sqrt{c_h}}
                 {V + \sum W_h S_h^2 / N}.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, sec. 5.5.

    Examples
    --------
    >>> frame, spreads = {"a": 5000, "b": 5000}, {"a": 0.5, "b": 0.5}
    >>> best = for_variance(frame, spreads, {"a": 1, "b": 1}, 0.02**2)
    >>> round(best.total, 1)
    588.2
    """
    if not variance > 0:
        raise ValueError(f"variance {variance} is not above 0")
    measure = _measure(frame_sizes, spreads, costs)
    whole = sum(frame_sizes.values())
    dear = sum(measure[h] * costs[h] for h in frame_sizes)
    unseen = sum(size * spreads[h] ** 2 for h, size in frame_sizes.items())
    rate = dear / (variance * whole**2 + unseen)
    return _optimum(frame_sizes, spreads, costs, measure, rate)


def _measure(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
) -> dict[str, float]:
    wrong = {
        f"{what} of {stratum}": given.get(stratum)
        for what, given in (
            ("frame size", frame_sizes),
            ("spread", spreads),
            ("cost", costs),
        )
        for stratum in frame_sizes
        if not given.get(stratum, 0) > 0
    }
    if wrong:
        raise ValueError(f"must be stated and above 0: {wrong}")
    return {h: n * spreads[h] / sqrt(costs[h]) for h, n in frame_sizes.items()}


def _optimum(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
    measure: Mapping[str, float],
    rate: float,
) -> Optimum:
    sizes = {stratum: rate * m for stratum, m in measure.items()}
    whole = sum(frame_sizes.values())
    variance = sum(
        (frame_sizes[h] / whole * spreads[h]) ** 2 * (1.0 / n - 1.0 / frame_sizes[h])
        for h, n in sizes.items()
    )
    return Optimum(
        sizes=sizes,
        total=sum(sizes.values()),
        cost=sum(costs[h] * n for h, n in sizes.items()),
        variance=variance,
    )
