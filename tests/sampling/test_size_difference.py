"""Sizes of two samples, also against R: tests/reference/sample_size."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.size import Fieldwork, WishImpossible
from sampling.size_difference import (
    Pair,
    Spread,
    detectable,
    for_difference,
    for_shares,
    margin_of_difference,
    power_of_difference,
)

CASE = Path(__file__).parents[1] / "reference" / "sample_size"
EVEN = Spread(0.16, 0.1875)


def read(name):
    with (CASE / name).open(encoding="utf-8") as file:
        return [
            {key: float(value) for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("row", read("pairs.csv"), ids=str)
def test_size_and_power_agree_with_the_formula_in_r(row):
    spread = Spread(row["s1"], row["s2"])
    size = for_difference(row["d"], spread, pair=Pair(ratio=row["r"]))

    assert size.answers_first == pytest.approx(row["n1"], rel=1e-12)
    assert size.answers_second == pytest.approx(row["n1"] / row["r"], rel=1e-12)
    assert power_of_difference(row["d"], spread, 400, 300) == pytest.approx(
        row["power"], rel=1e-12
    )


def test_size_is_that_of_a_t_test_but_for_the_t():
    size = for_difference(0.05, Spread(0.16, 0.16))

    assert size.answers_first == pytest.approx(read("t_test.csv")[0]["t_test_n"], abs=1)


def test_people_asked_twice_save_interviews():
    apart = for_shares(0.8, 0.75, both=0.65)
    again = for_shares(0.8, 0.75, both=0.65, pair=Pair(overlap=0.5))

    assert (apart.n_first, again.n_first) == (1091, 935)


def test_losses_and_design_effects_are_made_up_for():
    pair = Pair(Fieldwork(deff=1.5, response=0.5), Fieldwork(deff=1.5, response=0.25))
    plain, size = for_shares(0.8, 0.75), for_shares(0.8, 0.75, pair=pair)

    assert size.answers_first == pytest.approx(1.5 * plain.answers_first)
    assert size.n_second == pytest.approx(2 * size.n_first, abs=2)


def test_short_lists_need_fewer_and_a_census_of_both_is_certain():
    short = Fieldwork(frame_size=2000)
    size = for_shares(0.8, 0.75, pair=Pair(short, short))

    assert size.n_first < for_shares(0.8, 0.75).n_first
    assert power_of_difference(0.001, EVEN, 2000, 2000, pair=Pair(short, short)) == 1


def test_a_wish_beyond_the_lists_is_capped_and_tells_its_power():
    short = Fieldwork(frame_size=300, response=0.5)
    size = for_shares(0.8, 0.75, pair=Pair(short, short))

    assert size.is_capped
    assert size.n_first == size.n_second == 300
    assert 0 < size.power < 0.8


def test_the_power_promised_is_the_power_had():
    """Repeated sampling: independent samples of the size found, 20,000 times."""
    size = for_shares(0.8, 0.7)
    rng = np.random.default_rng(4)
    first = rng.binomial(size.n_first, 0.8, 20_000) / size.n_first
    second = rng.binomial(size.n_second, 0.7, 20_000) / size.n_second
    spread = first * (1 - first) / size.n_first + second * (1 - second) / size.n_second

    found = np.mean((first - second) / np.sqrt(spread) > 1.959963984540054)
    assert found == pytest.approx(size.power, abs=0.015)


@given(
    st.floats(0.01, 0.3),
    st.floats(0.01, 0.25),
    st.floats(0.01, 0.25),
    st.floats(0.2, 5.0),
    st.floats(0.2, 0.95),
)
def test_both_ways_round_agree(difference, first, second, ratio, power):
    spread, pair = Spread(first, second), Pair(ratio=ratio)
    size = for_difference(difference, spread, pair=pair, power=power)

    assert size.power >= power - 1e-9
    assert detectable(
        spread, size.n_first, size.n_second, power=power
    ) <= difference * (1 + 1e-9)


def test_a_margin_is_the_width_at_even_power():
    margin = margin_of_difference(EVEN, 300, 300)

    assert power_of_difference(margin, EVEN, 300, 300) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: for_shares(0.8, 0.8), "difference 0.0"),
        (lambda: for_shares(1.2, 0.0), "first share 1.2 .*; second share 0.0"),
        (lambda: for_shares(0.8, 0.7, pair=Pair(overlap=0.5)), "both times is needed"),
        (lambda: for_shares(0.8, 0.7, both=0.75), "cannot be the share of both"),
        (lambda: for_shares(0.8, 0.7, power=80), "power 80"),
        (lambda: for_difference(0.1, Spread(-1, 0.2)), "variance -1"),
        (lambda: for_difference(0.1, Spread(0.1, 0.1, 0.2)), "covariance 0.2"),
        (lambda: Pair(ratio=0, overlap=2), "ratio 0 .*; overlap 2"),
        (lambda: Pair(ratio=4, overlap=0.5), "more than the second"),
        (lambda: power_of_difference(0.1, EVEN, 0, 10), "0 transactions"),
    ],
)
def test_an_impossible_wish_says_why(call, why):
    with pytest.raises(WishImpossible, match=why):
        call()
