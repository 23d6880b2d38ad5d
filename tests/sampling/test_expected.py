import numpy as np
import pytest

from sampling.draw import stratified
from sampling.expected import ExpectedStratum, NothingExpected, margin
from sampling.randomness import generator
from sampling.size import Fieldwork, margin_of_share


def test_one_stratum_gives_the_margin_of_a_simple_draw():
    figure = margin({"land": ExpectedStratum(900, 60, 0.8)})

    assert figure.margin == pytest.approx(
        margin_of_share(60, p=0.8, fieldwork=Fieldwork(900)).reached
    )


def test_the_margin_expected_is_the_spread_seen_in_repeated_draws():
    """3,000 stratified draws from a finite frame; the naive spread of their shares."""
    rng = np.random.default_rng(2)
    satisfied = np.concatenate([rng.random(400) < 0.9, rng.random(100) < 0.5])
    strata = ["land"] * 400 + ["health"] * 100
    sizes = {"land": 40, "health": 20}
    words = generator(3)
    figures = []
    for _ in range(3000):
        drawn = stratified(strata, sizes, rng=words)
        means = [satisfied[drawn[h].selected].mean() for h in sizes]
        figures.append(0.8 * means[0] + 0.2 * means[1])
    figure = margin(
        {
            "land": ExpectedStratum(400, 40, satisfied[:400].mean()),
            "health": ExpectedStratum(100, 20, satisfied[400:].mean()),
        }
    )

    assert figure.share == pytest.approx(np.mean(figures), abs=0.005)
    assert figure.std_error == pytest.approx(np.std(figures), rel=0.05)


def test_a_census_has_no_margin():
    assert margin({"land": ExpectedStratum(30, 30, 0.8)}).margin == 0


def test_a_stratum_of_one_transaction_counts_like_any_other():
    figure = margin({"a": ExpectedStratum(9, 3, 0.5), "b": ExpectedStratum(1, 1, 1.0)})

    assert figure.share == pytest.approx(0.55)
    assert margin({"a": ExpectedStratum(9, 0.5)}).margin > 1


def test_an_index_is_surer_by_its_gain():
    strata = {"land": ExpectedStratum(900, 60, 0.8)}

    assert margin(strata, gain=4).margin == pytest.approx(margin(strata).margin / 2)


def test_strata_nobody_will_answer_in_are_named():
    with pytest.raises(NothingExpected, match="sea"):
        margin({"land": ExpectedStratum(9, 3), "sea": ExpectedStratum(4, 0)})


def test_empty_strata_do_not_count_but_something_must():
    assert margin({"a": ExpectedStratum(9, 3), "b": ExpectedStratum(0, 0)}).answers == 3
    with pytest.raises(NothingExpected, match="no transactions"):
        margin({"b": ExpectedStratum(0, 0)})
