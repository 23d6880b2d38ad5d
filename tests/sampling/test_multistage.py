import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.draw import DrawImpossible
from sampling.multistage import commune_then_transaction
from sampling.randomness import generator

COMMUNES = ["A"] * 40 + ["B"] * 25 + ["C"] * 20 + ["D"] * 12 + ["E"] * 3


def test_everyone_is_as_likely_where_no_commune_is_certain_or_small():
    drawn = commune_then_transaction(
        COMMUNES[40:97], drawn_communes=2, take=4, rng=generator(3)
    )

    for draw in drawn.draws.values():
        chance = draw.inclusion_probability[draw.inclusion_probability < 1]
        assert chance == pytest.approx(8 / 57)
        assert len(draw.reserve) == 0


@given(st.integers(2, 5), st.integers(1, 8), st.integers(0))
def test_whoever_is_drawn_lives_in_a_drawn_commune(communes, take, seed):
    drawn = commune_then_transaction(
        COMMUNES, drawn_communes=communes, take=take, rng=generator(seed), reserve=2
    )

    assert len(drawn.draws) == communes
    for name, draw in drawn.draws.items():
        rows = np.concatenate([draw.selected, draw.reserve])
        assert {COMMUNES[i] for i in rows} == {name}
        assert len(draw.selected) == min(take, COMMUNES.count(name))
        assert len(set(rows.tolist())) == len(rows)


def test_weights_give_back_the_frame_on_average():
    rng = generator(9)
    totals = [
        sum(
            float(np.sum(1 / draw.inclusion_probability))
            for draw in commune_then_transaction(
                COMMUNES, drawn_communes=2, take=3, rng=rng
            ).draws.values()
        )
        for _ in range(2000)
    ]

    assert np.mean(totals) == pytest.approx(
        100, abs=4.5 * np.std(totals) / len(totals) ** 0.5
    )


def test_a_released_reserve_raises_both_stages_together():
    drawn = commune_then_transaction(
        COMMUNES, drawn_communes=2, take=4, rng=generator(3), reserve=2
    )
    name, draw = next(iter(drawn.draws.items()))

    assert draw.released(1).inclusion_probability == pytest.approx(
        drawn.commune_probability[name] * 5 / COMMUNES.count(name)
    )


def test_one_commune_alone_is_refused():
    with pytest.raises(DrawImpossible, match="at least 2, or merge"):
        commune_then_transaction(COMMUNES, drawn_communes=1, take=5, rng=generator(1))


def test_more_communes_than_there_are_are_refused():
    with pytest.raises(DrawImpossible, match="sample of 6 from 5 units"):
        commune_then_transaction(COMMUNES, drawn_communes=6, take=5, rng=generator(1))


def test_taking_nobody_is_refused():
    with pytest.raises(DrawImpossible, match="take of 0"):
        commune_then_transaction(COMMUNES, drawn_communes=2, take=0, rng=generator(1))
