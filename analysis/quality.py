"""Marks on ballots that a person should look at: no ballot is judged by them.

Every mark has a reason in words a reviewer can check on the ballot itself.
"""

from __future__ import annotations

import numpy as np

from analysis.arrays import FloatArray, IntArray


def longest_run(answers: FloatArray) -> IntArray:
    """Longest stretch of one answer repeated, by row.

    Parameters
    ----------
    answers : array of float, shape (n, k)
        In the order asked; ``nan`` where missing, which ends a stretch.

    Returns
    -------
    array of int, shape (n,)

    Examples
    --------
    >>> longest_run(np.array([[4.0, 4.0, 4.0, 2.0], [1.0, 2.0, 3.0, 4.0]])).tolist()
    [3, 1]
    """
    longest = np.ones(len(answers), dtype=np.int64)
    current = np.ones(len(answers), dtype=np.int64)
    for before, after in zip(answers.T[:-1], answers.T[1:], strict=True):
        current = np.where(before == after, current + 1, 1)
        longest = np.maximum(longest, current)
    return longest


def mean_run(answers: FloatArray) -> FloatArray:
    """Mean length of the stretches of one answer, by row; k over their number.

    Examples
    --------
    >>> mean_run(np.array([[5.0, 5, 5, 4]])).tolist()
    [2.0]
    """
    changes = (answers[:, 1:] != answers[:, :-1]).sum(axis=1)
    mean: FloatArray = answers.shape[1] / (changes + 1.0)
    return mean


def spread(answers: FloatArray) -> FloatArray:
    """Standard deviation of a row's own answers, ``nan`` left out; 0 if all equal.

    Examples
    --------
    >>> spread(np.array([[5.0, 5, 5], [1, 3, 5]])).round(4).tolist()
    [0.0, 2.0]
    """
    count = (~np.isnan(answers)).sum(axis=1)
    centre = np.nansum(answers, axis=1) / np.maximum(count, 1)
    squares = np.nansum((answers - centre[:, None]) ** 2, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.sqrt(squares / (count - 1))
    return found


def distance(answers: FloatArray) -> FloatArray:
    """Squared Mahalanobis distance of each complete row from the mean.

    Raises
    ------
    ValueError
        If an item is a combination of others, so that distances are undefined.
    """
    whole = answers[~np.isnan(answers).any(axis=1)]
    covariance = np.atleast_2d(np.cov(whole.T))
    if np.linalg.matrix_rank(covariance) < len(covariance):
        raise ValueError("items are linear combinations of each other")
    centred = answers - whole.mean(axis=0)
    found: FloatArray = np.einsum(
        "ij,jk,ik->i", centred, np.linalg.inv(covariance), centred
    )
    return found


def nearest_match(answers: FloatArray) -> FloatArray:
    """Largest share of answers that a row has in common with another row.

    A screen for copied ballots: with few items and satisfied citizens equal
    ballots are common, so a high share alone proves nothing.

    Parameters
    ----------
    answers : array of float, shape (n, k)
        ``nan`` matches nothing.

    Returns
    -------
    array of float, shape (n,)
        0 to 1; 0 for a single row.
    """
    n = len(answers)
    best = np.zeros(n)
    for row in range(n):
        same = (answers == answers[row]).mean(axis=1)
        same[row] = 0.0
        best[row] = same.max(initial=0.0)
    return best


def speed(duration: FloatArray, groups: IntArray) -> FloatArray:
    """Time taken over the median of the group (mode, form), by row."""
    ratio = np.full(len(duration), np.nan)
    for group in np.unique(groups):
        rows = groups == group
        ratio[rows] = duration[rows] / np.nanmedian(duration[rows])
    return ratio
