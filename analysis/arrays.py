"""Names for the arrays that the package passes around, and sums over groups."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
AnyArray: TypeAlias = NDArray[Any]

LONG_GROUP = 32  # from here on a product is faster than adding row by row


def codes(labels: AnyArray) -> tuple[AnyArray, IntArray]:
    """Distinct labels in sorted order, and the number of each row's label.

    Examples
    --------
    >>> labels, numbers = codes(np.array(["b", "a", "b"]))
    >>> labels.tolist(), numbers.tolist()
    (['a', 'b'], [1, 0, 1])
    """
    distinct, numbers = np.unique(labels, return_inverse=True)
    return distinct, numbers.reshape(-1).astype(np.int64)


def any_row(table: BoolArray) -> BoolArray:
    """Rows of a table with anything true in them, shape (n,).

    Examples
    --------
    >>> any_row(np.array([[True, False], [False, False]])).tolist()
    [True, False]
    """
    found: BoolArray = np.any(table, axis=1)
    return found


def joint_codes(*columns: AnyArray) -> IntArray:
    """Number rows by the combination of their labels, from 0, in sorted order.

    Examples
    --------
    >>> joint_codes(np.array(["a", "a", "b"]), np.array([2, 1, 2])).tolist()
    [1, 0, 2]
    """
    joint = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        distinct, numbers = codes(column)
        _, joint = codes(joint * len(distinct) + numbers)
    return joint


def sums(values: AnyArray, groups: IntArray, count: int) -> FloatArray:
    """Sum the rows of ``values`` by group.

    Parameters
    ----------
    values : array, shape (n,) or (n, q)
        What to add.
    groups : array of int, shape (n,)
        Group of each row, numbered from 0.
    count : int
        Number of groups; one without rows sums to 0.

    Returns
    -------
    array of float, shape (count,) or (count, q)

    Examples
    --------
    >>> sums(np.array([1.0, 2.0, 4.0]), np.array([0, 1, 0]), 2).tolist()
    [5.0, 2.0]
    """
    if values.ndim == 1:
        return np.bincount(groups, values, count).astype(np.float64)
    total = np.zeros((count, values.shape[1]))
    if len(groups) == 0:
        return total
    if np.any(groups[1:] < groups[:-1]):
        order = np.argsort(groups, kind="stable")
        values, groups = values[order], groups[order]
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    numbers = values.astype(np.float64, copy=False)
    if len(values) < LONG_GROUP * len(starts):
        total[groups[starts]] = np.add.reduceat(numbers, starts, axis=0)
        return total
    ones = np.ones(len(values))
    for start, stop in pairwise([*starts.tolist(), len(values)]):
        total[groups[start]] = ones[start:stop] @ numbers[start:stop]
    return total
