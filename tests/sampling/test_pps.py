"""Draws and joint probabilities against R: tests/reference/unequal_probabilities."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sampling import joint, pps
from sampling.draw import DrawImpossible
from sampling.randomness import generator, uniform

CASE = Path(__file__).parents[1] / "reference" / "unequal_probabilities"
SIZES = np.array([1200, 310, 95, 420, 95, 60, 800, 33, 210, 150, 47, 260.0])
DRAWS = [pps.systematic, pps.tille, pps.maximum_entropy]
JOINT = {
    pps.systematic: joint.systematic,
    pps.tille: joint.tille,
    pps.maximum_entropy: joint.maximum_entropy,
}


def read(name):
    return np.loadtxt(CASE / name, delimiter=",")


sizes = arrays(np.float64, st.integers(2, 9), elements=st.floats(0.01, 1000.0))


@pytest.fixture(params=DRAWS, ids=lambda draw: draw.__name__)
def draw(request):
    return request.param


@pytest.mark.parametrize("n", [2, 4, 7])
def test_inclusion_probabilities_agree_with_r(n):
    assert pps.inclusion_probabilities(SIZES, n) == pytest.approx(
        read(f"pik_{n}.csv"), rel=1e-14
    )


@pytest.mark.parametrize("row", read("systematic_draws_4.csv"), ids=lambda r: str(r[0]))
def test_a_known_start_takes_the_units_r_takes(row):
    probability = pps.inclusion_probabilities(SIZES, 4)

    taken = pps.systematic_from(probability, row[:1])[0]
    assert (np.flatnonzero(taken) + 1).tolist() == row[1:].tolist()


@pytest.mark.parametrize("n", [2, 4, 7])
@pytest.mark.parametrize("design", ["systematic", "maximum_entropy"])
def test_joint_probabilities_agree_with_r(design, n):
    together = getattr(joint, design)(pps.inclusion_probabilities(SIZES, n))

    assert together == pytest.approx(read(f"{design}_{n}.csv"), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("n", [2, 4, 7])
def test_joint_probabilities_by_elimination_agree_with_r_but_for_certain_units(n):
    probability = pps.inclusion_probabilities(SIZES, n)
    inside = np.ix_(probability < 1, probability < 1)

    assert joint.tille(probability)[inside] == pytest.approx(
        read(f"tille_{n}.csv")[inside], rel=1e-12
    )


def test_maximum_entropy_agrees_with_every_sample_written_out():
    """Independent naive evaluation: all samples, each with its odds."""
    odds = np.array([0.3, 2.0, 2.0, 0.01, 9.0, 1.0])
    samples = list(combinations(range(6), 3))
    chance = np.array([odds[list(sample)].prod() for sample in samples])
    chance /= chance.sum()
    inside = np.array([[i in sample for i in range(6)] for sample in samples], float)
    single = chance @ inside

    assert joint.maximum_entropy(single) == pytest.approx(
        (inside.T * chance) @ inside, rel=1e-11
    )


@given(sizes, st.data())
def test_probabilities_sum_to_the_sample_and_none_passes_one(size, data):
    n = data.draw(st.integers(0, len(size)))
    probability = pps.inclusion_probabilities(size, n)

    assert probability.sum() == pytest.approx(n)
    assert np.all((probability >= 0) & (probability <= 1))
    by_chance = probability < 1
    ratio = probability[by_chance] / size[by_chance]
    assert ratio == pytest.approx(ratio[:1].repeat(len(ratio)))


@settings(deadline=None)
@given(sizes, st.data())
def test_joint_probabilities_add_up_to_the_single_ones(size, data):
    n = data.draw(st.integers(1, len(size) - 1))
    probability = pps.inclusion_probabilities(size, n)

    for design in JOINT.values():
        together = design(probability)
        assert together == pytest.approx(together.T)
        assert np.diag(together) == pytest.approx(probability)
        assert together.sum(axis=1) == pytest.approx(n * probability)


@given(sizes, st.integers(0), st.data())
def test_a_draw_has_the_size_asked_for_and_every_certain_unit(size, seed, data):
    n = data.draw(st.integers(1, len(size)))
    certain = np.flatnonzero(pps.inclusion_probabilities(size, n) == 1)

    for draw in DRAWS:
        drawn = draw(size, n, rng=generator(seed))
        assert len(set(drawn.selected.tolist())) == n
        assert set(certain) <= set(drawn.selected)


@pytest.mark.parametrize("draw", DRAWS, ids=lambda draw: draw.__name__)
def test_units_and_pairs_come_up_as_often_as_stated_over_100_000_draws(draw):
    size, times = np.array([50.0, 3.0, 4.0, 6.0, 7.0]), 100_000
    probability = pps.inclusion_probabilities(size, 3)
    chances = uniform(generator(17), times * 5).reshape(times, 5)
    if draw is pps.systematic:
        taken = pps.systematic_from(probability, chances[:, 0])
    elif draw is pps.tille:
        taken = pps.tille_from(probability, chances)
    else:
        taken = pps.maximum_entropy_from(probability, chances)

    stated = JOINT[draw](probability)
    error = np.sqrt(stated * (1 - stated) / times)
    seen = taken.T.astype(float) @ taken / times
    assert np.all(taken.sum(axis=1) == 3)
    assert np.all(np.abs(seen - stated) <= 4.5 * error + 1e-12)


def test_a_draw_is_locked_by_its_seed(draw):
    locked = {
        "systematic": [0, 1, 6, 8],
        "tille": [0, 4, 6, 9],
        "maximum_entropy": [0, 1, 6, 8],
    }

    drawn = draw(SIZES, 4, rng=generator(20260701)).selected
    assert drawn.tolist() == locked[draw.__name__]


def test_a_reserve_never_holds_back_a_certain_unit():
    for seed in range(50):
        drawn = pps.systematic(SIZES, 4, rng=generator(seed), reserve=3)
        assert {0, 3, 6} <= set(drawn.selected.tolist())


def test_with_the_whole_reserve_released_the_larger_draw_is_reached():
    drawn = pps.systematic(SIZES, 4, rng=generator(5), reserve=2).released(2)
    whole = pps.inclusion_probabilities(SIZES, 6)

    assert len(drawn.selected) == 6
    assert drawn.inclusion_probability == pytest.approx(whole[drawn.selected])


def test_drawn_probabilities_average_to_the_sample_over_all_reserves():
    rng, times, n = generator(8), 4000, 4
    seen = np.zeros(len(SIZES))
    for _ in range(times):
        seen[pps.systematic(SIZES, n, rng=rng, reserve=2).selected] += 1
    one = pps.systematic(SIZES, n, rng=rng, reserve=2)

    stated = one.inclusion_probability
    found = seen[one.selected] / times
    assert found == pytest.approx(stated, abs=4.5 * 0.5 / times**0.5)


def test_a_unit_of_size_zero_is_never_drawn(draw):
    size = np.array([0.0, 5.0, 5.0, 5.0])

    for seed in range(40):
        assert 0 not in draw(size, 2, rng=generator(seed)).selected


def test_a_sample_larger_than_the_units_there_are_is_refused(draw):
    with pytest.raises(DrawImpossible, match="sample of 3 from 2 units"):
        draw(np.array([0.0, 1.0, 2.0]), 3, rng=generator(1))


def test_sizes_that_are_no_sizes_are_refused_by_place(draw):
    with pytest.raises(DrawImpossible, match=r"in units \[1, 2\]"):
        draw(np.array([1.0, -1.0, np.nan, 2.0]), 1, rng=generator(1))


def test_a_reserve_of_certain_units_is_refused():
    with pytest.raises(DrawImpossible, match="only 0 units are not certain"):
        pps.systematic(np.array([1.0, 1.0]), 1, rng=generator(1), reserve=1)


@pytest.mark.parametrize("design", JOINT.values(), ids=lambda d: d.__name__)
def test_probabilities_that_make_no_sample_are_refused(design):
    with pytest.raises(DrawImpossible, match=r"sum to 0\.9"):
        design(np.array([0.5, 0.4]))
    with pytest.raises(DrawImpossible, match=r"outside 0 to 1 in units \[0\]"):
        design(np.array([1.5, 0.5]))


@pytest.mark.parametrize("design", JOINT.values(), ids=lambda d: d.__name__)
def test_a_sample_of_certain_units_alone_has_certain_pairs(design):
    together = design(np.array([1.0, 1.0, 0.0]))

    assert together.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_three_hundred_communes_are_no_trouble():
    size = np.exp(np.random.default_rng(1).normal(6, 1, 300))
    probability = pps.inclusion_probabilities(size, 60)

    assert joint.maximum_entropy(probability).sum() == pytest.approx(60 * 60)
