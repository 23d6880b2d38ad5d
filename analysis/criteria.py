"""How the answers to each criterion lie over its levels, office by office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.ballots import (
    DONT_KNOW,
    LEFT_EMPTY,
    NOT_APPLICABLE,
    REFUSED,
    Ballots,
)
from analysis.results import CriterionReport, Figure, LevelShare
from questionnaires import Criterion

LOWEST_CODE = -5


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Stored codes counted by unit and item.

    Attributes
    ----------
    count : array of int, shape (U, J, C)
        Ballots; the last axis runs over codes from -5 up.
    weight : array of float, shape (U, J, C)
        Their weights.
    """

    count: IntArray
    weight: FloatArray


def tally(ballots: Ballots, unit: IntArray, units: int) -> Tally:
    """Count every stored code of every item, by unit."""
    width = 1 + max((len(i.scale.labels) for i in ballots.items), default=0)
    width -= LOWEST_CODE
    items = len(ballots.items)
    count = np.zeros((units, items, width), dtype=np.int64)
    weight = np.zeros((units, items, width))
    for j in range(items):
        cell = unit * width + ballots.levels[:, j] - LOWEST_CODE
        count[:, j] = np.bincount(cell, minlength=units * width).reshape(units, width)
        weighed = np.bincount(cell, ballots.weight, units * width)
        weight[:, j] = weighed.reshape(units, width)
    return Tally(count, weight)


def criterion_reports(
    row: Sequence[Figure], found: Tally, unit: int, items: Sequence[Criterion]
) -> tuple[CriterionReport, ...]:
    """Figures of one unit with their level shares, in questionnaire order."""
    reports = []
    for j, item in enumerate(items):
        count, weight = found.count[unit, j], found.weight[unit, j]
        special = {
            code: int(count[code - LOWEST_CODE])
            for code in (NOT_APPLICABLE, DONT_KNOW, REFUSED, LEFT_EMPTY)
        }
        shown = row[j].reason is None
        reports.append(
            CriterionReport(
                id=item.id,
                text=item.text,
                figure=row[j],
                levels=_levels(item, count, weight) if shown else (),
                not_applicable=special[NOT_APPLICABLE],
                dont_know=special[DONT_KNOW],
                refused=special[REFUSED],
                left_empty=special[LEFT_EMPTY],
            )
        )
    return tuple(reports)


def _levels(
    item: Criterion, count: IntArray, weight: FloatArray
) -> tuple[LevelShare, ...]:
    first = 1 - LOWEST_CODE
    places = slice(first, first + len(item.scale.labels))
    shares = (weight[places] / weight[places].sum()).tolist()
    return tuple(
        map(
            LevelShare,
            item.scale.levels,
            item.scale.labels,
            shares,
            count[places].tolist(),
        )
    )
