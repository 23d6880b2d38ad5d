import numpy as np
import pytest

from analysis.intervals import reported, wilson


def one(**changes):
    found = {
        "p": 0.8,
        "ratio": 1.0,
        "base": 50.0,
        "limit_base": 40.0,
        "whole": False,
        "df": 49.0,
    } | changes
    ends = reported(**{name: np.array([value]) for name, value in found.items()})
    return tuple(float(end[0]) for end in ends)


def test_wilson_is_not_capped_at_the_number_of_answers():
    inside = wilson(0.8, 0.16 / 200, 49)
    wide = wilson(0.8, 0.16 / 50, 49)

    assert inside.high - inside.low < wide.high - wide.low


@pytest.mark.parametrize(("p", "variance"), [(0.0, 0.1), (1.0, 0.1), (0.5, 0.0)])
def test_wilson_refuses_a_share_without_a_sample_size(p, variance):
    with pytest.raises(ValueError, match="no sample size"):
        wilson(p, variance, 10)


def test_a_census_interval_is_its_point():
    low, high, n_star = one(whole=True)

    assert (low, high) == (0.8, 0.8)
    assert np.isnan(n_star)


def test_all_satisfied_is_not_certainty():
    low, high, n_star = one(p=1.0, ratio=0.2)

    assert (high, n_star) == (1.0, 40.0)
    assert low == pytest.approx(40 / (40 + 2.0095752**2), rel=1e-6)


def test_none_satisfied_mirrors_all_satisfied():
    low, high, _ = one(p=0.0)

    assert low == 0.0
    assert high == pytest.approx(1 - one(p=1.0)[0])


def test_the_finite_population_narrows_the_interval():
    low, high, n_star = one(ratio=0.25)

    assert n_star == 200.0
    assert (low, high) == pytest.approx(wilson(0.8, 0.16 / 200, 49))


def test_no_degrees_of_freedom_no_interval():
    low, high, _ = one(df=0.0)

    assert np.isnan([low, high]).all()
