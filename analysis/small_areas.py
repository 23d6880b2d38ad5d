"""Figures of offices with few answers, borrowing from what predicts them.

The area-level model of Fay and Herriot: a direct estimate with a known
sampling variance, and a regression over areas with a variance of its own.
Not for points: a modelled figure is not the office's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray


class NotSettled(ValueError):
    """The variance between areas could not be found."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaModel:
    """A fitted area-level model of m areas and p columns.

    Attributes
    ----------
    beta, beta_std_error : array of float, shape (p,)
        Regression over areas.
    between : float
        Variance between areas beyond the regression.
    estimate : array of float, shape (m,)
        Direct and synthetic estimates combined.
    mse : array of float, shape (m,)
        Their mean squared error.
    weight : array of float, shape (m,)
        Share of the direct estimate in each.
    """

    beta: FloatArray
    beta_std_error: FloatArray
    between: float
    estimate: FloatArray
    mse: FloatArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What every step needs at a value of the variance between areas."""

    inverse: FloatArray
    bread: FloatArray
    beta: FloatArray
    residual: FloatArray


def reml(
    y: FloatArray, variance: FloatArray, x: FloatArray, *, precision: float = 1e-12
) -> AreaModel:
    """Residual maximum likelihood; arguments as :func:`fay_herriot`.

    References
    ----------
    .. [1] G. S. Datta and P. Lahiri, "A unified measure of uncertainty of
           estimated best linear unbiased predictors in small area estimation
           problems", *Statistica Sinica* 10 (2000), 613-627.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 4.0, 3.0, 7.0])
    >>> x = np.stack([np.ones(5), np.arange(5.0)], axis=1)
    >>> found = reml(y, np.ones(5), x)
    >>> round(float(found.between), 4)
    0.4333
    """

    def step(parts: _Parts) -> float:
        v = parts.inverse
        projection = np.diag(v) - (v[:, None] * x) @ parts.bread @ (x.T * v)
        py = projection @ y
        score = 0.5 * (py @ py - np.trace(projection))
        return float(score / (0.5 * (projection * projection).sum()))

    between = _solved(y, variance, x, step, precision)
    parts = _parts(y, variance, x, between)
    of_between = 2.0 / float(parts.inverse @ parts.inverse)
    return _combined(y, variance, x, between, parts, of_between, 0.0)


def maximum_likelihood(
    y: FloatArray, variance: FloatArray, x: FloatArray, *, precision: float = 1e-12
) -> AreaModel:
    """Maximum likelihood; arguments as :func:`fay_herriot`.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 4.0, 3.0, 7.0])
    >>> x = np.stack([np.ones(5), np.arange(5.0)], axis=1)
    >>> found = maximum_likelihood(y, np.ones(5), x)
    >>> round(float(found.between), 4)
    0.0
    """

    def step(parts: _Parts) -> float:
        v = parts.inverse
        score = 0.5 * ((parts.residual * v) @ (parts.residual * v) - v.sum())
        return float(score / (0.5 * (v @ v)))

    between = _solved(y, variance, x, step, precision)
    parts = _parts(y, variance, x, between)
    v = parts.inverse
    squares = float(v @ v)
    bias = -float(np.trace(parts.bread @ (x.T * v**2) @ x)) / squares
    return _combined(y, variance, x, between, parts, 2.0 / squares, bias)


def fay_herriot(
    y: FloatArray, variance: FloatArray, x: FloatArray, *, precision: float = 1e-12
) -> AreaModel:
    r"""The moment estimator of Fay and Herriot.

    Parameters
    ----------
    y : array of float, shape (m,)
        Direct estimates.
    variance : array of float, shape (m,)
        Their sampling variances, all above 0.
    x : array of float, shape (m, p)
        Columns of the regression, an intercept included if wanted.
    precision : float
        Relative change of the variance between areas at which to stop; R's
        package sae stops at 1e-4.

    Raises
    ------
    NotSettled
        If a sampling variance is not above 0, or 200 steps do not settle.

    Notes
    -----
    The variance A solves :math:`\sum (y - x^\top\beta)^2 / (A + D) = m - p`.

    References
    ----------
    .. [1] R. E. Fay and R. A. Herriot, "Estimates of income for small places",
           *JASA* 74 (1979), 269-277.
    .. [2] J. N. K. Rao and I. Molina, *Small Area Estimation*, 2nd ed., Wiley,
           2015, ch. 6.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 4.0, 3.0, 7.0])
    >>> x = np.stack([np.ones(5), np.arange(5.0)], axis=1)
    >>> found = fay_herriot(y, np.ones(5), x)
    >>> round(float(found.between), 4)
    0.4333
    """
    m, p = x.shape

    def step(parts: _Parts) -> float:
        v = parts.inverse
        have = float(parts.residual**2 @ v)
        slope = float((parts.residual * v) @ (parts.residual * v))
        return float((have - (m - p)) / slope)

    between = _solved(y, variance, x, step, precision)
    parts = _parts(y, variance, x, between)
    v = parts.inverse
    once, twice = float(v.sum()), float(v @ v)
    bias = 2.0 * (m * twice - once**2) / once**3
    return _combined(y, variance, x, between, parts, 2.0 * m / once**2, float(bias))


def _parts(y: FloatArray, d: FloatArray, x: FloatArray, between: float) -> _Parts:
    v = 1.0 / (between + d)
    bread: FloatArray = np.linalg.inv((x.T * v) @ x).astype(np.float64)
    beta: FloatArray = bread @ (x.T @ (v * y))
    return _Parts(v, bread, beta, y - x @ beta)


def _solved(
    y: FloatArray,
    d: FloatArray,
    x: FloatArray,
    step: Callable[[_Parts], float],
    precision: float,
) -> float:
    """The variance between areas, from the median sampling variance on."""
    if np.any(~(d > 0.0)):
        raise NotSettled(
            f"areas without a variance above 0: {np.flatnonzero(~(d > 0))}"
        )
    between = float(np.median(d))
    for _ in range(200):
        after = between + step(_parts(y, d, x, between))
        if after <= 0.0:
            return 0.0
        done = abs(after - between) <= precision * between
        between = after
        if done:
            return between
    raise NotSettled("the variance between areas does not settle")


def _combined(
    y: FloatArray,
    d: FloatArray,
    x: FloatArray,
    between: float,
    parts: _Parts,
    of_between: float,
    bias: float,
) -> AreaModel:
    direct = between * parts.inverse
    synthetic = d * parts.inverse
    g1 = direct * d
    g2 = synthetic**2 * np.einsum("ij,jk,ik->i", x, parts.bread, x)
    g3 = synthetic**2 * parts.inverse * of_between
    return AreaModel(
        beta=parts.beta,
        beta_std_error=np.sqrt(np.diag(parts.bread)),
        between=between,
        estimate=x @ parts.beta + direct * parts.residual,
        mse=g1 + g2 + 2.0 * g3 - bias * synthetic**2,
        weight=direct,
    )
