import numpy as np
import pytest

from analysis import ranking

INDEX = np.array([0.60, 0.74, 0.75, 0.76, 0.90])
SURE, VAGUE = np.eye(5) * 0.01**2, np.eye(5) * 0.10**2


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def test_clear_offices_leave_the_middle_group(rng):
    found = ranking.groups(INDEX, SURE, np.ones(5), rng)

    assert found.group.tolist() == [-1, 0, 0, 0, 1]


def test_vague_figures_are_one_group(rng):
    assert not ranking.groups(INDEX, VAGUE, np.ones(5), rng).group.any()


def test_an_offices_own_share_in_the_mean_is_counted(rng):
    found = ranking.groups(INDEX, SURE, np.ones(5), rng)

    assert found.std_error == pytest.approx(np.full(5, 0.01 * (4 / 5) ** 0.5))


def test_the_critical_value_of_one_figure_is_the_normal_one(rng):
    found = ranking.max_t(np.eye(1), rng, draws=400_000)

    assert found == pytest.approx(1.96, abs=0.01)


def test_more_offices_need_a_larger_critical_value(rng):
    assert ranking.max_t(np.eye(50), rng) > ranking.max_t(np.eye(2), rng) > 2.0


def test_a_census_has_exact_ranks(rng):
    found = ranking.simultaneous_rank_sets(INDEX, np.zeros((5, 5)), rng)

    assert found.rank.tolist() == [5, 4, 3, 2, 1]


def test_rank_sets_hold_the_rank_and_widen_with_doubt(rng):
    sure = ranking.simultaneous_rank_sets(INDEX, SURE, rng)
    vague = ranking.simultaneous_rank_sets(INDEX, VAGUE, rng)

    assert np.all((sure.best <= sure.rank) & (sure.rank <= sure.worst))
    assert (sure.best[0], sure.worst[0]) == (5, 5)
    assert np.all(vague.worst - vague.best >= sure.worst - sure.best)


def test_stepping_down_never_widens(rng):
    plain = ranking.simultaneous_rank_sets(INDEX, SURE, rng, stepdown=False)
    stepped = ranking.simultaneous_rank_sets(INDEX, SURE, rng)

    assert np.all(stepped.worst - stepped.best <= plain.worst - plain.best)


def test_one_office_alone_is_surer_than_all_together(rng):
    together = ranking.simultaneous_rank_sets(INDEX, SURE, rng)
    alone = ranking.marginal_rank_sets(INDEX, SURE, rng)

    assert np.all(alone.worst - alone.best <= together.worst - together.best)


def test_no_candidate_for_the_best_is_missed(rng):
    assert ranking.best_candidates(INDEX, SURE, 1, rng).tolist() == [False] * 4 + [True]
    assert ranking.best_candidates(INDEX, VAGUE, 1, rng)[4]


def test_the_same_seed_gives_the_same_sets():
    one, two = (
        ranking.simultaneous_rank_sets(INDEX, VAGUE, np.random.default_rng(4))
        for _ in range(2)
    )

    assert np.array_equal(one.best, two.best)


def test_sets_cover_all_true_ranks_as_often_as_they_say(rng):
    truth = np.array([0.70, 0.72, 0.78, 0.80])
    rank = np.array([4, 3, 2, 1])
    held = 0
    for _ in range(200):
        drawn = truth + rng.normal(0, 0.03, 4)
        found = ranking.simultaneous_rank_sets(drawn, np.eye(4) * 9e-4, rng, draws=2000)
        held += bool(np.all((found.best <= rank) & (rank <= found.worst)))

    assert held >= 184
