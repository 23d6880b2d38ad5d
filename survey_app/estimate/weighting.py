"""From a checked file and its design to a survey that estimates can be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis import calibration, pps
from analysis.arrays import joint_codes
from analysis.calibration import CalibrationFailed, Diagnostics, Step, Totals
from analysis.design import Design, Lonely, SecondPhase, Stage
from analysis.surveys import Survey, reweighted, survey
from analysis.weights import WeightingRefused, redistributed
from survey_app.errors import Refused
from survey_app.estimate.checking import label
from survey_app.estimate.design_file import (
    Calibrate,
    DesignFile,
    NonResponse,
    PostStratify,
    Rake,
    WeightStep,
)
from survey_app.estimate.reading import Table

Array = np.ndarray[Any, Any]
PPS = {
    "overton": pps.overton,
    "hartley_rao": pps.hartley_rao,
    "with_replacement": pps.with_replacement,
}


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """A survey, the rows of the file that are in it, and what each step did."""

    survey: Survey
    rows: Array
    steps: tuple[Diagnostics, ...]


def weighted(table: Table, design: DesignFile) -> Weighted:
    """The survey after all weight steps.

    Raises
    ------
    Refused
        If a stratum has one unit and no rule, or a weight step cannot be met.
    """
    sample = survey(
        table.columns,
        design.stages,
        weights=design.weights,
        nest=design.nest,
        lonely=design.lonely,
        adjust_domain_lonely=design.adjust_domain_lonely,
    )
    rows = np.arange(table.size)
    found: list[Diagnostics] = []
    for number, step in enumerate(design.steps, start=1):
        place = f"{design.name}, [[step]] thứ {number}"
        if isinstance(step, NonResponse):
            sample, rows = _nonresponse(sample, rows, step, place)
            continue
        try:
            done = _step(table, sample, step)
        except CalibrationFailed as error:
            raise Refused(
                f"{place}: không có quyền số nào đạt được các tổng này"
                f" ({error}). Vui lòng nới cận, gộp mức hoặc bớt biên."
            ) from error
        sample = done.survey
        found.append(done.diagnostics)
    if design.pps != "brewer":
        sample = PPS[design.pps](sample)
    _refuse_lonely(sample, design)
    return Weighted(sample, rows, tuple(found))


def _step(table: Table, sample: Survey, step: WeightStep) -> Step:
    match step:
        case PostStratify():
            cells = {
                tuple(label(table, n, v) for n, v in zip(step.by, key, strict=True)): c
                for key, c in step.cells.items()
            }
            return calibration.poststratify(sample, step.by, cells)
        case Rake():
            margins = {
                name: {label(table, name, level): c for level, c in levels.items()}
                for name, levels in step.margins.items()
            }
            return calibration.rake(sample, margins)
        case Calibrate():
            return _calibrated(table, sample, step)
    raise AssertionError(step)


def _calibrated(table: Table, sample: Survey, step: Calibrate) -> Step:
    totals = _totals(table, sample, step)
    low = -np.inf if step.low is None else step.low
    high = np.inf if step.high is None else step.high
    if step.distance == "raking":
        return calibration.raking(sample, totals)
    if step.distance == "logit":
        return calibration.logit(sample, totals, low=low, high=high)
    return calibration.linear(sample, totals, low=low, high=high)


def _totals(table: Table, sample: Survey, step: Calibrate) -> Totals:
    names: list[str] = []
    columns: list[Array] = []
    targets: list[float] = []
    if step.count is not None:
        names.append("count")
        columns.append(np.ones(sample.size))
        targets.append(step.count)
    for name, target in step.totals.items():
        names.append(name)
        columns.append(sample.numbers(name))
        targets.append(target)
    for name, levels in step.margins.items():
        texts = sample.labels([name])[0].astype(str)
        for level, target in levels.items():
            names.append(f"{name}={level}")
            columns.append((texts == label(table, name, level)).astype(np.float64))
            targets.append(target)
    return Totals(tuple(names), np.stack(columns, axis=1), np.array(targets))


def _nonresponse(
    sample: Survey, rows: Array, step: NonResponse, place: str
) -> tuple[Survey, Array]:
    """Weights of the silent given to respondents; answering is a second phase."""
    heard = sample.numbers(step.answered) == 1.0
    response_class = joint_codes(*sample.labels(step.classes))
    try:
        weight = redistributed(sample.design.weight, response_class, heard)
    except WeightingRefused:
        told = _names(sample, step.classes, ~_any(heard, response_class))
        raise Refused(f"{place}: không ai trả lời trong {told}. Gộp lớp.") from None
    by_itself = len(sample.design.stages[0].psu_stratum) == sample.size
    if len(sample.design.stages) > 1 or not by_itself or sample.design.calibrations:
        return reweighted(sample, weight), rows
    columns = {name: np.asarray(c)[heard] for name, c in sample.columns.items()}
    design = _respondents(sample.design, weight, heard, response_class)
    return Survey(columns, design), rows[heard]


def _respondents(
    design: Design, weight: Array, heard: Array, response_class: Array
) -> Design:
    """The design of those who answered, with the silent counted by stratum."""
    stage = design.stages[0]
    stratum, count = stage.stratum, int(response_class.max()) + 1
    groups, silent = np.unique(
        np.stack([stratum[~heard], response_class[~heard]], axis=1),
        axis=0,
        return_counts=True,
    )
    own = Stage(
        np.arange(int(heard.sum())),
        stratum[heard],
        stage.fraction[stage.psu][heard],
        stage.labels,
    )
    phase = SecondPhase(
        response_class=response_class[heard],
        issued=np.bincount(response_class, minlength=count).astype(np.float64),
        silent_stratum=groups[:, 0],
        silent_class=groups[:, 1],
        silent_count=silent.astype(np.float64),
    )
    return replace(design, weight=weight[heard], stages=(own,), second_phase=phase)


def _any(heard: Array, groups: Array) -> Array:
    """By row: whether anyone of its group answered."""
    return np.asarray(np.bincount(groups, heard)[groups] > 0)


def _names(sample: Survey, by: Sequence[str], rows: Array) -> str:
    columns = sample.labels(by)
    found = {"/".join(str(c[row]) for c in columns) for row in np.flatnonzero(rows)}
    return ", ".join(sorted(found))


def _refuse_lonely(sample: Survey, design: DesignFile) -> None:
    """A stratum with one unit is refused by name unless the design has a rule."""
    if design.lonely is not Lonely.FAIL or sample.design.second_phase is not None:
        return
    above = np.ones(sample.size)
    problems = []
    for number, stage in enumerate(sample.design.stages, start=1):
        if number > 1 and not above.any():
            break
        open_ = np.bincount(stage.psu_stratum, stage.fraction < 1.0 - 1e-7)
        for k in np.flatnonzero((stage.psu_count == 1) & (open_ > 0)):
            problems.append(
                f"Cấp {number}, tầng {stage.labels[k]}: chỉ có một đơn vị mẫu nên không"
                " biết độ phân tán. Gộp tầng, hoặc ghi lonely ="
                ' "remove" | "adjust" | "average" | "certainty" trong tệp thiết kế.'
            )
        above = above * stage.fraction[stage.psu]
    if problems:
        raise Refused(*problems)
