"""How many transactions each response stands for, step by step.

Each step is a factor of its own, kept beside the others; the weight of a
response is their product.
"""

from __future__ import annotations

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray


class WeightingRefused(ValueError):
    """Counts that cannot make weights; the message names stratum or class."""


def w_design(frame_size: FloatArray, issued: FloatArray) -> FloatArray:
    """Transactions in the frame per transaction issued.

    Parameters
    ----------
    frame_size : array of float, shape (H,)
        Transactions in the frame of each stratum.
    issued : array of float, shape (H,)
        Drawn transactions of the stratum and reserves *released* for it; a
        reserve still waiting does not count.

    Returns
    -------
    array of float, shape (H,)

    Raises
    ------
    WeightingRefused
        If a stratum issued nothing, or more than its frame.

    Examples
    --------
    >>> w_design(np.array([700.0, 50.0]), np.array([70.0, 50.0])).tolist()
    [10.0, 1.0]
    """
    if np.any(none := issued <= 0):
        raise WeightingRefused(f"nothing issued in strata {np.flatnonzero(none)}")
    if np.any(over := issued > frame_size):
        raise WeightingRefused(f"issued above the frame in {np.flatnonzero(over)}")
    factor: FloatArray = frame_size / issued
    return factor


def w_nonresponse(issued: FloatArray, responded: FloatArray) -> FloatArray:
    """Eligible issued transactions per response, by response class.

    Parameters
    ----------
    issued : array of float, shape (C,)
        Eligible transactions issued in each class, silent ones included.
    responded : array of float, shape (C,)
        Responses in each class.

    Returns
    -------
    array of float, shape (C,)
        ``nan`` for a class without a response: nobody there can carry it.

    Raises
    ------
    WeightingRefused
        If a class has more responses than issued.

    Examples
    --------
    >>> w_nonresponse(np.array([50.0, 20.0]), np.array([40.0, 20.0])).tolist()
    [1.25, 1.0]
    """
    if np.any(over := responded > issued):
        raise WeightingRefused(f"more responses than issued in {np.flatnonzero(over)}")
    with np.errstate(divide="ignore"):
        factor: FloatArray = np.where(responded > 0, issued / responded, np.nan)
    return factor


def redistributed(
    weight: FloatArray, response_class: IntArray, answered: BoolArray
) -> FloatArray:
    """Weights of the silent given to the respondents of their class.

    Parameters
    ----------
    weight : array of float, shape (n,)
        Of everyone issued, silent ones included.
    response_class : array of int, shape (n,)
        Class of each, numbered from 0.
    answered : array of bool, shape (n,)
        Who responded.

    Returns
    -------
    array of float, shape (n,)
        0 for the silent; sums by class are kept.

    Raises
    ------
    WeightingRefused
        If a class with weight has nobody who answered.

    Examples
    --------
    >>> redistributed(np.ones(4), np.zeros(4, int), np.arange(4) < 2).tolist()
    [2.0, 2.0, 0.0, 0.0]
    """
    count = int(response_class.max(initial=-1)) + 1
    whole = np.bincount(response_class, weight, count)
    heard = np.bincount(response_class, weight * answered, count)
    if np.any(silent := (whole > 0) & (heard == 0)):
        raise WeightingRefused(f"nobody answered in classes {np.flatnonzero(silent)}")
    factor = whole / np.where(heard > 0, heard, 1.0)
    found: FloatArray = np.where(answered, weight * factor[response_class], 0.0)
    return found


def kish(weight: FloatArray, groups: IntArray, count: int) -> FloatArray:
    """Kish's effective sample size by group: (sum w)² / sum w²; 0 if empty.

    Examples
    --------
    >>> kish(np.array([1.0, 1.0, 2.0]), np.zeros(3, dtype=int), 1).round(3).tolist()
    [2.667]
    """
    total = np.bincount(groups, weights=weight, minlength=count)
    square = np.bincount(groups, weights=weight**2, minlength=count)
    with np.errstate(invalid="ignore"):
        effective: FloatArray = np.where(square > 0, total**2 / square, 0.0)
    return effective
