"""Is it better than last year, and do two offices differ?

Differences are taken on influences, so people or units that are in both
figures are counted once. A difference that is not proven is not equality:
that is a test of its own, with a margin the rule set states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from analysis.arrays import AnyArray, FloatArray, codes
from analysis.design import Design, DesignRefused, Stage
from analysis.estimation import covariance, residuals
from analysis.intervals import Interval, critical


class SeriesBreak(ValueError):
    """Two figures that must not be put on one line; lists every reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Made:
    """How a figure was made, as far as a comparison must agree on it.

    Attributes
    ----------
    questionnaire, items : str, tuple of str
        Form, and the items that entered.
    rule : tuple of str
        Factor rule, index rule, roll-ups.
    selection : str
        How people were chosen.
    modes : mapping as tuple of (str, float)
        Share of each mode of answering.
    """

    questionnaire: str
    items: tuple[str, ...]
    rule: tuple[str, ...]
    selection: str
    modes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of two figures.

    Attributes
    ----------
    value : float
        Second less first.
    std_error : float
        With what both have in common.
    df : float
        The smaller of the two.
    interval : Interval
        Student's.
    p_value : float
        Two-sided, of no difference.
    equivalent : bool or None
        Whether the difference is proven smaller than the margin at 5 %;
        ``None`` without a margin.
    p_equivalent : float or None
        Of the two one-sided tests, the larger.
    """

    value: float
    std_error: float
    df: float
    interval: Interval
    p_value: float
    equivalent: bool | None = None
    p_equivalent: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One figure with the influences of its own rows.

    Attributes
    ----------
    value : float
        The figure.
    influence : array of float, shape (n,)
        Weighted.
    design : Design
        Of the n rows; one stage.
    psu_labels : array, shape (n,)
        Name of each row's first-stage unit, equal in both years for the same
        one.
    df : float
        Degrees of freedom of the figure.
    """

    value: float
    influence: FloatArray
    design: Design
    psu_labels: AnyArray
    df: float


def comparable(first: Made, second: Made, *, modes_within: float = 0.2) -> list[str]:
    """Why two figures must not be compared; empty when they may.

    Parameters
    ----------
    first, second : Made
        How each was made.
    modes_within : float
        Largest difference of the share of a mode.
    """
    reasons = [
        f"{name} differs"
        for name in ("questionnaire", "items", "rule", "selection")
        if getattr(first, name) != getattr(second, name)
    ]
    one, two = dict(first.modes), dict(second.modes)
    reasons += [
        f"mode {mode}: {one.get(mode, 0.0):.0%} then {two.get(mode, 0.0):.0%}"
        for mode in sorted({*one, *two})
        if abs(one.get(mode, 0.0) - two.get(mode, 0.0)) > modes_within
    ]
    return reasons


def change(first: Side, second: Side, *, margin: float | None = None) -> Change:
    r"""Second figure less first, from separate or shared units.

    Parameters
    ----------
    first, second : Side
        The two figures, each with its own rows and weights.
    margin : float, optional
        Largest difference that counts as none, above 0.

    Returns
    -------
    Change

    Notes
    -----
    Strata are taken apart by wave unless the same units are in both: then one
    label stands for the unit, and the variance is that of the difference of
    its influences. Fractions of each wave stay its own: a shared stratum takes
    the smaller, which errs to the safe side.

    References
    ----------
    .. [1] D. J. Schuirmann, "A comparison of the two one-sided tests procedure
           and the power approach", *J. Pharmacokinetics and Biopharmaceutics*
           15 (1987), 657-680.
    """
    influence, design = _stacked(first, second)
    v = float(covariance(influence[:, None], design)[0, 0])
    return difference(
        second.value - first.value, v, min(first.df, second.df), margin=margin
    )


def difference(
    value: float,
    variance: float,
    df: float,
    *,
    margin: float | None = None,
    confidence: float = 0.95,
) -> Change:
    """A difference whose variance is known: test, interval, equivalence.

    Raises
    ------
    ValueError
        If the margin is not above 0.

    Examples
    --------
    >>> found = difference(0.004, 0.01**2, 200, margin=0.03)
    >>> round(found.p_value, 3), found.equivalent
    (0.69, True)
    """
    std_error = variance**0.5
    half = float(critical(df, confidence)) * std_error
    interval = Interval(value - half, value + half)
    if std_error == 0.0:
        same = None if margin is None else abs(value) < margin
        p_same = None if same is None else float(not same)
        p = 1.0 if value == 0.0 else 0.0
        return Change(value, 0.0, df, interval, p, same, p_same)
    p_value = float(2.0 * special.stdtr(df, -abs(value) / std_error))
    if margin is None:
        return Change(value, std_error, df, interval, p_value)
    if margin <= 0.0:
        raise ValueError(f"a margin must be above 0: {margin}")
    p_same = float(special.stdtr(df, (abs(value) - margin) / std_error))
    return Change(value, std_error, df, interval, p_value, p_same < 0.05, p_same)


def holm(p_values: FloatArray) -> FloatArray:
    """P-values adjusted so that no false claim is made at all, in order given.

    References
    ----------
    .. [1] S. Holm, "A simple sequentially rejective multiple test procedure",
           *Scandinavian Journal of Statistics* 6 (1979), 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    m = len(p_values)
    raised = p_values[order] * (m - np.arange(m))
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """P-values adjusted so that few of the claims made are false.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, "Controlling the false discovery
           rate", *JRSS B* 57 (1995), 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p_values, kind="stable")[::-1]
    m = len(p_values)
    raised = p_values[order] * m / np.arange(m, 0, -1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised), 1.0)
    return adjusted


def pairwise(value: FloatArray, spread: FloatArray, df: float) -> FloatArray:
    """Holm-adjusted p-values of all differences, shape (m, m), 1 on the diagonal."""
    m = len(value)
    v = np.diag(spread)
    apart = np.sqrt(np.maximum(v[:, None] + v[None, :] - 2.0 * spread, 0.0))
    upper = np.triu_indices(m, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(value[:, None] - value[None, :])[upper] / apart[upper]
    found = np.ones((m, m))
    found[upper] = holm(2.0 * special.stdtr(df, -np.nan_to_num(t)))
    return np.minimum(found, found.T)


def _stacked(first: Side, second: Side) -> tuple[FloatArray, Design]:
    """Both figures' rows under one design, shared units given one number."""
    for side in (first, second):
        if len(side.design.stages) != 1 or side.design.second_phase is not None:
            raise DesignRefused(["years are compared on designs of one stage"])
    one, two = first.design.stages[0], second.design.stages[0]
    names_one, names_two = _units(first, one), _units(second, two)
    if not np.isin(names_two, names_one).any():
        return _apart(first, second, one, two)
    labels = np.concatenate([names_one, names_two])
    _, number = codes(labels)
    units = int(number.max()) + 1
    names = [*one.labels, *two.labels]
    stratum_names, stratum_number = codes(np.array(names))
    psu_stratum = np.full(units, -1, dtype=np.int64)
    fraction = np.full(units, np.inf)
    for stage, offset, place in (
        (one, 0, number[: len(one.psu_stratum)]),
        (two, len(one.labels), number[len(one.psu_stratum) :]),
    ):
        home = stratum_number[stage.psu_stratum + offset]
        if np.any((psu_stratum[place] >= 0) & (psu_stratum[place] != home)):
            raise SeriesBreak(["a shared unit changed its stratum"])
        psu_stratum[place] = home
        fraction[place] = np.minimum(fraction[place], stage.fraction)
    least = np.full(len(stratum_names), np.inf)
    np.minimum.at(least, psu_stratum, fraction)
    psu = np.concatenate(
        [
            number[: len(one.psu_stratum)][one.psu],
            number[len(one.psu_stratum) :][two.psu],
        ]
    )
    joint = Stage(psu, psu_stratum, least[psu_stratum], tuple(map(str, stratum_names)))
    return _both(first, second, joint)


def _units(side: Side, stage: Stage) -> AnyArray:
    """Name of each first-stage unit, shape (P,)."""
    rows = np.zeros(len(stage.psu_stratum), dtype=np.int64)
    rows[stage.psu] = np.arange(len(stage.psu))
    names: AnyArray = side.psu_labels[rows]
    return names


def _apart(
    first: Side, second: Side, one: Stage, two: Stage
) -> tuple[FloatArray, Design]:
    joint = Stage(
        np.concatenate([one.psu, two.psu + len(one.psu_stratum)]),
        np.concatenate([one.psu_stratum, two.psu_stratum + one.strata]),
        np.concatenate([one.fraction, two.fraction]),
        (*(f"1/{n}" for n in one.labels), *(f"2/{n}" for n in two.labels)),
    )
    return _both(first, second, joint)


def _both(first: Side, second: Side, joint: Stage) -> tuple[FloatArray, Design]:
    weight = np.concatenate([first.design.weight, second.design.weight])
    pulls = [
        residuals(side.influence[:, None], side.design)[:, 0]
        for side in (first, second)
    ]
    influence = np.concatenate([-pulls[0], pulls[1]])
    return influence, replace(
        first.design, weight=weight, stages=(joint,), calibrations=()
    )
