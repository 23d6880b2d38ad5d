"""How likely two units are to be drawn together, for designs where it is known.

The variance of a draw with unequal probabilities rests on these. Each function
takes the inclusion probabilities, in list order, and returns a matrix with them
on its diagonal.
"""

from __future__ import annotations

import numpy as np

from sampling.conditional_poisson import pairs, weights
from sampling.draw import DrawImpossible
from sampling.pps import Flags, inclusion_probabilities, running_total
from sampling.randomness import FloatArray


def systematic(probability: FloatArray) -> FloatArray:
    r"""Joint probabilities of `pps.systematic` for the list in its given order.

    Parameters
    ----------
    probability : array of float, shape (N,)
        Inclusion probabilities summing to a whole number.

    Returns
    -------
    array of float, shape (N, N)
        Many entries are 0: such pairs cannot be drawn together, and variance
        estimators that divide by them do not apply.

    Raises
    ------
    DrawImpossible
        If a probability is outside 0 to 1 or their sum is not whole.

    Notes
    -----
    Between two neighbouring fractional parts of the running totals the sample
    is the same for every start, so each entry is a sum of such stretches.

    Examples
    --------
    >>> systematic(np.array([0.5, 0.5, 0.5, 0.5]))[0]
    array([0.5, 0. , 0.5, 0. ])
    """
    inside = _inside(probability)
    running = running_total(probability[inside])
    marks = np.append(np.unique(running % 1.0), 1.0)
    length = np.diff(marks)
    points = (marks[:-1] + marks[1:]) / 2.0
    crossed = np.floor(running[:, np.newaxis] - points)
    taken = (np.diff(crossed, axis=0) > 0).astype(np.float64)
    return _whole(probability, inside, (taken * length) @ taken.T)


def tille(probability: FloatArray) -> FloatArray:
    r"""Joint probabilities of `pps.tille`.

    Parameters, shape and errors as for `systematic`.

    Notes
    -----
    With :math:`r_{ki} = 1 - \pi_i(k) / \pi_i(k+1)` the chance of being struck
    out when k units are left, :math:`\pi_{ij} = \prod_{k=n}^{N-1} (1 - r_{ki} -
    r_{kj})`.

    References
    ----------
    .. [1] Y. Tillé, *Sampling Algorithms*, Springer, 2006, sec. 6.3.

    Examples
    --------
    >>> tille(np.array([0.5, 0.5, 0.5, 0.5]))[0].round(6)
    array([0.5     , 0.166667, 0.166667, 0.166667])
    """
    inside = _inside(probability)
    x = probability[inside]
    together = np.ones((len(x), len(x)))
    before = np.ones(len(x))
    for left in range(len(x) - 1, round(float(x.sum())) - 1, -1):
        after = inclusion_probabilities(x, left)
        struck = 1.0 - after / before
        together *= 1.0 - struck[:, np.newaxis] - struck
        before = after
    together = np.maximum(together, 0.0)
    np.fill_diagonal(together, x)
    return _whole(probability, inside, together)


def maximum_entropy(probability: FloatArray) -> FloatArray:
    r"""Joint probabilities of `pps.maximum_entropy` (conditional Poisson).

    Parameters, shape and errors as for `systematic`.

    Notes
    -----
    :math:`\pi_{ij} = \pi_i \, P(j \in s \mid i \in s)`, and given that i is in
    the sample the others are a maximum-entropy sample of n - 1 with the same
    weights. All terms are positive, so near-equal units cost no digits.

    References
    ----------
    .. [1] Y. Tillé, *Sampling Algorithms*, Springer, 2006, sec. 5.2.

    Examples
    --------
    >>> maximum_entropy(np.array([0.5, 0.5, 0.5, 0.5]))[0].round(6)
    array([0.5     , 0.166667, 0.166667, 0.166667])
    """
    inside = _inside(probability)
    wanted = probability[inside]
    size = round(float(wanted.sum()))
    if not size:
        return _whole(probability, inside, np.empty((0, 0)))
    return _whole(probability, inside, pairs(weights(wanted, size), size))


def _inside(probability: FloatArray) -> Flags:
    if np.any(wrong := ~((probability >= 0.0) & (probability <= 1.0))):
        raise DrawImpossible(
            f"probability outside 0 to 1 in units {np.flatnonzero(wrong).tolist()}"
        )
    total = float(probability.sum())
    if abs(total - round(total)) > 1e-9 * max(1.0, total):
        raise DrawImpossible(f"probabilities sum to {total}, not to a whole number")
    inside: Flags = (probability > 0.0) & (probability < 1.0)
    return inside


def _whole(
    probability: FloatArray,
    inside: Flags,
    together: FloatArray,
) -> FloatArray:
    """Fill in the certain units, which are drawn with every other that is drawn."""
    result = np.outer(probability, probability)
    result[np.ix_(inside, inside)] = together
    return result
