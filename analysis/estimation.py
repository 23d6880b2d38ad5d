"""From influences to variances: one function for every figure of the house.

An estimate is a value and one influence per response: how far that response
pulls the value. Sums, averages and differences of estimates have the sums,
averages and differences of their influences, so one variance formula serves
them all, and it is here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray, sums
from analysis.design import Design, Lonely, LonelyStratum, SecondPhase, Stage


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """Influences as far as they vary, ready to be squared and summed.

    Attributes
    ----------
    rows : array of float, shape (R, q)
        Centred totals of units, for q estimates.
    stratum : array of int, shape (R,)
        First-stage stratum of each row.
    scale : array of float, shape (R,)
        What a square counts for.
    scale_without_fpc : array of float, shape (R,)
        The same had the population been without end.
    fraction : array of float, shape (R,)
        Share of the stratum's frame that is in the file.
    """

    rows: FloatArray
    stratum: IntArray
    scale: FloatArray
    scale_without_fpc: FloatArray
    fraction: FloatArray

    def covariance(self, *, with_fpc: bool = True) -> FloatArray:
        """Covariance of the q estimates, shape (q, q)."""
        scale = self.scale if with_fpc else self.scale_without_fpc
        scaled = self.rows * np.sqrt(scale)[:, None]
        return scaled.T @ scaled

    def variances(
        self, groups: IntArray, count: int, scale: FloatArray | None = None
    ) -> FloatArray:
        """Variances where every stratum belongs to one group, shape (count, q).

        Parameters
        ----------
        groups : array of int, shape (H,)
            Group of each first-stage stratum.
        count : int
            Number of groups.
        scale : array of float, shape (R,), optional
            ``scale`` by default.
        """
        weight = self.scale if scale is None else scale
        scaled = np.square(self.rows)
        scaled *= weight[:, None]
        return sums(scaled, groups[self.stratum], count)


def covariance(
    influence: FloatArray,
    design: Design,
    *,
    with_fpc: bool = True,
    domain: BoolArray | None = None,
) -> FloatArray:
    r"""Covariance of estimates from their influences.

    Parameters
    ----------
    influence : array of float, shape (n, q)
        Weighted influence of each row on each of q estimates; zero for rows of
        other domains, which stay in.
    design : Design
        How the n rows came to be.
    with_fpc : bool, default True
        Whether the finite population counts.
    domain : array of bool, shape (n,), optional
        Rows of the domain, needed only to apply a rule for lonely units to
        strata where the domain leaves one.

    Returns
    -------
    array of float, shape (q, q)

    Raises
    ------
    LonelyStratum
        If a stratum holds one unit of a larger population and the design
        names no rule for it.

    Notes
    -----
    For each stage

    .. math::

        \sum_h f_{>h} (1 - f_h) \frac{n_h}{n_h - 1}
        \sum_{i \in h} (z_{hi} - \bar z_h)(z_{hi} - \bar z_h)^\top

    where :math:`z_{hi}` is the total of the influences of unit :math:`i` and
    :math:`f_{>h}` the product of the fractions of the stages above. With
    response classes that are not the strata, influences are first centred in
    their class, silent units carry the class mean, and
    :math:`\sum \pi (1-\varphi) (z - \bar z_c)^2 r_c / (r_c - 1)` is added.

    References
    ----------
    .. [1] C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey
           Sampling*, Springer, 1992, sec. 4.3 and 9.3.
    .. [2] R. E. Fay, "A design-based perspective on missing data variance",
           *Proc. 1991 Annual Research Conference*, US Census Bureau, 429-440.

    Examples
    --------
    >>> from analysis.design import stratified
    >>> design = stratified(np.full(4, 2.5), np.zeros(4), np.full(4, 10.0))
    >>> influence = np.array([[1.0], [-1.0], [1.0], [-1.0]]) / 8
    >>> covariance(influence, design).round(4).tolist()
    [[0.05]]
    """
    if design.joint is not None and with_fpc:
        totals = _unit_totals(residuals(influence, design), design.stages[0])
        return totals.T @ design.joint.form @ totals
    return deviations(influence, design, domain=domain).covariance(with_fpc=with_fpc)


def deviations(
    influence: FloatArray, design: Design, *, domain: BoolArray | None = None
) -> Deviations:
    """Influences centred within strata, stage by stage; see :func:`covariance`."""
    pull = residuals(influence, design)
    if design.second_phase is not None:
        return _two_phase(pull, design, design.second_phase)
    parts = []
    outer = design.stages[0].stratum
    above = np.ones(design.size)
    parents = np.zeros(design.size, dtype=np.int64)
    for number, stage in enumerate(design.stages, start=1):
        if number == 1 or above.any():
            first = _First(number == 1, parents, above, outer)
            parts.append(_one_stage(pull, design, stage, first, domain))
        above = above * stage.fraction[stage.psu]
        parents = stage.psu
    return parts[0] if len(parts) == 1 else _stacked(parts)


def residuals(influence: FloatArray, design: Design) -> FloatArray:
    """Influences less what the calibrated columns explain, last step first.

    With z the influence and d the weights before a step, e is the residual of
    z / w in the regression on the columns with weights d, and z becomes w e.
    """
    for step in reversed(design.calibrations):
        there = step.weight > 0.0
        root = np.sqrt(step.base[there])[:, None]
        own = influence[there] / step.weight[there, None]
        beta = np.linalg.lstsq(step.columns[there] * root, own * root, rcond=None)[0]
        left = np.zeros_like(influence)
        left[there] = own - step.columns[there] @ beta
        influence = left * step.weight[:, None]
    return influence


@dataclass(frozen=True, slots=True, eq=False)
class _First:
    """Where a stage stands: what is above it, and the outermost stratum."""

    is_first: bool
    parents: IntArray
    above: FloatArray
    outer: IntArray


def _one_stage(
    influence: FloatArray,
    design: Design,
    stage: Stage,
    place: _First,
    domain: BoolArray | None,
) -> Deviations:
    """Deviations of unit totals from their stratum's mean, at one stage."""
    h, units = stage.psu_stratum, stage.psu_count
    first_row = np.zeros(len(h), dtype=np.int64)
    first_row[stage.psu] = np.arange(design.size)
    totals = _unit_totals(influence, stage)
    means = sums(totals, h, stage.strata) / np.maximum(units, 1)[:, None]
    taken_whole = sums(stage.fraction < 1.0 - 1e-7, h, stage.strata) == 0
    lonely = (units == 1) & ~taken_whole
    if lonely.any() and design.lonely is Lonely.FAIL:
        raise LonelyStratum(
            "one unit only in stratum "
            + ", ".join(stage.labels[k] for k in np.flatnonzero(lonely))
        )
    if domain is not None and design.adjust_domain_lonely:
        inside = np.zeros(len(h), dtype=bool)
        np.logical_or.at(inside, stage.psu, domain)
        lonely |= (sums(inside, h, stage.strata) == 1) & ~taken_whole
    if design.lonely is Lonely.ADJUST:
        means[lonely] = totals.mean(axis=0)
    rise = np.ones(stage.strata)
    if design.lonely is Lonely.AVERAGE and lonely.any():
        rise = _rise(lonely, stage, place.parents[first_row])
        totals = np.where(lonely[h][:, None], means[h], totals)
    plain = (units / np.maximum(units - 1, 1) * rise)[h]
    return Deviations(
        rows=totals - means[h],
        stratum=place.outer[first_row],
        scale=plain * (1.0 - stage.fraction) * place.above[first_row],
        scale_without_fpc=plain if place.is_first else np.zeros(len(h)),
        fraction=stage.fraction,
    )


def _unit_totals(influence: FloatArray, stage: Stage) -> FloatArray:
    count = len(stage.psu_stratum)
    in_order = count == len(influence) and np.array_equal(stage.psu, np.arange(count))
    return influence if in_order else sums(influence, stage.psu, count)


def _rise(lonely: BoolArray, stage: Stage, parents: IntArray) -> FloatArray:
    """How much other strata of the same parent count for the lonely ones."""
    parent_of = np.zeros(stage.strata, dtype=np.int64)
    parent_of[stage.psu_stratum] = parents
    strata = np.bincount(parent_of)
    alone = np.bincount(parent_of, weights=lonely)
    with np.errstate(divide="ignore"):
        rise: FloatArray = (strata / (strata - alone))[parent_of]
    return rise


def _two_phase(influence: FloatArray, design: Design, phase: SecondPhase) -> Deviations:
    """Drawing, then answering at random within response classes."""
    stage = design.stages[0]
    classes = len(phase.issued)
    answered = np.bincount(phase.response_class, minlength=classes)
    rate = answered / phase.issued
    if np.any(alone := (answered == 1) & (rate < 1.0)):
        raise LonelyStratum(f"one answer only in classes {np.flatnonzero(alone)}")
    mean = sums(influence, phase.response_class, classes)
    mean /= np.maximum(answered, 1)[:, None]
    centred = influence - mean[phase.response_class]
    expected = mean * rate[:, None]
    totals = _unit_totals(centred + expected[phase.response_class], stage)
    silent = expected[phase.silent_class]

    h = stage.psu_stratum
    count, share = stage.strata, stage.stratum_fraction
    drawn = stage.psu_count + sums(phase.silent_count, phase.silent_stratum, count)
    if np.any(alone := (drawn < 2) & (share < 1.0)):
        names = ", ".join(stage.labels[k] for k in np.flatnonzero(alone))
        raise LonelyStratum(f"one unit only in stratum {names}")
    mean_h = sums(totals, h, count)
    mean_h += sums(silent * phase.silent_count[:, None], phase.silent_stratum, count)
    mean_h /= drawn[:, None]
    plain = drawn / np.maximum(drawn - 1, 1)
    at_silent, at_row = phase.silent_stratum, stage.stratum
    correction = answered / np.maximum(answered - 1, 1)
    answering = share[at_row] * ((1.0 - rate) * correction)[phase.response_class]
    first = np.concatenate([plain[h], plain[at_silent] * phase.silent_count])
    strata = np.concatenate([h, at_silent, at_row])
    fraction = share[strata]
    left = 1.0 - fraction[: len(first)]
    return Deviations(
        rows=np.concatenate([totals - mean_h[h], silent - mean_h[at_silent], centred]),
        stratum=strata,
        scale=np.concatenate([first * left, answering]),
        scale_without_fpc=np.concatenate([first, np.zeros(len(centred))]),
        fraction=fraction,
    )


def _stacked(parts: list[Deviations]) -> Deviations:
    return Deviations(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in Deviations.__slots__
        )
    )
