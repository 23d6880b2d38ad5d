"""Sizes, also against R: tests/reference/sample_size."""

import csv
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.size import (
    Fieldwork,
    WishImpossible,
    for_index,
    for_mean,
    for_mean_cv,
    for_share,
    for_share_cv,
    for_share_relative,
    margin_of_index,
    margin_of_mean,
    margin_of_share,
    slovin,
)

CASE = Path(__file__).parents[1] / "reference" / "sample_size"


def read(name):
    with (CASE / name).open(encoding="utf-8") as file:
        return [
            {key: float(value) for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


fieldworks = st.builds(
    Fieldwork,
    frame_size=st.one_of(st.just(inf), st.integers(1, 10**6)),
    deff=st.floats(0.3, 5.0),
    response=st.floats(0.1, 1.0),
    eligibility=st.floats(0.3, 1.0),
)


@pytest.mark.parametrize(
    ("frame_size", "n"), [(100, 80), (1000, 286), (5000, 371), (100_000, 399)]
)
def test_slovin_gives_the_numbers_of_the_provincial_plans(frame_size, n):
    assert slovin(frame_size, 0.05) == n


def test_slovin_asks_for_a_little_more_than_is_needed():
    proper = for_share(0.05, fieldwork=Fieldwork(frame_size=2500)).n

    assert (slovin(2500, 0.05), proper) == (345, 334)


# The formulas typed into R 4.2, qnorm(.975) for z.
def test_every_step_is_kept():
    size = for_share(0.05, fieldwork=Fieldwork(2500, 1.5, 0.8, 0.9))

    assert size.simple == pytest.approx(384.1458820694)
    assert size.with_design == pytest.approx(576.2188231041)
    assert size.from_frame == pytest.approx(468.437252965)
    assert size.with_losses == pytest.approx(size.from_frame / 0.72)
    assert size.n == 651
    assert size.answers == pytest.approx(651 * 0.72)
    assert not size.is_capped


def test_a_wish_beyond_the_list_is_capped_and_says_what_it_reaches():
    size = for_share(0.03, fieldwork=Fieldwork(200, response=0.5))

    assert size.n == 200
    assert size.is_capped
    assert size.answers == 100
    assert size.reached == pytest.approx(0.0694690815567)


def test_a_census_that_everyone_answers_has_no_margin():
    assert margin_of_share(80, fieldwork=Fieldwork(80)).reached == 0


def test_a_list_of_one_that_may_stay_silent_promises_nothing():
    assert margin_of_share(1, fieldwork=Fieldwork(1, response=0.5)).reached == inf


def test_thirty_answers_are_worth_thirteen_points_or_eight_for_the_index():
    assert margin_of_share(30, p=0.85).reached == pytest.approx(0.13, abs=0.005)
    assert margin_of_index(30, p=0.85, gain=2.4).reached == pytest.approx(
        0.08, abs=0.005
    )


@pytest.mark.parametrize("row", read("single.csv"), ids=str)
def test_every_size_agrees_with_the_formula_in_r(row):
    p, e, work = row["p"], row["e"], Fieldwork(row["N"])
    sizes = {
        "share": for_share(e, p=p, fieldwork=work),
        "relative": for_share_relative(e, p=p, fieldwork=work),
        "cv": for_share_cv(e, p=p, fieldwork=work),
        "mean": for_mean(e, std_dev=0.9, fieldwork=work),
        "mean_cv": for_mean_cv(e, population_cv=0.4, fieldwork=work),
    }

    assert {name: size.from_frame for name, size in sizes.items()} == pytest.approx(
        {name: row[name] for name in sizes}, rel=1e-13
    )


@given(st.floats(0.005, 0.4), st.floats(0.02, 0.98), st.floats(0.5, 5), fieldworks)
def test_the_size_found_reaches_the_wish_and_one_fewer_does_not(e, p, gain, work):
    size = for_index(e, p=p, gain=gain, fieldwork=work)

    if size.is_capped:
        assert size.reached > e * (1 - 1e-6)
    else:
        assert size.reached <= e * (1 + 1e-6)
    if size.n > 1 and not size.is_capped:
        fewer = margin_of_index(size.n - 1, p=p, gain=gain, fieldwork=work)
        assert fewer.reached > e * (1 - 1e-6)


@given(st.floats(0.01, 3.0), st.floats(0.05, 10.0), fieldworks)
def test_both_ways_round_agree_for_a_mean(e, std_dev, work):
    size = for_mean(e, std_dev=std_dev, fieldwork=work)
    back = margin_of_mean(size.n, std_dev=std_dev, fieldwork=work)

    assert back.reached == pytest.approx(size.reached)


def test_a_relative_margin_is_the_absolute_one_over_the_share():
    relative = for_share_relative(0.1, p=0.3)

    assert relative.simple == pytest.approx(for_share(0.03, p=0.3).simple)


def test_a_coefficient_of_variation_is_a_standard_error_over_the_share():
    assert for_share_cv(0.05, p=0.8, fieldwork=Fieldwork(500)).n == 84
    assert for_mean_cv(0.05, population_cv=2, fieldwork=Fieldwork(1000)).n == 616


def test_a_gain_of_one_makes_the_index_a_criterion():
    assert for_index(0.05, p=0.8) == for_share(0.05, p=0.8)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"margin_of_error": 0}, "wish of 0"),
        ({"margin_of_error": float("nan")}, "wish of nan"),
        ({"margin_of_error": 0.1, "p": 1.0}, "p 1.0"),
        ({"margin_of_error": 0.1, "confidence": 95}, "confidence 95"),
        ({"margin_of_error": 0, "p": 2}, "wish of 0 .*; p 2"),
    ],
)
def test_an_impossible_wish_says_everything_that_is_wrong(wrong, why):
    with pytest.raises(WishImpossible, match=why):
        for_share(**wrong)


def test_impossible_fieldwork_says_everything_that_is_wrong():
    with pytest.raises(WishImpossible) as caught:
        Fieldwork(0, 0, 1.2, 0)

    assert len(caught.value.problems) == 4


def test_more_than_the_list_cannot_be_afforded():
    with pytest.raises(WishImpossible, match="101 transactions from a list of 100"):
        margin_of_share(101, fieldwork=Fieldwork(100))
