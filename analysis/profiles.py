"""The likelihood interval as R reads it off a profile, for parity with R.

R computes the likelihood at a dozen points, draws a spline through them and
reads its ends off a polyline. That is up to 2e-4 away from the exact interval
of ``intervals.likelihood``, which is what we report; this one is for checking
published figures.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.arrays import FloatArray
from analysis.intervals import Interval, critical


def likelihood(
    p: float,
    variance: float,
    n: float,
    df: float,
    confidence: float = 0.95,
    *,
    information: float | None = None,
) -> Interval:
    """R's ``svyciprop(method = "likelihood")``; arguments as the exact one.

    ``information`` is that of R's logistic fit, which stops a step before
    n p (1 - p): see ``models.logistic`` with a tolerance of 1e-8.

    Raises
    ------
    ValueError
        If the share is 0 or 1, or the variance 0.
    """
    if not (0.0 < p < 1.0 and variance > 0.0):
        raise ValueError(f"no sample size in a share of {p} with variance {variance}")
    spread = p * (1.0 - p)
    std_error = variance**0.5 / spread
    cutoff = float(critical(df, confidence)) * std_error
    cutoff *= (n * spread if information is None else information) ** 0.5
    tail = float(special.ndtr(-cutoff)) / 2.0
    reach = float(special.fdtri(1.0, n - 1.0, 1.0 - tail)) ** 0.5
    centre = float(special.logit(p))
    points = {centre: 0.0}
    for sign in (-1.0, 1.0):
        for step in range(1, 10):
            at = centre + sign * step * reach / 5.0 * std_error
            pi = float(special.expit(at))
            own = p * np.log(p / pi) + (1.0 - p) * np.log((1.0 - p) / (1.0 - pi))
            points[at] = sign * float(np.sqrt(2.0 * (n - 1.0) * own))
            if abs(points[at]) >= reach:
                break
    x = np.array(sorted(points))
    y = np.array([points[at] for at in x])
    fine = np.linspace(x[0], x[-1], 3 * len(x))
    ends = np.interp([-cutoff, cutoff], _spline(x, y, fine), fine)
    low, high = special.expit(ends)
    return Interval(float(low), float(high))


def _spline(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """The cubic spline of Forsythe, Malcolm and Moler.

    References
    ----------
    .. [1] G. E. Forsythe, M. A. Malcolm and C. B. Moler, *Computer Methods for
           Mathematical Computations*, Prentice-Hall, 1977, ch. 4.
    """
    n, d = len(x), np.diff(x)
    slope = np.diff(y) / d
    matrix, right = np.zeros((n, n)), np.zeros(n)
    for i in range(1, n - 1):
        matrix[i, i - 1 : i + 2] = d[i - 1], 2.0 * (d[i - 1] + d[i]), d[i]
        right[i] = slope[i] - slope[i - 1]
    matrix[0, :2] = -d[0], d[0]
    matrix[-1, -2:] = d[-1], -d[-1]
    first = right[2] / (x[3] - x[1]) - right[1] / (x[2] - x[0])
    last = right[n - 2] / (x[n - 1] - x[n - 3]) - right[n - 3] / (x[n - 2] - x[n - 4])
    right[0] = first * d[0] ** 2 / (x[3] - x[0])
    right[-1] = -last * d[-1] ** 2 / (x[n - 1] - x[n - 4])
    c = np.linalg.solve(matrix, right)
    b = slope - d * (c[1:] + 2.0 * c[:-1])
    cubic = np.diff(c) / d
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    t = at - x[k]
    found: FloatArray = y[k] + t * (b[k] + t * (3.0 * c[k] + t * cubic[k]))
    return found
