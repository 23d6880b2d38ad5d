"""Turn an index into points on a scorecard, in exact decimal arithmetic.

A rule never gives fewer points for a higher index. That is what lets an
interval for the index become an interval for the points: score both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

HUNDRED = Decimal(100)


class Rule(Protocol):
    """Gives points for an index in percent; never falls as the index rises."""

    @property
    def full_marks(self) -> Decimal:
        """The most that can be earned."""

    def __call__(self, percent: Decimal, /) -> Decimal:
        """Points for an index between 0 and 100."""


@dataclass(frozen=True, slots=True)
class Proportional:
    """Full marks times the index.

    Examples
    --------
    >>> Proportional(Decimal(24))(Decimal("84.05"))
    Decimal('20.172')
    """

    full_marks: Decimal

    def __call__(self, percent: Decimal, /) -> Decimal:
        return self.full_marks * percent / HUNDRED


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a stepped table.

    Attributes
    ----------
    low, high : Decimal
        Ends of the band, in percent.
    closed : {"low", "high", "both", "neither"}
        Which ends belong to the band.
    points : Decimal
        What an index in the band earns.
    """

    low: Decimal
    high: Decimal
    closed: str
    points: Decimal

    @property
    def holds_low(self) -> bool:
        return self.closed in ("low", "both")

    @property
    def holds_high(self) -> bool:
        return self.closed in ("high", "both")

    def __contains__(self, percent: Decimal) -> bool:
        above = percent > self.low or (self.holds_low and percent == self.low)
        below = percent < self.high or (self.holds_high and percent == self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class Bands:
    """A stepped table that covers 0 to 100 without gap or overlap.

    Examples
    --------
    >>> table = Bands((
    ...     Band(Decimal(0), Decimal(80), "low", Decimal(0)),
    ...     Band(Decimal(80), Decimal(100), "both", Decimal(24)),
    ... ))
    >>> table(Decimal("79.99")), table(Decimal("80.00"))
    (Decimal('0'), Decimal('24'))
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        if problems := band_problems(self.bands):
            raise ValueError("; ".join(problems))

    @property
    def full_marks(self) -> Decimal:
        return self.bands[-1].points

    def __call__(self, percent: Decimal, /) -> Decimal:
        return next(band.points for band in self.bands if percent in band)


@dataclass(frozen=True, slots=True)
class BandPlausibility:
    """How plausible one band is, given this sample and no other knowledge."""

    low: Decimal
    high: Decimal
    points: Decimal
    plausibility: float


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one part of the scorecard, or the reason why there are none.

    Attributes
    ----------
    awarded : Decimal or None
        Rounded as the rule set says; ``None`` when withheld.
    low, high : Decimal or None
        The interval of the index, put through the same rule.
    full_marks : Decimal
        The most that can be earned.
    percent : Decimal or None
        The index as it was rounded before scoring, 0 to 100.
    std_error : float or None
        Full marks times that of the index, for a proportional rule only.
    bands : tuple of BandPlausibility
        For a stepped table only; sums to 1.
    flags : tuple of str
        As on the index.
    reason : str or None
        Why points are withheld, as on a figure.
    """

    awarded: Decimal | None
    low: Decimal | None
    high: Decimal | None
    full_marks: Decimal
    percent: Decimal | None = None
    std_error: float | None = None
    bands: tuple[BandPlausibility, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str | None = None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A number rounded half up, as decrees round.

    Examples
    --------
    >>> rounded(Decimal("20.125"), 2)
    Decimal('20.13')
    """
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def percent(share: float, decimals: int) -> Decimal:
    """A share as percent, rounded half up after cutting binary noise at 1e-12.

    Examples
    --------
    >>> percent(0.28445, 2)
    Decimal('28.45')
    """
    return rounded(Decimal(f"{share:.12f}") * HUNDRED, decimals)


def band_problems(bands: tuple[Band, ...]) -> list[str]:
    """What keeps a list of bands from covering 0 to 100 exactly once, rising."""
    if not bands:
        return ["a stepped table needs at least one band"]
    problems = [
        f"the band {band.low} to {band.high} is empty"
        for band in bands
        if band.low >= band.high
    ]
    if bands[0].low != 0 or not bands[0].holds_low:
        problems.append("the first band must begin at 0 and hold it")
    if bands[-1].high != HUNDRED or not bands[-1].holds_high:
        problems.append("the last band must end at 100 and hold it")
    for lower, upper in zip(bands, bands[1:], strict=False):
        if lower.high != upper.low:
            problems.append(f"bands must meet: {lower.high} then {upper.low}")
        elif lower.holds_high == upper.holds_low:
            owner = "both bands" if lower.holds_high else "no band"
            problems.append(f"{lower.high} belongs to {owner}")
        if upper.points <= lower.points:
            problems.append(f"points must rise: {lower.points} then {upper.points}")
    return problems
