"""Small public functions against an evaluation of another hand."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from analysis import comparison
from analysis.estimators import total
from analysis.pps import with_replacement
from analysis.surveys import Drawn, survey
from analysis.weights import redistributed

P_VALUES = np.random.default_rng(3).beta(0.4, 3, size=40)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(comparison.holm, "holm"), (comparison.benjamini_hochberg, "fdr_bh")],
)
def test_adjusted_p_values_agree_with_statsmodels(ours, theirs):
    expected = multipletests(P_VALUES, method=theirs)[1]

    assert ours(P_VALUES) == pytest.approx(expected, rel=1e-12)


def test_drawn_with_replacement_the_variance_is_that_of_independent_parts():
    rng = np.random.default_rng(5)
    y, p = rng.gamma(3, size=12), rng.uniform(0.1, 0.6, size=12)
    parts = y / p

    found = total(
        with_replacement(survey({"y": y, "p": p}, [Drawn(probability="p")])), ["y"]
    )

    naive = 12 / 11 * np.sum((parts - parts.mean()) ** 2)
    assert found.std_error[0] ** 2 == pytest.approx(naive, rel=1e-12)


def test_the_weight_of_the_silent_goes_to_their_own_class_in_proportion():
    rng = np.random.default_rng(8)
    weight, group = rng.gamma(2, size=60), rng.integers(4, size=60)
    answered = rng.random(60) < 0.6

    found = redistributed(weight, group, answered)

    for one in range(4):
        inside = group == one
        factor = weight[inside].sum() / weight[inside & answered].sum()
        assert found[inside & answered] == pytest.approx(
            weight[inside & answered] * factor
        )
        assert not found[inside & ~answered].any()
