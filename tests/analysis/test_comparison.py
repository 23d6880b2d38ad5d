import numpy as np
import pytest

from analysis.comparison import (
    Made,
    SeriesBreak,
    Side,
    change,
    comparable,
    difference,
    pairwise,
)
from analysis.design import stratified


def side(y, labels, *, stratum=None, size=np.inf):
    n = len(y)
    design = stratified(
        np.ones(n),
        np.zeros(n) if stratum is None else stratum,
        np.full(n, size),
        psu=labels,
    )
    influence = (y - y.mean()) / n
    return Side(float(y.mean()), influence, design, labels, n - 1.0)


@pytest.fixture
def years():
    rng = np.random.default_rng(3)
    mood = rng.normal(size=40)
    return mood + rng.normal(0, 0.3, 40), mood + 0.5 + rng.normal(0, 0.3, 40)


def test_separate_samples_add_their_variances(years):
    first, second = years
    found = change(side(first, np.arange(40)), side(second, np.arange(40) + 100))

    by_hand = np.var(first, ddof=1) / 40 + np.var(second, ddof=1) / 40
    assert found.std_error**2 == pytest.approx(by_hand)


def test_the_same_people_make_a_difference_much_surer(years):
    first, second = years
    found = change(side(first, np.arange(40)), side(second, np.arange(40)))

    assert found.std_error**2 == pytest.approx(np.var(second - first, ddof=1) / 40)


def test_a_shared_unit_in_another_stratum_is_a_break(years):
    first, second = years
    half = np.repeat(["a", "b"], 20)

    with pytest.raises(SeriesBreak, match="changed its stratum"):
        change(
            side(first, np.arange(40), stratum=half),
            side(second, np.arange(40), stratum=half[::-1]),
        )


def test_not_proven_different_is_not_equal():
    vague = difference(0.0, 0.05**2, 100, margin=0.03)
    sharp = difference(0.0, 0.01**2, 100, margin=0.03)

    assert vague.p_value == sharp.p_value == 1.0
    assert (vague.equivalent, sharp.equivalent) == (False, True)


def test_a_census_difference_is_certain():
    assert difference(0.02, 0.0, 50, margin=0.03).equivalent is True
    assert difference(0.04, 0.0, 50, margin=0.03).equivalent is False


def test_a_margin_must_be_above_nothing():
    with pytest.raises(ValueError, match="above 0"):
        difference(0.0, 1.0, 9, margin=0.0)


def test_every_reason_against_a_comparison_is_given():
    first = Made("sipas_2640", ("a",), ("pooled",), "from_list", (("paper", 1.0),))
    second = Made("sipas_1001", ("a",), ("mean",), "from_list", (("phone_self", 1.0),))

    assert comparable(first, second) == [
        "questionnaire differs",
        "rule differs",
        "mode paper: 100% then 0%",
        "mode phone_self: 0% then 100%",
    ]
    assert comparable(first, first) == []


def test_pairs_are_adjusted_together():
    found = pairwise(np.array([0.6, 0.8, 0.81]), np.eye(3) * 1e-4, 100)

    assert found[0, 1] < 1e-6
    assert found[1, 2] > 0.3
    assert np.array_equal(found, found.T)
