"""Weights that meet known totals: post-strata, margins, any columns.

Every step returns the survey with new weights, the factor g by which each
weight moved, and diagnostics; the variance then uses what the totals explain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import AnyArray, FloatArray, IntArray, codes, sums
from analysis.design import Calibration, DesignRefused
from analysis.surveys import Survey, calibrated, reweighted

Gains = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


class CalibrationFailed(ValueError):
    """No weights meet the totals; the message names the worst of them."""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What a weight step did.

    Attributes
    ----------
    least, most : float
        Smallest and largest factor g.
    kish_deff : float
        n Σw² / (Σw)² after the step.
    n_eff : float
        Kish's effective sample size after it.
    worst : str
        The total that was farthest off before.
    asmd_before, asmd_after : float
        Mean absolute difference between sample and population means of the
        columns, in standard deviations.
    """

    least: float
    most: float
    kish_deff: float
    n_eff: float
    worst: str
    asmd_before: float
    asmd_after: float


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A survey after a weight step, with the factors and their diagnostics."""

    survey: Survey
    g: FloatArray
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Columns and what they must sum to.

    Attributes
    ----------
    names : tuple of str, length p
        For messages.
    columns : array of float, shape (n, p)
        One row per respondent.
    target : array of float, shape (p,)
        Known totals.
    """

    names: tuple[str, ...]
    columns: FloatArray
    target: FloatArray


def poststratify(
    sample: Survey, by: Sequence[str], totals: Mapping[tuple[str, ...], float]
) -> Step:
    r"""Weights that meet the count of every cell.

    Parameters
    ----------
    sample : Survey
        n rows.
    by : sequence of str
        Columns whose combinations are the cells.
    totals : mapping of tuple of str to float
        Population count by cell.

    Returns
    -------
    Step

    Raises
    ------
    CalibrationFailed
        Naming cells of the sample without a count, and counts without a row.

    Notes
    -----
    :math:`g_c = N_c / \sum_{i \in c} d_i`.

    References
    ----------
    .. [1] D. Holt and T. M. F. Smith, "Post stratification", *JRSS A* 142
           (1979), 33-46.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> done = poststratify(sample, ["g"], {("a",): 10.0, ("b",): 30.0})
    >>> done.survey.design.weight.tolist()
    [5.0, 5.0, 15.0, 15.0]
    """
    cells = _cells(sample, by, totals)
    _refuse_weightless(sample, cells)
    return _finished(sample, cells, _cell_gains(sample.design.weight, cells))


def rake(
    sample: Survey,
    margins: Mapping[str, Mapping[str, float]],
    *,
    tolerance: float = 1e-12,
    rounds: int = 1000,
) -> Step:
    """Weights that meet several margins, by iterative proportional fitting.

    Parameters
    ----------
    sample : Survey
        n rows.
    margins : mapping of str to mapping of str to float
        By column, the population count of each of its levels.
    tolerance : float
        Largest relative distance from a margin at the end.
    rounds : int
        Most passes over the margins.

    Raises
    ------
    CalibrationFailed
        If margins add up to different totals, a level is missing on either
        side, or the passes do not meet the margins.

    Notes
    -----
    Passes run on the table of distinct combinations, so their cost does not
    grow with the rows. The variance is that of calibration to the same
    margins (GREG residuals).

    References
    ----------
    .. [1] W. E. Deming and F. F. Stephan, "On a least squares adjustment of a
           sampled frequency table", *Ann. Math. Statist.* 11 (1940), 427-444.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> done = rake(sample, {"g": {"a": 10.0, "b": 30.0}})
    >>> done.survey.design.weight.tolist()
    [5.0, 5.0, 15.0, 15.0]
    """
    sizes = {name: sum(levels.values()) for name, levels in margins.items()}
    if max(sizes.values()) - min(sizes.values()) > 1e-9 * max(sizes.values()):
        raise CalibrationFailed(f"margins add up to different totals: {sizes}")
    parts = [
        _cells(sample, (name,), {(k,): v for k, v in levels.items()})
        for name, levels in margins.items()
    ]
    for part in parts:
        _refuse_weightless(sample, part)
    g = fit_margins(
        sample.design.weight,
        [part.columns.argmax(axis=1) for part in parts],
        [part.target for part in parts],
        tolerance=tolerance,
        rounds=rounds,
    )
    joint = Totals(
        tuple(name for part in parts for name in part.names),
        np.hstack([part.columns for part in parts]),
        np.concatenate([part.target for part in parts]),
    )
    return _finished(sample, joint, g)


def fit_margins(
    weight: FloatArray,
    margins: Sequence[IntArray],
    targets: Sequence[FloatArray],
    *,
    tolerance: float = 1e-12,
    rounds: int = 1000,
) -> FloatArray:
    """Factor g of every row so that weighted margins meet their targets.

    Parameters
    ----------
    weight : array of float, shape (n,)
        Weights before.
    margins : sequence of array of int, each shape (n,)
        Level of each row in each margin, numbered from 0.
    targets : sequence of array of float
        Count of each level, one array per margin.
    tolerance, rounds
        As :func:`rake`.

    Returns
    -------
    array of float, shape (n,)

    Raises
    ------
    CalibrationFailed
        If the passes do not meet the margins.

    Examples
    --------
    >>> fit_margins(np.ones(2), [np.array([0, 1])], [np.array([3.0, 1.0])]).tolist()
    [3.0, 1.0]
    """
    cell = np.zeros(len(weight), dtype=np.int64)
    for number, target in zip(margins, targets, strict=True):
        cell = cell * len(target) + number
    width = int(np.prod([len(target) for target in targets]))
    if width <= 4 * len(weight) + 1000:
        before = sums(weight, cell, width)
        used = np.flatnonzero(np.bincount(cell, minlength=width))
        row = np.zeros(width, dtype=np.int64)
        row[used] = np.arange(len(used))
        place, before = row[cell], before[used]
    else:
        used, place = codes(cell)
        before = sums(weight, place, len(used))
    left, levels = used, []
    for target in reversed(targets):
        left, level = np.divmod(left, len(target))
        levels.append(level)
    combos = np.stack(levels[::-1], axis=1)
    table = _fitted(before, combos, targets, tolerance, rounds)
    if table is None:
        raise CalibrationFailed(f"{rounds} passes do not meet the margins")
    with np.errstate(divide="ignore", invalid="ignore"):
        g: FloatArray = np.where(before > 0.0, table / before, 1.0)
    return g[place]


def linear(
    sample: Survey,
    totals: Totals,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    groups: AnyArray | None = None,
) -> Step:
    """The regression estimator, its factors kept between bounds if asked.

    Parameters
    ----------
    sample : Survey
        n rows.
    totals : Totals
        Columns and what they must sum to.
    low, high : float
        Bounds on g.
    groups : array, shape (n,), optional
        Rows of one group get one factor (households, persons).

    References
    ----------
    .. [1] J.-C. Deville and C.-E. Särndal, "Calibration estimators in survey
           sampling", *JASA* 87 (1992), 376-382.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, x = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 2.0, 4.0])
    >>> sample = survey({"y": y, "x": x})
    >>> totals = Totals(("x",), sample.columns["x"][:, None], np.array([16.0]))
    >>> linear(sample, totals).survey.design.weight.round(4).tolist()
    [1.3636, 1.3636, 1.7273, 2.4545]
    """

    def gains(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        inside = (x + 1.0 > low) & (x + 1.0 < high)
        return np.clip(x + 1.0, low, high), inside.astype(np.float64)

    return _calibrated(sample, totals, gains, groups)


def raking(sample: Survey, totals: Totals, *, groups: AnyArray | None = None) -> Step:
    """Factors exp(x): always positive; arguments as :func:`linear`.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, x = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 2.0, 4.0])
    >>> sample = survey({"y": y, "x": x})
    >>> totals = Totals(("x",), sample.columns["x"][:, None], np.array([16.0]))
    >>> raking(sample, totals).survey.design.weight.round(4).tolist()
    [1.2657, 1.2657, 1.6019, 2.5662]
    """

    def gains(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        with np.errstate(over="ignore"):
            g = np.exp(x)
        return g, g

    return _calibrated(sample, totals, gains, groups)


def logit(
    sample: Survey,
    totals: Totals,
    *,
    low: float,
    high: float,
    groups: AnyArray | None = None,
) -> Step:
    r"""Factors that approach their bounds smoothly; arguments as :func:`linear`.

    Notes
    -----
    :math:`g = \frac{L(U-1) + U(1-L)e^{Ax}}{U-1 + (1-L)e^{Ax}}` with
    :math:`A = (U-L)/((1-L)(U-1))`.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, x = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 2.0, 4.0])
    >>> sample = survey({"y": y, "x": x})
    >>> totals = Totals(("x",), sample.columns["x"][:, None], np.array([10.0]))
    >>> done = logit(sample, totals, low=0.5, high=2.0)
    >>> (done.survey.design.weight @ sample.columns["x"]).round(6).item()
    10.0
    """
    if not low < 1.0 < high:
        raise CalibrationFailed(f"bounds must lie around 1: {low}, {high}")
    a = (high - low) / ((1.0 - low) * (high - 1.0))

    def gains(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        with np.errstate(over="ignore", invalid="ignore"):
            e = np.exp(a * x)
            bottom = high - 1.0 + (1.0 - low) * e
            g = (low * (high - 1.0) + high * (1.0 - low) * e) / bottom
            slope = (high - low) * (1.0 - low) * (high - 1.0) * a * e / bottom**2
        return g, slope

    return _calibrated(sample, totals, gains, groups)


def trim(
    sample: Survey,
    *,
    lower: float = -np.inf,
    upper: float = np.inf,
    strict: bool = False,
) -> Step:
    """Weights cut to bounds, what was cut spread evenly over the others.

    Only the sum of weights is kept: calibrate again afterwards. ``strict``
    repeats until the spread itself stays inside the bounds.

    Raises
    ------
    CalibrationFailed
        If every weight is outside the bounds.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"w": np.array([1.0, 2.0, 9.0])}, weights="w")
    >>> trim(sample, upper=6.0).survey.design.weight.tolist()
    [2.5, 3.5, 6.0]
    """
    before = weight = sample.design.weight
    while True:
        outside = (weight < lower) | (weight > upper)
        if not outside.any():
            break
        if outside.all():
            raise CalibrationFailed(f"no weight lies between {lower} and {upper}")
        cut = np.clip(weight, lower, upper)
        weight = np.where(outside, cut, cut + (weight - cut).sum() / (~outside).sum())
        if not strict:
            break
    with np.errstate(divide="ignore", invalid="ignore"):
        g = np.where(before > 0.0, weight / before, 1.0)
    nothing = Totals(("sum of weights",), np.ones((len(g), 1)), before[:, None].sum(0))
    found = _diagnostics(before, weight, g, nothing)
    return Step(reweighted(sample, weight), g, found)


def _cells(
    sample: Survey, by: Sequence[str], totals: Mapping[tuple[str, ...], float]
) -> Totals:
    """Indicator columns of the cells of a classification."""
    labels = [column.astype(str) for column in sample.labels(by)]
    keys = np.array(["\x1f".join(row) for row in zip(*labels, strict=True)])
    names, number = codes(keys)
    target = {"\x1f".join(map(str, key)): value for key, value in totals.items()}
    unknown = [name for name in names if name not in target]
    empty = [key for key, value in target.items() if key not in names and value > 0]
    if unknown or empty:
        told = [f"no total for {_told(by, name)}" for name in unknown]
        told += [f"no respondent in {_told(by, key)}" for key in empty]
        raise CalibrationFailed("; ".join(told))
    columns = np.zeros((len(number), len(names)))
    columns[np.arange(len(number)), number] = 1.0
    return Totals(
        tuple(_told(by, name) for name in names),
        columns,
        np.array([float(target[name]) for name in names]),
    )


def _refuse_weightless(sample: Survey, cells: Totals) -> None:
    """Cells with a count whose rows all weigh 0 cannot be met."""
    empty = (sample.design.weight @ cells.columns == 0.0) & (cells.target > 0.0)
    if empty.any():
        names = [cells.names[k] for k in np.flatnonzero(empty)]
        raise CalibrationFailed(f"no respondent with weight in {'; '.join(names)}")


def _told(by: Sequence[str], key: str) -> str:
    return ", ".join(f"{n}={v}" for n, v in zip(by, key.split("\x1f"), strict=True))


def _cell_gains(weight: FloatArray, cells: Totals) -> FloatArray:
    g: FloatArray = cells.columns @ (cells.target / (weight @ cells.columns))
    return g


def _fitted(
    table: FloatArray,
    combos: IntArray,
    targets: Sequence[FloatArray],
    tolerance: float,
    rounds: int,
) -> FloatArray | None:
    """The table fitted to its margins; ``None`` when the passes run out."""
    for _ in range(rounds):
        worst = 0.0
        for m, target in enumerate(targets):
            have = np.bincount(combos[:, m], table, len(target))
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.where(have > 0.0, target / have, 1.0)
            worst = max(worst, float(np.max(np.abs(factor - 1.0))))
            table = table * factor[combos[:, m]]
        if worst < tolerance:
            return table
    return None


def _calibrated(
    sample: Survey, totals: Totals, gains: Gains, groups: AnyArray | None
) -> Step:
    """Newton's method on the multipliers, halving steps that overshoot."""
    x, d = totals.columns, sample.design.weight
    if not np.all(np.isfinite(x[d > 0.0])):
        raise DesignRefused(["a calibration column has missing values"])
    x = np.where(d[:, None] > 0.0, x, 0.0)
    if groups is not None:
        x = _group_means(x, d, groups)
    scale = 1.0 + np.abs(totals.target)
    eta = np.zeros(x.shape[1])
    g, slope = gains(x @ eta)
    misfit = totals.target - (d * g) @ x
    for _ in range(100):
        if np.max(np.abs(misfit) / scale) < 1e-13:
            break
        hessian = (x * (d * slope)[:, None]).T @ x
        step = np.linalg.pinv(hessian, rcond=1e-13, hermitian=True) @ misfit
        before = np.max(np.abs(misfit) / scale)
        for _ in range(40):
            tried = gains(x @ (eta + step))
            left = totals.target - (d * tried[0]) @ x
            fine = np.all(np.isfinite(tried[0])) and np.all(np.isfinite(left))
            if fine and np.max(np.abs(left) / scale) < before:
                break
            step = step / 2.0
        else:
            break
        eta, (g, slope), misfit = eta + step, tried, left
    off = np.abs(misfit) / scale
    if np.max(off) > 1e-8:
        name = totals.names[int(np.argmax(off))]
        raise CalibrationFailed(f"no weights inside the bounds meet the total {name}")
    return _finished(sample, replace(totals, columns=x), g)


def _group_means(x: FloatArray, d: FloatArray, groups: AnyArray) -> FloatArray:
    """Columns averaged over each group, so that its rows share one factor."""
    labels, number = codes(groups)
    count = len(labels)
    weight = np.bincount(number, d, count)
    means = np.stack(
        [np.bincount(number, d * column, count) / weight for column in x.T], axis=1
    )
    found: FloatArray = means[number]
    return found


def _finished(sample: Survey, totals: Totals, g: FloatArray) -> Step:
    before = sample.design.weight
    weight = before * g
    step = Calibration(totals.columns, before, weight)
    return Step(calibrated(sample, step), g, _diagnostics(before, weight, g, totals))


def _diagnostics(
    before: FloatArray, weight: FloatArray, g: FloatArray, totals: Totals
) -> Diagnostics:
    x = totals.columns
    off = np.abs(before @ x - totals.target) / (1.0 + np.abs(totals.target))
    size = weight.sum()
    mean = totals.target / size
    sd = np.sqrt(np.maximum(weight @ (x - weight @ x / size) ** 2 / size, 0.0))
    used = sd > 1e-12

    def asmd(w: FloatArray) -> float:
        gap = np.abs(w @ x / w.sum() - mean)[used] / sd[used]
        return float(gap.mean()) if used.any() else 0.0

    n_eff = size**2 / (weight @ weight)
    inside = before > 0.0
    return Diagnostics(
        least=float(g[inside].min()),
        most=float(g[inside].max()),
        kish_deff=float(inside.sum() / n_eff),
        n_eff=float(n_eff),
        worst=totals.names[int(np.argmax(off))],
        asmd_before=asmd(before),
        asmd_after=asmd(weight),
    )
