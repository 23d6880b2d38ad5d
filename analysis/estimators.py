"""Means, totals, ratios and shares of any survey, of one domain or of many.

Every estimator gives values side by side with one influence per row; ask the
result for covariance, standard errors, degrees of freedom, design effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import AnyArray, BoolArray, FloatArray, IntArray, any_row, codes
from analysis.design import Design, degrees_of_freedom
from analysis.estimation import covariance
from analysis.intervals import Interval, critical, wilson_ends
from analysis.surveys import Survey, rows_where

Key = tuple[str, ...]
Part = tuple[Key, float, FloatArray, BoolArray, float, BoolArray]
ShareInterval = Callable[[float, float, float, float], Interval]


class NobodyAnswered(ValueError):
    """A domain has no valid value of a variable."""


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate as it is printed.

    Attributes
    ----------
    key : tuple of str
        Levels of the ``by`` columns, then the variable.
    value : float
        ``nan`` with the flag ``no_data``.
    std_error : float or None
        ``None`` where the answers show no spread to learn from, or nobody
        answered.
    low, high : float or None
        Ends of the interval; ``None`` without a standard error or degrees of
        freedom.
    n : int
        Rows counted.
    n_eff : float or None
        Simple answers the estimate is worth: S²/v.
    df : float
        Degrees of freedom.
    missing_share : float or None
        Weighted share of the domain without a valid answer.
    deff : float or None
        n v0 / S², with S² the variance of one answer: p(1-p) for a share.
    flags : tuple of str
        ``no_data``, ``census``, ``no_spread``, ``few_degrees_of_freedom``.
    """

    key: Key
    value: float
    std_error: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float | None
    df: float
    missing_share: float | None
    deff: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """q numbers and how far each of n rows pulls each.

    Attributes
    ----------
    keys : tuple of tuple of str, length q
        What each is: levels of the ``by`` columns, then the variable.
    value : array of float, shape (q,)
        ``nan`` where a domain has no valid answer.
    influence : array of float, shape (n, q)
        Weighted; 0 for rows of other domains and without an answer.
    counted : array of bool, shape (n, q)
        Rows with weight above 0 and a valid answer in the domain.
    design : Design
        Of the n rows.
    domain : array of bool, shape (n, q), or None
        Rows of the domain of each, with or without an answer.
    spread : array of float, shape (q,), or None
        S²: n times the variance each would have from n simple answers.
    """

    keys: tuple[Key, ...]
    value: FloatArray
    influence: FloatArray
    counted: BoolArray
    design: Design
    domain: BoolArray | None = None
    spread: FloatArray | None = None

    @property
    def covariance(self) -> FloatArray:
        """Shape (q, q), ``nan`` for undefined estimates."""
        domain = any_row(self.counted) if self.design.adjust_domain_lonely else None
        return self._undefined(covariance(self.influence, self.design, domain=domain))

    @property
    def covariance_without_fpc(self) -> FloatArray:
        """The same had the population been without end, shape (q, q)."""
        return self._undefined(covariance(self.influence, self.design, with_fpc=False))

    @property
    def std_error(self) -> FloatArray:
        """Shape (q,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def df(self) -> IntArray:
        """Degrees of freedom, shape (q,)."""
        return degrees_of_freedom(self.design, self.counted)

    @property
    def n(self) -> IntArray:
        """Rows counted, shape (q,)."""
        n: IntArray = self.counted.sum(axis=0)
        return n

    def interval(
        self, confidence: float = 0.95, *, df: float | FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Ends of Student's interval, shape (q,) each."""
        degrees = self.df.astype(np.float64) if df is None else df
        half = critical(degrees, confidence) * self.std_error
        return self.value - half, self.value + half

    def table(
        self,
        *,
        df: float | None = None,
        confidence: float = 0.95,
        shares_by: ShareInterval | None = None,
    ) -> list[Row]:
        """One row per estimate with everything needed to judge it.

        Parameters
        ----------
        df : float, optional
            Instead of each estimate's own degrees of freedom.
        confidence : float, default 0.95
            Of the intervals.
        shares_by : callable, optional
            The estimates are shares, and this makes their intervals:
            ``intervals.wilson``, ``intervals.logit``, …; at 0 and 1 Wilson's
            with Kish's sample size stands in. Student's interval by default.

        Returns
        -------
        list of Row
            In the order of ``keys``; nothing in it is ``nan`` but a ``value``
            that is flagged ``no_data``.
        """
        with_fpc = np.diag(self.covariance)
        endless = np.diag(self.covariance_without_fpc)
        degrees = self.df if df is None else np.full(len(self.keys), df)
        return [
            self._row(
                q,
                (float(with_fpc[q]), float(endless[q]), float(degrees[q])),
                confidence,
                shares_by,
            )
            for q in range(len(self.keys))
        ]

    def _row(
        self,
        q: int,
        certainty: tuple[float, float, float],
        confidence: float,
        shares_by: ShareInterval | None,
    ) -> Row:
        v, v0, df = certainty
        value, n = float(self.value[q]), int(self.n[q])
        spread = 0.0 if self.spread is None else float(self.spread[q])
        flags = []
        if np.isnan(value):
            flags.append("no_data")
            v = v0 = 0.0
        elif self._everyone(q):
            flags.append("census")
        elif v <= 1e-12 * max(spread, value * value) / max(n, 1):
            flags.append("no_spread")
            v = v0 = 0.0
        if df < 8.0:
            flags.append("few_degrees_of_freedom")
        known = v > 0.0 or "census" in flags
        low, high = self._ends(q, v, df, confidence, shares_by, flags)
        return Row(
            key=self.keys[q],
            value=value,
            std_error=v**0.5 if known else None,
            low=low,
            high=high,
            n=n,
            n_eff=spread / v if v > 0.0 and spread > 0.0 else None,
            df=df,
            missing_share=self._missing(q),
            deff=n * v0 / spread if v > 0.0 and spread > 0.0 else None,
            flags=tuple(flags),
        )

    def _ends(
        self,
        q: int,
        v: float,
        df: float,
        confidence: float,
        shares_by: ShareInterval | None,
        flags: Sequence[str],
    ) -> tuple[float | None, float | None]:
        """The interval of one estimate, as far as there is one."""
        p = float(self.value[q])
        if "census" in flags:
            return p, p
        if "no_data" in flags or df <= 0.0:
            return None, None
        if v > 0.0:
            if shares_by is not None and 0.0 < p < 1.0:
                low, high = shares_by(p, v, df, confidence)
                return low, high
            half = float(critical(df, confidence)) * v**0.5
            return p - half, p + half
        if shares_by is None or 0.0 < p < 1.0:
            return None, None
        weight = self.design.weight[self.counted[:, q]]
        kish = weight.sum() ** 2 / (weight @ weight)
        ends = wilson_ends(np.array(p), np.array(kish), critical(df, confidence))
        return float(ends[0]), float(ends[1])

    def _everyone(self, q: int) -> bool:
        """Whether all units of the strata that the estimate rests on are here."""
        rows = self.counted[:, q]
        return all(
            bool(np.all(stage.fraction[stage.psu[rows]] >= 1.0 - 1e-7))
            for stage in self.design.stages
        )

    def _missing(self, q: int) -> float | None:
        """Weighted share of the domain without a valid answer."""
        if self.domain is None:
            return None
        weight = self.design.weight
        whole = float(weight @ self.domain[:, q])
        if whole == 0.0:
            return None
        return 1.0 - float(weight @ self.counted[:, q]) / whole

    def select(self, places: Sequence[int]) -> Estimates:
        """Some of the estimates, in the order asked for."""
        return Estimates(
            tuple(self.keys[k] for k in places),
            self.value[list(places)],
            self.influence[:, list(places)],
            self.counted[:, list(places)],
            self.design,
            None if self.domain is None else self.domain[:, list(places)],
            None if self.spread is None else self.spread[list(places)],
        )

    def _undefined(self, found: FloatArray) -> FloatArray:
        gone = np.isnan(self.value)
        found = found.copy()
        found[gone, :] = np.nan
        found[:, gone] = np.nan
        return found


def mean(
    sample: Survey,
    variables: Sequence[str],
    *,
    where: BoolArray | None = None,
    by: Sequence[str] = (),
) -> Estimates:
    r"""Weighted means of numeric columns.

    Parameters
    ----------
    sample : Survey
        n rows.
    variables : sequence of str
        Columns; a row counts for a variable where it is not ``nan``.
    where : array of bool, shape (n,), optional
        One domain.
    by : sequence of str
        Columns whose combinations are domains.

    Returns
    -------
    Estimates
        Domains in order of their labels, variables within.

    Notes
    -----
    Value :math:`\bar y = \sum w y / \sum w`, influence
    :math:`w (y - \bar y) / \sum w`, both over valid rows of the domain.

    References
    ----------
    .. [1] C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey
           Sampling*, Springer, 1992, sec. 5.5 and 5.8.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> found = mean(survey({"y": np.array([1.0, 3.0, 5.0])}), ["y"])
    >>> found.value.tolist(), found.std_error.round(4).tolist()
    ([3.0], [1.1547])
    """
    parts = []
    for key, domain in domains(sample, where, by):
        for name in variables:
            y = sample.numbers(name)
            found = _ratio(sample, y, np.ones(len(y)), domain)
            parts.append(((*key, name), *found, domain))
    return _gathered(sample, parts)


def total(
    sample: Survey,
    variables: Sequence[str],
    *,
    where: BoolArray | None = None,
    by: Sequence[str] = (),
) -> Estimates:
    """Weighted totals of numeric columns; arguments as :func:`mean`.

    Notes
    -----
    The influence of a row is its weighted value.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.array([1.0, 0.0, 1.0, 1.0])})
    >>> found = total(sample, ["y"])
    >>> found.value.tolist(), found.std_error.tolist()
    ([3.0], [1.0])
    """
    parts = []
    weight = sample.design.weight
    for key, domain in domains(sample, where, by):
        for name in variables:
            y = sample.numbers(name)
            counted = domain & ~np.isnan(y) & (weight > 0.0)
            pull = np.where(counted, weight * np.nan_to_num(y), 0.0)
            value = float(pull.sum()) if counted.any() else np.nan
            size = float(weight @ counted)
            simple = size**2 * _spread(np.where(counted, y, 0.0), weight, counted)
            parts.append(((*key, name), value, pull, counted, simple, domain))
    return _gathered(sample, parts)


def ratio(
    sample: Survey,
    top: str,
    bottom: str,
    *,
    where: BoolArray | None = None,
    by: Sequence[str] = (),
) -> Estimates:
    r"""Ratio of two totals, over rows where both are valid.

    Notes
    -----
    :math:`R = \sum w y / \sum w x`, influence :math:`w (y - R x) / \sum w x`.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, x = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 2.0, 4.0])
    >>> sample = survey({"y": y, "x": x})
    >>> ratio(sample, "y", "x").value.tolist()
    [1.5]
    """
    y, x = sample.numbers(top), sample.numbers(bottom)
    return _gathered(
        sample,
        [
            ((*key, f"{top}/{bottom}"), *_ratio(sample, y, x, domain), domain)
            for key, domain in domains(sample, where, by)
        ],
    )


def shares(
    sample: Survey,
    variable: str,
    *,
    where: BoolArray | None = None,
    by: Sequence[str] = (),
) -> Estimates:
    """Share of each level of a categorical column.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> found = shares(sample, "g")
    >>> found.keys, found.value.tolist()
    ((('a',), ('b',)), [0.5, 0.5])
    """
    column = sample.labels([variable])[0]
    valid = ~without_label(column)
    levels = np.unique(column[valid])
    parts = []
    for key, domain in domains(sample, where, by):
        for level in levels:
            y = np.where(valid, (column == level).astype(np.float64), np.nan)
            found = _ratio(sample, y, np.ones(len(y)), domain)
            parts.append(((*key, str(level)), *found, domain))
    return _gathered(sample, parts)


def variance(
    sample: Survey, variables: Sequence[str], *, where: BoolArray | None = None
) -> FloatArray:
    r"""Weighted covariance matrix of columns over rows where all are valid.

    Raises
    ------
    NobodyAnswered
        If fewer than two rows have all of the columns.

    Notes
    -----
    :math:`\frac{n}{n-1} \sum w (x-\bar x)(y-\bar y) / \sum w`, n the rows
    counted, as R's ``svyvar``.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, x = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 2.0, 4.0])
    >>> sample = survey({"y": y, "x": x})
    >>> variance(sample, ["y", "x"]).round(4).tolist()
    [[4.6667, 3.0], [3.0, 2.0]]
    """
    x = np.stack([sample.numbers(name) for name in variables], axis=1)
    weight = sample.design.weight
    rows = rows_where(sample, where) & ~np.isnan(x).any(axis=1) & (weight > 0.0)
    n = int(rows.sum())
    if n < 2:
        raise NobodyAnswered(f"fewer than two rows with all of {list(variables)}")
    own = weight[rows] / weight[rows].sum()
    centred = x[rows] - own @ x[rows]
    found: FloatArray = n / (n - 1) * (centred * own[:, None]).T @ centred
    return found


def deff_without_replacement(sample: Survey, found: Estimates) -> FloatArray:
    """Variance over that of a simple sample without replacement, as R's.

    Examples
    --------
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([1.0, 0.0, 1.0, 1.0]), "N": np.full(4, 20.0)}
    >>> sample = survey(table, [Drawn(frame_size="N")])
    >>> deff_without_replacement(sample, mean(sample, ["y"])).round(4).tolist()
    [1.0]
    """
    size = sample.design.weight[any_row(found.counted)].sum()
    left: FloatArray = 1.0 - found.n / size
    return deff_with_replacement(sample, found) / left


def deff_with_replacement(sample: Survey, found: Estimates) -> FloatArray:
    """Variance of means over that of a simple sample with replacement, as R's.

    The variable is the last part of each key; the reference is its weighted
    variance with divisor n - 1 over n. ``nan`` where all answers are alike.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.array([1.0, 0.0, 1.0, 1.0])})
    >>> deff_with_replacement(sample, mean(sample, ["y"])).round(4).tolist()
    [1.0]
    """
    simple = np.empty(len(found.keys))
    for q, key in enumerate(found.keys):
        where = found.counted[:, q]
        simple[q] = variance(sample, [key[-1]], where=where)[0, 0] / where.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        deff: FloatArray = np.diag(found.covariance) / simple
    return np.where(simple > 0.0, deff, np.nan)


def deff_of_shares(found: Estimates) -> FloatArray:
    """n v0 / p(1-p): the design effect printed beside shares; ``nan`` at 0 or 1.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.array([1.0, 0.0, 1.0, 1.0])})
    >>> deff_of_shares(mean(sample, ["y"])).round(4).tolist()
    [1.3333]
    """
    p = found.value
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = found.n * np.diag(found.covariance_without_fpc) / (p * (1.0 - p))
    return np.where((p > 0.0) & (p < 1.0), deff, np.nan)


def n_eff_of_shares(found: Estimates) -> FloatArray:
    """p(1-p) / v: simple answers a share is worth; ``nan`` at 0 or 1.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.array([1.0, 0.0, 1.0, 1.0])})
    >>> n_eff_of_shares(mean(sample, ["y"])).round(4).tolist()
    [3.0]
    """
    p = found.value
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = p * (1.0 - p) / np.diag(found.covariance)
    return np.where((p > 0.0) & (p < 1.0), worth, np.nan)


def domains(
    sample: Survey, where: BoolArray | None, by: Sequence[str]
) -> Iterator[tuple[Key, BoolArray]]:
    """Each domain that has rows: the levels that name it, and its rows.

    Rows with a missing label belong to no domain; without ``by`` there is one
    domain with an empty name.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> [(key, rows.sum().item()) for key, rows in domains(sample, None, ["g"])]
    [(('a',), 2), (('b',), 2)]
    """
    rows = rows_where(sample, where)
    if not by:
        yield (), rows
        return
    columns = sample.labels(by)
    for column in columns:
        rows = rows & ~without_label(column)
    coded = [codes(column) for column in columns]
    joint = np.zeros(sample.size, dtype=np.int64)
    for labels, number in coded:
        joint = joint * len(labels) + number
    for cell in np.unique(joint[rows]):
        key, left = [], int(cell)
        for labels, _ in reversed(coded):
            left, place = divmod(left, len(labels))
            key.append(str(labels[place]))
        yield tuple(reversed(key)), rows & (joint == cell)


def _ratio(
    sample: Survey, y: FloatArray, x: FloatArray, domain: BoolArray
) -> tuple[float, FloatArray, BoolArray, float]:
    """Value, influence, counted rows and spread of a ratio in one domain."""
    weight = sample.design.weight
    counted = domain & ~np.isnan(y) & ~np.isnan(x) & (weight > 0.0)
    w = np.where(counted, weight, 0.0)
    bottom = float(w @ np.where(counted, x, 0.0))
    if not counted.any() or bottom == 0.0:
        return np.nan, np.zeros(len(y)), counted, np.nan
    value = float(w @ np.where(counted, y, 0.0)) / bottom
    left = np.where(counted, y - value * x, 0.0)
    spread = _spread(left, weight, counted) * (w.sum() / bottom) ** 2
    return value, w * left / bottom, counted, spread


def _spread(y: FloatArray, weight: FloatArray, counted: BoolArray) -> float:
    """Weighted variance of the counted rows, divisor the sum of weights."""
    if not counted.any():
        return float("nan")
    w, own = weight[counted], y[counted]
    centred = own - w @ own / w.sum()
    return float(w @ centred**2 / w.sum())


def without_label(column: AnyArray) -> BoolArray:
    """Rows of a categorical column that are missing, shape (n,).

    Examples
    --------
    >>> without_label(np.array(["a", ""])).tolist()
    [False, True]
    """
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind in "UO":
        empty: BoolArray = (column == None) | (column == "")  # noqa: E711
        return empty
    return np.zeros(len(column), dtype=bool)


def _gathered(sample: Survey, parts: Sequence[Part]) -> Estimates:
    n = sample.size
    if not parts:
        nothing = np.zeros((n, 0), dtype=bool)
        empty = np.zeros((n, 0))
        return Estimates((), np.zeros(0), empty, nothing, sample.design, nothing)
    keys, values, pulls, counted, spread, inside = zip(*parts, strict=True)
    return Estimates(
        keys=keys,
        value=np.array(values),
        influence=np.stack(pulls, axis=1),
        counted=np.stack(counted, axis=1),
        design=sample.design,
        domain=np.stack(inside, axis=1),
        spread=np.array(spread),
    )
