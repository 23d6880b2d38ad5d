"""Join strata too small to stand alone, before anything is drawn.

The rule is the product's default and is written into the plan. It never joins
across offices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

TOO_MANY = 0.25


class Cell(NamedTuple):
    """What a stratum is made of; months as text that sorts, such as 2026-03."""

    office: str
    service_field: str
    channel: str
    month: str


def joined(frame_sizes: Mapping[Cell, int], *, at_least: int = 20) -> dict[Cell, Cell]:
    """Which strata join which, so that each holds enough transactions.

    Parameters
    ----------
    frame_sizes : mapping of Cell to int
        Transactions by office, field, channel and month; where a column is not
        used, the same text throughout.
    at_least : int, default 20
        Strata with fewer join another.

    Returns
    -------
    dict of Cell to Cell
        Stratum that disappears -> stratum it ends in, sorted. An office with
        fewer transactions than ``at_least`` is one stratum, still too small.

    Notes
    -----
    The smallest goes first (then by code), to the month before, else the month
    after, of the same field and channel; else to another channel of the field;
    else to another field; each time the smallest, then by code. If more than a
    quarter of an office's strata disappear, the office becomes one stratum,
    under the name of its largest.

    Examples
    --------
    >>> sizes = {Cell("A", "land", "online", "2026-01"): 50,
    ...          Cell("A", "land", "online", "2026-02"): 60,
    ...          Cell("A", "land", "online", "2026-03"): 70,
    ...          Cell("A", "land", "post", "2026-01"): 3}
    >>> for small, target in joined(sizes).items():
    ...     print(small.channel, "->", target.channel, target.month)
    post -> online 2026-01
    """
    by_office: dict[str, dict[Cell, int]] = {}
    for cell, size in frame_sizes.items():
        by_office.setdefault(cell.office, {})[cell] = size
    result: dict[Cell, Cell] = {}
    for cells in by_office.values():
        into = _joined_within(cells, at_least)
        if len(into) > TOO_MANY * len(cells):
            largest = max(cells, key=lambda cell: (cells[cell], cell))
            into = {cell: largest for cell in cells if cell != largest}
        result |= into
    return dict(sorted(result.items()))


def _joined_within(cells: Mapping[Cell, int], at_least: int) -> dict[Cell, Cell]:
    left, into = dict(cells), {}
    while len(left) > 1:
        smallest = min(left, key=lambda cell: (left[cell], cell))
        if left[smallest] >= at_least:
            break
        size = left.pop(smallest)
        target = _nearest(smallest, left)
        left[target] += size
        into[smallest] = target
    return {cell: _end(cell, into) for cell in into}


def _nearest(cell: Cell, others: Mapping[Cell, int]) -> Cell:
    alike = [o for o in others if o[:3] == cell[:3]]
    if before := [o for o in alike if o.month < cell.month]:
        return max(before)
    if alike:
        return min(alike)
    same_field = [o for o in others if o.service_field == cell.service_field]
    return _smallest(same_field or others, others)


def _smallest(candidates: Iterable[Cell], sizes: Mapping[Cell, int]) -> Cell:
    return min(candidates, key=lambda cell: (sizes[cell], cell))


def _end(cell: Cell, into: Mapping[Cell, Cell]) -> Cell:
    while cell in into:
        cell = into[cell]
    return cell
