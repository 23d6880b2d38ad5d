"""Live quotas: whether one more interview may start in a cell.

A place is taken when an interview starts, given back when it is not finished in
time, and kept when it is. This module decides; that two who ask at once do not
both get the last place is for the database to hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a cell: reserved until some moment, or finished."""

    cell: str
    reserved_until: datetime
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How full one cell is.

    Attributes
    ----------
    target : int
        Interviews wished for.
    finished : int
        Interviews done.
    reserved : int
        Interviews going on.
    """

    target: int
    finished: int = 0
    reserved: int = 0

    @property
    def free(self) -> int:
        """Places left, never below 0."""
        return max(self.target - self.finished - self.reserved, 0)

    @property
    def may_start(self) -> bool:
        """Whether one more interview may start now."""
        return self.free > 0

    @property
    def is_full(self) -> bool:
        """Whether nobody more is needed, whatever becomes of those going on."""
        return self.finished >= self.target


class UnknownCell(ValueError):
    """A place in a cell that has no target."""


def standings(
    targets: Mapping[str, int], places: Sequence[Place], *, now: datetime
) -> dict[str, Standing]:
    """Count finished and still reserved places of every cell.

    Parameters
    ----------
    targets : mapping of str to int
        Interviews wished for, by cell, as ``allocation`` gives them.
    places : sequence of Place
        All that were ever given.
    now : datetime
        A reservation that ended by now is free again.

    Returns
    -------
    dict of str to Standing
        In the order of the targets.

    Raises
    ------
    UnknownCell
        If places are in cells without a target, all named.

    Examples
    --------
    >>> noon = datetime(2026, 3, 5, 12)
    >>> places = [Place("nữ", noon, is_finished=True), Place("nữ", noon)]
    >>> standings({"nữ": 2}, places, now=noon)
    {'nữ': Standing(target=2, finished=1, reserved=0)}
    """
    if unknown := sorted({place.cell for place in places} - set(targets)):
        raise UnknownCell(f"no target for {unknown}")
    finished, reserved = dict.fromkeys(targets, 0), dict.fromkeys(targets, 0)
    for place in places:
        if place.is_finished:
            finished[place.cell] += 1
        elif place.reserved_until > now:
            reserved[place.cell] += 1
    return {
        cell: Standing(target, finished[cell], reserved[cell])
        for cell, target in targets.items()
    }


def projected_end(
    target: int, finished: int, *, first_day: date, today: date
) -> date | None:
    """Day on which the target is met at the pace so far.

    Parameters
    ----------
    target, finished : int
        Interviews wished for and done by the end of ``today``.
    first_day, today : date
        First day of fieldwork, and today.

    Returns
    -------
    date or None
        ``today`` when the target is met already; None while nothing is done.

    Raises
    ------
    ValueError
        If today is before the first day.

    Examples
    --------
    >>> projected_end(30, 12, first_day=date(2026, 3, 2), today=date(2026, 3, 5))
    datetime.date(2026, 3, 11)
    """
    if today < first_day:
        raise ValueError(f"today {today} is before the first day {first_day}")
    if finished >= target:
        return today
    if finished == 0:
        return None
    days = (today - first_day).days + 1
    return today + timedelta(days=ceil((target - finished) * days / finished))
