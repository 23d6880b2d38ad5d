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
    _inside(p, variance)
    low, high = wilson_ends(
        np.array(p), np.array(p * (1.0 - p) / variance), critical(df, confidence)
    )
    return Interval(float(low), float(high))


def wald(
    value: float, variance: float, df: float, confidence: float = 0.95
) -> Interval:
    """Value plus and minus t standard errors; may leave 0 to 1.

    Examples
    --------
    >>> low, high = wald(0.84, 0.0015, 98)
    >>> round(low, 4), round(high, 4)
    (0.7631, 0.9169)
    """
    half = float(critical(df, confidence)) * variance**0.5
    return Interval(value - half, value + half)


def logit(p: float, variance: float, df: float, confidence: float = 0.95) -> Interval:
    """Student's interval drawn on the logit scale and brought back.

    Arguments and errors as :func:`wilson`.

    Examples
    --------
    >>> low, high = logit(0.84, 0.0015, 98)
    >>> round(low, 4), round(high, 4)
    (0.7477, 0.9029)
    """
    _inside(p, variance)
    half = float(critical(df, confidence)) * variance**0.5 / (p * (1.0 - p))
    centre = float(special.logit(p))
    return Interval(
        float(special.expit(centre - half)), float(special.expit(centre + half))
    )


def arcsine(p: float, variance: float, df: float, confidence: float = 0.95) -> Interval:
    """Student's interval drawn on the scale of arcsin √p and brought back.

    Ends that leave 0 to 90 degrees stop there.

    Examples
    --------
    >>> low, high = arcsine(0.84, 0.0015, 98)
    >>> round(low, 4), round(high, 4)
    (0.7563, 0.9089)
    """
    _inside(p, variance)
    half = float(critical(df, confidence)) * (variance / (4.0 * p * (1.0 - p))) ** 0.5
    centre = float(np.arcsin(np.sqrt(p)))
    low, high = np.clip([centre - half, centre + half], 0.0, np.pi / 2.0)
    return Interval(float(np.sin(low) ** 2), float(np.sin(high) ** 2))


def likelihood(
    p: float, variance: float, n: float, df: float, confidence: float = 0.95
) -> Interval:
    r"""Shares that the likelihood of the effective sample does not rule out.

    Arguments and errors as :func:`korn_graubard`; no interval at 0 or 1.

    Notes
    -----
    All :math:`\pi` with :math:`2 m \bigl[p \log\frac{p}{\pi} + (1-p)
    \log\frac{1-p}{1-\pi}\bigr] \le c^2 \frac{n}{n-1}`, :math:`m = p(1-p)/v`:
    the Rao-Scott scaled profile likelihood of an intercept, with the
    dispersion of n rows as R has it; see ``profiles`` for R's own reading.

    References
    ----------
    .. [1] J. N. K. Rao and A. J. Scott, "On chi-squared tests for multiway
           contingency tables", *Annals of Statistics* 12 (1984), 46-60.

    Examples
    --------
    >>> low, high = likelihood(0.84, 0.0015, 100, 98)
    >>> round(low, 4), round(high, 4)
    (0.7534, 0.9068)
    """
    from scipy.optimize import brentq

    _inside(p, variance)
    worth = p * (1.0 - p) / variance
    limit = float(critical(df, confidence)) ** 2 * n / (n - 1.0)

    def excess(pi: float) -> float:
        own = p * np.log(p / pi) + (1.0 - p) * np.log((1.0 - p) / (1.0 - pi))
        return float(2.0 * worth * own - limit)

    return Interval(
        float(brentq(excess, 1e-300, p, xtol=1e-14, rtol=1e-13)),
        float(brentq(excess, p, 1.0 - 1e-16, xtol=1e-14, rtol=1e-13)),
    )


def korn_graubard(
    p: float, variance: float, n: float, df: float, confidence: float = 0.95
) -> Interval:
    """Clopper and Pearson's interval with the sample size the design is worth.

    Parameters
    ----------
    p : float
        Share, 0 to 1.
    variance : float
        Its variance; not used when ``p`` is 0 or 1.
    n : float
        Rows of the design.
    df : float
        Degrees of freedom.
    confidence : float, default 0.95
        Coverage asked for.

    References
    ----------
    .. [1] E. L. Korn and B. I. Graubard, "Confidence intervals for proportions
           with small expected number of positive counts estimated from survey
           data", *Survey Methodology* 24 (1998), 193-201.

    Examples
    --------
    >>> round(korn_graubard(1.0, 0.0, 20, 19).low, 4)
    0.8316
    """
    worth = float(n)
    if 0.0 < p < 1.0:
        _inside(p, variance)
        simple = float(critical(n - 1.0, confidence))
        worth = p * (1.0 - p) / variance
        worth *= (simple / float(critical(df, confidence))) ** 2
    tail = (1.0 - confidence) / 2.0
    satisfied, other = worth * p, worth * (1.0 - p)
    return Interval(
        low=float(special.betaincinv(satisfied, other + 1.0, tail)) if p > 0.0 else 0.0,
        high=float(special.betaincinv(satisfied + 1.0, other, 1.0 - tail))
        if p < 1.0
        else 1.0,
    )


def _inside(p: float, variance: float) -> None:
    if not (0.0 < p < 1.0 and variance > 0.0):
        raise ValueError(f"no sample size in a share of {p} with variance {variance}")


def wilson_ends(
    p: FloatArray, n: FloatArray, c: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Ends of Wilson's interval for shares from samples of ``n``; any one shape.

    Examples
    --------
    >>> low, high = wilson_ends(np.array(1.0), np.array(20.0), np.array(1.96))
    >>> low.round(4).item(), high.item()
    (0.8389, 1.0)
    """
    square = c * c
    centre = n * p + square / 2.0
    half = c * np.sqrt(n * p * (1.0 - p) + square / 4.0)
    low = np.clip((centre - half) / (n + square), 0.0, 1.0)
    high = np.clip((centre + half) / (n + square), 0.0, 1.0)
    return np.where(p == 0.0, 0.0, low), np.where(p == 1.0, 1.0, high)


def critical(df: float | FloatArray, confidence: float = 0.95) -> FloatArray:
    """Two-sided critical value of Student's t; normal where ``df`` is ``inf``.

    Examples
    --------
    >>> critical(10).round(4).item(), critical(np.inf).round(4).item()
    (2.2281, 1.96)
    """
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
