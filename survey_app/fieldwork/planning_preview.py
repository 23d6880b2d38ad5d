"""What a wish would give, office by office and for the province, before it is fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sampling import expected, size, stratification
from sampling.plan import PlannedStratum
from sampling.size import SampleSize
from sampling.small_strata import Cell
from sampling.stratification import Stratification
from survey_app.errors import Refused
from survey_app.fieldwork.planning import (
    SMALLEST_STRATUM,
    SizeWish,
    allocated,
    cost_of,
    needed,
    smallest_stratum,
    within_office,
)
from survey_app.fieldwork.words import COMMUNE


@dataclass(frozen=True, slots=True)
class JudgedOffice:
    """An office of the wave; ``spread`` is the last wave's, when there was one."""

    code: str
    name: str
    level: str = ""
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """One office in the preview: its frame, its sample, what that will give.

    ``criterion`` and ``index`` are what the margin wished for would need.
    """

    code: str
    name: str
    frame_size: int
    n: int
    margin_of_criterion: float | None
    margin_of_index: float | None
    criterion: SampleSize
    index: SampleSize
    strata: tuple[PlannedStratum, ...]

    @property
    def reserve(self) -> int:
        return sum(stratum.reserve for stratum in self.strata)

    @property
    def is_thin(self) -> bool:
        return self.n < min(SMALLEST_STRATUM, self.frame_size) or self.frame_size < 2


@dataclass(frozen=True, slots=True)
class Preview:
    """An allocation before it is fixed."""

    wish: SizeWish
    offices: tuple[OfficeShare, ...]
    without_frame: tuple[str, ...]
    stratification: Stratification
    cost: float
    margin_of_criterion: float | None
    margin_of_index: float | None

    @property
    def n(self) -> int:
        return sum(office.n for office in self.offices)

    @property
    def reserve(self) -> int:
        return sum(office.reserve for office in self.offices)

    @property
    def frame_size(self) -> int:
        return sum(office.frame_size for office in self.offices)

    @property
    def widest(self) -> float:
        """The largest margin of any office, to scale a picture by."""
        margins = [o.margin_of_criterion or 0.0 for o in self.offices]
        return max([*margins, self.wish.margin_of_error])

    def strata(self) -> tuple[PlannedStratum, ...]:
        return tuple(stratum for office in self.offices for stratum in office.strata)


def preview(
    frame: Mapping[Cell, int], offices: Sequence[JudgedOffice], wish: SizeWish
) -> Preview:
    """Allocate by the wish, and say what each office's sample will be worth.

    Parameters
    ----------
    frame : mapping of Cell to int
        Transactions by office, field, channel and month.
    offices : sequence of JudgedOffice
        All offices of the wave, those without transactions too.

    Raises
    ------
    Refused
        With every reason why it cannot be done.
    """
    counted = stratification.sizes(frame, stratification.BY_OFFICE)
    totals = {office: sum(own.values()) for office, own in counted.items()}
    there = [office for office in offices if totals.get(office.code)]
    if not there:
        raise Refused("Khung mẫu còn trống: chưa nhập hồ sơ nào.")
    sizes = {office.code: totals[office.code] for office in there}
    costs = _costs(there, wish)
    shares = allocated(sizes, wish, spreads=_spreads(there, wish), costs=costs)
    strata = stratification.stratified_by(
        frame,
        wish.strata.split(","),
        at_least={code: smallest_stratum(sizes[code], n) for code, n in shares.items()},
    )
    by_stratum = stratification.sizes(frame, strata)
    rows = tuple(
        _office(office, shares[office.code], by_stratum[office.code], wish)
        for office in there
    )
    return Preview(
        wish=wish,
        offices=rows,
        without_frame=tuple(o.name for o in offices if not totals.get(o.code)),
        stratification=strata,
        cost=cost_of(shares, costs),
        margin_of_criterion=_together(rows, wish, gain=1.0),
        margin_of_index=_together(rows, wish, gain=wish.gain),
    )


def _costs(offices: Sequence[JudgedOffice], wish: SizeWish) -> dict[str, float]:
    commune = wish.cost if wish.cost_commune is None else wish.cost_commune
    return {o.code: commune if o.level == COMMUNE else wish.cost for o in offices}


def _spreads(offices: Sequence[JudgedOffice], wish: SizeWish) -> dict[str, float]:
    p = wish.expected_share
    usual = (p * (1 - p)) ** 0.5
    return {o.code: usual if o.spread is None else o.spread for o in offices}


def _office(
    office: JudgedOffice, n: int, strata: Mapping[str, int], wish: SizeWish
) -> OfficeShare:
    frame_size = sum(strata.values())
    return OfficeShare(
        code=office.code,
        name=office.name,
        frame_size=frame_size,
        n=n,
        margin_of_criterion=_margin(n, frame_size, wish, gain=1.0),
        margin_of_index=_margin(n, frame_size, wish, gain=wish.gain),
        criterion=needed(frame_size, wish, gain=1.0),
        index=needed(frame_size, wish, gain=wish.gain),
        strata=tuple(
            PlannedStratum(
                code, strata[code], part, wish.reserve_of(part, strata[code])
            )
            for code, part in within_office(strata, n).items()
        ),
    )


def _margin(n: int, frame_size: int, wish: SizeWish, *, gain: float) -> float | None:
    if n == 0:
        return None
    return size.margin_of_index(
        n,
        p=wish.expected_share,
        gain=gain,
        confidence=wish.confidence,
        fieldwork=wish.fieldwork(frame_size),
    ).reached


def _together(
    offices: Sequence[OfficeShare], wish: SizeWish, *, gain: float
) -> float | None:
    """Margin of the figure over all offices, or None while one would be silent."""
    losses = wish.response * wish.eligibility
    try:
        return expected.margin(
            {
                office.code: expected.ExpectedStratum(
                    office.frame_size, office.n * losses, wish.expected_share
                )
                for office in offices
            },
            gain=gain,
            deff=wish.deff,
            confidence=wish.confidence,
        ).margin
    except expected.NothingExpected:
        return None
