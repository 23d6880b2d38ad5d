import numpy as np
import pytest

from sampling.cycles import check

OFFICERS = ["An", "Bình", "Chi", "Dung", "Em"]


def test_an_interval_in_step_with_the_rota_is_found():
    (step,) = check({"officer": OFFICERS * 200}, 100)

    assert step.keeps_step
    assert (step.worst_share, step.frame_share) == (1.0, 0.2)


def test_an_interval_out_of_step_is_let_pass():
    (step,) = check({"officer": OFFICERS * 200}, 91)

    assert not step.keeps_step
    assert step.excess < 1


def test_a_fractional_interval_that_drifts_too_little_is_found():
    (step,) = check({"officer": [*OFFICERS * 200, "An"]}, 100)

    assert step.keeps_step


def test_a_fractional_interval_that_drifts_through_the_whole_rota_is_let_pass():
    (step,) = check({"officer": OFFICERS * 201}, 100)

    assert (step.keeps_step, step.worst_share) == (False, 0.2)


def test_a_weekly_cycle_is_found_in_a_list_of_days():
    days = [str(day % 5) for day in range(600) for _ in range(4)]
    weekday, office = check({"weekday": days, "office": ["X"] * 2400}, 120)

    assert weekday.keeps_step
    assert not office.keeps_step


def test_lists_in_random_order_are_seldom_suspected():
    rng = np.random.default_rng(1)
    steps = [
        check({"officer": rng.choice(OFFICERS, 900).tolist()}, n)[0]
        for n in (30, 60, 77, 100)
        for _ in range(100)
    ]

    assert sum(step.keeps_step for step in steps) <= 3
    assert np.mean([step.excess for step in steps]) == pytest.approx(1, abs=0.05)


def test_the_excess_is_the_spread_between_samples_against_simple_draws():
    """Independent naive evaluation: every possible sample, its share of one value."""
    rng = np.random.default_rng(2)
    values = rng.choice(["a", "b"], 400)
    shares = np.array([np.mean(values[start::8] == "a") for start in range(8)])
    p = np.mean(values == "a")

    (step,) = check({"v": values.tolist()}, 50)
    between = np.sum((shares - p) ** 2) / 7
    assert step.excess == pytest.approx(between / (p * (1 - p) / 50))


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="lengths"):
        check({"a": ["x"], "b": ["x", "y"]}, 1)


@pytest.mark.parametrize("n", [0, 6])
def test_a_sample_the_list_cannot_give_is_refused(n):
    with pytest.raises(ValueError, match=f"sample of {n} from 5"):
        check({"officer": OFFICERS}, n)
