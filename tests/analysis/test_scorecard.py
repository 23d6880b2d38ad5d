import numpy as np
import pytest

from analysis.reports import wave_report
from analysis.scorecard import standings


def ballots(share, r=60, seed=0):
    rng = np.random.default_rng(seed)
    return np.where(rng.random((r, 3)) < share, 4, 2)


@pytest.fixture
def report(make_wave, form, rule_set):
    return wave_report(
        make_wave(
            {"office": "low", "levels": ballots(0.4), "frame": 900},
            {"office": "mid", "levels": ballots(0.8, seed=1), "frame": 900},
            {"office": "mid2", "levels": ballots(0.8, seed=2), "frame": 900},
            {"office": "all", "levels": np.full((60, 3), 5), "frame": 900},
            {"office": "few", "levels": ballots(0.8, r=12), "frame": 900},
        ),
        form,
        rule_set,
    )


def test_small_offices_are_listed_unranked(report):
    found = standings(report.offices, np.random.default_rng(1))

    assert found.unranked == ("few",)
    assert found.standings[0].code == "all"


def test_clear_differences_make_groups_and_noise_does_not(report):
    found = {
        s.code: s for s in standings(report.offices, np.random.default_rng(1)).standings
    }

    assert (found["low"].group, found["all"].group) == (-1, 1)
    assert found["mid"].best_rank <= found["mid2"].rank <= found["mid"].worst_rank


def test_an_office_where_all_are_satisfied_is_not_infinitely_sure(report):
    found = standings(report.offices, np.random.default_rng(1)).standings[0]

    assert found.high - found.low > 0.05


def test_one_office_alone_is_not_ranked(report):
    one = [office for office in report.offices if office.code in ("low", "few")]

    assert standings(one, np.random.default_rng(1)).standings == ()
