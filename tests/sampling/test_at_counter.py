import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.at_counter import (
    Handover,
    gets_slip,
    handover,
    inclusion_probability,
    starts,
    together,
)
from sampling.randomness import generator


@given(st.integers(1, 30), st.integers(0, 200), st.data())
def test_slips_due_are_the_slips_given_one_by_one(every, finished, data):
    start = data.draw(st.integers(1, every))
    given_out = sum(
        gets_slip(number, start=start, every=every) for number in range(1, finished + 1)
    )

    assert handover(finished, given_out, start=start, every=every).missing == 0


def test_over_all_starts_everyone_is_as_likely():
    for number in range(1, 40):
        times = sum(gets_slip(number, start=start, every=7) for start in range(1, 8))
        assert times / 7 == pytest.approx(inclusion_probability(7))


def test_every_start_is_as_likely():
    shifts = [f"ca {i}" for i in range(50_000)]
    drawn = np.array(list(starts(shifts, 5, rng=generator(6)).values()))

    assert np.bincount(drawn)[1:] == pytest.approx(10_000, abs=4.5 * 90)


def test_slips_of_several_shifts_add_up():
    total = together([Handover(42, 9, 6), Handover(0, 0, 0)])

    assert total.share == pytest.approx(6 / 42)
    assert total.missing == 3


def test_a_counter_without_transactions_has_no_share():
    assert handover(0, 0, start=1, every=3).share is None


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: gets_slip(3, start=6, every=5), "start 6 is not from 1 to 5"),
        (lambda: gets_slip(3, start=1, every=0), "no interval"),
        (lambda: inclusion_probability(0), "no interval"),
        (lambda: starts(["a", "b", "a"], 5, rng=generator(1)), r"\['a'\]"),
    ],
)
def test_what_cannot_be_is_refused(call, why):
    with pytest.raises(ValueError, match=why):
        call()
