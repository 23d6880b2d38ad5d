import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.draw import (
    DrawImpossible,
    simple,
    stratified,
    stratified_systematic,
    systematic,
)
from sampling.randomness import UnrepeatableChance, generator


@pytest.fixture(params=[simple, systematic], ids=lambda draw: draw.__name__)
def draw(request):
    return request.param


def test_the_published_seed_gives_the_published_sample():
    drawn = simple(100_000, 5, rng=generator(20260701), reserve=3)

    assert drawn.selected.tolist() == [31781, 35523, 43212, 60097, 91073]
    assert drawn.reserve.tolist() == [58387, 53447, 17505]


def test_a_systematic_draw_is_locked_too():
    drawn = systematic(1003, 7, rng=generator(20260701))

    assert drawn.selected.tolist() == [53, 196, 340, 483, 626, 770, 913]


def test_a_generator_that_cannot_be_repeated_is_refused():
    with pytest.raises(UnrepeatableChance, match="PCG64, got MT19937"):
        simple(10, 2, rng=np.random.Generator(np.random.MT19937(1)))


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 50), st.integers(0))
def test_a_draw_takes_different_rows_in_order_and_a_separate_reserve(
    frame_size, sample_size, reserve, seed
):
    sample_size = min(sample_size, frame_size)
    reserve = min(reserve, frame_size - sample_size) if sample_size else 0

    for draw in (simple, systematic):
        drawn = draw(frame_size, sample_size, rng=generator(seed), reserve=reserve)
        rows = np.concatenate([drawn.selected, drawn.reserve])
        assert len(set(rows.tolist())) == sample_size + reserve
        assert all(0 <= row < frame_size for row in rows)
        assert drawn.selected.tolist() == sorted(drawn.selected.tolist())
        assert len(drawn.reserve) == len(drawn.reserve_probability) == reserve


@given(st.integers(1, 10**7), st.integers(1, 400), st.integers(0))
def test_probabilities_weigh_the_sample_up_to_the_frame(frame_size, n, seed):
    n = min(n, frame_size)
    drawn = systematic(frame_size, n, rng=generator(seed))

    assert np.sum(1 / drawn.inclusion_probability) == pytest.approx(frame_size)


def test_a_larger_sample_keeps_everyone_already_drawn():
    smaller = simple(500, 40, rng=generator(3)).selected
    larger = simple(500, 60, rng=generator(3)).selected

    assert set(smaller) < set(larger)


def test_the_reserve_is_what_a_larger_sample_would_have_taken():
    drawn = simple(500, 40, rng=generator(3), reserve=20).released(12)

    assert (
        drawn.selected.tolist() == simple(500, 52, rng=generator(3)).selected.tolist()
    )
    assert drawn.inclusion_probability == pytest.approx(52 / 500)
    assert drawn.reserve_probability == pytest.approx(52 / 500)
    assert len(drawn.reserve) == 8


def test_releasing_nothing_changes_nothing():
    drawn = simple(50, 4, rng=generator(3), reserve=2)

    assert drawn.released(0) is drawn


def test_more_than_the_reserve_cannot_be_released(draw):
    drawn = draw(50, 4, rng=generator(3), reserve=2)

    with pytest.raises(DrawImpossible, match="release 3 from a reserve of 2"):
        drawn.released(3)


def test_a_whole_list_is_drawn_with_certainty(draw):
    drawn = draw(7, 7, rng=generator(1))

    assert drawn.selected.tolist() == list(range(7))
    assert drawn.inclusion_probability.tolist() == [1.0] * 7


@pytest.mark.parametrize(
    ("frame_size", "sample_size", "reserve", "why"),
    [
        (10, 8, 3, "sample of 8 and reserve of 3 from a list of 10"),
        (10, 0, 3, "reserve of 3 for an empty sample"),
        (10, -1, 0, "negative"),
    ],
)
def test_an_impossible_draw_says_why(draw, frame_size, sample_size, reserve, why):
    with pytest.raises(DrawImpossible, match=why):
        draw(frame_size, sample_size, rng=generator(1), reserve=reserve)


def test_every_row_comes_up_as_often_as_stated_over_100_000_draws(draw):
    rng, times = generator(11), 100_000
    came_up = np.zeros(11)
    for _ in range(times):
        came_up[draw(11, 4, rng=rng, reserve=2).selected] += 1

    p = 4 / 11
    assert came_up / times == pytest.approx(p, abs=4.5 * (p * (1 - p) / times) ** 0.5)


def test_systematic_rows_are_evenly_spaced():
    gaps = np.diff(systematic(1003, 100, rng=generator(5)).selected)

    assert set(gaps.tolist()) == {10, 11}


def test_strata_are_drawn_within_themselves():
    strata = ["land", "health"] * 50 + ["sea"] * 10
    draws = stratified(
        strata, {"sea": 10, "land": 5}, rng=generator(2), reserves={"land": 3}
    )

    assert list(draws) == ["sea", "land"]
    assert draws["sea"].selected.tolist() == list(range(100, 110))
    assert {strata[i] for i in draws["land"].selected} == {"land"}
    assert {strata[i] for i in draws["land"].reserve} == {"land"}
    assert draws["land"].inclusion_probability.tolist() == [0.1] * 5


def test_amending_one_stratum_leaves_the_others_draw_alone():
    strata = ["land"] * 60 + ["health"] * 40
    before = stratified(strata, {"land": 10, "health": 10}, rng=generator(2))
    after = stratified(strata, {"land": 15, "health": 10}, rng=generator(2))

    assert after["health"].selected.tolist() == before["health"].selected.tolist()
    assert set(before["land"].selected) < set(after["land"].selected)


def test_every_stratum_may_be_drawn_every_kth_with_a_start_of_its_own():
    strata = ["land", "health"] * 50
    draws = stratified_systematic(
        strata, {"health": 10, "land": 5}, rng=generator(2), reserves={"land": 2}
    )

    assert set(np.diff(draws["health"].selected).tolist()) == {10}
    assert {strata[i] for i in draws["health"].selected} == {"health"}
    assert {strata[i] for i in draws["land"].reserve} == {"land"}
    assert draws["land"].inclusion_probability.tolist() == [0.1] * 5


def test_every_stratum_that_is_too_short_is_named():
    with pytest.raises(DrawImpossible, match=r"land: .* list of 2; sea: .* list of 0"):
        stratified(["land", "land"], {"land": 3, "sea": 1}, rng=generator(1))


def test_a_reserve_for_a_stratum_without_sample_is_refused():
    with pytest.raises(DrawImpossible, match="sea: a reserve but no sample"):
        stratified(["land"] * 5, {"land": 3}, rng=generator(1), reserves={"sea": 1})
