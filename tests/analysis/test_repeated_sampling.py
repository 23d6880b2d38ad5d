"""A short run of benchmarks/repeated_sampling.py; the long one prints a table."""

import pytest

from benchmarks.repeated_sampling import SETTINGS, run

BY_NAME = {setting.name: setting for setting in SETTINGS}


@pytest.mark.parametrize(
    "name",
    [
        "census, 50 % answer",
        "N 1000, 60 drawn, 90 % answer",
        "N 1000, 8 strata merged",
        "N 100, 50 drawn, 70 % answer",
    ],
)
def test_standard_errors_and_intervals_tell_the_truth(name):
    found = run(BY_NAME[name], draws=25, seed=5)

    # 200 office-waves: a ratio within a tenth, a coverage within 4 points.
    assert 0.85 < found.se_ratio_index < 1.25
    assert 0.93 < found.se_ratio_items < 1.15
    assert found.coverage_index > 0.91
    assert 0.93 < found.coverage_items < 0.99
