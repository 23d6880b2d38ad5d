"""How responses came to be in the file: drawn in stages, then answering or not.

A design is described once, by columns, and never changed. Everything that
needs a variance asks it; nothing else in the package knows about strata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.arrays import AnyArray, BoolArray, FloatArray, IntArray, codes, sums


class DesignRefused(ValueError):
    """Columns that contradict each other; ``problems`` lists everything wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class LonelyStratum(ValueError):
    """A stratum was sampled but holds one unit, so its spread is unknown."""


class Lonely(StrEnum):
    """What to do about a stratum with one unit that is not taken whole."""

    FAIL = "fail"
    REMOVE = "remove"
    ADJUST = "adjust"
    AVERAGE = "average"
    CERTAINTY = "certainty"


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of drawing.

    Attributes
    ----------
    psu : array of int, shape (n,)
        Unit of this stage that each row belongs to, numbered from 0; units of
        different strata have different numbers.
    psu_stratum : array of int, shape (P,)
        Stratum of each unit, numbered from 0.
    fraction : array of float, shape (P,)
        Chance with which each unit was drawn: the share of its stratum that
        was, or its own probability; 0 drops the finite population correction.
    labels : tuple of str, length H
        Names of the strata, for messages.
    """

    psu: IntArray
    psu_stratum: IntArray
    fraction: FloatArray
    labels: tuple[str, ...]

    @property
    def stratum(self) -> IntArray:
        """Stratum of each row, shape (n,)."""
        stratum: IntArray = self.psu_stratum[self.psu]
        return stratum

    @property
    def psu_count(self) -> IntArray:
        """Units in each stratum, shape (H,)."""
        count: IntArray = np.bincount(self.psu_stratum, minlength=self.strata)
        return count

    @property
    def strata(self) -> int:
        """H, the number of strata."""
        return len(self.labels)

    @property
    def stratum_fraction(self) -> FloatArray:
        """Fraction of each stratum, shape (H,), where its units share one."""
        fraction = np.zeros(self.strata)
        fraction[self.psu_stratum] = self.fraction
        return fraction


@dataclass(frozen=True, slots=True, eq=False)
class SecondPhase:
    """Who answered among the drawn: at random within a response class.

    Attributes
    ----------
    response_class : array of int, shape (n,)
        Class of each respondent, numbered from 0.
    issued : array of float, shape (C,)
        Eligible units issued in each class.
    silent_stratum, silent_class : array of int, shape (S,)
        Stratum and class of each group of units that did not answer.
    silent_count : array of float, shape (S,)
        How many did not answer in each such group.
    """

    response_class: IntArray
    issued: FloatArray
    silent_stratum: IntArray
    silent_class: IntArray
    silent_count: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class JointDraw:
    """Unequal chances, with what is known of two units being drawn together.

    Attributes
    ----------
    form : array of float, shape (P, P)
        Symmetric matrix Q with variance :math:`t^T Q t` for weighted totals t
        of the first-stage units.
    """

    form: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A weight step that made sums of columns meet known totals.

    Attributes
    ----------
    columns : array of float, shape (n, p)
        What was calibrated to.
    base : array of float, shape (n,)
        Weights before the step.
    weight : array of float, shape (n,)
        Weights after it.
    """

    columns: FloatArray
    base: FloatArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Weights, stages and response phase of a set of rows.

    Attributes
    ----------
    weight : array of float, shape (n,)
        Transactions each row stands for; 0 for a row outside every estimate.
    stages : tuple of Stage
        First stage first. With a second phase, fractions of the (only) stage
        are drawn over frame; without one they are whatever the file was
        thinned by in all.
    second_phase : SecondPhase or None
        Given when response classes are not the variance strata themselves.
    lonely : Lonely
        Rule for strata with a single unit.
    adjust_domain_lonely : bool
        Apply the rule also where a domain leaves one unit of a stratum.
    joint : JointDraw or None
        Replaces the stratified formula of the (only) stage.
    calibrations : tuple of Calibration
        In the order they were made; influences lose what the columns explain.
    """

    weight: FloatArray
    stages: tuple[Stage, ...]
    second_phase: SecondPhase | None = None
    lonely: Lonely = Lonely.FAIL
    adjust_domain_lonely: bool = False
    joint: JointDraw | None = None
    calibrations: tuple[Calibration, ...] = ()

    def __post_init__(self) -> None:
        problems = _contradictions(self)
        if problems:
            raise DesignRefused(problems)

    @property
    def size(self) -> int:
        return len(self.weight)

    @property
    def df(self) -> int:
        """Degrees of freedom of the whole: units less strata, as R's ``degf``."""
        return int(degrees_of_freedom(self, self.weight[:, None] > 0.0)[0])


def stratified(
    weight: FloatArray,
    stratum: AnyArray,
    frame_size: FloatArray,
    *,
    psu: AnyArray | None = None,
    labels: Sequence[str] = (),
) -> Design:
    """Responses of a one-stage stratified draw, non-response within the strata.

    Parameters
    ----------
    weight : array of float, shape (n,)
        Transactions each response stands for.
    stratum : array, shape (n,)
        Label of the variance stratum, which is the response class too.
    frame_size : array of float, shape (n,)
        Transactions in the frame of the stratum; ``inf`` drops the finite
        population correction.
    psu : array, shape (n,), optional
        Unit that rows belong to, where several rows came from one person.
    labels : sequence of str, optional
        Names of the strata, where ``stratum`` numbers them from 0.

    Returns
    -------
    Design
        With the fraction of *responses* in the frame: a stratum drawn whole
        that answered in part keeps its doubt.

    Raises
    ------
    DesignRefused
        If a stratum has several frame sizes, or more responses than frame.

    Examples
    --------
    >>> found = stratified(np.full(4, 5.0), np.array([1, 1, 2, 2]), np.full(4, 10.0))
    >>> found.df, found.stages[0].stratum_fraction.tolist()
    (2, [0.2, 0.2])
    """
    if labels:
        names, h = np.array(labels), np.asarray(stratum, dtype=np.int64)
    else:
        names, h = codes(stratum)
    rows = np.bincount(h, minlength=len(names))
    size = np.zeros(len(names))
    size[h] = frame_size
    problems = [
        f"stratum {names[k]}: frame sizes differ between rows"
        for k in np.unique(h[size[h] != frame_size])
    ]
    problems += [
        f"stratum {names[k]}: {rows[k]} responses from a frame of {size[k]:g}"
        for k in np.flatnonzero(rows > size)
    ]
    if problems:
        raise DesignRefused(problems)
    if psu is None:
        number, psu_stratum = np.arange(len(h)), h
    else:
        _, unit = codes(psu)
        _, number = codes(h * (unit.max(initial=0) + 1) + unit)
        psu_stratum = np.zeros(number.max(initial=-1) + 1, dtype=np.int64)
        psu_stratum[number] = h
    stage = Stage(
        number, psu_stratum, (rows / size)[psu_stratum], tuple(map(str, names))
    )
    return Design(np.asarray(weight, dtype=np.float64), (stage,))


def degrees_of_freedom(design: Design, counted: BoolArray) -> IntArray:
    """Units with a counted row less strata with such a unit, by column.

    Parameters
    ----------
    design : Design
        Of n rows.
    counted : array of bool, shape (n, q)
        Rows that count, for each of q figures.

    Returns
    -------
    array of int, shape (q,)

    Examples
    --------
    >>> design = stratified(np.ones(4), np.array([1, 1, 2, 2]), np.full(4, 10.0))
    >>> degrees_of_freedom(design, np.ones((4, 1), dtype=bool)).tolist()
    [2]
    """
    units = counted_units(design, counted)
    degrees: IntArray = (units.sum(axis=0) - (units > 0).sum(axis=0)).astype(np.int64)
    return degrees


def degrees_of_freedom_by(
    design: Design, counted: BoolArray, group: IntArray, count: int
) -> IntArray:
    """The same within groups of first-stage strata, shape (count, q)."""
    units = counted_units(design, counted)
    degrees = sums(units - (units > 0), group, count)
    return degrees.astype(np.int64)


def counted_units(design: Design, counted: BoolArray) -> FloatArray:
    """First-stage units with a counted row, shape (strata, q).

    Examples
    --------
    >>> design = stratified(np.ones(4), np.array([1, 1, 2, 2]), np.full(4, 10.0))
    >>> counted_units(design, np.ones((4, 1), dtype=bool)).tolist()
    [[2.0], [2.0]]
    """
    stage = design.stages[0]
    per_psu = counted
    if len(stage.psu_stratum) != design.size:
        per_psu = sums(counted, stage.psu, len(stage.psu_stratum)) > 0
        return sums(per_psu, stage.psu_stratum, stage.strata)
    return sums(per_psu, stage.stratum, stage.strata)


def _contradictions(design: Design) -> list[str]:
    problems = []
    if not np.all(np.isfinite(design.weight)):
        problems.append("every row needs a weight; use 0 to leave a row out")
    elif np.any(design.weight < 0):
        problems.append("weights must not be negative")
    for number, stage in enumerate(design.stages, start=1):
        if len(stage.psu) != len(design.weight):
            problems.append(f"stage {number} describes another number of rows")
        bad = (stage.fraction > 1.0 + 1e-9) | (stage.fraction < 0.0)
        problems += [
            f"stage {number}, stratum {stage.labels[h]}: more units than its frame"
            for h in np.unique(stage.psu_stratum[bad])
        ]
    if design.second_phase is not None and len(design.stages) != 1:
        problems.append("a response phase needs a design of one stage")
    if design.joint is not None and len(design.stages) != 1:
        problems.append("joint probabilities need a design of one stage")
    return problems
