"""A microdata table and how it was drawn, described by column names.

This is the door for any survey, ours or not: columns in, one immutable value
out, which every estimator takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import (
    AnyArray,
    BoolArray,
    FloatArray,
    IntArray,
    codes,
    joint_codes,
)
from analysis.design import Calibration, Design, DesignRefused, Lonely, Stage


@dataclass(frozen=True, slots=True)
class Drawn:
    """One stage of drawing, by column names.

    Attributes
    ----------
    psu : str or None
        Unit of the stage; ``None``: every row is one.
    strata : tuple of str
        Columns that together name the stratum.
    frame_size : str or None
        Units of the stage in the stratum's population.
    fraction : str or None
        Share of them drawn, instead of ``frame_size``.
    probability : str or None
        Inclusion probability of each unit, for unequal chances.
    """

    psu: str | None = None
    strata: tuple[str, ...] = ()
    frame_size: str | None = None
    fraction: str | None = None
    probability: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """n rows and the design they came by.

    Attributes
    ----------
    columns : mapping of str to array, each shape (n,)
        Numbers are float with ``nan`` where missing; anything else is text or
        object with ``None`` or ``""`` where missing.
    design : Design
        Weights, stages, steps.
    """

    columns: Mapping[str, AnyArray]
    design: Design

    @property
    def size(self) -> int:
        return self.design.size

    def numbers(self, name: str) -> FloatArray:
        """A numeric column, shape (n,).

        Raises
        ------
        DesignRefused
            If there is no such column, or it holds text.
        """
        column = self._column(name)
        try:
            return column.astype(np.float64)
        except (TypeError, ValueError):
            raise DesignRefused([f"column {name} is not numeric"]) from None

    def labels(self, names: Sequence[str]) -> list[AnyArray]:
        """Columns used as categories."""
        return [self._column(name) for name in names]

    def with_columns(self, **columns: AnyArray) -> Survey:
        """The same survey with columns added or replaced."""
        return replace(self, columns={**self.columns, **columns})

    def with_design(self, design: Design) -> Survey:
        """The same rows under another design."""
        return replace(self, design=design)

    def _column(self, name: str) -> AnyArray:
        if name not in self.columns:
            raise DesignRefused([f"no column {name}; there are {sorted(self.columns)}"])
        return np.asarray(self.columns[name])


def survey(
    columns: Mapping[str, AnyArray],
    stages: Sequence[Drawn] = (),
    *,
    weights: str | None = None,
    nest: bool = False,
    lonely: Lonely = Lonely.FAIL,
    adjust_domain_lonely: bool = False,
) -> Survey:
    """A survey from its columns.

    Parameters
    ----------
    columns : mapping of str to array, each shape (n,)
        The table.
    stages : sequence of Drawn
        First stage first; empty for independent rows.
    weights : str, optional
        Column of weights. Without it, one over the product of the chances the
        stages state, or 1 when they state none.
    nest : bool, default False
        Labels of first-stage units repeat across strata.
    lonely : Lonely, default FAIL
        What to do about a stratum with one unit.
    adjust_domain_lonely : bool, default False
        Also where a domain leaves one unit.

    Returns
    -------
    Survey

    Raises
    ------
    DesignRefused
        Listing every absent column, unit in two strata, population that is
        not constant in its stratum or smaller than the sample, and weight
        that is missing or negative.

    Examples
    --------
    >>> table = {"office": np.array(["a", "a", "b", "b"]), "n": np.full(4, 20.0)}
    >>> found = survey(table, [Drawn(strata=("office",), frame_size="n")])
    >>> found.design.weight.tolist()
    [10.0, 10.0, 10.0, 10.0]
    """
    needed = [name for stage in stages for name in _named(stage)]
    absent = {n for n in [*needed, *([weights] if weights else [])] if n not in columns}
    if absent:
        raise DesignRefused([f"no column {name}" for name in sorted(absent)])
    size = len(next(iter(columns.values())))
    problems: list[str] = []
    built: list[Stage] = []
    parents = np.zeros(size, dtype=np.int64)
    for number, drawn in enumerate(stages or (Drawn(),), start=1):
        built.append(_stage(columns, drawn, parents, size, number, nest, problems))
        parents = built[-1].psu
    if problems:
        raise DesignRefused(problems)
    if weights is not None:
        weight = np.asarray(columns[weights], dtype=np.float64)
    else:
        chance = np.prod([_chance(stage) for stage in built], axis=0)
        weight = 1.0 / chance
    if size and not np.any(weight != 0.0):
        raise DesignRefused([f"no row has a weight above 0 in {weights}"])
    design = Design(
        weight,
        tuple(built),
        lonely=lonely,
        adjust_domain_lonely=adjust_domain_lonely,
    )
    return Survey(dict(columns), design)


def calibrated(sample: Survey, step: Calibration) -> Survey:
    """The survey after a weight step that the variance must know of.

    Examples
    --------
    >>> sample = survey({"y": np.zeros(2)})
    >>> step = Calibration(np.ones((2, 1)), np.ones(2), np.full(2, 5.0))
    >>> calibrated(sample, step).design.weight.tolist()
    [5.0, 5.0]
    """
    design = replace(
        sample.design,
        weight=step.weight,
        calibrations=(*sample.design.calibrations, step),
    )
    return sample.with_design(design)


def reweighted(sample: Survey, weight: FloatArray) -> Survey:
    """The survey with other weights and the same steps behind it.

    Examples
    --------
    >>> sample = survey({"y": np.zeros(2)})
    >>> reweighted(sample, np.array([2.0, 3.0])).design.weight.tolist()
    [2.0, 3.0]
    """
    return sample.with_design(replace(sample.design, weight=weight))


def _named(drawn: Drawn) -> Iterable[str]:
    single = (drawn.psu, drawn.frame_size, drawn.fraction, drawn.probability)
    return [*drawn.strata, *(name for name in single if name is not None)]


def _stage(
    columns: Mapping[str, AnyArray],
    drawn: Drawn,
    parents: IntArray,
    size: int,
    number: int,
    nest: bool,
    problems: list[str],
) -> Stage:
    """One stage as numbers; notes what is wrong with it."""
    labels = [np.asarray(columns[name]) for name in drawn.strata]
    h = joint_codes(parents, *labels)
    units = np.arange(size) if drawn.psu is None else codes(columns[drawn.psu])[1]
    psu = joint_codes(h, units) if nest or number > 1 else joint_codes(units)
    psu_stratum = np.zeros(psu.max(initial=-1) + 1, dtype=np.int64)
    psu_stratum[psu] = h
    where = f"stage {number}"
    if np.any(split := psu_stratum[psu] != h):
        unit = columns[drawn.psu][split][0] if drawn.psu else "a row"
        problems.append(
            f"{where}: unit {unit} lies in two strata; if labels repeat, say nest=True"
        )
    names = _names(labels, h)
    fraction = np.zeros(len(psu_stratum))
    for source in (drawn.frame_size, drawn.fraction, drawn.probability):
        if source is not None:
            given = np.asarray(columns[source], dtype=np.float64)
            fraction = np.full(len(psu_stratum), np.nan)
            fraction[psu] = given
            if not np.array_equal(fraction[psu], given):
                problems.append(f"{where}: {source} differs inside a unit")
    if drawn.frame_size is not None or drawn.fraction is not None:
        per_stratum = np.full(len(names), np.nan)
        per_stratum[psu_stratum] = fraction
        if np.any(odd := per_stratum[psu_stratum] != fraction):
            of = sorted({names[k] for k in psu_stratum[odd]})
            problems.append(f"{where}: population differs in stratum {', '.join(of)}")
    if drawn.frame_size is not None:
        count = np.bincount(psu_stratum, minlength=len(names))[psu_stratum]
        for k in np.unique(psu_stratum[count > fraction]):
            problems.append(f"{where}, stratum {names[k]}: more units than its frame")
        fraction = np.minimum(count / fraction, 1.0)
    return Stage(psu, psu_stratum, fraction, names)


def _names(labels: list[AnyArray], h: IntArray) -> tuple[str, ...]:
    count = h.max(initial=-1) + 1
    first = np.zeros(count, dtype=np.int64)
    first[h[::-1]] = np.arange(len(h))[::-1]
    return tuple(
        "/".join(str(label[row]) for label in labels) or "(all)" for row in first
    )


def _chance(stage: Stage) -> FloatArray:
    chance = stage.fraction[stage.psu]
    return np.where(chance > 0.0, chance, 1.0)


def rows_where(sample: Survey, where: BoolArray | None) -> BoolArray:
    """Rows of a domain; all of them when none is named.

    Examples
    --------
    >>> rows_where(survey({"y": np.zeros(2)}), None).tolist()
    [True, True]
    """
    if where is None:
        return np.ones(sample.size, dtype=bool)
    return np.asarray(where, dtype=bool)
