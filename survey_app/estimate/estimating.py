"""The estimates asked for, of one file: read, judged, weighted, computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis import estimators, intervals, quantiles
from analysis.estimators import Row
from survey_app.errors import Refused
from survey_app.estimate import checking
from survey_app.estimate.design_file import DesignFile, read_design
from survey_app.estimate.reading import Table, read
from survey_app.estimate.weighting import Weighted, weighted

INTERVALS = {"wilson": intervals.wilson, "logit": intervals.logit, "student": None}
RULES = {
    "lowest": quantiles.lowest,
    "midpoint": quantiles.midpoint,
    "linear": quantiles.linear,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to estimate, of which rows, divided by what."""

    means: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    ratios: tuple[tuple[str, str], ...] = ()
    quantiles: tuple[tuple[str, tuple[float, ...]], ...] = ()
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    interval: str = "wilson"
    quantile_rule: str = "lowest"
    confidence: float = 0.95

    @property
    def anything(self) -> bool:
        kinds = (self.means, self.shares, self.totals, self.ratios, self.quantiles)
        return any(kinds)

    @property
    def numeric(self) -> list[str]:
        names = [*self.means, *self.totals]
        names += [name for pair in self.ratios for name in pair]
        return [*names, *(name for name, _ in self.quantiles)]

    @property
    def categories(self) -> list[str]:
        return [*self.shares, *self.by]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows to print, and what the design came to."""

    rows: list[dict[str, Any]]
    about: dict[str, Any]


def estimated(file: Path, design_path: Path | None, asked: Asked) -> Found:
    """All estimates of a file.

    Raises
    ------
    Refused
        With every problem of the design file, or of the file under it.
    """
    design = read_design(design_path)
    wanted = [*design.columns, *asked.numeric, *asked.categories]
    wanted += [name for name, _ in asked.where]
    table = read(file, list(dict.fromkeys(wanted)), design.missing)
    problems = checking.problems(
        table,
        design,
        numeric=asked.numeric,
        categories=asked.categories,
        wanted=asked.where,
    )
    if problems:
        raise Refused(*dict.fromkeys(problems))
    sample = weighted(table, design)
    return Found(list(_rows(table, sample, asked)), _about(sample, design))


def _rows(table: Table, sample: Weighted, asked: Asked) -> list[dict[str, Any]]:
    where = np.ones(len(sample.rows), dtype=bool)
    for name, value in asked.where:
        where &= checking.matches(table, name, value)[sample.rows]
    one, by = sample.survey, asked.by
    found: list[tuple[str, list[Row]]] = []
    for name in asked.means:
        rows = estimators.mean(one, [name], where=where, by=by)
        found.append(("mean", rows.table(confidence=asked.confidence)))
    for name in asked.shares:
        shares = estimators.shares(one, name, where=where, by=by).table(
            confidence=asked.confidence, shares_by=INTERVALS[asked.interval]
        )
        found.append((f"share\0{name}", shares))
    for name in asked.totals:
        rows = estimators.total(one, [name], where=where, by=by)
        found.append(("total", rows.table(confidence=asked.confidence)))
    for top, bottom in asked.ratios:
        rows = estimators.ratio(one, top, bottom, where=where, by=by)
        found.append(("ratio", rows.table(confidence=asked.confidence)))
    for name, p in asked.quantiles:
        rule = RULES[asked.quantile_rule]
        made = quantiles.table(
            one, name, p, rule, where=where, by=by, confidence=asked.confidence
        )
        found.append(("quantile", made))
    return [_printed(table, what, row, by) for what, rows in found for row in rows]


def _printed(table: Table, what: str, row: Row, by: Sequence[str]) -> dict[str, Any]:
    """A row by names; what is not known is null, never a number."""
    kind, _, shared = what.partition("\0")
    domain, named = row.key[: len(by)], row.key[len(by) :]
    variable = shared or named[0]
    level: str | None = named[-1] if len(named) > 1 or shared else None
    if shared and level is not None:
        level = _plain(table, shared, level)
    figures = {
        name: _known(value)
        for name, value in asdict(row).items()
        if name not in ("key", "flags")
    }
    return {
        "what": kind,
        "variable": variable,
        "level": level,
        "by": {n: _plain(table, n, v) for n, v in zip(by, domain, strict=True)},
        **figures,
        "flags": list(row.flags),
    }


def _plain(table: Table, name: str, label: str) -> str:
    """Whole numbers as they stand in the file."""
    return label.removesuffix(".0") if table.is_number(name) else label


def _known(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else value


def _about(sample: Weighted, design: DesignFile) -> dict[str, Any]:
    stage = sample.survey.design.stages[0]
    return {
        "rows": sample.survey.size,
        "strata": stage.strata,
        "psus": len(stage.psu_stratum),
        "df": sample.survey.design.df,
        "lonely": design.lonely.value,
        "steps": [asdict(step) for step in sample.steps],
    }
