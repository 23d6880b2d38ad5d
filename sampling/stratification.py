"""Which stratum and which response class each transaction belongs to.

Decided at the plan from counts of the frame alone, kept in the plan, and read
back from it when the wave is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sampling.frame import JOINT
from sampling.small_strata import Cell, joined

if TYPE_CHECKING:
    from sampling.plan import Plan

COLUMNS = ("office", "service_field", "channel", "month")
CLASS_COLUMNS = ("office", "service_field")
AT_LEAST = 20
STRATA, CLASSES = "strata", "response_classes"
_BETWEEN = ","


@dataclass(frozen=True, slots=True)
class Stratification:
    """Columns that make strata and response classes, and what was joined.

    Attributes
    ----------
    columns, class_columns : tuple of str
        Some of office, service_field, channel, month; office always, first.
    merged, merged_classes : mapping of str to str
        Stratum, or class, too small to stand alone -> the one it has joined.

    Examples
    --------
    >>> ours = Stratification(("office", "month"), merged={"A / 2026-02": "A"})
    >>> ours.stratum(Cell("A", "land", "post", "2026-01"))
    'A / 2026-01'
    >>> ours.stratum(Cell("A", "land", "post", "2026-02"))
    'A'
    """

    columns: tuple[str, ...] = ("office",)
    class_columns: tuple[str, ...] = ("office",)
    merged: Mapping[str, str] | None = None
    merged_classes: Mapping[str, str] | None = None

    def stratum(self, cell: Cell) -> str:
        """Stratum in which a transaction is drawn."""
        return _found(_name(cell, self.columns), self.merged)

    def response_class(self, cell: Cell) -> str:
        """Class in which those who answer stand for the silent."""
        return _found(_name(cell, self.class_columns), self.merged_classes)


BY_OFFICE = Stratification()


def stratified_by(
    frame: Mapping[Cell, int],
    columns: Sequence[str],
    *,
    at_least: Mapping[str, int] | None = None,
    class_columns: Sequence[str] = CLASS_COLUMNS,
) -> Stratification:
    """Strata and response classes of a frame, the small ones joined.

    Parameters
    ----------
    frame : mapping of Cell to int
        Transactions by office, field, channel and month.
    columns, class_columns : sequence of str
        What strata and classes are made of, in the order of `COLUMNS`.
    at_least : mapping of str to int, optional
        Smallest stratum by office; 20 where not given, and never less.

    Returns
    -------
    Stratification
        An office that ends as one stratum, or one class, gives it its own name.

    Raises
    ------
    ValueError
        If the columns are not some of `COLUMNS`, office first.

    Examples
    --------
    >>> frame = {Cell("A", "land", "post", "2026-01"): 90,
    ...          Cell("A", "health", "post", "2026-01"): 40,
    ...          Cell("A", "trade", "post", "2026-01"): 30,
    ...          Cell("A", "sea", "post", "2026-01"): 6}
    >>> found = stratified_by(frame, ("office", "service_field"))
    >>> found.merged
    {'A / sea': 'A / trade'}
    >>> found.stratum(Cell("A", "sea", "post", "2026-01"))
    'A / trade'
    """
    floors = at_least or {}
    return Stratification(
        _checked(columns),
        _checked(class_columns),
        _joined(frame, columns, floors),
        _joined(frame, class_columns, {}),
    )


def of_plan(plan: Plan) -> Stratification:
    """The stratification that a plan holds; by office where it says nothing."""
    decided = dict(plan.decided)
    return Stratification(
        _checked(str(decided.get(STRATA, "office")).split(_BETWEEN)),
        _checked(str(decided.get(CLASSES, "office")).split(_BETWEEN)),
        dict(plan.merged),
        dict(plan.merged_classes),
    )


def decided(stratification: Stratification) -> tuple[tuple[str, str], ...]:
    """The columns as a plan keeps them among what was decided."""
    return (
        (CLASSES, _BETWEEN.join(stratification.class_columns)),
        (STRATA, _BETWEEN.join(stratification.columns)),
    )


def sizes(
    frame: Mapping[Cell, int], stratification: Stratification
) -> dict[str, dict[str, int]]:
    """Transactions by office and stratum, both in sorted order.

    Examples
    --------
    >>> sizes({Cell("A", "land", "post", "2026-01"): 90}, BY_OFFICE)
    {'A': {'A': 90}}
    """
    found: dict[str, dict[str, int]] = {}
    for cell, size in frame.items():
        own = found.setdefault(cell.office, {})
        stratum = stratification.stratum(cell)
        own[stratum] = own.get(stratum, 0) + size
    return {office: dict(sorted(own.items())) for office, own in sorted(found.items())}


def _joined(
    frame: Mapping[Cell, int], columns: Sequence[str], floors: Mapping[str, int]
) -> dict[str, str]:
    by_office: dict[str, dict[Cell, int]] = {}
    for cell, size in frame.items():
        coarse = Cell(*(getattr(cell, c) if c in columns else "" for c in COLUMNS))
        own = by_office.setdefault(cell.office, {})
        own[coarse] = own.get(coarse, 0) + size
    into: dict[str, str] = {}
    for office, cells in sorted(by_office.items()):
        floor = max(AT_LEAST, floors.get(office, 0))
        small = joined(cells, at_least=floor)
        if len(small) == len(cells) - 1:
            names = [_name(cell, columns) for cell in cells]
            into |= {name: office for name in names if name != office}
        else:
            into |= {_name(a, columns): _name(b, columns) for a, b in small.items()}
    return dict(sorted(into.items()))


def _name(cell: Cell, columns: Sequence[str]) -> str:
    return JOINT.join(getattr(cell, column) for column in columns)


def _found(name: str, merged: Mapping[str, str] | None) -> str:
    return merged.get(name, name) if merged else name


def _checked(columns: Sequence[str]) -> tuple[str, ...]:
    ordered = tuple(column for column in COLUMNS if column in columns)
    if ordered != tuple(columns) or ordered[:1] != ("office",):
        raise ValueError(f"expected office and more of {COLUMNS}, got {columns}")
    return ordered
