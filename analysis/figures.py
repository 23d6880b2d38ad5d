"""From values and variances to the figures that are printed, many at once.

Arrays here have one row per unit (an office, or the province) and one column
per figure (a criterion, a factor, the index).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan
from typing import Any

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.intervals import reported
from analysis.results import Figure, Flag, PooledFactor, Reason
from analysis.rule_set import Ladder

MUCH = 0.1
OFFICES_FOR_K = 5


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """U units by Q figures, before anything is withheld.

    Attributes
    ----------
    value : array of float, shape (U, Q)
        ``nan`` where undefined.
    variance, variance_without_fpc : array of float, shape (U, Q)
        Under the design; the second had the frame been without end.
    n : array of int, shape (U, Q)
        Ballots counted.
    n_kish : array of float, shape (U, Q)
        Kish's effective number of them.
    df : array of int, shape (U, Q)
        Degrees of freedom.
    missing : array of float, shape (U, Q)
        Missing share, ``nan`` when nobody was asked.
    lowest, highest : array of float, shape (U, Q)
        Values had all missing been dissatisfied, or satisfied.
    composite : array of bool, shape (Q,)
        Which figures combine several items.
    whole : array of bool, shape (U,)
        Where everyone of the frame answered.
    fpc : array of float, shape (U,)
        What the finite population would take off a variance that cannot be
        seen: sum (1-f) N²/r over sum N²/r.
    """

    value: FloatArray
    variance: FloatArray
    variance_without_fpc: FloatArray
    n: IntArray
    n_kish: FloatArray
    df: IntArray
    missing: FloatArray
    lowest: FloatArray
    highest: FloatArray
    composite: BoolArray
    whole: BoolArray
    fpc: FloatArray

    def where(self, units: IntArray) -> Measured:
        """The same of some units."""
        kept = {
            name: getattr(self, name)[units]
            for name in Measured.__slots__
            if name != "composite"
        }
        return Measured(composite=self.composite, **kept)

    @classmethod
    def together(cls, groups: Sequence[Measured]) -> Measured:
        """Units of several sets as one."""
        joint = {
            name: np.concatenate([getattr(group, name) for group in groups])
            for name in Measured.__slots__
            if name != "composite"
        }
        return cls(composite=groups[0].composite, **joint)

    def with_n(self, n: IntArray) -> Measured:
        """The same with other counts, for offices that left the design."""
        return replace(self, n=n)

    @property
    def spread(self) -> FloatArray:
        """p(1-p)."""
        return self.value * (1.0 - self.value)

    @property
    def has_spread(self) -> BoolArray:
        """Where the answers vary inside some stratum; rounding is not spread."""
        with np.errstate(divide="ignore", invalid="ignore"):
            visible = self.variance_without_fpc > 1e-12 * self.spread / self.n
            return visible & (self.spread > 0.0)

    @property
    def deff(self) -> FloatArray:
        """n v0 / p(1-p), ``nan`` without spread."""
        with np.errstate(divide="ignore", invalid="ignore"):
            deff = self.n * self.variance_without_fpc / self.spread
            return np.where(self.has_spread, deff, np.nan)


def k_factors(found: Measured, figure_from: int) -> list[PooledFactor]:
    r"""How many answers one ballot is worth, pooled over offices, by figure.

    Notes
    -----
    :math:`K = \sum_o I_o (1 - I_o) / \sum_o n_{kish,o} v_{0,o}` over offices
    with enough answers and some spread; 1 when fewer than five can tell, and
    for a single item.
    """
    usable = (found.n >= figure_from) & found.has_spread
    spread = np.where(usable, found.spread, 0.0).sum(axis=0)
    worth = np.where(usable, found.n_kish * found.variance_without_fpc, 0.0)
    return [
        PooledFactor(float(top / bottom), int(offices))
        if composite and offices >= OFFICES_FOR_K
        else PooledFactor(1.0, int(offices))
        for top, bottom, offices, composite in zip(
            spread,
            worth.sum(axis=0),
            usable.sum(axis=0),
            found.composite,
            strict=True,
        )
    ]


def pooled_deff(
    found: Measured, items: int, weight_cv2: FloatArray, figure_from: int
) -> tuple[FloatArray, list[str]]:
    """D_pool of each unit, and the route by which it was found.

    Parameters
    ----------
    found : Measured
        Its first ``items`` columns are the criteria.
    items : int
        How many.
    weight_cv2 : array of float, shape (U,)
        Squared coefficient of variation of the weights.
    figure_from : int
        Answers a criterion needs to speak.

    Returns
    -------
    array of float, shape (U,)
        At least 1.
    list of str
        ``office``, ``all_offices`` or ``weights``.
    """
    deff, n = found.deff[:, :items], found.n[:, :items]
    speaks = np.isfinite(deff) & (n >= figure_from)
    counted = np.where(speaks, n, 0)
    weighted = np.where(speaks, n * np.nan_to_num(deff), 0.0)
    total = counted.sum()
    value = np.empty(len(deff))
    routes = []
    for u in range(len(deff)):
        if speaks[u].any():
            value[u], route = weighted[u].sum() / counted[u].sum(), "office"
        elif total > 0:
            value[u], route = weighted.sum() / total, "all_offices"
        else:
            value[u], route = 1.0 + weight_cv2[u], "weights"
        routes.append(route)
    return np.maximum(value, 1.0), routes


@dataclass(frozen=True, slots=True, eq=False)
class Refusals:
    """What keeps a figure from being shown besides its own n.

    Attributes
    ----------
    reason : array of object, shape (U, Q)
        A :class:`Reason`, or ``None``.
    flags : array of object, shape (U, Q)
        Tuples of :class:`Flag` to carry along.
    """

    reason: np.ndarray[tuple[int, int], np.dtype[np.object_]]
    flags: np.ndarray[tuple[int, int], np.dtype[np.object_]]


def figures(
    found: Measured,
    k: FloatArray,
    d_pool: FloatArray,
    refusals: Refusals,
    ladder: Ladder,
    confidence: float,
) -> list[list[Figure]]:
    """Every figure of every unit, withheld where the ladder or a rule says so.

    Parameters
    ----------
    found : Measured
        U units by Q figures.
    k : array of float, shape (Q,)
        K of each figure, 1 for a criterion.
    d_pool : array of float, shape (U,)
        Design effect for shares of 0 or 1.
    refusals : Refusals
        Reasons and flags known beforehand.
    ladder : Ladder
        From how many answers on.
    confidence : float
        Of the intervals.
    """
    p, v0 = found.value, found.variance_without_fpc
    spread, has_spread = found.spread, found.has_spread
    whole = np.broadcast_to(found.whole[:, None], p.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(has_spread, np.minimum(found.n, spread / v0), found.n)
        base = np.where(found.composite, k * found.n_kish, worth)
        ratio = np.where(has_spread, found.variance / v0, found.fpc[:, None])
        limit = found.n / d_pool[:, None]
    ends = reported(
        p, ratio, base, limit, whole, found.df.astype(np.float64), confidence
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where(has_spread, spread / found.variance, ends.n_star)
    columns = {
        "value": p,
        "std_error": np.where(
            whole, 0.0, np.where(has_spread, np.sqrt(found.variance), np.nan)
        ),
        "low": ends.low,
        "high": ends.high,
        "n": found.n,
        "n_eff": np.where(whole, np.nan, n_eff),
        "n_star": ends.n_star,
        "df": found.df,
        "missing_share": found.missing,
        "deff": found.deff,
        "lowest": found.lowest,
        "highest": found.highest,
        "whole": whole,
        "reason": refusals.reason,
        "flags": refusals.flags,
    }
    names = tuple(columns)
    cells = zip(*(column.ravel().tolist() for column in columns.values()), strict=True)
    made = [_figure(dict(zip(names, cell, strict=True)), ladder) for cell in cells]
    width = p.shape[1]
    return [made[u * width : (u + 1) * width] for u in range(p.shape[0])]


def _figure(cell: dict[str, Any], ladder: Ladder) -> Figure:
    """One figure from its numbers, or the reason why it is withheld."""
    n, df = cell["n"], cell["df"]
    missing = _number(cell["missing_share"])
    reason = _reason(cell["reason"], n, cell["value"], cell["low"], ladder)
    if reason is not None:
        return _withheld(n, df, missing, reason)
    much = missing is not None and missing > MUCH
    std_error, n_eff = _number(cell["std_error"]), _number(cell["n_eff"])
    value, low, high = cell["value"], cell["low"], cell["high"]
    flags = [*cell["flags"]]
    if n < ladder.full_from:
        flags.append(Flag.FEW_ANSWERS)
    if df < ladder.df_from:
        flags.append(Flag.FEW_DEGREES_OF_FREEDOM)
    if cell["whole"]:
        flags.append(Flag.CENSUS)
    elif std_error is None:
        flags.append(Flag.NO_SPREAD)
    if not cell["whole"] and is_wide(value, low, high, n_eff):
        flags.append(Flag.WIDE)
    if much:
        flags.append(Flag.MUCH_MISSING)
    return Figure(
        value=value,
        std_error=std_error,
        low=low,
        high=high,
        n=n,
        n_eff=n_eff,
        n_star=_number(cell["n_star"]),
        df=df,
        missing_share=missing,
        deff=_number(cell["deff"]),
        bounds=(cell["lowest"], cell["highest"]) if much else None,
        flags=tuple(dict.fromkeys(flags)),
    )


def _reason(
    known: Reason | None, n: int, value: float, low: float, ladder: Ladder
) -> Reason | None:
    if n == 0:
        return Reason.NO_DATA
    if known is Reason.LEFT_DESIGN:
        return known
    if n < ladder.figure_from:
        return Reason.TOO_FEW
    if known is not None:
        return known
    return Reason.TOO_FEW if isnan(value) or isnan(low) else None


def _withheld(n: int, df: int, missing: float | None, reason: Reason) -> Figure:
    return Figure(
        *(None, None, None, None, n, None, None, df, missing, None), reason=reason
    )


def withheld(reason: Reason, n: int = 0) -> Figure:
    """A figure that is not given."""
    return _withheld(n, 0, None, reason)


def is_wide(value: float, low: float, high: float, n_eff: float | None) -> bool:
    """The width rules of the US National Center for Health Statistics.

    References
    ----------
    .. [1] J. D. Parker et al., "National Center for Health Statistics data
           presentation standards for proportions", *Vital and Health
           Statistics* 2(175), 2017.

    Examples
    --------
    >>> is_wide(0.8, 0.77, 0.83, 400.0), is_wide(0.99, 0.94, 1.0, 60.0)
    (False, True)
    """
    width = high - low
    if width >= 0.30 or (n_eff is not None and n_eff < 30):
        return True
    smaller = min(value, 1.0 - value)
    return width > 0.05 and width > 1.30 * smaller


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
