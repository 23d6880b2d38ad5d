from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.allocation import (
    AllocationImpossible,
    by_cost,
    equal,
    neyman,
    proportional,
    within_budget,
)
from sampling.optimum import for_budget

FIELDS = {"land": 700, "justice": 250, "health": 50}

frames = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.integers(0, 5000),
    min_size=1,
    max_size=12,
)
bounds = st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(40, 900)))


def possible_sample(data, frame, at_least, at_most):
    cap = max(frame.values()) if at_most is None else at_most
    low = sum(min(at_least, size) for size in frame.values())
    high = sum(min(cap, size) for size in frame.values())
    return data.draw(st.integers(low, high))


def test_shares_follow_the_frame():
    assert proportional(FIELDS, 100) == {"land": 70, "justice": 25, "health": 5}


def test_a_small_stratum_is_raised_to_the_minimum():
    shares = proportional(FIELDS, 100, at_least=10)

    assert shares["health"] == 10
    assert sum(shares.values()) == 100


def test_a_stratum_smaller_than_the_minimum_is_taken_whole():
    assert proportional({"land": 990, "sea": 4}, 50, at_least=10)["sea"] == 4


def test_what_a_cap_cuts_off_goes_to_the_others_in_proportion():
    shares = proportional(FIELDS, 100, at_most=40)

    assert shares == {"land": 40, "justice": 40, "health": 20}


def test_ties_go_to_the_stratum_listed_first():
    assert proportional({"a": 1, "b": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}


def test_an_equal_sample_fills_small_strata_and_shares_the_rest():
    assert equal({"a": 500, "b": 8, "c": 300}, 60) == {"a": 26, "b": 8, "c": 26}


def test_an_empty_stratum_gets_nothing():
    assert equal({"a": 500, "b": 0}, 60, at_least=5) == {"a": 60, "b": 0}


def test_more_is_asked_where_opinions_differ_more():
    shares = neyman({"calm": 500, "split": 500}, {"calm": 0.1, "split": 0.4}, 100)

    assert shares == {"calm": 20, "split": 80}


def test_a_stratum_wanted_beyond_its_frame_is_taken_whole():
    shares = neyman({"big": 1000, "tiny": 10}, {"big": 0.1, "tiny": 9.0}, 100)

    assert shares == {"big": 90, "tiny": 10}


def test_fewer_are_asked_where_asking_is_dear():
    shares = by_cost(
        {"town": 500, "isle": 500},
        {"town": 0.4, "isle": 0.4},
        {"town": 1.0, "isle": 9.0},
        80,
    )

    assert shares == {"town": 60, "isle": 20}


@given(frames, bounds, st.data())
def test_every_seat_is_given_and_bounds_hold(frame, limits, data):
    at_least, at_most = limits
    n = possible_sample(data, frame, at_least, at_most)

    for shares in (
        proportional(frame, n, at_least=at_least, at_most=at_most),
        equal(frame, n, at_least=at_least, at_most=at_most),
    ):
        assert list(shares) == list(frame)
        assert sum(shares.values()) == n
        for stratum, size in frame.items():
            assert shares[stratum] >= min(at_least, size)
            assert shares[stratum] <= min(size, at_most or size)


@given(frames, bounds, st.data())
def test_shares_by_spread_and_cost_also_add_up(frame, limits, data):
    at_least, at_most = limits
    n = possible_sample(data, frame, at_least, at_most)
    number = st.floats(0.01, 50.0)
    spreads = {stratum: data.draw(number) for stratum in frame}
    costs = {stratum: data.draw(number) for stratum in frame}

    for shares in (
        neyman(frame, spreads, n, at_least=at_least, at_most=at_most),
        by_cost(frame, spreads, costs, n, at_least=at_least, at_most=at_most),
    ):
        assert sum(shares.values()) == n
        assert all(
            0 <= shares[s] <= min(size, at_most or size) for s, size in frame.items()
        )


@given(frames, st.data())
def test_no_share_is_a_whole_seat_away_from_its_proportion(frame, data):
    total = sum(frame.values())
    n = data.draw(st.integers(0, total))

    for stratum, share in proportional(frame, n).items():
        exact = Fraction(n * frame[stratum], total) if total else Fraction(0)
        assert abs(share - exact) < 1


@given(frames, bounds, st.data())
def test_strata_between_their_bounds_keep_their_proportion(frame, limits, data):
    at_least, at_most = limits
    n = possible_sample(data, frame, at_least, at_most)
    shares = proportional(frame, n, at_least=at_least, at_most=at_most)
    rates = [
        (share - 1, share + 1, frame[s])
        for s, share in shares.items()
        if min(at_least, frame[s]) < share < min(frame[s], at_most or frame[s])
    ]

    for low, _, size in rates:
        for _, high, other in rates:
            assert Fraction(low, size) < Fraction(high, other)


@pytest.mark.parametrize(
    ("sample_size", "at_least", "at_most", "why"),
    [
        (1001, 0, None, "sample of 1001 from a frame of 1000"),
        (20, 10, None, "cannot cover minimums of 30"),
        (300, 0, 100, "above caps of 250"),
        (30, 10, 5, "cap of 5 under a minimum of 10"),
    ],
)
def test_an_impossible_request_says_why(sample_size, at_least, at_most, why):
    with pytest.raises(AllocationImpossible, match=why):
        proportional(FIELDS, sample_size, at_least=at_least, at_most=at_most)


def test_a_sample_that_only_strata_without_spread_could_take_is_refused():
    with pytest.raises(
        AllocationImpossible,
        match=r"above caps of 250, with no spread in \['land', 'health'\]",
    ):
        neyman(FIELDS, {"land": 0.0, "justice": 0.4, "health": 0.0}, 400)


@given(frames, bounds, st.data())
def test_a_budget_is_never_passed_and_never_left_where_one_more_could_be_asked(
    frame, limits, data
):
    at_least, at_most = limits
    costs = {stratum: data.draw(st.integers(1, 30)) for stratum in frame}
    spreads = {stratum: data.draw(st.floats(0.1, 9.0)) for stratum in frame}
    minimums = sum(min(at_least, size) * costs[s] for s, size in frame.items())
    budget = minimums + data.draw(st.integers(0, 20_000))
    shares = within_budget(
        frame, spreads, costs, budget, at_least=at_least, at_most=at_most
    )

    left = budget - sum(costs[s] * n for s, n in shares.items())
    assert left >= 0
    for stratum, size in frame.items():
        cap = min(size, at_most or size)
        assert min(at_least, size) <= shares[stratum] <= cap
        assert shares[stratum] == cap or costs[stratum] > left


def test_a_budget_buys_what_the_textbook_says_but_for_rounding():
    frame, spreads = {"a": 4000, "b": 900}, {"a": 0.45, "b": 0.3}
    costs = {"a": 1.0, "b": 3.0}
    best = for_budget(frame, spreads, costs, 900).sizes

    shares = within_budget(frame, spreads, costs, 900)
    assert all(abs(shares[stratum] - best[stratum]) < 4 for stratum in frame)


def test_a_budget_that_cannot_pay_for_the_minimums_is_refused():
    with pytest.raises(AllocationImpossible, match="minimums of 60"):
        within_budget(
            FIELDS,
            dict.fromkeys(FIELDS, 0.4),
            {"land": 1, "justice": 2, "health": 3},
            50,
            at_least=10,
        )


def test_every_stratum_without_a_spread_is_named():
    with pytest.raises(ValueError, match=r"no spread for \['justice', 'health'\]"):
        neyman(FIELDS, {"land": 0.3}, 100)


def test_a_negative_frame_is_refused_by_name():
    with pytest.raises(ValueError, match="sea"):
        proportional({"land": 10, "sea": -1}, 5)


def test_an_interview_that_costs_nothing_is_refused_by_name():
    spreads = dict.fromkeys(FIELDS, 0.4)

    with pytest.raises(ValueError, match="health"):
        by_cost(FIELDS, spreads, {"land": 1, "justice": 1, "health": 0}, 100)
