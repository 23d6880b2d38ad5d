"""Units drawn with unequal chances: what is known of two being drawn together.

Brewer's formula is what a survey with probabilities uses by itself; the
functions here give the same survey another variance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.design import Design, DesignRefused, JointDraw, Stage
from analysis.surveys import Survey


def horvitz_thompson(sample: Survey, joint: FloatArray) -> Survey:
    r"""The survey with the Horvitz-Thompson variance of known joint chances.

    Parameters
    ----------
    sample : Survey
        One stage, every row a unit, its probability stated.
    joint : array of float, shape (n, n)
        Chance that two units are both drawn; on the diagonal, their own.

    Raises
    ------
    DesignRefused
        If a joint probability is 0: pairs that never meet hide a variance.

    Notes
    -----
    :math:`\sum_{ij} \frac{\pi_{ij} - \pi_i\pi_j}{\pi_{ij}} \check t_i \check t_j`.

    References
    ----------
    .. [1] D. G. Horvitz and D. J. Thompson, "A generalization of sampling
           without replacement from a finite universe", *JASA* 47 (1952).

    Examples
    --------
    >>> from analysis.estimators import total
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([2.0, 3.0]), "p": np.array([0.5, 0.4])}
    >>> sample = survey(table, [Drawn(probability="p")])
    >>> found = horvitz_thompson(sample, np.array([[0.5, 0.1], [0.1, 0.4]]))
    >>> total(found, ["y"]).covariance.round(4).tolist()
    [[-18.25]]
    """
    return _with_form(sample, _checked(sample, joint))


def yates_grundy(sample: Survey, joint: FloatArray) -> Survey:
    r"""The survey with the Yates-Grundy variance; arguments as above.

    Notes
    -----
    :math:`-\frac12 \sum_{ij} \frac{\pi_{ij} - \pi_i\pi_j}{\pi_{ij}}
    (\check t_i - \check t_j)^2`, for samples of a fixed size.

    References
    ----------
    .. [1] F. Yates and P. M. Grundy, "Selection without replacement from
           within strata with probability proportional to size", *JRSS B* 15
           (1953).

    Examples
    --------
    >>> from analysis.estimators import total
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([2.0, 3.0]), "p": np.array([0.5, 0.4])}
    >>> sample = survey(table, [Drawn(probability="p")])
    >>> found = yates_grundy(sample, np.array([[0.5, 0.1], [0.1, 0.4]]))
    >>> total(found, ["y"]).std_error.round(4).tolist()
    [3.5]
    """
    form = _checked(sample, joint)
    return _with_form(sample, form - np.diag(form.sum(axis=1)))


def hartley_rao(sample: Survey, constant: float | None = None) -> Survey:
    r"""The survey with Hartley and Rao's approximation of joint chances.

    Parameters
    ----------
    sample : Survey
        One stage, probabilities stated.
    constant : float, optional
        :math:`\sum_U \pi_i^2 / n` over the population; the mean probability of
        the sample estimates it when absent.

    Notes
    -----
    :math:`1 - \frac{n - \pi_i - \pi_j + c}{n - 1}` for two units of a stratum,
    :math:`1 - \pi_i` for one with itself.

    References
    ----------
    .. [1] H. O. Hartley and J. N. K. Rao, "Sampling with unequal probabilities
           and without replacement", *Ann. Math. Statist.* 33 (1962).

    Examples
    --------
    >>> from analysis.estimators import total
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([2.0, 3.0]), "p": np.array([0.5, 0.4])}
    >>> sample = survey(table, [Drawn(probability="p")])
    >>> total(hartley_rao(sample), ["y"]).std_error.round(4).tolist()
    [2.958]
    """
    stage, p = _stage(sample), _probabilities(sample)
    h, units = stage.psu_stratum, stage.psu_count
    means = np.bincount(h, p) / units
    c = means[h] if constant is None else np.full(len(p), constant)
    n = units[h].astype(np.float64)
    return _with_form(sample, _within(h, p, n[:, None] - np.add.outer(p, p) + c, n))


def overton(sample: Survey) -> Survey:
    r"""The survey with Overton's approximation of joint chances.

    Notes
    -----
    :math:`1 - \frac{n - (\pi_i + \pi_j)/2}{n - 1}` for two units of a stratum.

    References
    ----------
    .. [1] S. V. Stehman and W. S. Overton, "Comparison of variance estimators
           of the Horvitz-Thompson estimator for randomized variable
           probability systematic sampling", *JASA* 89 (1994).

    Examples
    --------
    >>> from analysis.estimators import total
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([2.0, 3.0]), "p": np.array([0.5, 0.4])}
    >>> sample = survey(table, [Drawn(probability="p")])
    >>> total(overton(sample), ["y"]).std_error.round(4).tolist()
    [2.958]
    """
    stage, p = _stage(sample), _probabilities(sample)
    h = stage.psu_stratum
    n = stage.psu_count[h].astype(np.float64)
    return _with_form(sample, _within(h, p, n[:, None] - np.add.outer(p, p) / 2.0, n))


def with_replacement(sample: Survey) -> Survey:
    """The survey as if units could be drawn twice: no finite population.

    Examples
    --------
    >>> from analysis.estimators import total
    >>> from analysis.surveys import Drawn, survey
    >>> table = {"y": np.array([2.0, 3.0]), "p": np.array([0.5, 0.4])}
    >>> sample = survey(table, [Drawn(probability="p")])
    >>> total(with_replacement(sample), ["y"]).std_error.round(4).tolist()
    [3.5]
    """
    stage = _stage(sample)
    endless = replace(stage, fraction=np.zeros_like(stage.fraction))
    return sample.with_design(replace(sample.design, stages=(endless,), joint=None))


def _within(h: IntArray, p: FloatArray, top: FloatArray, n: FloatArray) -> FloatArray:
    form = 1.0 - top / (n - 1.0)[:, None]
    form = np.where(np.equal.outer(h, h), form, 0.0)
    np.fill_diagonal(form, 1.0 - p)
    return form


def _checked(sample: Survey, joint: FloatArray) -> FloatArray:
    """The matrix of (π_ij - π_i π_j) / π_ij."""
    p = _probabilities(sample)
    if joint.shape != (len(p), len(p)):
        raise DesignRefused(
            [f"joint probabilities of {joint.shape} for {len(p)} units"]
        )
    if not np.allclose(joint, joint.T, rtol=1e-6):
        raise DesignRefused(["joint probabilities are not symmetric"])
    if np.any(joint <= 0.0):
        i, j = np.argwhere(joint <= 0.0)[0]
        raise DesignRefused([f"units {i} and {j} can never be drawn together"])
    own = np.diag(joint)
    form: FloatArray = (joint - np.outer(own, own)) / joint
    return form


def _stage(sample: Survey) -> Stage:
    if len(sample.design.stages) != 1:
        raise DesignRefused(["joint probabilities need a design of one stage"])
    return sample.design.stages[0]


def _probabilities(sample: Survey) -> FloatArray:
    p = _stage(sample).fraction
    if np.any(p <= 0.0):
        raise DesignRefused(["every unit needs its inclusion probability"])
    return p


def _with_form(sample: Survey, form: FloatArray) -> Survey:
    design: Design = replace(sample.design, joint=JointDraw(form))
    return sample.with_design(design)
