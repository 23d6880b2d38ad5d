"""Who stands where, and how sure that is: groups and sets of ranks.

A bare rank pretends that offices a point apart differ. Here an office is
above, below or not distinguishable from the mean, and its rank is a set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray

DRAWS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """m offices against their mean.

    Attributes
    ----------
    difference, std_error : array of float, shape (m,)
        Of each office from the mean of all.
    low, high : array of float, shape (m,)
        Simultaneous interval.
    critical : float
        Width of the interval in standard errors.
    group : array of int, shape (m,)
        1 above, 0 not distinguishable, -1 below.
    """

    difference: FloatArray
    std_error: FloatArray
    low: FloatArray
    high: FloatArray
    critical: float
    group: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class RankSets:
    """Rank of each of m offices, 1 the best, and the ranks it may have."""

    rank: IntArray
    best: IntArray
    worst: IntArray


def groups(
    value: FloatArray,
    covariance: FloatArray,
    shares: FloatArray,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> Groups:
    r"""Three groups from simultaneous intervals against the mean of all.

    Parameters
    ----------
    value : array of float, shape (m,)
        Index of each office.
    covariance : array of float, shape (m, m)
        Of the indices; diagonal for separately drawn offices.
    shares : array of float, shape (m,)
        What each counts for in the mean; scaled to sum to 1.
    rng : numpy.random.Generator
        For the critical value.
    confidence : float, default 0.95
        That no office is placed wrongly.
    draws : int, default 10000
        Draws of the critical value.

    Notes
    -----
    Differences :math:`d = \theta - 1 c^\top\theta` have covariance
    :math:`(I - 1c^\top) V (I - 1c^\top)^\top`, an office's share in the mean
    included; the critical value is the quantile of :math:`\max_o |d_o|/s_o`
    over multivariate normal draws with that correlation.

    References
    ----------
    .. [1] T. Hothorn, F. Bretz and P. Westfall, "Simultaneous inference in
           general parametric models", *Biometrical Journal* 50 (2008).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = groups(np.array([0.6, 0.8, 0.81]), np.eye(3) * 1e-4, np.ones(3), rng)
    >>> found.group.tolist()
    [-1, 1, 1]
    """
    m = len(value)
    c = shares / shares.sum()
    centre = np.eye(m) - np.ones((m, 1)) * c
    difference = centre @ value
    spread = centre @ covariance @ centre.T
    std_error = np.sqrt(np.maximum(np.diag(spread), 0.0))
    critical = max_t(spread, rng, confidence=confidence, draws=draws)
    low, high = difference - critical * std_error, difference + critical * std_error
    group = (low > 0.0).astype(np.int64) - (high < 0.0)
    return Groups(difference, std_error, low, high, critical, group)


def max_t(
    covariance: FloatArray,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> float:
    """Critical value of the largest |t| among normal variables.

    Examples
    --------
    >>> value, covariance = np.array([0.9, 0.8, 0.6]), np.eye(3) * 0.0004
    >>> rng = np.random.default_rng(1)
    >>> round(max_t(covariance, rng), 1)
    2.4
    """
    z = _draws(covariance, rng, draws)
    root = np.sqrt(np.diag(covariance))
    some = root > 0.0
    if not some.any():
        return 0.0
    return float(np.quantile(np.abs(z[:, some] / root[some]).max(axis=1), confidence))


def marginal_rank_sets(
    value: FloatArray,
    covariance: FloatArray,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    stepdown: bool = True,
    draws: int = DRAWS,
) -> RankSets:
    """Ranks each office alone may have; for one office asked about beforehand.

    Arguments as :func:`simultaneous_rank_sets`.
    """
    z, scale, t = _pairs(value, covariance, rng, draws)
    m = len(value)
    won, lost = np.zeros((m, m), dtype=bool), np.zeros((m, m), dtype=bool)
    for j in range(m):
        claims = np.zeros((m, m), dtype=bool)
        claims[j], claims[:, j] = True, True
        claims[j, j] = False
        above = _told_apart(z, scale, t, claims, confidence, stepdown)
        won[j], lost[j] = above[j], above[:, j]
    return _sets(value, won, lost)


def simultaneous_rank_sets(
    value: FloatArray,
    covariance: FloatArray,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    stepdown: bool = True,
    draws: int = DRAWS,
) -> RankSets:
    r"""Ranks the offices may have, all sets right together.

    Parameters
    ----------
    value : array of float, shape (m,)
        Higher is better.
    covariance : array of float, shape (m, m)
        Of the values.
    rng : numpy.random.Generator
        For the critical values.
    confidence : float, default 0.95
        That every set holds the true rank.
    stepdown : bool, default True
        Compare again without the pairs already told apart: never wider.
    draws : int, default 10000
        Draws per critical value.

    Notes
    -----
    "j above k" holds when :math:`(\theta_j - \theta_k) / s_{jk}` exceeds the
    quantile of the largest over all such claims; the best rank is 1 plus those
    surely better, the worst m less those surely worse.

    References
    ----------
    .. [1] M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm, "Inference
           for ranks with applications to mobility across neighbourhoods and
           academic achievement across countries", *Review of Economic Studies*
           91 (2024), 476-518.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = simultaneous_rank_sets(
    ...     np.array([0.6, 0.8, 0.81]), np.eye(3) * 1e-4, rng)
    >>> found.best.tolist(), found.worst.tolist()
    ([3, 1, 1], [3, 2, 2])
    """
    z, scale, t = _pairs(value, covariance, rng, draws)
    claims = ~np.eye(len(value), dtype=bool)
    above = _told_apart(z, scale, t, claims, confidence, stepdown)
    return _sets(value, above, above.T)


def best_candidates(
    value: FloatArray,
    covariance: FloatArray,
    places: int,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> BoolArray:
    """Offices that may be among the best ``places``; none of those is missed.

    From stepped-down comparisons; for the worst, hand over ``-value``.

    Examples
    --------
    >>> value, covariance = np.array([0.9, 0.8, 0.6]), np.eye(3) * 0.0004
    >>> rng = np.random.default_rng(1)
    >>> best_candidates(value, covariance, 1, rng).tolist()
    [True, False, False]
    """
    z, scale, t = _pairs(value, covariance, rng, draws)
    claims = ~np.eye(len(value), dtype=bool)
    above = _told_apart(z, scale, t, claims, confidence, True)
    candidates: BoolArray = 1 + above.sum(axis=0) <= places
    return candidates


def _draws(covariance: FloatArray, rng: np.random.Generator, draws: int) -> FloatArray:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn: FloatArray = rng.standard_normal((draws, len(values))) @ root.T
    return drawn


def _pairs(
    value: FloatArray, covariance: FloatArray, rng: np.random.Generator, draws: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draws, standard errors of differences, and t of j against k."""
    v = np.diag(covariance)
    scale = np.sqrt(np.maximum(v[:, None] + v[None, :] - 2.0 * covariance, 0.0))
    np.fill_diagonal(scale, 1.0)
    scale = np.where(scale > 0.0, scale, np.inf)
    t = (value[:, None] - value[None, :]) / scale
    return _draws(covariance, rng, draws), scale, t


def _told_apart(
    z: FloatArray,
    scale: FloatArray,
    t: FloatArray,
    claims: BoolArray,
    confidence: float,
    stepdown: bool,
) -> BoolArray:
    """Claims "row is above column" that hold, stepping down while any is new.

    A claim that holds leaves the family; its reverse stays in.
    """
    left = claims.copy()
    told = np.zeros_like(claims)
    while left.any():
        largest = np.full(len(z), -np.inf)
        for j in np.flatnonzero(left.any(axis=1)):
            apart = (z[:, [j]] - z[:, left[j]]) / scale[j, left[j]]
            largest = np.maximum(largest, apart.max(axis=1))
        new = left & (t > np.quantile(largest, confidence))
        told |= new
        left &= ~new
        if not (stepdown and new.any()):
            break
    return told


def _sets(value: FloatArray, won: BoolArray, lost: BoolArray) -> RankSets:
    m = len(value)
    rank = 1 + (value[None, :] > value[:, None]).sum(axis=1)
    return RankSets(
        rank.astype(np.int64),
        (1 + lost.sum(axis=1)).astype(np.int64),
        (m - won.sum(axis=1)).astype(np.int64),
    )
