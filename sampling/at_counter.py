"""Every k-th citizen at the counter: who gets a slip, and whether all did.

Each shift starts at a number drawn from 1 to k and written down, so nobody at
the counter chooses whom to ask. The stratum is counter and week; each
transaction's inclusion probability is 1/k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from sampling.randomness import uniform


@dataclass(frozen=True, slots=True)
class Handover:
    """Slips of one counter or officer-shift against the transactions finished.

    Attributes
    ----------
    finished : int
        Transactions finished.
    due : int
        Slips that every k-th from the recorded start makes.
    issued : int
        Slips given out.
    """

    finished: int
    due: int
    issued: int

    @property
    def share(self) -> float | None:
        """Slips issued for each transaction finished; None without any."""
        return self.issued / self.finished if self.finished else None

    @property
    def missing(self) -> int:
        """Slips due and not given; below 0 when more were given than due."""
        return self.due - self.issued


def starts(
    shifts: Sequence[str], every: int, *, rng: np.random.Generator
) -> dict[str, int]:
    """Draw the number in each shift at which the first slip is given.

    Parameters
    ----------
    shifts : sequence of str
        Ids of the shifts, each once, in the order of the plan.
    every : int
        k: one slip for every so many transactions, from 1.
    rng : numpy.random.Generator
        Over PCG64.

    Returns
    -------
    dict of str to int
        Start of each shift, 1 to k, every one as likely.

    Raises
    ------
    ValueError
        If ``every`` is under 1 or a shift is named twice.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> starts(["Q1 sáng", "Q1 chiều", "Q2 sáng"], 5, rng=generator(7))
    {'Q1 sáng': 4, 'Q1 chiều': 5, 'Q2 sáng': 4}
    """
    _refuse_no_interval(every)
    if len(set(shifts)) != len(shifts):
        twice = sorted({shift for shift in shifts if list(shifts).count(shift) > 1})
        raise ValueError(f"shifts named twice: {twice}")
    numbers = (uniform(rng, len(shifts)) * every).astype(np.int64) + 1
    return dict(zip(shifts, numbers.tolist(), strict=True))


def gets_slip(number: int, *, start: int, every: int) -> bool:
    """Whether the so-many-th transaction of a shift gets a slip.

    Parameters
    ----------
    number : int
        Counted from 1 in each shift.
    start : int
        The shift's, 1 to k.
    every : int
        k.

    Examples
    --------
    >>> [n for n in range(1, 13) if gets_slip(n, start=2, every=5)]
    [2, 7, 12]
    """
    _refuse_wrong_start(start, every)
    return number >= start and (number - start) % every == 0


def inclusion_probability(every: int) -> float:
    """Probability of a slip over all starts: 1/k.

    Examples
    --------
    >>> inclusion_probability(5)
    0.2
    """
    _refuse_no_interval(every)
    return 1.0 / every


def handover(finished: int, issued: int, *, start: int, every: int) -> Handover:
    """Compare the slips of one shift with those its start and interval make.

    Selective handing-out is the main way to better one's own figure, so this is
    printed for every counter.

    Raises
    ------
    ValueError
        If the start is not from 1 to k.

    Examples
    --------
    >>> shift = handover(finished=42, issued=6, start=2, every=5)
    >>> shift.due, shift.missing
    (9, 3)
    """
    _refuse_wrong_start(start, every)
    return Handover(finished, max(0, ceil((finished - start + 1) / every)), issued)


def together(shifts: Sequence[Handover]) -> Handover:
    """Slips of several shifts added up, for a counter, an officer or an office.

    Examples
    --------
    >>> together([Handover(42, 9, 6), Handover(10, 2, 2)])
    Handover(finished=52, due=11, issued=8)
    """
    return Handover(
        finished=sum(shift.finished for shift in shifts),
        due=sum(shift.due for shift in shifts),
        issued=sum(shift.issued for shift in shifts),
    )


def _refuse_no_interval(every: int) -> None:
    if every < 1:
        raise ValueError(f"one slip for every {every} transactions is no interval")


def _refuse_wrong_start(start: int, every: int) -> None:
    _refuse_no_interval(every)
    if not 1 <= start <= every:
        raise ValueError(f"start {start} is not from 1 to {every}")
