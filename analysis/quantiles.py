"""Quantiles of a survey, and intervals that turn the distribution around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import BoolArray, FloatArray
from analysis.estimators import NobodyAnswered, Row, domains, mean
from analysis.intervals import critical
from analysis.replicates import Replicates, estimate
from analysis.surveys import Survey, rows_where

Rule = Callable[[FloatArray, FloatArray, float], float]


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """Quantiles with interval and standard error, each shape (K,).

    ``low``, ``high`` and ``std_error`` are ``nan`` where the interval of the
    share leaves 0 to 1.
    """

    p: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    std_error: FloatArray


def quantiles(
    sample: Survey,
    variable: str,
    p: Sequence[float],
    rule: Rule,
    *,
    where: BoolArray | None = None,
    df: float | None = None,
    confidence: float = 0.95,
) -> Quantiles:
    """Quantiles of a numeric column with Woodruff's intervals.

    Parameters
    ----------
    sample : Survey
        n rows.
    variable : str
        Column; ``nan`` where missing.
    p : sequence of float, length K
        Shares between 0 and 1.
    rule : callable
        How the distribution is turned around: :func:`lowest`,
        :func:`midpoint` or :func:`linear`.
    where : array of bool, shape (n,), optional
        One domain.
    df : float, optional
        Degrees of freedom; those of the whole design by default.
    confidence : float, default 0.95
        Coverage asked for.

    Raises
    ------
    NobodyAnswered
        If the domain has no value of the column.

    Notes
    -----
    The share at or below the quantile gets Student's interval, whose ends are
    turned around by the same rule; the standard error is the width over 2 t.

    References
    ----------
    .. [1] R. S. Woodruff, "Confidence intervals for medians and other position
           measures", *JASA* 47 (1952), 635-646.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.arange(1.0, 10.0)})
    >>> quantiles(sample, "y", [0.5], lowest).value.tolist()
    [5.0]
    """
    y, weight = sample.numbers(variable), sample.design.weight
    rows = rows_where(sample, where) & ~np.isnan(y) & (weight > 0.0)
    if not rows.any():
        raise NobodyAnswered(f"no value of {variable}")
    degrees = float(sample.design.df if df is None else df)
    c = float(critical(degrees, confidence))
    found = []
    for share in p:
        value = rule(y[rows], weight[rows], share)
        below = np.where(np.isnan(y), np.nan, (y <= value).astype(np.float64))
        at = mean(sample.with_columns(__below=below), ["__below"], where=rows)
        reach = (float(at.value[0]), c * float(at.std_error[0]))
        ends = _turned(y[rows], weight[rows], rule, *reach)
        found.append((share, value, *ends, (ends[1] - ends[0]) / (2.0 * c)))
    return Quantiles(*np.array(found).T)


def replicated_quantiles(
    sample: Survey,
    variable: str,
    p: Sequence[float],
    rule: Rule,
    replicates: Replicates,
    *,
    confidence: float = 0.95,
) -> Quantiles:
    """The same with the share's standard error from replicates.

    The spread of the replicates' own quantiles is no safe guide: a jackknife
    of a median does not settle however many rows there are.

    Examples
    --------
    >>> from analysis.replicates import jackknife
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.arange(1.0, 10.0)})
    >>> found = replicated_quantiles(sample, "y", [0.5], lowest, jackknife(sample))
    >>> found.value.tolist()
    [5.0]
    """
    y, weight = sample.numbers(variable), sample.design.weight
    rows = ~np.isnan(y) & (weight > 0.0)
    c = float(critical(float(replicates.df), confidence))
    found = []
    for share in p:
        value = rule(y[rows], weight[rows], share)
        below = np.where(np.isnan(y), np.nan, (y <= value).astype(np.float64))
        at = estimate(
            sample.with_columns(__below=below),
            replicates,
            lambda one: mean(one, ["__below"]).value,
        )
        reach = (float(at.value[0]), c * float(at.std_error[0]))
        ends = _turned(y[rows], weight[rows], rule, *reach)
        found.append((share, value, *ends, (ends[1] - ends[0]) / (2.0 * c)))
    return Quantiles(*np.array(found).T)


def table(
    sample: Survey,
    variable: str,
    p: Sequence[float],
    rule: Rule,
    *,
    where: BoolArray | None = None,
    by: Sequence[str] = (),
    confidence: float = 0.95,
) -> list[Row]:
    """Quantiles as they are printed, by domain; arguments as :func:`quantiles`.

    Effective sample size and design effect are those of the share at or below
    the quantile; degrees of freedom those of the domain.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.arange(1.0, 31.0)})
    >>> [(row.key, row.value, row.df) for row in table(sample, "y", [0.5], lowest)]
    [(('y', '0.5'), 15.0, 29.0)]
    """
    y, weight = sample.numbers(variable), sample.design.weight
    rows = []
    for key, domain in domains(sample, where, by):
        counted = domain & ~np.isnan(y) & (weight > 0.0)
        for share in p:
            named = (*key, variable, f"{share:g}")
            value = (
                rule(y[counted], weight[counted], share) if counted.any() else np.nan
            )
            below = np.where(np.isnan(y), np.nan, (y <= value).astype(np.float64))
            at = mean(sample.with_columns(__below=below), ["__below"], where=domain)
            own = replace(at.table(confidence=confidence)[0], key=named, value=value)
            rows.append(_printed(own, at.value[0], y[counted], weight[counted], rule))
    return rows


def _printed(
    row: Row, share: float, y: FloatArray, weight: FloatArray, rule: Rule
) -> Row:
    """A row of the share below, its interval turned around."""
    nothing = replace(row, std_error=None, low=None, high=None)
    if row.low is None or row.high is None or row.std_error is None:
        return nothing
    if row.std_error == 0.0:
        return replace(row, low=row.value, high=row.value)
    half = (row.high - row.low) / 2.0
    low, high = _turned(y, weight, rule, share, half)
    if np.isnan(low) or np.isnan(high):
        return replace(nothing, flags=(*row.flags, "too_few_beyond"))
    c = half / row.std_error
    return replace(row, std_error=(high - low) / (2.0 * c), low=low, high=high)


def lowest(y: FloatArray, weight: FloatArray, p: float) -> float:
    """The least value whose cumulated share reaches ``p`` (R's "math").

    Examples
    --------
    >>> lowest(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.0
    """
    values, _, at, above = _around(y, weight, p)
    return float(values[at] if above == 0.0 else values[min(at + 1, len(values) - 1)])


def midpoint(y: FloatArray, weight: FloatArray, p: float) -> float:
    """As :func:`lowest`, halfway to the next where ``p`` is met (R's "school").

    Examples
    --------
    >>> midpoint(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.5
    """
    values, _, at, above = _around(y, weight, p)
    after = values[min(at + 1, len(values) - 1)]
    return float((values[at] + after) / 2.0 if above == 0.0 else after)


def linear(y: FloatArray, weight: FloatArray, p: float) -> float:
    """Interpolated as R's type 7: the least value at 0, the largest at 1.

    Examples
    --------
    >>> linear(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.5
    """
    order = np.argsort(y, kind="stable")
    values, cumulated = y[order], np.cumsum(weight[order])
    if len(values) == 1:
        return float(values[0])
    at = np.concatenate([[0.0], cumulated[:-1]]) / cumulated[-2]
    return float(np.interp(p, at, values))


def _turned(
    y: FloatArray, weight: FloatArray, rule: Rule, share: float, half: float
) -> list[float]:
    """The values at both ends of an interval for a share."""
    return [
        rule(y, weight, end) if 0.0 <= end <= 1.0 else np.nan
        for end in (share - half, share + half)
    ]


def _around(
    y: FloatArray, weight: FloatArray, p: float
) -> tuple[FloatArray, FloatArray, int, float]:
    """Sorted values, their cumulated weights, the last at or below p, the rest."""
    order = np.argsort(y, kind="stable")
    values, cumulated = y[order], np.cumsum(weight[order])
    size = weight.sum()
    reached = np.flatnonzero(cumulated <= p * size)
    at = int(reached[-1]) if len(reached) else 0
    return values, cumulated, at, float(p - cumulated[at] / size)
