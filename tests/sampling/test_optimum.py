"""Best sizes by stratum against R: tests/reference/sample_size."""

from pathlib import Path

import numpy as np
import pytest

from sampling import optimum

CASE = Path(__file__).parents[1] / "reference" / "sample_size"
FRAME = {"a": 4000, "b": 900, "c": 2500}
SPREADS = {"a": 0.45, "b": 0.3, "c": 0.38}
COSTS = {"a": 1.0, "b": 3.0, "c": 2.0}
EVEN = dict.fromkeys(FRAME, 0.4)
BEST = {
    "proportional": optimum.for_sample(FRAME, EVEN, 500),
    "neyman": optimum.for_sample(FRAME, SPREADS, 500),
    "budget": optimum.for_budget(FRAME, SPREADS, COSTS, 900),
    "variance": optimum.for_variance(FRAME, SPREADS, COSTS, 0.0003),
}


@pytest.mark.parametrize("method", BEST)
def test_sizes_agree_with_the_formula_in_r(method):
    expected = np.genfromtxt(CASE / "optimum.csv", delimiter=",", names=True)

    assert list(BEST[method].sizes.values()) == pytest.approx(
        expected[method].tolist(), rel=1e-13
    )


def test_a_budget_is_spent_to_the_last_coin():
    assert BEST["budget"].cost == pytest.approx(900)


def test_a_precision_is_met_exactly():
    assert BEST["variance"].variance == pytest.approx(0.0003)


def test_no_neighbouring_allocation_of_the_same_cost_is_surer():
    best = BEST["budget"]

    for more, less in [("a", "b"), ("b", "c"), ("c", "a"), ("b", "a")]:
        sizes = dict(best.sizes)
        sizes[more] += 1 / COSTS[more]
        sizes[less] -= 1 / COSTS[less]
        variance = sum(
            (FRAME[h] / 7400 * SPREADS[h]) ** 2 * (1 / n - 1 / FRAME[h])
            for h, n in sizes.items()
        )
        assert variance > best.variance


def test_what_is_missing_or_zero_is_named():
    with pytest.raises(ValueError, match=r"'spread of b': None, 'cost of c': 0"):
        optimum.for_budget(FRAME, {"a": 1, "c": 1}, COSTS | {"c": 0}, 10)


def test_a_precision_of_nothing_is_refused():
    with pytest.raises(ValueError, match="variance 0"):
        optimum.for_variance(FRAME, SPREADS, COSTS, 0)
