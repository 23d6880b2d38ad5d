"""The arithmetic of maximum-entropy sampling: Poisson draws kept when the size fits.

Only sums and products of positive numbers occur, so no digits are lost however
unequal the units are.
"""

from __future__ import annotations

import numpy as np

from sampling.randomness import FloatArray

CLOSE_ENOUGH = 1e-12
MOST_STEPS = 100
LONGEST_STEP = 2.0
BLOCK = 32


class NoConvergence(RuntimeError):
    """No weights were found that give the probabilities asked for."""


def weights(probability: FloatArray, size: int) -> FloatArray:
    r"""Bernoulli probabilities that, given their total, yield those asked for.

    Parameters
    ----------
    probability : array of float, shape (N,)
        Inclusion probabilities wanted, above 0 and below 1, summing to
        ``size``.
    size : int
        Units drawn, from 1 to N - 1.

    Returns
    -------
    array of float, shape (N,)
        p with :math:`P(i \in s \mid |s| = n) = \pi_i`.

    Raises
    ------
    NoConvergence
        If 100 steps leave a probability off by 1e-12.

    Notes
    -----
    Newton's method on the log-odds :math:`\eta`. The likelihood
    :math:`\sum_i \pi_i \eta_i - \log e_n(\exp \eta)` is concave, its gradient is
    wanted minus reached, its curvature the covariance of who is drawn. Long
    steps are cut short, and a step that lowers it is halved. Once the goal is met
    one more step is taken, for the last digits.

    References
    ----------
    .. [1] S. X. Chen, A. P. Dempster and J. S. Liu, "Weighted finite population
           sampling to maximize entropy", *Biometrika* 81 (1994), 457-469.
    """
    log_odds = np.log(probability) - np.log1p(-probability)
    for _ in range(MOST_STEPS):
        p = _bernoulli(log_odds)
        error = probability - inclusion(p[np.newaxis], size)[0]
        step = np.linalg.solve(_covariance(p, size), error)
        if np.max(np.abs(error)) < CLOSE_ENOUGH:
            return _bernoulli(log_odds + step)
        step *= min(1.0, LONGEST_STEP / np.max(np.abs(step)))
        likelihood = _likelihood(log_odds, probability, size)
        while np.max(np.abs(step)) > 1e-3 and likelihood > _likelihood(
            log_odds + step, probability, size
        ):
            step /= 2.0
        log_odds = log_odds + step
    raise NoConvergence(f"off by {np.max(np.abs(error)):.1e} after {MOST_STEPS} steps")


def inclusion(p: FloatArray, size: int) -> FloatArray:
    r"""Inclusion probabilities of Poisson draws, given that they drew ``size``.

    Parameters
    ----------
    p : array of float, shape (B, N)
        Bernoulli probabilities below 1 of B designs over the same N units.
    size : int
        Units drawn, from 1.

    Returns
    -------
    array of float, shape (B, N)
        :math:`p_i P(S_{-i} = n - 1) / P(S = n)`, S the number drawn.
    """
    after = suffix_distributions(p, size)
    before = np.zeros((len(p), size + 1))
    before[:, 0] = 1.0
    others = np.empty_like(p)
    for i in range(p.shape[1]):
        others[:, i] = np.einsum("bk,bk->b", before[:, :size], after[i + 1, :, -2::-1])
        before = _one_more(before, p[:, i])
    chances: FloatArray = p * others / before[:, size, np.newaxis]
    return chances


def pairs(p: FloatArray, size: int) -> FloatArray:
    r"""Probabilities that two units are both drawn, given that ``size`` were.

    Parameters
    ----------
    p : array of float, shape (N,)
    size : int

    Returns
    -------
    array of float, shape (N, N)
        The inclusion probabilities on the diagonal. Given that i is drawn the
        others are a draw of n - 1 with the same p.
    """
    single = inclusion(p[np.newaxis], size)[0]
    result = np.zeros((len(p), len(p)))
    if size > 1:
        for first in range(0, len(p), BLOCK):
            rows = np.arange(first, min(first + BLOCK, len(p)))
            without = np.repeat(p[np.newaxis], len(rows), axis=0)
            without[np.arange(len(rows)), rows] = 0.0
            result[rows] = single[rows, np.newaxis] * inclusion(without, size - 1)
    np.fill_diagonal(result, single)
    symmetric: FloatArray = (result + result.T) / 2.0
    return symmetric


def suffix_distributions(p: FloatArray, size: int) -> FloatArray:
    """How many of the units from i on are drawn, for every i.

    Parameters
    ----------
    p : array of float, shape (B, N)
    size : int

    Returns
    -------
    array of float, shape (N + 1, B, size + 1)
        Entry (i, b, k): probability that design b draws k of units i to N - 1.
    """
    units = p.shape[1]
    result = np.zeros((units + 1, len(p), size + 1))
    result[units, :, 0] = 1.0
    for i in range(units - 1, -1, -1):
        result[i] = _one_more(result[i + 1], p[:, i])
    return result


def _one_more(distribution: FloatArray, p: FloatArray) -> FloatArray:
    result: FloatArray = distribution * (1.0 - p)[:, np.newaxis]
    result[:, 1:] += distribution[:, :-1] * p[:, np.newaxis]
    return result


def _bernoulli(log_odds: FloatArray) -> FloatArray:
    p: FloatArray = np.exp(-np.logaddexp(0.0, -log_odds))
    return p


def _covariance(p: FloatArray, size: int) -> FloatArray:
    """Covariance of who is drawn, made regular: a common shift changes nothing."""
    together = pairs(p, size)
    single = np.diag(together)
    covariance = together - np.outer(single, single)
    regular: FloatArray = covariance + np.trace(covariance) / len(p) ** 2
    return regular


def _likelihood(log_odds: FloatArray, probability: FloatArray, size: int) -> float:
    p = _bernoulli(log_odds)
    of_size = suffix_distributions(p[np.newaxis], size)[0, 0, size]
    endless = np.logaddexp(0.0, log_odds).sum()
    return float(probability @ log_odds - np.log(of_size) - endless)
