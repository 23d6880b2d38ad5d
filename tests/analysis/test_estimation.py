import numpy as np
import pytest

from analysis.design import (
    Design,
    DesignRefused,
    Lonely,
    LonelyStratum,
    SecondPhase,
    Stage,
    stratified,
)
from analysis.estimation import covariance


def spread(z):
    return ((z - z.mean()) ** 2).sum()


@pytest.fixture
def influence():
    return np.random.default_rng(5).normal(size=(12, 2))


def test_one_stratum_is_the_textbook_formula(influence):
    design = stratified(np.ones(12), np.zeros(12), np.full(12, 48.0))

    found = covariance(influence, design)

    assert found == pytest.approx((1 - 12 / 48) * 12 * np.cov(influence.T))


def test_dropping_the_frame_gives_the_variance_without_end(influence):
    design = stratified(np.ones(12), np.zeros(12), np.full(12, 48.0))

    found = covariance(influence, design, with_fpc=False)

    assert found == pytest.approx(12 * np.cov(influence.T))


def test_strata_add_up(influence):
    stratum = np.repeat(["a", "b"], [5, 7])
    size = np.repeat([9.0, 50.0], [5, 7])

    found = covariance(influence, stratified(np.ones(12), stratum, size))[0, 0]

    a, b = influence[:5, 0], influence[5:, 0]
    assert found == pytest.approx(
        (1 - 5 / 9) * 5 / 4 * spread(a) + (1 - 7 / 50) * 7 / 6 * spread(b)
    )


def test_ballots_of_one_person_go_together(influence):
    person = np.array([0, 0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8])
    design = stratified(np.ones(12), np.zeros(12), np.full(12, np.inf), psu=person)

    totals = np.array([influence[person == k, 0].sum() for k in range(9)])

    assert covariance(influence, design)[0, 0] == pytest.approx(9 / 8 * spread(totals))


def test_a_stratum_answered_whole_adds_nothing(influence):
    design = stratified(np.ones(12), np.zeros(12), np.full(12, 12.0))

    assert covariance(influence, design)[0, 0] == 0.0


def test_a_lonely_stratum_is_refused_by_name(influence):
    stratum = np.array(["alone"] + ["many"] * 11)

    with pytest.raises(LonelyStratum, match="alone"):
        covariance(influence, stratified(np.ones(12), stratum, np.full(12, 99.0)))


def test_a_lonely_stratum_may_be_left_out_on_request(influence):
    design = stratified(
        np.ones(12), np.array(["alone"] + ["many"] * 11), np.full(12, np.inf)
    )
    lenient = Design(design.weight, design.stages, lonely=Lonely.REMOVE)

    found = covariance(influence, lenient)[0, 0]

    assert found == pytest.approx(11 / 10 * spread(influence[1:, 0]))


def test_contradictions_are_all_named():
    with pytest.raises(DesignRefused) as refused:
        stratified(
            np.ones(5), np.array(list("aabbb")), np.array([9.0, 8.0, 2.0, 2.0, 2.0])
        )

    assert refused.value.problems == (
        "stratum a: frame sizes differ between rows",
        "stratum b: 3 responses from a frame of 2",
    )


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_weights_must_be_finite_and_not_negative(weight):
    with pytest.raises(DesignRefused, match="weight"):
        stratified(np.array([1.0, weight]), np.zeros(2), np.full(2, 9.0))


def two_phase(classes, silent, issued, fraction):
    stage = Stage(
        np.arange(12), np.repeat([0, 1], 6), np.repeat(fraction, 6), ("a", "b")
    )
    h, c, count = map(np.array, zip(*silent, strict=True))
    phase = SecondPhase(np.array(classes), np.array(issued), h, c, count.astype(float))
    return Design(np.ones(12), (stage,), phase)


def test_classes_that_are_the_strata_give_responses_over_frame(influence):
    # 6 of 10 drawn from 20, and 6 of 8 drawn from 16 answered.
    design = two_phase(
        [0] * 6 + [1] * 6, [(0, 0, 4), (1, 1, 2)], [10.0, 8.0], [0.5, 0.5]
    )
    simple = stratified(np.ones(12), np.repeat([0, 1], 6), np.repeat([20.0, 16.0], 6))

    phase_two = covariance(influence, design)[0, 0]

    assert phase_two == pytest.approx(covariance(influence, simple)[0, 0], rel=0.07)


def test_a_census_that_answered_in_part_keeps_the_doubt_of_its_class(influence):
    design = two_phase([0] * 12, [(0, 0, 4), (1, 0, 4)], [20.0], [1.0, 1.0])

    found = covariance(influence, design)[0, 0]

    assert found == pytest.approx((1 - 0.6) * 12 / 11 * spread(influence[:, 0]))


def test_silent_units_carry_the_mean_of_their_class(influence):
    design = two_phase([0] * 12, [(0, 0, 3), (1, 0, 5)], [20.0], [0.25, 0.4])
    z = influence[:, 0]
    rate, mean = 12 / 20, z.mean()

    drawn = z - mean + rate * mean
    by_hand = 0.0
    for h, silent, fraction in ((0, 3, 0.25), (1, 5, 0.4)):
        u = np.r_[drawn[6 * h : 6 * h + 6], np.full(silent, rate * mean)]
        by_hand += (1 - fraction) * len(u) / (len(u) - 1) * spread(u)
        own = z[6 * h : 6 * h + 6] - mean
        by_hand += fraction * (1 - rate) * 12 / 11 * (own**2).sum()

    assert covariance(influence, design)[0, 0] == pytest.approx(by_hand)
