"""Does every k-th keep step with a rota?

When officers take turns and k is a multiple of their number, a systematic draw
asks about one officer only. Look here before drawing; if a list keeps step,
sort it by that column or draw simply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sampling.randomness import IntArray

SURE = 0.001


@dataclass(frozen=True, slots=True)
class Step:
    """How one column of the list goes along with the interval.

    Attributes
    ----------
    column : str
        Name of the column, such as officer or weekday.
    excess : float
        How unlike each other the possible samples are, with 1 for a list in
        random order: under 1 they are more alike (the list is sorted by it),
        far above 1 the interval keeps step.
    p : float
        Probability of so much or more in a list in random order.
    keeps_step : bool
        ``p`` is under 0.001: do not draw every k-th from this list.
    worst : str
        Value over-represented most by some start.
    worst_share, frame_share : float
        Its share in that sample and in the frame.
    """

    column: str
    excess: float
    p: float
    keeps_step: bool
    worst: str
    worst_share: float
    frame_share: float


def check(columns: Mapping[str, Sequence[str]], sample_size: int) -> list[Step]:
    r"""Test the interval N/n against the cycles of officers, days and the like.

    Parameters
    ----------
    columns : mapping of str to sequence of str, each of length N
        Columns of the list in the order in which it would be drawn from.
    sample_size : int
        Transactions a systematic draw would take.

    Returns
    -------
    list of Step
        One per column, in the order given.

    Raises
    ------
    ValueError
        If the columns are not equally long or shorter than the sample.

    Notes
    -----
    The start decides which of about k samples is drawn. All of them together
    are the list, so the table of start by value is a contingency table, and its
    :math:`\chi^2` over its degrees of freedom is ``excess``: the variance
    between the possible samples against that of simple random ones. Rows at
    positions j belong to start :math:`\lfloor j \bmod N/n \rfloor`.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 8.7.

    Examples
    --------
    >>> rota = ["An", "Bình", "Chi", "Dung", "Em"] * 200
    >>> step, = check({"officer": rota}, 100)
    >>> step.keeps_step, step.worst, step.worst_share, step.frame_share
    (True, 'An', 1.0, 0.2)
    >>> check({"officer": sorted(rota)}, 100)[0].keeps_step
    False
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns of one list have lengths {lengths}")
    size = next(iter(lengths.values()), 0)
    if not 0 < sample_size <= size:
        raise ValueError(f"every k-th for a sample of {sample_size} from {size}")
    position = np.arange(size, dtype=np.int64)
    # floor(j mod N/n) in whole numbers, so that no rounding moves a row.
    start = position * sample_size % size // sample_size
    return [_step(name, values, start) for name, values in columns.items()]


def _step(name: str, values: Sequence[str], start: IntArray) -> Step:
    from scipy.special import chdtrc

    number: dict[str, int] = {}
    codes = np.fromiter(
        (number.setdefault(value, len(number)) for value in values), np.int64
    )
    rows, kinds = int(start.max()) + 1, len(number)
    table = np.bincount(start * kinds + codes, minlength=rows * kinds)
    table = table.reshape(rows, kinds).astype(np.float64)
    by_start, by_value = table.sum(axis=1, keepdims=True), table.sum(axis=0)
    by_chance = by_start * by_value / len(codes)
    freedom = (rows - 1) * (kinds - 1)
    squares = float(((table - by_chance) ** 2 / by_chance).sum())
    p = float(chdtrc(freedom, squares)) if freedom else 1.0
    gap = table / by_start - by_value / len(codes)
    row, kind = np.unravel_index(np.argmax(gap), gap.shape)
    return Step(
        column=name,
        excess=squares / freedom if freedom else 0.0,
        p=p,
        keeps_step=p < SURE,
        worst=list(number)[int(kind)],
        worst_share=float(table[row, kind] / by_start[row, 0]),
        frame_share=float(by_value[kind] / len(codes)),
    )
