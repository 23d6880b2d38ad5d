"""Tests of association and of differences that respect the design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import FloatArray
from analysis.estimation import covariance
from analysis.estimators import NobodyAnswered, mean, total, without_label
from analysis.intervals import Interval, critical
from analysis.surveys import Survey


class NoSpread(ValueError):
    """Values that do not vary, so a test has nothing to measure against."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statistic, its degrees of freedom, and how rare it is by chance."""

    statistic: float
    df: tuple[float, ...]
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """Two-way table of a survey and four tests of independence.

    Attributes
    ----------
    table : array of float, shape (R, C)
        Weighted counts.
    rows, columns : tuple of str
        Levels.
    f, chi_square : Verdict
        Pearson's statistic with Rao and Scott's second- and first-order
        corrections; ``f`` is the one to use.
    wald, adjusted_wald : Verdict
        From the table's residuals and their covariance.
    """

    table: FloatArray
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    f: Verdict
    chi_square: Verdict
    wald: Verdict
    adjusted_wald: Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of two means: value, t test, interval."""

    value: float
    test: Verdict
    interval: Interval


def association(sample: Survey, row: str, column: str) -> Association:
    """Independence of two classifications.

    Parameters
    ----------
    sample : Survey
        n rows.
    row, column : str
        Categorical columns.

    Raises
    ------
    NobodyAnswered
        If either has fewer than two levels.

    References
    ----------
    .. [1] J. N. K. Rao and A. J. Scott, "On chi-squared tests for multiway
           contingency tables with cell proportions estimated from survey
           data", *Annals of Statistics* 12 (1984), 46-60.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> a = np.repeat(["p", "q"], 20)
    >>> b = np.where(np.arange(40) % 3 == 0, "r", "s")
    >>> round(association(survey({"a": a, "b": b}), "a", "b").f.p_value, 4)
    1.0
    """
    labels = sample.labels([row, column])
    gone = without_label(labels[0]) | without_label(labels[1])
    there = ~gone & (sample.design.weight > 0.0)
    a, b = (part.astype(str) for part in labels)
    rows, columns = sorted(set(a[there])), sorted(set(b[there]))
    if len(rows) < 2 or len(columns) < 2:
        raise NobodyAnswered(f"{row} and {column} need two levels each")
    # Cells column by column, as the tests below stack them.
    cells = {
        f"cell{k}": np.where(gone, np.nan, (a == r) & (b == c))
        for k, (c, r) in enumerate((c, r) for c in columns for r in rows)
    }
    wide = sample.with_columns(**cells)
    shares = mean(wide, list(cells))
    n, nu = int(shares.n[0]), sample.design.df
    f, chi_square = _rao_scott(
        shares.value, shares.covariance, len(rows), len(columns), n, nu
    )
    wald, adjusted = _wald(wide, list(cells), len(rows), len(columns), nu)
    counts = total(wide, list(cells)).value
    return Association(
        counts.reshape(len(columns), len(rows)).T,
        tuple(rows),
        tuple(columns),
        f,
        chi_square,
        wald,
        adjusted,
    )


def difference_of_means(sample: Survey, y: str, group: str) -> Difference:
    """Mean of the second of two groups less that of the first.

    Raises
    ------
    NobodyAnswered
        If the column does not have two levels, or one has no value of ``y``.
    NoSpread
        If ``y`` does not vary in either group: nothing to measure against.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> difference_of_means(sample, "y", "g").value
    0.5
    """
    found = mean(sample, [y], by=[group])
    if len(found.keys) != 2:
        raise NobodyAnswered(f"{group} has {len(found.keys)} levels, not two")
    for (level, _), value in zip(found.keys, found.value, strict=True):
        if np.isnan(value):
            raise NobodyAnswered(f"no value of {y} where {group} is {level}")
    value = float(found.value[1] - found.value[0])
    pull = found.influence[:, [1]] - found.influence[:, [0]]
    std_error = float(covariance(pull, sample.design)[0, 0]) ** 0.5
    if std_error == 0.0:
        raise NoSpread(f"{y} does not vary within the levels of {group}")
    degrees = float(sample.design.df - 1)
    t = value / std_error
    half = float(critical(degrees)) * std_error
    return Difference(
        value,
        Verdict(t, (degrees,), float(2.0 * special.stdtr(degrees, -abs(t)))),
        Interval(value - half, value + half),
    )


def wald(value: FloatArray, spread: FloatArray, df: float) -> Verdict:
    r"""Whether several estimates are 0 together: :math:`v^\top V^{-1} v / q` as F.

    Examples
    --------
    >>> round(wald(np.array([1.0, 2.0]), np.eye(2), 30.0).statistic, 4)
    2.5
    """
    q = len(value)
    statistic = float(value @ np.linalg.solve(spread, value)) / q
    return Verdict(statistic, (float(q), df), _f_tail(statistic, q, df))


def _rao_scott(
    p: FloatArray, v: FloatArray, r: int, c: int, n: int, nu: int
) -> tuple[Verdict, Verdict]:
    """Pearson's statistic corrected by the eigenvalues of the design effects."""
    row = np.tile(np.arange(r), c)
    column = np.repeat(np.arange(c), r)
    rows = np.equal.outer(row, np.arange(1, r)).astype(np.float64)
    columns = np.equal.outer(column, np.arange(1, c)).astype(np.float64)
    main = np.hstack([np.ones((r * c, 1)), rows, columns])
    cross = np.stack(
        [rows[:, i] * columns[:, j] for j in range(c - 1) for i in range(r - 1)], axis=1
    )
    contrast = cross - main @ np.linalg.lstsq(main, cross, rcond=None)[0]
    inverse = np.diag(np.where(p == 0.0, 0.0, 1.0 / np.where(p == 0.0, 1.0, p)))
    simple = contrast.T @ inverse @ contrast / n
    complex_ = contrast.T @ inverse @ v @ inverse @ contrast
    delta = np.linalg.solve(simple, complex_)
    trace = float(np.trace(delta))
    d0 = trace**2 / float(np.trace(delta @ delta))
    table = p.reshape(c, r)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = float(n * ((table - expected) ** 2 / expected).sum())
    f = pearson / trace
    k = float((r - 1) * (c - 1))
    corrected = pearson / (trace / k)
    return (
        Verdict(f, (d0, d0 * nu), _f_tail(f, d0, d0 * nu)),
        Verdict(pearson, (k,), float(special.chdtrc(k, corrected))),
    )


def _wald(
    sample: Survey, cells: list[str], r: int, c: int, nu: int
) -> tuple[Verdict, Verdict]:
    """Residuals of the table from independence, against their covariance."""
    counts = total(sample, cells)
    row = np.tile(np.arange(r), c)
    column = np.repeat(np.arange(c), r)
    rows = np.equal.outer(np.arange(r), row).astype(np.float64) @ counts.value
    columns = np.equal.outer(np.arange(c), column).astype(np.float64) @ counts.value
    size = counts.value.sum()
    residual = counts.value - rows[row] * columns[column] / size
    slope = (
        np.eye(r * c)
        - np.equal.outer(row, row) * (columns[column] / size)[:, None]
        - np.equal.outer(column, column) * (rows[row] / size)[:, None]
        + (rows[row] * columns[column] / size**2)[:, None]
    )
    spread = covariance(counts.influence @ slope.T, sample.design)
    used = (row > 0) & (column > 0)
    k = int(used.sum())
    w = float(
        residual[used] @ np.linalg.solve(spread[np.ix_(used, used)], residual[used])
    )
    adjusted = w * (nu - k + 1) / (k * nu)
    return (
        Verdict(w / k, (float(k), float(nu)), _f_tail(w / k, k, nu)),
        Verdict(
            adjusted,
            (float(k), float(nu - k + 1)),
            _f_tail(adjusted, k, nu - k + 1),
        ),
    )


def _f_tail(statistic: float, top: float, bottom: float) -> float:
    return float(special.fdtrc(top, bottom, statistic))
