"""All offices side by side: three groups and sets of ranks, no bare order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray
from analysis.ranking import groups, simultaneous_rank_sets
from analysis.results import OfficeReport


@dataclass(frozen=True, slots=True)
class Standing:
    """One ranked office.

    Attributes
    ----------
    code, name : str
        The office.
    index, difference : float
        Its index, and that less the mean of the ranked.
    low, high : float
        Simultaneous 95 % interval of the difference.
    group : int
        1 above the mean, 0 not distinguishable, -1 below.
    rank, best_rank, worst_rank : int
        By the index, and the ranks it may have.
    """

    code: str
    name: str
    index: float
    difference: float
    low: float
    high: float
    group: int
    rank: int
    best_rank: int
    worst_rank: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Ranked offices, best index first, and the codes of those not ranked."""

    standings: tuple[Standing, ...]
    unranked: tuple[str, ...]


def standings(
    offices: Sequence[OfficeReport],
    rng: np.random.Generator,
    *,
    shares: FloatArray | None = None,
    confidence: float = 0.95,
) -> Scorecard:
    r"""Place the offices that may be ranked.

    Parameters
    ----------
    offices : sequence of OfficeReport
        Those with ``may_rank`` are placed, the others listed.
    rng : numpy.random.Generator
        For the critical values; its seed belongs in the manifest.
    shares : array of float, shape (len(offices),), optional
        What each counts for in the mean; equal when absent.
    confidence : float, default 0.95
        Of groups and rank sets, all offices together.

    Notes
    -----
    Variances are at least :math:`\tilde I (1 - \tilde I) / n^*` with
    :math:`\tilde I = (n^* I + 2) / (n^* + 4)`: an office without spread is not
    infinitely sure. Offices are drawn apart, so their indices are independent.
    """
    ranked = [(k, o) for k, o in enumerate(offices) if o.may_rank]
    unranked = tuple(o.code for o in offices if not o.may_rank)
    if len(ranked) < 2:
        return Scorecard((), (*(o.code for _, o in ranked), *unranked))
    value = np.array([o.index.value for _, o in ranked], dtype=np.float64)
    spread = np.diag([_variance(o) for _, o in ranked])
    counts = np.ones(len(ranked))
    if shares is not None:
        counts = shares[[k for k, _ in ranked]]
    against = groups(value, spread, counts, rng, confidence=confidence)
    ranks = simultaneous_rank_sets(value, spread, rng, confidence=confidence)
    placed = [
        Standing(
            office.code,
            office.name,
            float(value[k]),
            float(against.difference[k]),
            float(against.low[k]),
            float(against.high[k]),
            int(against.group[k]),
            int(ranks.rank[k]),
            int(ranks.best[k]),
            int(ranks.worst[k]),
        )
        for k, (_, office) in enumerate(ranked)
    ]
    return Scorecard(tuple(sorted(placed, key=lambda s: (s.rank, s.code))), unranked)


def _variance(office: OfficeReport) -> float:
    """The index's variance, never below that of a share moved off its edge."""
    index = office.index
    own = 0.0 if index.std_error is None else index.std_error**2
    if index.value is None or index.n_star is None:
        return own
    moved = (index.n_star * index.value + 2.0) / (index.n_star + 4.0)
    return max(own, moved * (1.0 - moved) / index.n_star)
