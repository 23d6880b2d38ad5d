"""Turn an index into points on a scorecard, in exact decimal arithmetic.

A rule never gives fewer points for a higher index. That is what lets an
interval for the index become an interval for the points: score both ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Protocol

HUNDRED = Decimal(100)


class Scored(Protocol):
    """What of a figure is needed to score it."""

    @property
    def value(self) -> float | None: ...
    @property
    def std_error(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def n_star(self) -> float | None: ...
    @property
    def flags(self) -> tuple[str, ...]: ...
    @property
    def reason(self) -> str | None: ...


class Ends(Protocol):
    """What of a band says which values are in it."""

    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def closed(self) -> str: ...


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

    def __contains__(self, percent: Decimal) -> bool:
        return holds(self, percent)


@dataclass(frozen=True, slots=True)
class BandProblem:
    """One thing wrong with a list of bands, at a row counted from 0."""

    code: str
    row: int
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code} at {self.row}: {self.detail}"


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
            raise ValueError("; ".join(map(str, problems)))

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
    full_marks : Decimal or None
        The most that can be earned; ``None`` while the rule set is silent.
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
    full_marks: Decimal | None
    percent: Decimal | None = None
    std_error: float | None = None
    bands: tuple[BandPlausibility, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str | None = None


def score(
    rule: Rule,
    index: Scored,
    *,
    index_decimals: int,
    points_decimals: int,
) -> Points:
    r"""Points for an index, with the points its interval could have earned.

    Parameters
    ----------
    rule : Rule
        Never falls as the index rises.
    index : Scored
        A figure; its reason is passed on when it is withheld.
    index_decimals, points_decimals : int
        Rounding of the percent before scoring, and of the points.

    Returns
    -------
    Points
        If the interval holds the true index, ``low`` to ``high`` holds the
        true points.

    Notes
    -----
    Band plausibilities are the masses of
    :math:`Beta(n^*I + 1/2,\; n^*(1-I) + 1/2)` between the thresholds: what
    this sample alone says, not a posterior of anyone. Where everyone of the
    frame answered, the band of the point has all of it.
    """
    ends = (index.value, index.low, index.high)
    if index.reason is not None or None in ends:
        return withheld(rule.full_marks, index.reason)
    value, low, high = (percent(end, index_decimals) for end in ends if end is not None)
    proportional = isinstance(rule, Proportional)
    std_error = None
    if proportional and index.std_error is not None:
        std_error = float(rule.full_marks) * index.std_error
    return Points(
        awarded=rounded(rule(value), points_decimals),
        low=rounded(rule(low), points_decimals),
        high=rounded(rule(high), points_decimals),
        full_marks=rule.full_marks,
        percent=value,
        std_error=std_error,
        bands=_plausibilities(rule, index, value) if isinstance(rule, Bands) else (),
        flags=index.flags,
    )


def withheld(full_marks: Decimal | None, reason: str | None) -> Points:
    """Points that are not given, and why."""
    return Points(None, None, None, full_marks, reason=reason)


def _plausibilities(
    rule: Bands, index: Scored, value: Decimal
) -> tuple[BandPlausibility, ...]:
    from scipy.special import betainc

    if index.n_star is None or index.value is None:
        masses = [float(value in band) for band in rule.bands]
    else:
        satisfied = index.n_star * index.value + 0.5
        other = index.n_star * (1.0 - index.value) + 0.5
        below = [
            float(betainc(satisfied, other, float(band.high / HUNDRED)))
            for band in rule.bands
        ]
        masses = [b - a for a, b in pairwise([0.0, *below])]
    return tuple(
        BandPlausibility(band.low, band.high, band.points, mass)
        for band, mass in zip(rule.bands, masses, strict=True)
    )


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


def holds(band: Ends, value: Decimal) -> bool:
    """Whether a value lies between two ends, each counted in or not."""
    above = value > band.low or (_holds_low(band) and value == band.low)
    below = value < band.high or (_holds_high(band) and value == band.high)
    return above and below


def band_problems(bands: Sequence[Band]) -> list[BandProblem]:
    """What keeps a stepped table from covering 0 to 100 exactly once, rising."""
    problems = end_problems(bands)
    for k, (lower, upper) in enumerate(pairwise(bands), start=1):
        if upper.points <= lower.points:
            detail = f"{lower.points} → {upper.points}"
            problems.append(BandProblem("points_do_not_rise", k, detail))
    return problems


def end_problems(bands: Sequence[Ends]) -> list[BandProblem]:
    """What keeps a list of bands from covering 0 to 100 exactly once."""
    if not bands:
        return [BandProblem("no_bands", 0)]
    problems = [
        BandProblem("band_is_empty", k, f"{band.low} – {band.high}")
        for k, band in enumerate(bands)
        if band.low >= band.high
    ]
    if bands[0].low != 0 or not _holds_low(bands[0]):
        problems.append(BandProblem("bands_do_not_begin_at_0", 0, str(bands[0].low)))
    last = len(bands) - 1
    if bands[-1].high != HUNDRED or not _holds_high(bands[-1]):
        problems.append(
            BandProblem("bands_do_not_end_at_100", last, str(bands[-1].high))
        )
    for k, (lower, upper) in enumerate(pairwise(bands), start=1):
        if lower.high != upper.low:
            detail = f"{lower.high} → {upper.low}"
            problems.append(BandProblem("bands_do_not_meet", k, detail))
        elif _holds_high(lower) == _holds_low(upper):
            code = "end_in_both_bands" if _holds_high(lower) else "end_in_no_band"
            problems.append(BandProblem(code, k, str(lower.high)))
    return problems


def _holds_low(band: Ends) -> bool:
    return band.closed in ("low", "both")


def _holds_high(band: Ends) -> bool:
    return band.closed in ("high", "both")
