"""Offices as rows of a page: found by words, kept to a level, put into an order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.results import (
    CriterionReport,
    FactorReport,
    OfficeReport,
    PooledFactor,
    WaveReport,
)
from questionnaires import Questionnaire
from survey_app.formats import folded
from survey_app.results import words

SORTS: Mapping[str, Callable[[OfficeReport], Any]] = {
    "name": lambda office: folded(office.name),
    "index": lambda office: office.index.value,
    "points": lambda office: office.points.awarded,
    "n": lambda office: office.responses,
    "frame": lambda office: office.frame_size,
    "rate": lambda office: office.response_rate,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks for: words to find, a level, an order."""

    q: str = ""
    level: str = ""
    sort: str = ""

    @classmethod
    def read(cls, address: Mapping[str, str]) -> Wish:
        """Unknown orders are ignored: an old address still opens the page."""
        sort = address.get("sort", "")
        known = sort.removeprefix("-") in SORTS
        return cls(
            q=address.get("q", "").strip(),
            level=address.get("level", ""),
            sort=sort if known else "",
        )

    def sorted_by(self, column: str) -> str:
        """The order that a click on a column's head asks for."""
        first, other = f"-{column}", column
        if column == "name":
            first, other = other, first
        return other if self.sort == first else first

    def direction(self, column: str) -> str | None:
        """How a table now lies by this column, as browsers read it aloud."""
        if self.sort.removeprefix("-") != column:
            return None
        return "descending" if self.sort.startswith("-") else "ascending"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The offices asked for: those with an index, and those without."""

    shown: tuple[OfficeReport, ...]
    withheld: tuple[OfficeReport, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that stand together; without a factor, the overall question."""

    factor: FactorReport | None
    criteria: tuple[CriterionReport, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """K of the index, and where the design effect of shares of 0 or 1 came from."""

    worth: PooledFactor | None
    d_pool: str | None


def scorecard(report: WaveReport, wish: Wish) -> Scorecard:
    """Pick and order offices; in no case give them ranks."""
    wanted = folded(wish.q)
    found = [
        office
        for office in report.offices
        if (not wish.level or office.level == wish.level)
        and (wanted in folded(office.name) or wanted == folded(office.code))
    ]
    ordered = _ordered(found, wish.sort)
    shown = tuple(office for office in ordered if office.index.value is not None)
    withheld = tuple(office for office in ordered if office.index.value is None)
    return Scorecard(shown, withheld, flags_of(shown))


def flags_of(offices: Iterable[OfficeReport]) -> tuple[str, ...]:
    """Flags on the indices and points of some offices, in the order of the words."""
    used = {
        flag
        for office in offices
        for flag in (*office.index.flags, *office.points.flags)
    }
    return tuple(flag for flag in words.FLAGS if flag in used)


def part_flags(office: OfficeReport) -> tuple[str, ...]:
    """Flags on the factors and criteria of an office, in the order of the words."""
    figures = [factor.figure for factor in office.factors]
    figures += [criterion.figure for criterion in office.criteria]
    used = {flag for figure in figures for flag in figure.flags}
    return tuple(flag for flag in words.FLAGS if flag in used)


def by_factor(office: OfficeReport, questionnaire: Questionnaire) -> tuple[Group, ...]:
    """The criteria of an office under their factors, the overall question last."""
    found = {criterion.id: criterion for criterion in office.criteria}
    groups = [
        Group(report, tuple(found.pop(c.id) for c in factor.criteria))
        for factor, report in zip(questionnaire.factors, office.factors, strict=True)
    ]
    rest = [Group(None, tuple(found.values()))] if found else []
    return (*groups, *rest)


def accuracy(report: WaveReport, office: OfficeReport) -> Accuracy:
    """What the interval of an office's index was drawn with."""
    selection = office.selections[0].selection if office.selections else ""
    route = report.d_pool_route.get(office.code)
    return Accuracy(
        worth=report.index_k.get(selection),
        d_pool=words.D_POOL_ROUTES[route] if route else None,
    )


def levels(report: WaveReport) -> list[str]:
    """Levels of administration among the offices, as they come."""
    return list(dict.fromkeys(o.level for o in report.offices if o.level))


def _ordered(offices: list[OfficeReport], sort: str) -> list[OfficeReport]:
    """What has no value comes last, whichever way the rest lies."""
    if not sort:
        return offices
    key = SORTS[sort.removeprefix("-")]
    known = [office for office in offices if key(office) is not None]
    unknown = [office for office in offices if key(office) is None]
    return sorted(known, key=key, reverse=sort.startswith("-")) + unknown
