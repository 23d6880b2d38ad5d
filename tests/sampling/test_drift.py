from statistics import NormalDist

import numpy as np
import pytest

from sampling.draw import stratified
from sampling.drift import NotInFrame, cells
from sampling.frame import counts
from sampling.randomness import generator

STRATA = ["A"] * 600 + ["B"] * 200
FIELDS = (["land"] * 3 + ["health"] * 2 + ["tax"]) * 133 + ["land", "tax"]


def test_a_faithful_sample_is_left_alone_however_unequal_the_strata():
    frame, rng, alarms = counts(STRATA, FIELDS), generator(5), 0
    for _ in range(400):
        draws = stratified(STRATA, {"A": 40, "B": 80}, rng=rng)
        rows = np.concatenate([draw.selected for draw in draws.values()])
        sample = counts([STRATA[i] for i in rows], [FIELDS[i] for i in rows])
        alarms += cells(frame, sample)[0].p < 0.05

    assert alarms / 400 < 0.05 + 4.5 * (0.05 * 0.95 / 400) ** 0.5


def test_the_cell_that_drifts_is_named_first():
    frame = {("A", "online"): 700, ("A", "counter"): 250, ("A", "post"): 50}
    sample = {("A", "online"): 30, ("A", "counter"): 15, ("A", "post"): 15}
    worst = cells(frame, sample)[0]

    assert (worst.cell, worst.sampled, worst.expected) == ("post", 15, 3)
    assert worst.gap == pytest.approx(0.2)
    assert worst.p < 1e-6


def test_the_spread_is_that_of_draws_without_replacement():
    """Independent: hypergeometric variance of 10 draws, 30 of 100 in the cell."""
    frame = {("A", "x"): 30, ("A", "y"): 70}
    found = {c.cell: c for c in cells(frame, {("A", "x"): 6, ("A", "y"): 4})}

    variance = 10 * 0.3 * 0.7 * 90 / 99
    assert found["x"].z == pytest.approx(3 / variance**0.5)


def test_looking_at_many_cells_is_made_up_for_step_by_step():
    """Independent: Holm's rule on the two-sided normal p of three cells."""
    frame = {("A", "x"): 300, ("A", "y"): 400, ("A", "z"): 300}
    found = cells(frame, {("A", "x"): 45, ("A", "y"): 35, ("A", "z"): 20})
    single = [2 * NormalDist().cdf(-abs(cell.z)) for cell in found]

    assert [cell.cell for cell in found] == ["x", "z", "y"]
    first, second, third = single[0] * 3, single[1] * 2, single[2]
    assert [cell.p for cell in found] == pytest.approx(
        [first, max(first, second), max(first, second, third)]
    )


def test_strata_taken_whole_cannot_drift():
    frame = {("A", "x"): 3, ("A", "y"): 2}

    assert [c.z for c in cells(frame, frame)] == [0, 0]


def test_before_the_first_answer_nothing_drifts():
    assert {c.p for c in cells({("A", "x"): 3, ("A", "y"): 2}, {})} == {1}


def test_a_sample_from_outside_the_frame_is_refused():
    with pytest.raises(NotInFrame, match=r"\('B', 'x'\): \(1, 0\)"):
        cells({("A", "x"): 3}, {("B", "x"): 1})
