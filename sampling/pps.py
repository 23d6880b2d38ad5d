"""Draw large units more often than small ones, in proportion to their size.

Used for communes, whose size is the number of transactions they finished. A
unit so large that it would be drawn more than once is taken with certainty.
How likely two units are to be drawn together is in ``joint``.
"""

from __future__ import annotations

from math import fsum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sampling.conditional_poisson import suffix_distributions, weights
from sampling.draw import Draw, DrawImpossible
from sampling.randomness import FloatArray, IntArray, ranks, uniform

Flags: TypeAlias = NDArray[np.bool_]

ROUNDING = 1e-12


def inclusion_probabilities(sizes: FloatArray, sample_size: int) -> FloatArray:
    r"""Probabilities in proportion to size that sum to the sample size.

    Parameters
    ----------
    sizes : array of float, shape (N,)
        Size of each unit, such as transactions; a unit of size 0 cannot come
        up.
    sample_size : int
        Units to draw.

    Returns
    -------
    array of float, shape (N,)
        From 0 to 1; exactly 1 for units taken with certainty. The sum is
        ``sample_size``.

    Raises
    ------
    DrawImpossible
        If a size is negative or not a number, or fewer units than
        ``sample_size`` have a size above 0.

    Notes
    -----
    :math:`\pi_i = n x_i / \sum_j x_j`; units that reach 1 are set aside and the
    rest of the sample is shared among the others, until none passes 1.

    References
    ----------
    .. [1] Y. Tillé, *Sampling Algorithms*, Springer, 2006, sec. 2.10.

    Examples
    --------
    >>> inclusion_probabilities(np.array([900.0, 40.0, 40.0, 20.0]), 2)
    array([1. , 0.4, 0.4, 0.2])
    """
    sizes = np.asarray(sizes, dtype=np.float64)
    if not np.all(np.isfinite(sizes)) or np.any(sizes < 0):
        wrong = np.flatnonzero(~np.isfinite(sizes) | (sizes < 0)).tolist()
        raise DrawImpossible(f"size must be a number from 0 in units {wrong}")
    if not 0 <= sample_size <= (positive := np.count_nonzero(sizes)):
        raise DrawImpossible(
            f"sample of {sample_size} from {positive} units with a size above 0"
        )
    certain = np.zeros(len(sizes), dtype=bool)
    while True:
        left = sample_size - np.count_nonzero(certain)
        total = fsum(sizes[~certain].tolist())
        shares = np.where(certain, 1.0, left * sizes / total if total else 0.0)
        if not np.any(reached := ~certain & (shares >= 1.0 - ROUNDING)):
            return shares
        certain |= reached


def systematic(
    sizes: FloatArray, sample_size: int, *, rng: np.random.Generator, reserve: int = 0
) -> Draw:
    """Draw units in proportion to size, evenly down the list.

    Parameters
    ----------
    sizes : array of float, shape (N,)
        Size of each unit, in list order; the order is part of the design.
    sample_size : int
        Units to draw.
    rng : numpy.random.Generator
        Over PCG64.
    reserve : int, default 0
        Further units to draw and hold back: a random part of those of one draw
        of ``sample_size + reserve`` that were not certain.

    Returns
    -------
    Draw

    Raises
    ------
    DrawImpossible
        As for `inclusion_probabilities`; also if all that was drawn is certain
        and nothing can be held back.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> draw = systematic(np.array([900.0, 40, 40, 20]), 2, rng=generator(1))
    >>> draw.selected, draw.inclusion_probability
    (array([0, 2]), array([1. , 0.4]))
    """
    probability = inclusion_probabilities(sizes, sample_size + reserve)
    taken = np.flatnonzero(systematic_from(probability, uniform(rng, 1)))
    return _with_reserve(taken, probability, reserve, rng)


def systematic_from(probability: FloatArray, starts: FloatArray) -> Flags:
    r"""Units that systematic draws take from starts already known.

    Parameters
    ----------
    probability : array of float, shape (N,)
        Inclusion probabilities, in list order, summing to a whole number.
    starts : array of float, shape (B,)
        In [0, 1), one for each of B draws.

    Returns
    -------
    array of bool, shape (B, N)
        True for the certain units, and for each unit in whose stretch of the
        running total of the others a point ``start``, ``start + 1``, ... falls.

    References
    ----------
    .. [1] W. G. Madow, "On the theory of systematic sampling, II", *Annals of
           Mathematical Statistics* 20 (1949), 333-354.

    Examples
    --------
    >>> systematic_from(np.array([1.0, 0.4, 0.4, 0.2]), np.array([0.5]))
    array([[ True, False,  True, False]])
    """
    others = probability < 1.0
    taken = np.ones((len(starts), len(probability)), dtype=bool)
    points = running_total(probability[others]) - starts[:, np.newaxis]
    taken[:, others] = np.diff(np.floor(points), axis=1) > 0
    return taken


def tille_from(probability: FloatArray, chances: FloatArray) -> Flags:
    """Units that draws by elimination take from chances already known.

    Parameters
    ----------
    probability : array of float, shape (N,)
        Inclusion probabilities summing to a whole number.
    chances : array of float, shape (B, N)
        In [0, 1); the k-th of a row decides who is struck out k-th, the rest
        are not used.

    Returns
    -------
    array of bool, shape (B, N)
    """
    inside = (probability > 0.0) & (probability < 1.0)
    x = probability[inside]
    alive = np.ones((len(chances), len(x)), dtype=bool)
    draws = np.arange(len(chances))
    before = np.ones(len(x))
    for k in range(len(x) - round(float(x.sum()))):
        after = inclusion_probabilities(x, len(x) - 1 - k)
        strike = np.cumsum(np.where(alive, 1.0 - after / before, 0.0), axis=1)
        point = chances[:, k, np.newaxis] * strike[:, -1:]
        alive[draws, np.argmax(strike > point, axis=1)] = False
        before = after
    return _with_others(probability, inside, alive)


def maximum_entropy_from(probability: FloatArray, chances: FloatArray) -> Flags:
    """Units that maximum-entropy draws take from chances already known.

    Parameters
    ----------
    probability : array of float, shape (N,)
        Inclusion probabilities summing to a whole number.
    chances : array of float, shape (B, N)
        In [0, 1); the i-th of a row decides on the i-th unit that is neither
        certain nor impossible, the rest are not used.

    Returns
    -------
    array of bool, shape (B, N)

    Raises
    ------
    conditional_poisson.NoConvergence
        If the probabilities are so extreme that no weights were found.
    """
    inside = (probability > 0.0) & (probability < 1.0)
    x = probability[inside]
    size = round(float(x.sum()))
    taken = np.zeros((len(chances), len(x)), dtype=bool)
    if size:
        p = weights(x, size)
        ahead = suffix_distributions(p[np.newaxis], size)[:, 0]
        left = np.full(len(chances), size)
        for i in range(len(p)):
            # Index -1 is read where nobody is left to take, and then not used.
            point = chances[:, i] * ahead[i, left]
            taken[:, i] = (left > 0) & (point < p[i] * ahead[i + 1, left - 1])
            left -= taken[:, i]
    return _with_others(probability, inside, taken)


def running_total(probability: FloatArray) -> FloatArray:
    """Cumulated probabilities from 0 on, the end set to its whole number.

    What each addition rounds off is added up too, so a long list is cumulated
    as exactly as a short one.
    """
    total = np.cumsum(probability)
    before = np.concatenate([[0.0], total[:-1]])
    added = total - before
    lost = (before - (total - added)) + (probability - added)
    running = np.concatenate([[0.0], total + np.cumsum(lost)])
    running[-1] = np.round(running[-1])
    exact: FloatArray = np.minimum(running, running[-1])
    return exact


def tille(sizes: FloatArray, sample_size: int, *, rng: np.random.Generator) -> Draw:
    """Draw in proportion to size by striking out one unit after another.

    Parameters, result and errors as for `systematic`, without a reserve. Every pair
    of units can come up, but for the two smallest at times, so variances can be
    estimated.

    References
    ----------
    .. [1] Y. Tillé, "An elimination procedure for unequal probability sampling
           without replacement", *Biometrika* 83 (1996), 238-241.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> tille(np.array([900.0, 40, 40, 20]), 2, rng=generator(3)).selected
    array([0, 3])
    """
    probability = inclusion_probabilities(sizes, sample_size)
    chances = uniform(rng, len(probability))[np.newaxis]
    return _drawn(np.flatnonzero(tille_from(probability, chances)), probability)


def maximum_entropy(
    sizes: FloatArray, sample_size: int, *, rng: np.random.Generator
) -> Draw:
    """Draw in proportion to size, otherwise as randomly as can be.

    Parameters, result and errors as for `systematic`, without a reserve. Also
    known as conditional Poisson sampling.

    References
    ----------
    .. [1] S. X. Chen, A. P. Dempster and J. S. Liu, "Weighted finite population
           sampling to maximize entropy", *Biometrika* 81 (1994), 457-469.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> maximum_entropy(np.array([900.0, 40, 40, 20]), 2, rng=generator(3)).selected
    array([0, 1])
    """
    probability = inclusion_probabilities(sizes, sample_size)
    chances = uniform(rng, len(probability))[np.newaxis]
    taken = maximum_entropy_from(probability, chances)
    return _drawn(np.flatnonzero(taken), probability)


def _with_others(probability: FloatArray, inside: Flags, taken: Flags) -> Flags:
    result = np.broadcast_to(probability >= 1.0, (len(taken), len(probability))).copy()
    result[:, inside] = taken
    return result


def _drawn(taken: IntArray, probability: FloatArray) -> Draw:
    selected = np.sort(taken).astype(np.int64)
    nothing = np.empty(0)
    return Draw(selected, probability[selected], nothing.astype(np.int64), nothing)


def _with_reserve(
    taken: IntArray, probability: FloatArray, reserve: int, rng: np.random.Generator
) -> Draw:
    if not reserve:
        return _drawn(taken, probability)
    by_chance = taken[probability[taken] < 1.0]
    if (kept := len(by_chance) - reserve) < 1:
        raise DrawImpossible(
            f"reserve of {reserve}, but only {len(by_chance)} units are not certain"
        )
    order = by_chance[ranks(rng, len(by_chance))]
    part = np.where(probability < 1.0, probability * kept / len(by_chance), 1.0)
    certain = taken[probability[taken] >= 1.0]
    selected = np.sort(np.concatenate([certain, order[:kept]]))
    return Draw(selected, part[selected], order[kept:], part[order[kept:]])
