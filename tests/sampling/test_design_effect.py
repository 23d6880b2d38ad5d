import numpy as np
import pytest

from sampling.design_effect import best_take, for_budget, for_cv, kish, two_stage


def test_equal_weights_cost_nothing():
    assert kish([2.5] * 40).n_eff == pytest.approx(40)


def test_the_effect_is_one_plus_the_relative_variance_of_the_weights():
    weights = np.random.default_rng(1).uniform(1, 9, 200)

    assert kish(weights).deff == pytest.approx(
        1 + np.var(weights) / weights.mean() ** 2
    )


@pytest.mark.parametrize("weights", [[], [1, 0], [1, -2], [1, float("nan")]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValueError, match="above 0"):
        kish(weights)


def test_one_transaction_per_commune_costs_nothing():
    assert two_stage(1, homogeneity=0.3) == 1


def test_weights_and_clusters_multiply():
    assert two_stage(11, homogeneity=0.1, weight_cv=0.5) == pytest.approx(2 * 1.25)


@pytest.mark.parametrize(
    ("take", "homogeneity", "weight_cv"),
    [(0.5, 0.1, 0), (5, 1.2, 0), (5, 0.1, -1), (11, -0.5, 0)],
)
def test_impossible_clusters_are_refused(take, homogeneity, weight_cv):
    with pytest.raises(ValueError, match=r"expected take|cannot be"):
        two_stage(take, homogeneity=homogeneity, weight_cv=weight_cv)


def test_the_best_take_beats_its_neighbours_for_the_same_money():
    costs = {"commune_cost": 300.0, "transaction_cost": 20.0}
    best = for_budget(50_000, **costs, homogeneity=0.08, population_cv=0.6)

    for take in (best.take - 1, best.take + 1):
        communes = 50_000 / (300 + 20 * take)
        cv = 0.6 * (two_stage(take, homogeneity=0.08) / (communes * take)) ** 0.5
        assert cv > best.cv


def test_both_ways_round_agree():
    given = {
        "commune_cost": 300.0,
        "transaction_cost": 20.0,
        "homogeneity": 0.08,
        "population_cv": 0.6,
    }
    spent = for_budget(50_000, **given)

    assert for_cv(spent.cv, **given).cost == pytest.approx(50_000)


@pytest.mark.parametrize("homogeneity", [0, 1, -0.1])
def test_no_best_take_without_differences_between_communes(homogeneity):
    with pytest.raises(ValueError, match="homogeneity between 0 and 1"):
        best_take(commune_cost=1, transaction_cost=1, homogeneity=homogeneity)
