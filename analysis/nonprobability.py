"""Figures from people who chose themselves, leaning on a drawn reference.

For checking what self-selection does to a figure; never for points. Every
estimate here assumes that the columns explain who takes part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import FloatArray
from analysis.estimation import covariance
from analysis.intervals import Interval
from analysis.surveys import Survey


class NotSettled(ValueError):
    """Participation or the outcome cannot be predicted from these columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """A mean from volunteers and a reference sample.

    Attributes
    ----------
    value : float
        Mean over the population.
    std_error : float
        From the volunteers' part and the reference's design together.
    population : float
        Size by the reference weights.
    propensity : array of float, shape (nA,)
        Chance of taking part of each volunteer; empty without such a model.
    parity_std_error : float or None
        What R's nonprobsvy 0.2.3 prints, for checking published figures. For
        inverse weights it adds the covariance of outcome and chances where it
        should be taken off, and keeps the spread of the reference's size; for
        the doubly robust mean it takes the chances of the wrong rows.
    """

    value: float
    std_error: float
    population: float
    propensity: FloatArray
    parity_std_error: float | None = None

    def interval(self, confidence: float = 0.95) -> Interval:
        """Normal interval."""
        half = float(special.ndtri((1.0 + confidence) / 2.0)) * self.std_error
        return Interval(self.value - half, self.value + half)


@dataclass(frozen=True, slots=True, eq=False)
class Volunteers:
    """The self-chosen and the reference, described by the same columns.

    Attributes
    ----------
    y : array of float, shape (nA,)
        Outcome of the volunteers.
    x : array of float, shape (nA, p)
        Their columns, intercept included.
    reference : Survey
        Drawn sample of nB rows, without the outcome.
    reference_x : array of float, shape (nB, p)
        Its columns.
    """

    y: FloatArray
    x: FloatArray
    reference: Survey
    reference_x: FloatArray


def naive(y: FloatArray) -> float:
    """The volunteers' own mean: what it would be to ignore how they came."""
    return float(np.mean(y))


def weighted_by_likelihood(data: Volunteers) -> Blend:
    """Inverse participation weights, the chances by pseudo-likelihood.

    References
    ----------
    .. [1] Y. Chen, P. Li and C. Wu, "Doubly robust inference with
           nonprobability survey samples", *JASA* 115 (2020), 2011-2021.
    """
    theta = _by_likelihood(data)
    chance = special.expit(data.x @ theta)
    there = special.expit(data.reference_x @ theta)
    d = data.reference.design.weight
    hessian = (data.reference_x * (d * there * (1.0 - there))[:, None]).T
    b = _slope(data, data.y, chance, hessian @ data.reference_x)
    odds = (1.0 - chance) / chance
    parity = (odds, odds, 1.0 - chance)
    return _weighted(data, chance, b, there * (data.reference_x @ b), parity)


def weighted_by_calibration(data: Volunteers) -> Blend:
    """Inverse participation weights that reproduce the reference's totals.

    The chances solve: weighted sums of the volunteers' columns equal those of
    the reference.
    """
    theta = _by_calibration(data)
    chance = special.expit(data.x @ theta)
    hessian = (data.x * ((1.0 - chance) / chance)[:, None]).T @ data.x
    b = _slope(data, data.y, chance, hessian)
    odds = (1.0 - chance) / chance
    parity = (odds / chance, odds / chance, odds)
    return _weighted(data, chance, b, data.reference_x @ b, parity)


def predicted(data: Volunteers) -> Blend:
    """The outcome predicted on the reference, by logistic regression.

    References
    ----------
    .. [1] J. K. Kim, S. Park, Y. Chen and C. Wu, "Combining non-probability
           and probability survey samples through mass imputation", *JRSS A*
           184 (2021), 941-963.
    """
    beta = _outcome(data)
    d = data.reference.design.weight
    size = float(d.sum())
    here = special.expit(data.x @ beta)
    there = special.expit(data.reference_x @ beta)
    value = float(d @ there / size)
    n = len(data.y)
    information = (data.x * (here * (1.0 - here))[:, None]).T @ data.x / n
    slope = data.reference_x.T @ (d * there * (1.0 - there)) / size
    pull = data.x @ np.linalg.solve(information, slope) * (data.y - here)
    own = float(pull @ pull) / n**2
    drawn = _drawn_variance(data.reference, (there - value) / size)
    return Blend(value, (own + drawn) ** 0.5, size, np.zeros(0))


def doubly_robust(data: Volunteers) -> Blend:
    """Predictions on the reference, corrected by the volunteers' residuals.

    Right when either model is; reference as
    :func:`weighted_by_likelihood`.
    """
    theta, beta = _by_likelihood(data), _outcome(data)
    d = data.reference.design.weight
    size = float(d.sum())
    chance = special.expit(data.x @ theta)
    there = special.expit(data.reference_x @ theta)
    residual = data.y - special.expit(data.x @ beta)
    expected = special.expit(data.reference_x @ beta)
    value = float((residual / chance).sum() + d @ expected) / size
    hessian = (data.reference_x * (d * there * (1.0 - there))[:, None]).T
    hessian = hessian @ data.reference_x

    def spread(used: FloatArray) -> float:
        b = _slope(data, residual, used, hessian)
        own = _own_variance(residual, used, data.x @ b, size)
        pull = there * (data.reference_x @ b) + expected
        drawn = _drawn_variance(data.reference, (pull - d @ pull / size) / size)
        total: float = own + drawn
        return float(total**0.5)

    # R hands its variance the last nA of all chances, volunteers' before the
    # reference's, in place of the volunteers'.
    misread = np.concatenate([chance, there])[len(there) :]
    return Blend(value, spread(chance), size, chance, spread(misread))


def _weighted(
    data: Volunteers,
    chance: FloatArray,
    b: FloatArray,
    pull: FloatArray,
    parity: tuple[FloatArray, FloatArray, FloatArray],
) -> Blend:
    d = data.reference.design.weight
    size = float(d.sum())
    value = float((data.y / chance).sum() / size)
    model = data.x @ b
    own = _own_variance(data.y, chance, model, size)
    drawn = _drawn_variance(data.reference, (pull - value) / size)
    of_square, of_product, of_model = parity
    square = float(of_square @ data.y**2 + of_model @ model**2)
    printed = (square + 2.0 * float((of_product * data.y) @ model)) / size**2
    printed += _drawn_variance(data.reference, pull / size)
    return Blend(value, (own + drawn) ** 0.5, size, chance, printed**0.5)


def _slope(
    data: Volunteers, y: FloatArray, chance: FloatArray, hessian: FloatArray
) -> FloatArray:
    b: FloatArray = np.linalg.solve(
        hessian, data.x.T @ ((1.0 - chance) / chance * y)
    ).astype(np.float64)
    return b


def _own_variance(
    y: FloatArray, chance: FloatArray, pull: FloatArray, size: float
) -> float:
    return float(((1.0 - chance) * (y / chance - pull) ** 2).sum()) / size**2


def _drawn_variance(reference: Survey, influence: FloatArray) -> float:
    z = (reference.design.weight * influence)[:, None]
    return float(covariance(z, reference.design)[0, 0])


def _by_likelihood(data: Volunteers) -> FloatArray:
    d = data.reference.design.weight

    def step(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        there = special.expit(data.reference_x @ theta)
        score = data.x.sum(axis=0) - data.reference_x.T @ (d * there)
        weight = d * there * (1.0 - there)
        return score, (data.reference_x * weight[:, None]).T @ data.reference_x

    return _newton(step, _start(data))


def _by_calibration(data: Volunteers) -> FloatArray:
    wanted = data.reference_x.T @ data.reference.design.weight

    def step(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        chance = special.expit(data.x @ theta)
        score = data.x.T @ (1.0 / chance) - wanted
        weight = (1.0 - chance) / chance
        return score, (data.x * weight[:, None]).T @ data.x

    return _newton(step, _start(data))


def _outcome(data: Volunteers) -> FloatArray:
    def step(beta: FloatArray) -> tuple[FloatArray, FloatArray]:
        mu = special.expit(data.x @ beta)
        weight = mu * (1.0 - mu)
        return data.x.T @ (data.y - mu), (data.x * weight[:, None]).T @ data.x

    return _newton(step, np.zeros(data.x.shape[1]))


def _start(data: Volunteers) -> FloatArray:
    """Everybody takes part alike; the intercept is the first column."""
    start = np.zeros(data.x.shape[1])
    share = len(data.y) / float(data.reference.design.weight.sum())
    if share >= 1.0:
        raise NotSettled("more volunteers than the population has people")
    start[0] = special.logit(share)
    return start


def _newton(
    step: Callable[[FloatArray], tuple[FloatArray, FloatArray]], theta: FloatArray
) -> FloatArray:
    for _ in range(100):
        score, slope = step(theta)
        try:
            move = np.linalg.solve(slope, score)
        except np.linalg.LinAlgError:
            raise NotSettled("columns are collinear or separate the groups") from None
        move = move * min(1.0, 5.0 / max(float(np.max(np.abs(move))), 1e-300))
        theta = theta + move
        if np.max(np.abs(move)) < 1e-12 * (1.0 + np.max(np.abs(theta))):
            return theta
    raise NotSettled("the chances of taking part do not settle")
