"""Regressions whose uncertainty is the design's: a sandwich around each fit.

The weighted fit gives the coefficients; their influences go through the one
variance function. A model's own weighted standard errors are off by -51 to
+67 % and are never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import BoolArray, FloatArray, IntArray, codes
from analysis.design import Design
from analysis.estimators import Estimates, NobodyAnswered
from analysis.surveys import Survey


class NotFitted(ValueError):
    """A regression without a finite, unique solution."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Columns of a regression.

    Attributes
    ----------
    names : tuple of str, length p
        Of the columns; a level of a category is its column name and label.
    columns : array of float, shape (n, p)
        ``nan`` where missing.
    """

    names: tuple[str, ...]
    columns: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted regression.

    Attributes
    ----------
    estimates : Estimates
        Coefficients with their influences; keys are the names of the terms.
    df : int
        Residual degrees of freedom: of the design, plus 1, less p.
    fitted : array of float, shape (n,)
        Expected values, ``nan`` on rows left out.
    information : array of float, shape (p, p)
        Of the weighted likelihood with weights of mean 1.
    """

    estimates: Estimates
    df: int
    fitted: FloatArray
    information: FloatArray


def treatment(sample: Survey, variables: Sequence[str]) -> Terms:
    """Intercept, numeric columns as they are, categories against their first level.

    Raises
    ------
    NotFitted
        If a category has one level.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"g": np.array(["a", "b", "b"])})
    >>> found = treatment(sample, ["g"])
    >>> found.names, found.columns.tolist()
    (('(Intercept)', 'gb'), [[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    """
    names, columns = ["(Intercept)"], [np.ones(sample.size)]
    for variable in variables:
        column = sample.labels([variable])[0]
        if column.dtype.kind in "fiub":
            names.append(variable)
            columns.append(column.astype(np.float64))
            continue
        text = column.astype(str)
        levels = sorted(set(text) - {""})
        if len(levels) < 2:
            raise NotFitted(f"{variable} has one level only: {levels}")
        for level in levels[1:]:
            names.append(f"{variable}{level}")
            dummy = (text == level).astype(np.float64)
            columns.append(np.where(text == "", np.nan, dummy))
    return Terms(tuple(names), np.stack(columns, axis=1))


def linear(sample: Survey, y: str, terms: Terms) -> Fit:
    """Weighted least squares.

    Parameters
    ----------
    sample : Survey
        n rows.
    y : str
        Numeric column.
    terms : Terms
        Of the same rows.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> table = {"y": np.array([1.0, 3.0, 2.0, 6.0]), "x": np.arange(4.0)}
    >>> sample = survey(table)
    >>> linear(sample, "y", treatment(sample, ["x"])).estimates.value.round(4).tolist()
    [0.9, 1.4]
    """
    target, x, w, rows = _ready(sample, sample.numbers(y), terms)
    information = (x * w[:, None]).T @ x
    _unique(information, terms)
    beta = np.linalg.solve(information, x.T @ (w * target)).astype(np.float64)
    scores = x * (w * (target - x @ beta))[:, None]
    return _fit(sample, terms, beta, x @ beta, scores, information, rows)


def logistic(sample: Survey, y: str, terms: Terms, *, tolerance: float = 1e-12) -> Fit:
    """Logistic regression by iteratively reweighted least squares.

    Parameters
    ----------
    sample : Survey
        n rows.
    y : str
        Column of 0 and 1.
    terms : Terms
        Of the same rows.
    tolerance : float
        Relative change of the deviance at which to stop; R stops at 1e-8, and
        its information is that of the last step taken.

    Raises
    ------
    NotFitted
        If the column holds other than 0 and 1, terms separate them, or the
        regression does not settle.
    NotFitted
        If terms are collinear, or some combination of them separates the 0s
        from the 1s.

    References
    ----------
    .. [1] D. A. Binder, "On the variances of asymptotically normal estimators
           from complex surveys", *International Statistical Review* 51 (1983),
           279-292.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> table = {"y": np.array([0.0, 1, 0, 1, 1]), "x": np.arange(5.0)}
    >>> sample = survey(table)
    >>> fit = logistic(sample, "y", treatment(sample, ["x"]))
    >>> fit.estimates.value.round(3).tolist()
    [-1.558, 1.09]
    """
    target, x, w, rows = _ready(sample, sample.numbers(y), terms)
    if np.any((target != 0.0) & (target != 1.0)):
        raise NotFitted(f"{y} must hold 0 and 1")
    mu = (w * target + 0.5) / (w + 1.0)
    eta = special.logit(mu)
    before = np.inf
    for _ in range(50):
        work = w * mu * (1.0 - mu)
        information = (x * work[:, None]).T @ x
        _unique(information, terms)
        pull = eta + (target - mu) / (mu * (1.0 - mu))
        beta = np.linalg.solve(information, x.T @ (work * pull))
        eta = x @ beta
        if np.max(np.abs(eta)) > 30.0:
            raise NotFitted("a combination of terms separates the 0s from the 1s")
        mu = special.expit(eta)
        left = work * (target - mu) / (mu * (1.0 - mu))
        deviance = -2.0 * float(
            w @ (special.xlogy(target, mu) + special.xlog1py(1.0 - target, -mu))
        )
        if abs(deviance - before) / (abs(deviance) + 0.1) < tolerance:
            break
        before = deviance
    else:
        raise NotFitted("the regression does not settle")
    return _fit(sample, terms, beta, mu, x * left[:, None], information, rows)


def ordinal(
    sample: Survey, y: str, terms: Terms, *, curvature_step: float | None = None
) -> Fit:
    r"""Proportional odds over ordered levels, by Newton's method.

    Parameters
    ----------
    sample : Survey
        n rows.
    y : str
        Numeric column of three levels or more, in order.
    terms : Terms
        An intercept among them is left out: the cuts take its place.
    curvature_step : float, optional
        Take the curvature from gradients that far apart, as R does with 1e-3;
        with columns far from 1 that moves standard errors by some 1e-4.

    Returns
    -------
    Fit
        Coefficients, then the cuts, named "1|2" and so on; ``fitted`` is the
        expected place of the level, from 0.

    Raises
    ------
    NotFitted
        If there are fewer than three levels, terms are collinear, or Newton
        does not settle.

    Notes
    -----
    :math:`\operatorname{logit} P(Y \le j) = \zeta_j - x^\top\beta`.

    References
    ----------
    .. [1] P. McCullagh, "Regression models for ordinal data", *JRSS B* 42
           (1980), 109-142.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> table = {"y": np.array([1.0, 2, 1, 3, 2, 3]), "x": np.arange(6.0)}
    >>> sample = survey(table)
    >>> ordinal(sample, "y", treatment(sample, ["x"])).estimates.value.round(3).tolist()
    [1.06, 1.447, 3.851]
    """
    kept = [k for k, name in enumerate(terms.names) if name != "(Intercept)"]
    inner = Terms(tuple(terms.names[k] for k in kept), terms.columns[:, kept])
    target, x, w, rows = _ready(sample, sample.numbers(y), inner)
    levels, place = codes(target)
    cuts, p = len(levels) - 1, len(kept)
    if cuts < 2:
        raise NotFitted(f"{y} has {len(levels)} levels; three or more are needed")
    share = np.cumsum(np.bincount(place, w))[:-1] / w.sum()
    theta = np.concatenate([np.zeros(p), special.logit(share)])
    for _ in range(100):
        scores, curvature, _ = _ordinal_parts(theta, x, w, place, cuts)
        try:
            step = np.linalg.solve(curvature, scores.sum(axis=0))
        except np.linalg.LinAlgError:
            raise NotFitted(f"terms are collinear: {', '.join(inner.names)}") from None
        while np.any(np.diff((theta + step)[p:]) <= 0.0):
            step = step / 2.0
        theta = theta + step
        if np.max(np.abs(step)) < 1e-12 * (1.0 + np.max(np.abs(theta))):
            break
    else:
        raise NotFitted("proportional odds did not settle")
    scores, curvature, expected = _ordinal_parts(theta, x, w, place, cuts)
    if curvature_step is not None:
        curvature = _by_differences(theta, x, w, place, cuts, curvature_step)
    names = [f"{_label(levels[j])}|{_label(levels[j + 1])}" for j in range(cuts)]
    full = Terms((*inner.names, *names), np.zeros((sample.size, p + cuts)))
    fit = _fit(sample, full, theta, expected, scores, curvature, rows)
    return Fit(fit.estimates, sample.design.df - p, fit.fitted, fit.information)


def _ordinal_parts(
    theta: FloatArray, x: FloatArray, w: FloatArray, place: IntArray, cuts: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Scores by row, the curvature, and the expected place."""
    p = x.shape[1]
    eta = x @ theta[:p]
    bounds = np.concatenate([[-np.inf], theta[p:], [np.inf]])
    at = bounds[None, :] - eta[:, None]
    cumulated = special.expit(at)
    density = cumulated * (1.0 - cumulated)
    slope = density * (1.0 - 2.0 * cumulated)
    n = np.arange(len(w))
    hi, lo = place + 1, place
    chance = cumulated[n, hi] - cumulated[n, lo]
    upper = np.zeros((len(w), cuts + 2))
    lower = np.zeros_like(upper)
    upper[n, hi] = 1.0
    lower[n, lo] = 1.0
    # Derivatives of both ends by (beta, cuts).
    by_hi = np.hstack([-x, upper[:, 1:-1]])
    by_lo = np.hstack([-x, lower[:, 1:-1]])
    d_hi, d_lo = density[n, hi][:, None], density[n, lo][:, None]
    gradient = (d_hi * by_hi - d_lo * by_lo) / chance[:, None]
    scores = gradient * w[:, None]
    s_hi, s_lo = w * slope[n, hi] / chance, w * slope[n, lo] / chance
    curvature = scores.T @ gradient
    curvature -= (by_hi * s_hi[:, None]).T @ by_hi - (by_lo * s_lo[:, None]).T @ by_lo
    places = np.diff(cumulated, axis=1) @ np.arange(cuts + 1)
    return scores, curvature, places


def _by_differences(
    theta: FloatArray,
    x: FloatArray,
    w: FloatArray,
    place: IntArray,
    cuts: int,
    step: float,
) -> FloatArray:
    """Curvature from gradients, with the logarithms of gaps between cuts."""
    p = x.shape[1]

    def cut(free: FloatArray) -> FloatArray:
        inner = np.concatenate([free[p : p + 1], np.exp(free[p + 1 :])])
        return np.concatenate([free[:p], np.cumsum(inner)])

    def slope(free: FloatArray) -> FloatArray:
        jacobian = np.eye(p + cuts)
        steps = np.concatenate([[1.0], np.exp(free[p + 1 :])])
        jacobian[p:, p:] = np.tril(np.ones((cuts, cuts))) * steps
        return jacobian

    def gradient(free: FloatArray) -> FloatArray:
        scores, _, _ = _ordinal_parts(cut(free), x, w, place, cuts)
        found: FloatArray = -scores.sum(axis=0) @ slope(free)
        return found

    free = np.concatenate([theta[: p + 1], np.log(np.diff(theta[p:]))])
    moves = step * np.eye(p + cuts)
    rough = np.stack([gradient(free + m) - gradient(free - m) for m in moves])
    rough = (rough + rough.T) / (4.0 * step)
    back = np.linalg.inv(slope(free))
    curvature: FloatArray = back.T @ rough @ back
    return curvature


def _ready(
    sample: Survey, y: FloatArray, terms: Terms
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Rows with everything: target, columns, weights of mean 1, which rows."""
    weight = sample.design.weight
    rows = ~np.isnan(y) & ~np.isnan(terms.columns).any(axis=1) & (weight > 0.0)
    if not rows.any():
        raise NobodyAnswered("no row has all terms")
    w = weight[rows] / weight[rows].mean()
    return y[rows], terms.columns[rows], w, rows


def _unique(information: FloatArray, terms: Terms) -> None:
    scale = np.sqrt(np.diag(information))
    if np.any(scale == 0.0):
        name = terms.names[int(np.argmin(scale))]
        raise NotFitted(f"{name} is 0 on every row")
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < 1e-12:
        guilty = [terms.names[k] for k in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
        raise NotFitted(f"terms are collinear: {', '.join(guilty)}")


def _fit(
    sample: Survey,
    terms: Terms,
    beta: FloatArray,
    fitted: FloatArray,
    scores: FloatArray,
    information: FloatArray,
    rows: BoolArray,
) -> Fit:
    """Influences from scores and information: the bread of the sandwich."""
    p = len(beta)
    influence = np.zeros((sample.size, p))
    influence[rows] = np.linalg.solve(information, scores.T).T
    whole = np.full(sample.size, np.nan)
    whole[rows] = fitted
    design: Design = sample.design
    estimates = Estimates(
        tuple((name,) for name in terms.names),
        beta,
        influence,
        np.repeat(rows[:, None], p, axis=1),
        design,
    )
    return Fit(estimates, design.df + 1 - p, whole, information)


def _label(value: float) -> str:
    return f"{value:g}"
