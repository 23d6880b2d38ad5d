"""What may be wrong with a list of finished transactions, found before the draw.

Every check takes columns and returns findings; an empty list means nothing was
found. Nothing is removed: a person decides, and the plan says what was decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sampling.randomness import IntArray

Days: TypeAlias = NDArray[np.datetime64]
Flags: TypeAlias = NDArray[np.bool_]

NO_ROWS: IntArray = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing found.

    Attributes
    ----------
    check : str
        Name of the check: outside_period, no_date, result_before_receipt,
        duplicate, no_transactions, unknown_office, block, coverage_lost,
        coverage_low, coverage_high, repeat_visitor.
    subject : str
        What it is about: an office, a dossier code, a person key, a moment.
    count : int
        Transactions concerned.
    rows : array of int
        Their positions in the list, ascending; empty when none are there.
    expected : float or None
        What the count is held against, where something is.
    """

    check: str
    subject: str
    count: int
    rows: IntArray
    expected: float | None = None


def outside_period(
    returned: Days, start: np.datetime64, end: np.datetime64
) -> list[Finding]:
    """Results handed over before the period, after it, or on no known day.

    Parameters
    ----------
    returned : array of datetime64, shape (N,)
        Day of the result in Vietnam; NaT where it is missing.
    start, end : numpy.datetime64
        First and last day of the period, both included.

    Returns
    -------
    list of Finding
        Subjects "before", "after" and, as no_date, "missing".

    Raises
    ------
    ValueError
        If the period ends before it starts.

    Examples
    --------
    >>> days = np.array(["2026-01-05", "2025-12-31", "NaT"], "datetime64[D]")
    >>> [(f.check, f.subject, f.rows.tolist()) for f in outside_period(
    ...     days, np.datetime64("2026-01-01"), np.datetime64("2026-03-31"))]
    [('outside_period', 'before', [1]), ('no_date', 'missing', [2])]
    """
    if end < start:
        raise ValueError(f"the period ends on {end}, before it starts on {start}")
    return _found(
        ("outside_period", "before", returned < start),
        ("outside_period", "after", returned.astype("datetime64[D]") > end),
        ("no_date", "missing", np.isnat(returned)),
    )


def result_before_receipt(received: Days, returned: Days) -> list[Finding]:
    """Results dated before the dossier came in.

    Parameters
    ----------
    received, returned : arrays of datetime64, shape (N,)
        Rows where one is NaT are passed over.

    Returns
    -------
    list of Finding
        At most one.

    Raises
    ------
    ValueError
        If the columns are not equally long.

    Examples
    --------
    >>> received = np.array(["2026-01-05", "2026-01-09"], "datetime64[D]")
    >>> returned = np.array(["2026-01-08", "2026-01-02"], "datetime64[D]")
    >>> result_before_receipt(received, returned)[0].rows
    array([1])
    """
    _same_length(received, returned)
    return _found(("result_before_receipt", "", returned < received))


def duplicates(codes: Sequence[str]) -> list[Finding]:
    """Dossier codes that occur more than once; empty codes are passed over.

    Parameters
    ----------
    codes : sequence of str, length N
        As written; bring spelling and case into one form first.

    Returns
    -------
    list of Finding
        One per code, in order of first appearance, with all its rows.

    Examples
    --------
    >>> [(f.subject, f.rows.tolist()) for f in duplicates(["a", "b", "a", ""])]
    [('a', [0, 2])]
    """
    return _repeated("duplicate", codes, more_than=1)


def repeat_visitors(person_keys: Sequence[str], *, more_than: int = 5) -> list[Finding]:
    """People with so many transactions that they need a stratum of their own.

    Parameters
    ----------
    person_keys : sequence of str, length N
        Keyed hash of each person in this wave; empty where there is none.
    more_than : int, default 5
        Up to so many are nothing unusual.

    Returns
    -------
    list of Finding
        One per person, in order of first appearance.

    Examples
    --------
    >>> repeat_visitors(["notary"] * 7 + ["x", "y"])[0].count
    7
    """
    return _repeated("repeat_visitor", person_keys, more_than=more_than)


def offices(column: Sequence[str], known: Sequence[str]) -> list[Finding]:
    """Offices without any transaction, and transactions of offices nobody knows.

    Parameters
    ----------
    column : sequence of str, length N
        Office of each transaction.
    known : sequence of str
        Offices of the wave.

    Returns
    -------
    list of Finding
        no_transactions in the order of ``known``, then unknown_office.

    Examples
    --------
    >>> [(f.check, f.subject) for f in offices(["A", "X"], ["A", "B"])]
    [('no_transactions', 'B'), ('unknown_office', 'X')]
    """
    counted = Counter(column)
    empty = [
        Finding("no_transactions", office, 0, NO_ROWS)
        for office in known
        if not counted[office]
    ]
    strangers = set(counted) - set(known)
    return empty + _listed("unknown_office", column, strangers)


def blocks(
    moments: Days, officials: Sequence[str], *, at_least: int = 5
) -> list[Finding]:
    """Many results closed by one official in the same second.

    Parameters
    ----------
    moments : array of datetime64, shape (N,)
        When each result was recorded, to the second; NaT is passed over.
        Columns that hold days only have nothing to say here.
    officials : sequence of str, length N
    at_least : int, default 5
        Smallest block reported.

    Returns
    -------
    list of Finding
        Largest first.

    Raises
    ------
    ValueError
        If the columns are not equally long.

    Examples
    --------
    >>> noon = np.array(["2026-01-05T12:00:00"] * 6, "datetime64[s]")
    >>> found = blocks(noon, ["An"] * 5 + ["Em"])
    >>> found[0].subject, found[0].count
    ('An 2026-01-05T12:00:00', 5)
    """
    _same_length(moments, officials)
    seconds = moments.astype("datetime64[s]")
    number: dict[str, int] = {}
    who = np.fromiter(
        (number.setdefault(o, len(number)) for o in officials), np.int64, len(officials)
    )
    there = np.flatnonzero(~np.isnat(seconds))
    # Grouping by second first keeps the sort on plain integers.
    order = there[np.lexsort((who[there], seconds[there]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(seconds[order]) != np.timedelta64(0)) | (
        np.diff(who[order]) != 0
    )
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, len(order)))
    names = list(number)
    found = [
        Finding(
            "block",
            f"{names[who[order[start]]]} {seconds[order[start]]}",
            int(size),
            np.sort(order[start : start + size]),
        )
        for start, size in zip(first, length, strict=True)
        if size >= at_least
    ]
    return sorted(found, key=lambda finding: -finding.count)


def coverage(
    now: Mapping[tuple[str, ...], int],
    before: Mapping[tuple[str, ...], int],
    *,
    low: float = 0.5,
    high: float = 2.0,
    at_least: float = 10.0,
) -> list[Finding]:
    """Offices and months whose part of the frame is not what it was last time.

    Parameters
    ----------
    now, before : mapping of (office, month, ...) to int
        Transactions of this wave and the last, as ``frame.counts`` gives them;
        months so named that they match (01 to 12).
    low, high : float
        A count under ``low`` or over ``high`` times the expected is reported.
    at_least : float, default 10
        Cells expected to hold fewer are passed over.

    Returns
    -------
    list of Finding
        coverage_lost where nothing is left, coverage_low, coverage_high; in the
        order of ``before``, then ``now``. ``expected`` is the last wave's count
        scaled to this wave's total. Nothing when there was no last wave.

    Examples
    --------
    >>> found = coverage({("A", "01"): 90, ("B", "01"): 10},
    ...                  {("A", "01"): 50, ("B", "01"): 30, ("C", "01"): 20})
    >>> [(f.check, f.subject, f.expected) for f in found]
    [('coverage_low', 'B / 01', 30.0), ('coverage_lost', 'C / 01', 20.0)]
    """
    if not (total := sum(before.values())):
        return []
    scale = sum(now.values()) / total
    found = []
    for cell in dict.fromkeys((*before, *now)):
        count, expected = now.get(cell, 0), before.get(cell, 0) * scale
        if (expected or count) < at_least:
            continue
        if check := _coverage(count, low * expected, high * expected):
            found.append(Finding(check, " / ".join(cell), count, NO_ROWS, expected))
    return found


def _coverage(count: int, low: float, high: float) -> str | None:
    if count == 0:
        return "coverage_lost"
    if count < low:
        return "coverage_low"
    return "coverage_high" if count > high else None


def _found(*checked: tuple[str, str, Flags]) -> list[Finding]:
    return [
        Finding(check, subject, int(np.count_nonzero(wrong)), np.flatnonzero(wrong))
        for check, subject, wrong in checked
        if np.any(wrong)
    ]


def _repeated(check: str, column: Sequence[str], *, more_than: int) -> list[Finding]:
    counted = Counter(column)
    often = {value for value, n in counted.items() if n > more_than and value}
    return _listed(check, column, often)


def _listed(check: str, column: Sequence[str], wanted: set[str]) -> list[Finding]:
    """One finding per wanted value, with its rows; one pass over the column."""
    if not wanted:
        return []
    rows: dict[str, list[int]] = {}
    for row, value in enumerate(column):
        if value in wanted:
            rows.setdefault(value, []).append(row)
    return [
        Finding(check, value, len(at), np.array(at, dtype=np.int64))
        for value, at in rows.items()
    ]


def _same_length(*columns: Any) -> None:
    if len({len(column) for column in columns}) > 1:
        lengths = [len(column) for column in columns]
        raise ValueError(f"columns of one list have lengths {lengths}")
