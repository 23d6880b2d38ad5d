"""Is the sample drifting away from the frame, and in which cell?

Within every stratum the answers so far should divide over fields, channels or
months as the frame does, up to chance. Larger samples in some strata are no
drift: each stratum is held against its own frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, inf, sqrt


@dataclass(frozen=True, slots=True)
class CellDrift:
    """One cell's part of the sample against its part of the frame.

    Attributes
    ----------
    cell : str
    sampled : int
        Transactions of the cell in the sample.
    expected : float
        As many as the strata's own shares would give.
    gap : float
        Sampled minus expected, as a share of the sample.
    z : float
        The same in standard errors; infinite where chance cannot explain any.
    p : float
        Probability of so much by chance, corrected for looking at all cells.
    """

    cell: str
    sampled: int
    expected: float
    gap: float
    z: float
    p: float


class NotInFrame(ValueError):
    """The sample holds more of a cell than the frame has."""


def cells(
    frame: Mapping[tuple[str, str], int], sample: Mapping[tuple[str, str], int]
) -> list[CellDrift]:
    r"""Compare sample and frame cell by cell, the most striking first.

    Parameters
    ----------
    frame, sample : mapping of (stratum, cell) to int
        Transactions, as ``frame.counts`` gives them.

    Returns
    -------
    list of CellDrift
        Every cell of the frame, by p, then by size of the gap.

    Raises
    ------
    NotInFrame
        If the sample has more of some stratum and cell than the frame, all
        named.

    Notes
    -----
    For n_h drawn in stratum h the cell's count is hypergeometric; its mean is
    :math:`\sum_h n_h N_{hc} / N_h`, its variance the sum of the strata's. The
    p values are Holm's.

    References
    ----------
    .. [1] S. Holm, "A simple sequentially rejective multiple test procedure",
           *Scandinavian Journal of Statistics* 6 (1979), 65-70.

    Examples
    --------
    >>> frame = {("A", "online"): 700, ("A", "counter"): 300}
    >>> worst = cells(frame, {("A", "online"): 20, ("A", "counter"): 30})[0]
    >>> worst.cell, worst.expected, worst.p < 0.001
    ('online', 35.0, True)
    """
    _refuse_strangers(frame, sample)
    frame_sizes, sample_sizes = _by_stratum(frame), _by_stratum(sample)
    whole = sum(sample_sizes.values())
    sampled: dict[str, int] = {}
    expected: dict[str, float] = {}
    variance: dict[str, float] = {}
    for (stratum, cell), size in frame.items():
        n, total = sample_sizes.get(stratum, 0), frame_sizes[stratum]
        share = size / total if total else 0.0
        left = (total - n) / max(total - 1, 1)
        sampled[cell] = sampled.get(cell, 0) + sample.get((stratum, cell), 0)
        expected[cell] = expected.get(cell, 0.0) + n * share
        variance[cell] = variance.get(cell, 0.0) + n * share * (1.0 - share) * left
    z = {c: _z(sampled[c] - expected[c], variance[c]) for c in sampled}
    p = _holm({c: erfc(abs(z[c]) / sqrt(2.0)) for c in sampled})
    result = [
        CellDrift(
            cell=c,
            sampled=sampled[c],
            expected=expected[c],
            gap=(sampled[c] - expected[c]) / whole if whole else 0.0,
            z=z[c],
            p=p[c],
        )
        for c in sampled
    ]
    return sorted(result, key=lambda row: (row.p, -abs(row.gap)))


def _refuse_strangers(
    frame: Mapping[tuple[str, str], int], sample: Mapping[tuple[str, str], int]
) -> None:
    strangers = {
        key: (n, frame.get(key, 0))
        for key, n in sample.items()
        if n > frame.get(key, 0)
    }
    if strangers:
        raise NotInFrame(f"in the sample, in the frame: {strangers}")


def _by_stratum(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    result: dict[str, int] = {}
    for (stratum, _), size in counts.items():
        result[stratum] = result.get(stratum, 0) + size
    return result


def _z(gap: float, variance: float) -> float:
    if variance > 0:
        return gap / sqrt(variance)
    return 0.0 if abs(gap) < 1e-9 else inf if gap > 0 else -inf


def _holm(p: Mapping[str, float]) -> dict[str, float]:
    corrected: dict[str, float] = {}
    highest = 0.0
    for i, cell in enumerate(sorted(p, key=p.__getitem__)):
        highest = max(highest, min(1.0, (len(p) - i) * p[cell]))
        corrected[cell] = highest
    return corrected
