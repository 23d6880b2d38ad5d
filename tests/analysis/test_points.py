from dataclasses import dataclass
from decimal import Decimal

import pytest

from analysis.points import Band, Bands, Proportional, percent, rounded, score


@dataclass
class Index:
    value: float | None = 0.85
    std_error: float | None = 0.03
    low: float | None = 0.79
    high: float | None = 0.91
    n_star: float | None = 140.0
    flags: tuple[str, ...] = ()
    reason: str | None = None


def band(low, high, closed, points):
    return Band(Decimal(low), Decimal(high), closed, Decimal(points))


STEPS = Bands(
    (
        band(0, 70, "low", 0),
        band(70, 80, "low", 12),
        band(80, 90, "low", 18),
        band(90, 100, "both", 24),
    )
)


def scored(rule, index, **rounding):
    return score(rule, index, **{"index_decimals": 2, "points_decimals": 2} | rounding)


@pytest.mark.parametrize(
    ("index", "points"),
    [("0", 0), ("69.99", 0), ("70", 12), ("89.99", 18), ("90.00", 24), ("100", 24)],
)
def test_a_threshold_belongs_to_the_band_that_says_so(index, points):
    assert STEPS(Decimal(index)) == points


def test_a_table_may_close_its_bands_above():
    upper = Bands((band(0, 80, "both", 1), band(80, 100, "high", 2)))

    assert (upper(Decimal(80)), upper(Decimal("80.01"))) == (1, 2)


def test_both_ends_of_the_interval_are_scored():
    points = scored(STEPS, Index())

    assert (points.awarded, points.low, points.high) == (18, 12, 24)
    assert points.std_error is None


def test_proportional_points_carry_a_standard_error():
    points = scored(Proportional(Decimal(24)), Index())

    assert (points.awarded, points.low) == (Decimal("20.40"), Decimal("18.96"))
    assert points.std_error == pytest.approx(0.72)


def test_the_index_is_rounded_before_it_is_scored():
    points = scored(Proportional(Decimal(24)), Index(value=0.83996), index_decimals=1)

    assert points.percent == Decimal("84.0")
    assert points.awarded == Decimal("20.16")


def test_band_plausibilities_add_to_one_and_favour_the_band_of_the_point():
    shares = [b.plausibility for b in scored(STEPS, Index()).bands]

    assert sum(shares) == pytest.approx(1.0)
    assert max(shares) == shares[2] == pytest.approx(0.905, abs=0.02)


def test_a_census_leaves_no_other_band():
    whole = Index(low=0.85, high=0.85, std_error=0.0, n_star=None)

    assert [b.plausibility for b in scored(STEPS, whole).bands] == [0, 0, 1, 0]


def test_a_withheld_index_earns_no_points_and_says_why():
    points = scored(STEPS, Index(value=None, low=None, high=None, reason="too_few"))

    assert (points.awarded, points.reason, points.full_marks) == (None, "too_few", 24)


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ([band(0, 50, "low", 0), band(60, 100, "both", 1)], "bands_do_not_meet"),
        ([band(0, 50, "both", 0), band(50, 100, "both", 1)], "end_in_both_bands"),
        ([band(0, 50, "low", 0), band(50, 100, "high", 1)], "end_in_no_band"),
        ([band(0, 50, "low", 2), band(50, 100, "both", 1)], "points_do_not_rise"),
        ([band(10, 100, "both", 2)], "bands_do_not_begin_at_0"),
        ([band(0, 100, "low", 2)], "bands_do_not_end_at_100"),
        ([], "no_bands"),
    ],
)
def test_a_table_with_gaps_overlaps_or_falls_is_refused(bands, why):
    with pytest.raises(ValueError, match=why):
        Bands(tuple(bands))


def test_halves_are_rounded_up_without_binary_noise():
    assert percent(0.845, 0) == 85
    assert percent(0.28445, 2) == Decimal("28.45")
    assert rounded(Decimal("20.125"), 2) == Decimal("20.13")
