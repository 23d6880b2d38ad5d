"""Do the questions of a factor measure one thing? Alpha, omega, agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import BoolArray, FloatArray
from analysis.contrasts import smooth
from analysis.estimators import Estimates, NobodyAnswered, mean, variance
from analysis.intervals import Interval
from analysis.surveys import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Alpha:
    """Cronbach's alpha with what tells which item weakens it.

    Attributes
    ----------
    n : int
        Rows used; with pairwise covariances, all rows.
    raw, standardized : float
        Alpha from covariances, and from correlations.
    lambda6 : float
        Guttman's lower bound from squared multiple correlations.
    average_correlation : float
        Mean correlation between items.
    std_error : float
        Large-sample standard error of ``raw`` for independent rows.
    if_dropped : array of float, shape (k,)
        Raw alpha without each item; ``nan`` of two items.
    rest_correlation : array of float, shape (k,)
        Of each item with the sum of the others.
    covariance : array of float, shape (k, k)
        Of the items.
    """

    n: int
    raw: float
    standardized: float
    lambda6: float
    average_correlation: float
    std_error: float
    if_dropped: FloatArray
    rest_correlation: FloatArray
    covariance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Omega:
    """McDonald's omega of one factor fitted by maximum likelihood.

    ``chi_square`` with ``df`` degrees of freedom tests the one factor.
    """

    n: int
    omega: float
    loadings: FloatArray
    residual_variance: FloatArray
    chi_square: float
    df: int


def weighted_alpha(
    sample: Survey, items: Sequence[str], *, where: BoolArray | None = None
) -> Alpha:
    """Cronbach's alpha from the weighted covariance of complete rows.

    Parameters
    ----------
    sample : Survey
        n rows.
    items : sequence of str, length k
        Numeric columns, all in one direction.
    where : array of bool, shape (n,), optional
        One domain.

    Raises
    ------
    NobodyAnswered
        If fewer than two rows are complete, or an item has no spread.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> same = np.array([1.0, 2.0, 4.0, 5.0])
    >>> found = weighted_alpha(survey({"a": same, "b": same + 1}), ["a", "b"])
    >>> round(found.raw, 6)
    1.0
    """
    rows = complete(sample, items)
    if where is not None:
        rows = rows & where
    spread = variance(sample, items, where=where)
    for name in items:
        if np.ptp(sample.numbers(name)[rows]) == 0.0:
            raise NobodyAnswered(f"{name} has no spread: every answer is alike")
    return alpha_of(spread, int(rows.sum()))


def listwise_alpha(answers: FloatArray) -> Alpha:
    """Cronbach's alpha of unweighted rows without any missing answer.

    Parameters
    ----------
    answers : array of float, shape (n, k)
        ``nan`` where missing.

    Examples
    --------
    >>> answers = np.array([[1.0, 2, 1], [2, 2, 3], [4, 5, 4], [5, 4, 5]])
    >>> round(listwise_alpha(answers).raw, 4)
    0.9457
    """
    whole = answers[~np.isnan(answers).any(axis=1)]
    return alpha_of(_sound(np.cov(whole.T)), len(whole))


def pairwise_alpha(answers: FloatArray) -> Alpha:
    """Cronbach's alpha from covariances over all rows that have both items.

    The standardised figures use the correlations of that covariance matrix.

    Examples
    --------
    >>> answers = np.array([[1.0, 2, 1], [2, 2, 3], [4, 5, 4], [5, 4, 5]])
    >>> round(pairwise_alpha(answers).raw, 4)
    0.9457
    """
    k = answers.shape[1]
    covariance = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            both = answers[~np.isnan(answers[:, [i, j]]).any(axis=1)]
            covariance[i, j] = np.cov(both[:, i], both[:, j])[0, 1]
    return alpha_of(_sound(covariance), len(answers))


def alpha_of(covariance: FloatArray, n: int) -> Alpha:
    r"""Cronbach's alpha of a covariance matrix from n rows.

    Notes
    -----
    :math:`\alpha = \frac{k}{k-1}\bigl(1 - \mathrm{tr}\,C / 1^\top C 1\bigr)`;
    the standard error is that of van Zyl, Neudecker and Nel.

    References
    ----------
    .. [1] J. M. van Zyl, H. Neudecker and D. G. Nel, "On the distribution of
           the maximum likelihood estimator of Cronbach's alpha",
           *Psychometrika* 65 (2000), 271-280.

    Examples
    --------
    >>> round(alpha_of(np.array([[2.0, 1.0], [1.0, 2.0]]), 50).raw, 4)
    0.6667
    """
    k = len(covariance)
    root = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(root, root)
    total = covariance.sum()
    trace = np.trace(covariance)
    square = covariance @ covariance
    q = 2.0 * k**2 / ((k - 1) ** 2 * total**3)
    q *= total * (np.trace(square) + trace**2) - 2.0 * trace * square.sum()
    rest = covariance.sum(axis=1) - np.diag(covariance)
    rest_variance = total - 2.0 * covariance.sum(axis=1) + np.diag(covariance)
    unexplained = 1.0 / np.diag(np.linalg.pinv(correlation))
    size = correlation.sum()
    return Alpha(
        n=n,
        raw=_alpha(covariance),
        standardized=_alpha(correlation),
        lambda6=float(1.0 - unexplained.sum() / size),
        average_correlation=float((size - k) / (k * (k - 1))),
        std_error=float(np.sqrt(q / n)),
        if_dropped=np.array(
            [_alpha(np.delete(np.delete(covariance, j, 0), j, 1)) for j in range(k)]
        ),
        rest_correlation=rest / (root * np.sqrt(rest_variance)),
        covariance=covariance,
    )


def feldt(alpha: float, n: int, items: int, confidence: float = 0.95) -> Interval:
    r"""Feldt's interval for alpha of n independent rows.

    Notes
    -----
    :math:`1 - (1-\alpha) F_{n-1,(n-1)(k-1)}` at both tails.

    References
    ----------
    .. [1] L. S. Feldt, D. J. Woodruff and F. A. Salih, "Statistical inference
           for coefficient alpha", *Applied Psychological Measurement* 11
           (1987), 93-103.

    Examples
    --------
    >>> low, high = feldt(0.85, 200, 22)
    >>> round(low, 4), round(high, 4)
    (0.8182, 0.8785)
    """
    tail = (1.0 - confidence) / 2.0
    degrees = (n - 1.0, (n - 1.0) * (items - 1.0))
    low, high = (float(special.fdtri(*degrees, q)) for q in (1.0 - tail, tail))
    return Interval(1.0 - (1.0 - alpha) * low, 1.0 - (1.0 - alpha) * high)


def omega(answers: FloatArray) -> Omega:
    r"""McDonald's omega of complete, unweighted rows.

    Parameters
    ----------
    answers : array of float, shape (n, k)
        At least three items; rows with ``nan`` are left out.

    Raises
    ------
    ValueError
        If there are fewer than three items.

    Notes
    -----
    :math:`\omega = (\sum\lambda)^2 / ((\sum\lambda)^2 + \sum\theta)` of the
    one-factor model with :math:`\Sigma = \lambda\lambda^\top + \Theta` that
    minimises :math:`\log|\Sigma| + \mathrm{tr}(S\Sigma^{-1})`.

    References
    ----------
    .. [1] R. P. McDonald, *Test Theory*, Erlbaum, 1999, ch. 6.
    """
    from scipy.optimize import minimize

    whole = answers[~np.isnan(answers).any(axis=1)]
    n, k = whole.shape
    if k < 3:
        raise ValueError("one factor needs at least three items")
    s = _sound(np.cov(whole.T, bias=True))
    root = np.sqrt(np.diag(s))
    scaled = s / np.outer(root, root)

    def loss(x: FloatArray) -> tuple[float, FloatArray]:
        loading, unique = x[:k], np.exp(x[k:])
        implied = np.outer(loading, loading) + np.diag(unique)
        inverse = np.linalg.inv(implied)
        slope = inverse - inverse @ scaled @ inverse
        value = np.linalg.slogdet(implied)[1] + np.trace(scaled @ inverse)
        return float(value), np.concatenate(
            [2.0 * slope @ loading, np.diag(slope) * unique]
        )

    start = np.concatenate([np.full(k, 0.7), np.full(k, np.log(0.5))])
    found = minimize(
        loss, start, jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 5000}
    )
    loading, unique = found.x[:k] * root, np.exp(found.x[k:]) * root**2
    loading = loading * np.sign(loading.sum())
    common = loading.sum() ** 2
    misfit = found.fun - np.linalg.slogdet(scaled)[1] - k
    return Omega(
        n=n,
        omega=float(common / (common + unique.sum())),
        loadings=loading,
        residual_variance=unique,
        chi_square=float(n * misfit),
        df=k * (k + 1) // 2 - 2 * k,
    )


def kappa(sample: Survey, first: str, second: str) -> Estimates:
    r"""Cohen's kappa of two classifications of the same rows, with influence.

    Notes
    -----
    :math:`(p_o - p_e) / (1 - p_e)` from weighted shares, linearized. A missing
    label is a level of its own; one level in all is refused (NobodyAnswered).

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales",
           *Educational and Psychological Measurement* 20 (1960), 37-46.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> a, b = np.array(["p", "p", "q", "q"]), np.array(["p", "q", "q", "q"])
    >>> kappa(survey({"a": a, "b": b}), "a", "b").value.tolist()
    [0.5]
    """
    a, b = (column.astype(str) for column in sample.labels([first, second]))
    used = sample.design.weight > 0.0
    if len(levels := sorted({*a[used], *b[used]})) < 2:
        raise NobodyAnswered(f"{first} and {second} never differ: one level only")
    columns = {}
    for k, level in enumerate(levels):
        columns[f"a{k}"] = (a == level).astype(np.float64)
        columns[f"b{k}"] = (b == level).astype(np.float64)
    columns["agree"] = (a == b).astype(np.float64)
    found = mean(sample.with_columns(**columns), list(columns))
    size = len(levels)

    def of(p: FloatArray) -> FloatArray:
        expected = sum(p[2 * k] * p[2 * k + 1] for k in range(size))
        result: FloatArray = (p[-1] - expected) / (1.0 - expected)
        return result

    return smooth(found, of, "kappa")


def complete(sample: Survey, items: Sequence[str]) -> BoolArray:
    """Rows with weight and every item, shape (n,).

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> complete(survey({"a": np.array([1.0, np.nan])}), ["a"]).tolist()
    [True, False]
    """
    answers = np.stack([sample.numbers(name) for name in items], axis=1)
    whole: BoolArray = ~np.isnan(answers).any(axis=1) & (sample.design.weight > 0.0)
    return whole


def _alpha(covariance: FloatArray) -> float:
    k = len(covariance)
    if k < 2:
        return float("nan")
    return float(k / (k - 1) * (1.0 - np.trace(covariance) / covariance.sum()))


def _sound(covariance: FloatArray) -> FloatArray:
    if not np.all(np.isfinite(covariance)) or np.any(np.diag(covariance) <= 0.0):
        raise NobodyAnswered("an item has no spread, or two have no row in common")
    return covariance
