"""Where no R package can be had by apt: independent, naive evaluation."""

import itertools

import numpy as np
import pytest

from analysis import (
    drivers,
    models,
    nonprobability,
    profiles,
    quality,
    reliability,
    small_areas,
)
from analysis.estimators import NobodyAnswered
from analysis.intervals import likelihood
from analysis.surveys import survey


@pytest.fixture
def answers():
    rng = np.random.default_rng(8)
    mood = rng.normal(size=(300, 1))
    loadings = np.array([1.0, 0.9, 0.8, 0.7, 0.6])
    return 3 + mood * loadings + rng.normal(0, 0.7, (300, 5))


def test_lmg_is_the_mean_over_all_orders():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(80, 4)) @ rng.normal(size=(4, 4))
    y = x @ [1.0, 0.5, 0.0, -1.0] + rng.normal(size=80)

    def r2(places):
        if not places:
            return 0.0
        z = np.column_stack([np.ones(80), x[:, list(places)]])
        left = y - z @ np.linalg.lstsq(z, y, rcond=None)[0]
        return 1 - left @ left / ((y - y.mean()) @ (y - y.mean()))

    naive = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for k, item in enumerate(order):
            naive[item] += (r2(order[: k + 1]) - r2(order[:k])) / 24

    found = drivers.importance(y, x)
    assert found.lmg == pytest.approx(naive)
    assert found.lmg.sum() == pytest.approx(found.r_squared) == r2(range(4))


def test_alpha_by_its_definition(answers):
    found = reliability.listwise_alpha(answers)

    total = answers.sum(axis=1).var(ddof=1)
    naive = 5 / 4 * (1 - answers.var(axis=0, ddof=1).sum() / total)
    assert found.raw == pytest.approx(naive)
    assert found.rest_correlation[0] == pytest.approx(
        np.corrcoef(answers[:, 0], answers[:, 1:].sum(axis=1))[0, 1]
    )
    assert found.if_dropped[4] == pytest.approx(
        reliability.listwise_alpha(answers[:, :4]).raw
    )


def test_pairwise_alpha_equals_listwise_without_gaps(answers):
    assert reliability.pairwise_alpha(answers).raw == pytest.approx(
        reliability.listwise_alpha(answers).raw
    )


def test_lambda6_by_regressions(answers):
    z = (answers - answers.mean(axis=0)) / answers.std(axis=0, ddof=1)
    left = 0.0
    for j in range(5):
        others = np.delete(z, j, axis=1)
        fit = others @ np.linalg.lstsq(others, z[:, j], rcond=None)[0]
        left += (z[:, j] - fit).var(ddof=1)
    total = np.corrcoef(z.T).sum()

    found = reliability.listwise_alpha(answers).lambda6
    assert found == pytest.approx(1 - left / total)


def test_omega_of_a_perfect_model_is_its_own():
    loading, unique = np.array([0.9, 0.8, 0.7, 0.6]), np.array([0.4, 0.5, 0.6, 0.7])
    implied = np.outer(loading, loading) + np.diag(unique)
    rng = np.random.default_rng(1)
    z = rng.normal(size=(400, 4))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(
        np.linalg.cholesky(np.cov(z.T, bias=True))
    ).T
    data = z @ np.linalg.cholesky(implied).T

    found = reliability.omega(data)
    common = loading.sum() ** 2
    assert found.omega == pytest.approx(common / (common + unique.sum()), rel=1e-6)
    assert found.loadings == pytest.approx(loading, rel=1e-5)
    assert found.chi_square == pytest.approx(0.0, abs=1e-6)


def test_an_item_without_spread_has_no_alpha(answers):
    answers[:, 2] = 3.0

    with pytest.raises(NobodyAnswered, match="no spread"):
        reliability.listwise_alpha(answers)


def test_feldt_holds_alpha_and_narrows():
    few, many = reliability.feldt(0.8, 30, 5), reliability.feldt(0.8, 3000, 5)

    assert few.low < many.low < 0.8 < many.high < few.high


@pytest.mark.parametrize(
    "verb", [small_areas.reml, small_areas.maximum_likelihood, small_areas.fay_herriot]
)
def test_small_areas_by_a_grid(verb):
    rng = np.random.default_rng(6)
    m = 40
    x = np.column_stack([np.ones(m), rng.normal(size=m)])
    d = rng.uniform(0.3, 1.5, m)
    y = x @ [2.0, 1.0] + rng.normal(0, 1.0, m) + rng.normal(0, np.sqrt(d))

    def loss(a):
        v = 1 / (a + d)
        beta = np.linalg.solve((x.T * v) @ x, x.T @ (v * y))
        r = y - x @ beta
        ml = np.log(a + d).sum() + (r * r * v).sum()
        extra = np.linalg.slogdet((x.T * v) @ x)[1]
        return {
            small_areas.maximum_likelihood: ml,
            small_areas.reml: ml + extra,
            small_areas.fay_herriot: abs((r * r * v).sum() - (m - 2)),
        }[verb]

    grid = np.linspace(0.01, 4, 4000)
    naive = grid[np.argmin([loss(a) for a in grid])]
    found = verb(y, d, x)

    assert found.between == pytest.approx(naive, abs=2e-3)
    shrink = found.between / (found.between + d)
    assert found.estimate == pytest.approx(shrink * y + (1 - shrink) * (x @ found.beta))
    assert np.all(found.mse < d * 1.2)


def test_no_variance_between_areas_gives_the_regression():
    x = np.column_stack([np.ones(12), np.arange(12.0)])

    found = small_areas.reml(x @ [1.0, 2.0], np.ones(12), x)

    assert found.between == 0.0
    assert found.estimate == pytest.approx(x @ [1.0, 2.0])


def test_ordered_levels_by_a_plain_maximum():
    from scipy.optimize import minimize

    rng = np.random.default_rng(4)
    x = rng.normal(size=200)
    y = np.digitize(0.8 * x + rng.logistic(size=200), [-1.0, 0.5, 1.5]).astype(float)
    w = rng.uniform(1, 3, 200)
    sample = survey({"x": x, "y": y, "w": w}, weights="w")

    def loss(t):
        cut = np.concatenate([[-50], t[1:2], t[1] + np.cumsum(np.exp(t[2:])), [50]])
        at = 1 / (1 + np.exp(-(cut[None] - t[0] * x[:, None])))
        k = y.astype(int)
        return -(w * np.log(at[np.arange(200), k + 1] - at[np.arange(200), k])).sum()

    plain = minimize(loss, [0.0, -1.0, 0.0, 0.0], method="BFGS", options={"gtol": 1e-7})
    found = models.ordinal(sample, "y", models.treatment(sample, ["x"]))

    assert found.estimates.value[0] == pytest.approx(plain.x[0], rel=1e-4)
    assert [key[0] for key in found.estimates.keys] == ["x", "0|1", "1|2", "2|3"]


def test_regressions_refuse_what_has_no_answer():
    sample = survey(
        {
            "y": np.array([0.0, 0, 1, 1]),
            "x": np.array([1.0, 2, 3, 4]),
            "g": np.array(["a"] * 4),
        }
    )

    with pytest.raises(models.NotFitted, match=r"separates|collinear"):
        models.logistic(sample, "y", models.treatment(sample, ["x"]))
    with pytest.raises(models.NotFitted, match="one level"):
        models.treatment(sample, ["g"])
    twice = models.Terms(("a", "b"), np.stack([sample.columns["x"]] * 2, axis=1))
    with pytest.raises(models.NotFitted, match="collinear: a, b"):
        models.linear(sample, "y", twice)


@pytest.fixture
def volunteers():
    rng = np.random.default_rng(9)
    x = np.column_stack([np.ones(4000), rng.normal(size=4000)])
    y = (rng.random(4000) < 1 / (1 + np.exp(-(0.3 + x[:, 1])))).astype(float)
    joined = rng.random(4000) < 1 / (1 + np.exp(-(-1.5 + 0.8 * x[:, 1])))
    drawn = rng.choice(4000, 800, replace=False)
    reference = survey({"w": np.full(800, 5.0)}, weights="w")
    data = nonprobability.Volunteers(y[joined], x[joined], reference, x[drawn])
    return data, y.mean()


@pytest.mark.parametrize(
    "verb",
    [
        nonprobability.weighted_by_likelihood,
        nonprobability.weighted_by_calibration,
        nonprobability.predicted,
        nonprobability.doubly_robust,
    ],
)
def test_volunteers_are_put_right_by_the_reference(volunteers, verb):
    data, truth = volunteers
    found = verb(data)

    off = abs(nonprobability.naive(data.y) - truth)
    assert abs(found.value - truth) < off / 2
    assert found.interval().low < truth < found.interval().high


def test_calibrated_volunteers_reproduce_the_reference(volunteers):
    data, _ = volunteers
    found = nonprobability.weighted_by_calibration(data)

    assert (1 / found.propensity) @ data.x == pytest.approx(
        data.reference.design.weight @ data.reference_x
    )


def test_marks_of_careless_answers():
    ballots = np.array([[4.0, 4, 4, 4], [1, 5, 1, 5], [3, 3, 2, 2]])

    assert quality.longest_run(ballots).tolist() == [4, 1, 2]
    assert quality.mean_run(ballots).tolist() == [4.0, 1.0, 2.0]
    assert quality.spread(ballots) == pytest.approx(ballots.std(axis=1, ddof=1))
    assert quality.nearest_match(ballots).tolist() == [0.0, 0.0, 0.0]
    assert quality.nearest_match(np.array([[1.0, 2], [1, 2]])).tolist() == [1.0, 1.0]


def test_distance_by_its_definition():
    rng = np.random.default_rng(1)
    z = rng.normal(size=(50, 3))
    inverse = np.linalg.inv(np.cov(z.T))
    naive = [(row - z.mean(axis=0)) @ inverse @ (row - z.mean(axis=0)) for row in z]

    assert quality.distance(z) == pytest.approx(naive)
    with pytest.raises(ValueError, match="combinations"):
        quality.distance(np.column_stack([z, z[:, 0]]))


def test_speed_is_against_the_own_group():
    found = quality.speed(np.array([10.0, 20, 30, 100]), np.array([0, 0, 0, 1]))

    assert found.tolist() == [0.5, 1.0, 1.5, 1.0]


def test_rs_reading_of_the_likelihood_is_near_the_exact_one():
    exact = likelihood(0.9, 0.002, 80, 78)

    assert profiles.likelihood(0.9, 0.002, 80, 78) == pytest.approx(exact, abs=1e-3)


def test_likelihood_ends_lie_on_the_limit():
    low, high = likelihood(0.8, 0.16 / 60, 60, np.inf)

    for end in (low, high):
        ratio = 2 * 60 * (0.8 * np.log(0.8 / end) + 0.2 * np.log(0.2 / (1 - end)))
        assert ratio == pytest.approx(3.841459 * 60 / 59, rel=1e-6)
