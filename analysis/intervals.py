"""Confidence intervals for shares: numbers that cannot leave 0 to 1."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.arrays import BoolArray, FloatArray


class Interval(NamedTuple):
    low: float
    high: float


class ReportedIntervals(NamedTuple):
    """Ends and the sample size they were drawn with, each of one shape."""

    low: FloatArray
    high: FloatArray
    n_star: FloatArray


def wilson(p: float, variance: float, df: float, confidence: float = 0.95) -> Interval:
    r"""Wilson's interval with the sample size the design is worth.

    Parameters
    ----------
    p : float
        Share, strictly between 0 and 1.
    variance : float
        Its variance under the design.
    df : float
        Degrees of freedom of the variance; ``inf`` for the normal.
    confidence : float, default 0.95
        Coverage asked for.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If ``p`` is 0 or 1, or the variance is 0: the sample size is unknown.

    Notes
    -----
    With :math:`n = p(1-p)/v` and :math:`c = t_{df}`,
    :math:`\bigl(np + c^2/2 \pm c\sqrt{np(1-p) + c^2/4}\bigr) / (n + c^2)`; the
    sample size is not capped, as in R's ``svyciprop(method = "wilson")``.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and
           statistical inference", *JASA* 22 (1927), 209-212.

    Examples
    --------
    >>> low, high = wilson(0.84, 0.0015, 98)
    >>> round(low, 4), round(high, 4)
    (0.7491, 0.9023)
    """
    if not (0.0 < p < 1.0 and variance > 0.0):
        raise ValueError(f"no sample size in a share of {p} with variance {variance}")
    low, high = wilson_ends(
        np.array(p), np.array(p * (1.0 - p) / variance), critical(df, confidence)
    )
    return Interval(float(low), float(high))


def wilson_ends(
    p: FloatArray, n: FloatArray, c: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Ends of Wilson's interval for shares from samples of ``n``; any one shape."""
    square = c * c
    centre = n * p + square / 2.0
    half = c * np.sqrt(n * p * (1.0 - p) + square / 4.0)
    low = np.clip((centre - half) / (n + square), 0.0, 1.0)
    high = np.clip((centre + half) / (n + square), 0.0, 1.0)
    return np.where(p == 0.0, 0.0, low), np.where(p == 1.0, 1.0, high)


def critical(df: float | FloatArray, confidence: float = 0.95) -> FloatArray:
    """Two-sided critical value of Student's t; normal where ``df`` is ``inf``."""
    level = (1.0 + confidence) / 2.0
    degrees = np.asarray(df, dtype=np.float64)
    usable = np.where(degrees > 0.0, degrees, np.nan)
    value: FloatArray = np.where(
        np.isinf(usable), special.ndtri(level), special.stdtrit(usable, level)
    )
    return value


def reported(
    p: FloatArray,
    ratio: FloatArray,
    base: FloatArray,
    limit_base: FloatArray,
    whole: BoolArray,
    df: FloatArray,
    confidence: float = 0.95,
) -> ReportedIntervals:
    r"""The interval printed beside every figure.

    Parameters
    ----------
    p : array of float
        Shares, of any shape; the other arrays have the same.
    ratio : array of float
        Variance over the variance without finite population correction.
    base : array of float
        Answers the figure is worth before that correction: for a criterion
        ``min(n, p(1-p)/v0)``, for a factor or an index ``K * n_kish``.
    limit_base : array of float
        The same where ``p`` is 0 or 1: ``n / D_pool``.
    whole : array of bool
        Where everyone of the frame answered.
    df : array of float
        Degrees of freedom.
    confidence : float, default 0.95
        Coverage asked for.

    Returns
    -------
    ReportedIntervals
        ``n_star`` is ``nan`` where ``whole``; the ends are ``nan`` where there
        are no degrees of freedom.

    Notes
    -----
    Wilson's interval with :math:`n^* = base / ratio` and :math:`c = t_{df}`, in
    this order: everyone answered, the interval is the point; ``p`` 0 or 1, no
    finite population correction; the rest. Capping at n would be 38 to 75 %
    too wide for an index of many items; the uncapped own sample size covers
    85 % only at n = 30.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = reported(one, one, 20 * one, 20 * one, one < 0, 19 * one)
    >>> found.low.round(4).tolist(), found.high.tolist()
    ([0.8203], [1.0])
    """
    edge = (p <= 0.0) | (p >= 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_star = np.where(edge, limit_base, base / ratio)
        low, high = wilson_ends(p, n_star, critical(df, confidence))
    return ReportedIntervals(
        low=np.where(whole, p, low),
        high=np.where(whole, p, high),
        n_star=np.where(whole, np.nan, n_star),
    )
