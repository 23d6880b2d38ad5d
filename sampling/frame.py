"""The frame: the list of finished transactions that can be drawn, counted.

What may be wrong with such a list is looked for in ``frame_checks``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

JOINT = " / "


class ColumnsDiffer(ValueError):
    """Columns of one list have different lengths, so rows cannot be matched."""


def counts(*columns: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Count transactions in every combination of values that occurs.

    Parameters
    ----------
    *columns : sequences of str, all of length N
        One value per transaction, such as office, field, month, channel.

    Returns
    -------
    dict of tuple of str to int
        Transactions by combination, in order of first appearance; the values
        sum to N.

    Raises
    ------
    ColumnsDiffer
        If the columns are not equally long.

    Examples
    --------
    >>> counts(["A", "A", "B"], ["land", "land", "health"])
    {('A', 'land'): 2, ('B', 'health'): 1}
    """
    _same_length(columns)
    return dict(Counter(zip(*columns, strict=True)))


def strata(*columns: Sequence[str]) -> list[str]:
    """Name the stratum of each transaction by the columns that define it.

    Parameters
    ----------
    *columns : sequences of str, all of length N

    Returns
    -------
    list of str, length N
        The values of a row joined by " / ".

    Raises
    ------
    ColumnsDiffer
        If the columns are not equally long.

    Examples
    --------
    >>> strata(["A", "B"], ["land", "health"])
    ['A / land', 'B / health']
    """
    _same_length(columns)
    return [JOINT.join(row) for row in zip(*columns, strict=True)]


def sizes(strata: Sequence[str]) -> dict[str, int]:
    """Count the transactions of each stratum, in order of first appearance.

    Examples
    --------
    >>> sizes(["land", "health", "land"])
    {'land': 2, 'health': 1}
    """
    return dict(Counter(strata))


def merged(frame_sizes: Mapping[str, int], into: Mapping[str, str]) -> dict[str, int]:
    """Frame sizes after small strata have joined others, as the plan decides.

    Parameters
    ----------
    frame_sizes : mapping of str to int
        Transactions by stratum.
    into : mapping of str to str
        Stratum -> the stratum it joins. Strata not named stay as they are.

    Returns
    -------
    dict of str to int
        Sizes of the remaining strata, in order of first appearance.

    Raises
    ------
    KeyError
        If a stratum named is not in the frame.

    Examples
    --------
    >>> merged({"land": 90, "sea": 2}, {"sea": "land"})
    {'land': 92}
    """
    if unknown := [s for pair in into.items() for s in pair if s not in frame_sizes]:
        raise KeyError(f"not in the frame: {unknown}")
    result: dict[str, int] = {}
    for stratum, size in frame_sizes.items():
        target = into.get(stratum, stratum)
        result[target] = result.get(target, 0) + size
    return result


def _same_length(columns: Sequence[Sequence[str]]) -> None:
    lengths = [len(column) for column in columns]
    if len(set(lengths)) != 1:
        raise ColumnsDiffer(f"columns of one list have lengths {lengths}")
