"""Variances by computing everything again on part of the sample.

For figures without an influence, and to check those with one. Weight steps
are made again in every replicate, so their effect is in the spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import FloatArray
from analysis.design import DesignRefused, LonelyStratum, Stage
from analysis.estimators import NobodyAnswered
from analysis.surveys import Survey, reweighted

Estimator = Callable[[Survey], FloatArray]
WeightStep = Callable[[Survey], Survey]


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """R sets of weights, and what their spread counts for.

    Attributes
    ----------
    weights : array of float, shape (n, R)
        Weights to compute with, design weights included.
    scale : float
        Of the whole sum of squares.
    rscales : array of float, shape (R,)
        Of each replicate's square.
    from_full : bool
        Deviations from the full-sample value, not from the replicates' mean.
    """

    weights: FloatArray
    scale: float
    rscales: FloatArray
    from_full: bool = False

    @property
    def count(self) -> int:
        """R."""
        return int(self.weights.shape[1])

    @property
    def df(self) -> int:
        """Rank of the weights less 1."""
        return int(np.linalg.matrix_rank(self.weights, tol=1e-5)) - 1

    def adjusted(self, sample: Survey, step: WeightStep) -> Replicates:
        """The same after a weight step made again in every replicate.

        Parameters
        ----------
        sample : Survey
            Before the step.
        step : callable
            Takes a survey, gives it with new weights.
        """
        columns = [
            step(reweighted(sample, column)).design.weight for column in self.weights.T
        ]
        return replace(self, weights=np.stack(columns, axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Replicated:
    """q values, and their covariance over replicates."""

    value: FloatArray
    covariance: FloatArray

    @property
    def std_error(self) -> FloatArray:
        return np.sqrt(np.diag(self.covariance))


def estimate(
    sample: Survey, replicates: Replicates, estimator: Estimator
) -> Replicated:
    r"""A value and its covariance by computing it in every replicate.

    Parameters
    ----------
    sample : Survey
        With the full-sample weights.
    replicates : Replicates
        Of the same rows.
    estimator : callable
        Takes a survey, gives an array of shape (q,).

    Raises
    ------
    NobodyAnswered
        If an estimate has no value in the sample or in a replicate.

    Notes
    -----
    :math:`c \sum_r c_r (\hat\theta_r - \bar\theta)(\hat\theta_r -
    \bar\theta)^\top`, with the full-sample value in place of the mean when
    ``from_full``.

    Examples
    --------
    >>> from analysis.estimators import mean
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.array([1.0, 3.0, 5.0])})
    >>> found = estimate(sample, jackknife(sample), lambda s: mean(s, ["y"]).value)
    >>> found.value.tolist(), found.std_error.round(4).tolist()
    ([3.0], [1.1547])
    """
    value = np.atleast_1d(estimator(sample))
    runs = np.stack(
        [
            np.atleast_1d(estimator(reweighted(sample, column)))
            for column in replicates.weights.T
        ]
    )
    if np.isnan(value).any() or np.isnan(runs[replicates.rscales > 0]).any():
        raise NobodyAnswered("a replicate leaves an estimate without a valid answer")
    centre = value if replicates.from_full else runs[replicates.rscales > 0].mean(0)
    apart = (runs - centre) * np.sqrt(replicates.rscales)[:, None]
    return Replicated(value, replicates.scale * apart.T @ apart)


def jackknife(sample: Survey, *, from_full: bool = False) -> Replicates:
    """One first-stage unit left out at a time: JK1.

    Raises
    ------
    DesignRefused
        If there is more than one stratum; see :func:`stratified_jackknife`.
    LonelyStratum
        If there is one unit.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> jackknife(survey({"y": np.zeros(3)})).weights.tolist()
    [[0.0, 1.5, 1.5], [1.5, 0.0, 1.5], [1.5, 1.5, 0.0]]
    """
    stage = _first(sample)
    if stage.strata != 1:
        raise DesignRefused(["several strata: use stratified_jackknife"])
    n = len(stage.psu_stratum)
    if n < 2:
        raise LonelyStratum("one unit only")
    factors = (1.0 - np.eye(n)) * n / (n - 1.0)
    scale = (n - 1.0) / n * (1.0 - float(stage.stratum_fraction[0]))
    return Replicates(_weights(sample, factors), scale, np.ones(n), from_full)


def stratified_jackknife(sample: Survey, *, from_full: bool = False) -> Replicates:
    """One first-stage unit left out at a time, the rest of its stratum raised: JKn.

    Raises
    ------
    LonelyStratum
        If a stratum that is not taken whole has one unit.

    Examples
    --------
    >>> from analysis.surveys import Drawn, survey
    >>> sample = survey({"h": np.array(["a", "a"])}, [Drawn(strata=("h",))])
    >>> stratified_jackknife(sample).weights.tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    stage = _first(sample)
    h, units = stage.psu_stratum, stage.psu_count
    left = 1.0 - stage.stratum_fraction
    if np.any(alone := (units < 2) & (left > 1e-7)):
        raise LonelyStratum(f"one unit only in {stage.labels[int(alone.argmax())]}")
    used = np.flatnonzero((units[h] > 1) & (left[h] > 1e-7))
    # Stratum by stratum, in the order in which they first come.
    first = np.full(stage.strata, len(h))
    np.minimum.at(first, h, np.arange(len(h)))
    used = used[np.argsort(first[h[used]], kind="stable")]
    n = units[h].astype(np.float64)
    factors = np.ones((len(h), len(used)))
    for r, unit in enumerate(used):
        mates = h == h[unit]
        factors[mates, r] = n[unit] / (n[unit] - 1.0)
        factors[unit, r] = 0.0
    rscales = ((n - 1.0) / n * left[h])[used]
    return Replicates(_weights(sample, factors), 1.0, rscales, from_full)


def half_samples(
    sample: Survey, *, fay: float = 0.0, from_full: bool = False
) -> Replicates:
    r"""Balanced halves of a design with two units a stratum: BRR, or Fay's.

    Parameters
    ----------
    sample : Survey
        Two first-stage units in every stratum.
    fay : float, default 0
        Share of its weight that the other half keeps.
    from_full : bool
        See :class:`Replicates`.

    Raises
    ------
    DesignRefused
        If a stratum does not have two units, or ``fay`` is not in [0, 1).

    Notes
    -----
    Signs come from a Hadamard matrix of order R, the least power of two above
    the number of strata; scale :math:`1 / (R (1 - \rho)^2)`.

    References
    ----------
    .. [1] P. J. McCarthy, "Pseudo-replication: half samples", *Review of the
           ISI* 37 (1969), 239-264.
    .. [2] D. R. Judkins, "Fay's method for variance estimation", *Journal of
           Official Statistics* 6 (1990), 223-239.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> half_samples(survey({"y": np.zeros(2)})).weights.tolist()
    [[2.0, 0.0], [0.0, 2.0]]
    """
    stage = _first(sample)
    odd = np.flatnonzero(stage.psu_count != 2)
    if len(odd):
        names = ", ".join(stage.labels[h] for h in odd)
        raise DesignRefused([f"half samples need two units in stratum {names}"])
    if not 0.0 <= fay < 1.0:
        raise DesignRefused([f"fay must be from 0 to below 1: {fay}"])
    signs = _hadamard(stage.strata + 1)[:, 1 : stage.strata + 1]
    h = stage.psu_stratum
    second = np.zeros(len(h), dtype=bool)
    seen: set[int] = set()
    for unit, stratum in enumerate(h.tolist()):
        second[unit] = stratum in seen
        seen.add(stratum)
    taken = np.where(second[:, None], -signs.T[h], signs.T[h]) > 0
    factors = np.where(taken, 2.0 - fay, fay)
    scale = 1.0 / (signs.shape[0] * (1.0 - fay) ** 2)
    return Replicates(
        _weights(sample, factors), scale, np.ones(signs.shape[0]), from_full
    )


def bootstrap(sample: Survey, rng: np.random.Generator, count: int = 200) -> Replicates:
    r"""Rescaling bootstrap of first-stage units with their finite populations.

    Parameters
    ----------
    sample : Survey
        At least two first-stage units in every stratum that is not whole.
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Replicates.

    Raises
    ------
    LonelyStratum
        If a stratum that is not taken whole has one unit.

    Notes
    -----
    In each stratum :math:`n_h - 1` units are drawn with replacement; a unit
    drawn t times gets the factor :math:`1 + \sqrt{1-f_h}\,(t n_h/(n_h-1) - 1)`.

    References
    ----------
    .. [1] J. N. K. Rao, C. F. J. Wu and K. Yue, "Some recent work on
           resampling methods for complex surveys", *Survey Methodology* 18
           (1992), 209-217.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> sample = survey({"y": np.zeros(5)})
    >>> bootstrap(sample, np.random.default_rng(1), 3).weights.shape
    (5, 3)
    """
    stage = _first(sample)
    factors = np.ones((len(stage.psu_stratum), count))
    for h, label in enumerate(stage.labels):
        own = np.flatnonzero(stage.psu_stratum == h)
        left = 1.0 - float(stage.stratum_fraction[h])
        n = len(own)
        if left < 1e-7:
            continue
        if n < 2:
            raise LonelyStratum(f"one unit only in {label}")
        times = rng.multinomial(n - 1, np.full(n, 1.0 / n), size=count).T
        factors[own] = 1.0 + np.sqrt(left) * (times * n / (n - 1.0) - 1.0)
    weights = _weights(sample, factors)
    return Replicates(weights, 1.0, np.full(count, 1.0 / (count - 1)))


def given(
    weights: FloatArray, scale: float, rscales: FloatArray, *, from_full: bool = False
) -> Replicates:
    """Replicates that came with the data.

    Raises
    ------
    DesignRefused
        If there is not one scale for each replicate.

    Examples
    --------
    >>> given(np.ones((4, 2)), 0.5, np.ones(2)).scale
    0.5
    """
    if len(rscales) != weights.shape[1]:
        raise DesignRefused([f"{weights.shape[1]} replicates, {len(rscales)} scales"])
    return Replicates(weights, scale, rscales, from_full)


def bootstrap_scale(sample: Survey, count: int) -> float:
    """Scale of the Canty-Davison bootstrap: m / ((m-1)(R-1)), m harmonic mean.

    Examples
    --------
    >>> from analysis.surveys import survey
    >>> bootstrap_scale(survey({"y": np.zeros(5)}), 11)
    0.125
    """
    m = 1.0 / np.mean(1.0 / _first(sample).psu_count)
    return float(m / ((m - 1.0) * (count - 1.0)))


def _first(sample: Survey) -> Stage:
    return sample.design.stages[0]


def _weights(sample: Survey, factors: FloatArray) -> FloatArray:
    weights: FloatArray = factors[_first(sample).psu] * sample.design.weight[:, None]
    return weights


def _hadamard(order: int) -> FloatArray:
    matrix = np.ones((1, 1))
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
