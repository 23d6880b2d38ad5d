"""The table of points of a decision: its parts, its domains and its classes.

A decision splits a total (100) twice: by where points come from (appraised, staff
survey, satisfaction) and by domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """Where points come from; ``kind`` is appraised, staff or sipas."""

    id: str
    name: str
    kind: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain of the decision.

    Attributes
    ----------
    number : int
        As the decision counts them, from 1.
    points : Decimal
        All that can be earned in it.
    criteria, components : int or None
        How many it has; ``None`` where the decision leaves the cell blank.
    part : str or None
        The part that the whole domain belongs to, if it is not shared.
    staff_points : Decimal or None
        What of its points the staff survey gives; ``None`` while undecided.
    """

    number: int
    name: str
    points: Decimal
    criteria: int | None
    components: int | None
    part: str | None
    staff_points: Decimal | None


@dataclass(frozen=True, slots=True)
class ClassBand:
    """A class and the totals that earn it; see ``points.Band`` for ``closed``."""

    name: str
    low: Decimal
    high: Decimal
    closed: str


@dataclass(frozen=True, slots=True)
class PointTable:
    """The whole table.

    Attributes
    ----------
    total : Decimal
        What parts and domains add to.
    stated_criteria, stated_components : int or None
        What the prose of the decision says its table adds to.
    not_applicable : str or None
        ``rescale`` or ``leave_out`` when a part does not apply to an office.
    classes : tuple of ClassBand
        From the lowest; empty while undecided.
    """

    total: Decimal
    parts: tuple[Part, ...]
    domains: tuple[Domain, ...]
    classes: tuple[ClassBand, ...]
    stated_criteria: int | None
    stated_components: int | None
    not_applicable: str | None
