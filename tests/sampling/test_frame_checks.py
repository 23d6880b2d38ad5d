import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.frame_checks import (
    blocks,
    coverage,
    duplicates,
    offices,
    outside_period,
    repeat_visitors,
    result_before_receipt,
)

START, END = np.datetime64("2026-01-01"), np.datetime64("2026-03-31")


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


def seen(findings):
    return [(f.check, f.subject, f.rows.tolist()) for f in findings]


def test_days_outside_the_period_and_missing_days_are_found_apart():
    returned = days("2026-03-31", "2026-04-01", "NaT", "2025-12-31", "2026-01-01")

    assert seen(outside_period(returned, START, END)) == [
        ("outside_period", "before", [3]),
        ("outside_period", "after", [1]),
        ("no_date", "missing", [2]),
    ]


def test_the_last_day_counts_to_its_last_second():
    late = np.array(["2026-03-31T23:59:59"], dtype="datetime64[s]")

    assert outside_period(late, START, END) == []


def test_a_period_may_be_one_day():
    assert outside_period(days("2026-01-01"), START, START) == []


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        outside_period(days("2026-01-01"), END, START)


def test_a_result_before_its_receipt_is_found_and_missing_days_are_not():
    received = days("2026-01-05", "2026-01-05", "NaT", "2026-01-05")
    returned = days("2026-01-04", "2026-01-05", "2026-01-01", "NaT")

    assert seen(result_before_receipt(received, returned)) == [
        ("result_before_receipt", "", [0])
    ]


def test_every_row_of_a_repeated_code_is_given():
    assert seen(duplicates(["b", "a", "", "b", "", "b"])) == [
        ("duplicate", "b", [0, 3, 5])
    ]


@given(st.lists(st.sampled_from("abcdefgh")))
def test_duplicates_are_the_codes_counted_more_than_once(codes):
    found = duplicates(codes)

    assert {f.subject: f.count for f in found} == {
        code: codes.count(code) for code in codes if codes.count(code) > 1
    }
    assert all([codes[i] for i in f.rows] == [f.subject] * f.count for f in found)


def test_only_people_with_more_than_five_transactions_stand_out():
    keys = ["notary"] * 6 + ["neighbour"] * 5 + [""] * 9

    assert [f.subject for f in repeat_visitors(keys)] == ["notary"]


def test_offices_without_transactions_and_unknown_ones_are_named():
    assert seen(offices(["A", "?", "A", "?"], ["B", "A", "C"])) == [
        ("no_transactions", "B", []),
        ("no_transactions", "C", []),
        ("unknown_office", "?", [1, 3]),
    ]


def test_results_closed_in_the_same_second_by_one_official_are_a_block():
    moments = np.array(
        ["2026-01-05T08:00:00", "2026-01-05T08:00:01", "NaT"] * 4, "datetime64[s]"
    )
    who = ["An", "Em", "An"] * 4
    found = blocks(moments, who, at_least=4)

    assert [(f.subject, f.rows.tolist()) for f in found] == [
        ("An 2026-01-05T08:00:00", [0, 3, 6, 9]),
        ("Em 2026-01-05T08:00:01", [1, 4, 7, 10]),
    ]
    assert blocks(moments, who) == []


def test_two_officials_in_one_second_are_no_block():
    moments = np.array(["2026-01-05T08:00:00"] * 8, "datetime64[s]")

    assert blocks(moments, ["An", "Em"] * 4) == []


def test_the_largest_block_comes_first():
    moments = np.array(
        ["2026-01-05T08:00:00"] * 5 + ["2026-01-04T08:00:00"] * 7, "datetime64[s]"
    )

    assert [f.count for f in blocks(moments, ["An"] * 12)] == [7, 5]


def test_offices_and_months_that_shrank_grew_or_vanished_are_told():
    before = {("A", "01"): 100, ("B", "01"): 100, ("C", "01"): 100, ("D", "01"): 5}
    now = {("A", "01"): 200, ("B", "01"): 5, ("E", "01"): 100}
    found = coverage(now, before)

    assert [(f.check, f.subject, f.count) for f in found] == [
        ("coverage_low", "B / 01", 5),
        ("coverage_lost", "C / 01", 0),
        ("coverage_high", "E / 01", 100),
    ]


def test_a_frame_larger_all_over_is_no_finding():
    before = {("A", "01"): 100, ("B", "01"): 40}

    assert coverage({cell: 3 * n for cell, n in before.items()}, before) == []


def test_without_a_last_wave_there_is_nothing_to_compare():
    assert coverage({("A", "01"): 100}, {}) == []


def test_an_empty_list_has_no_findings():
    none = days()

    assert outside_period(none, START, END) == result_before_receipt(none, none) == []
    assert blocks(none, []) == duplicates([]) == offices([], []) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda: result_before_receipt(days("2026-01-01"), days()),
        lambda: blocks(days("2026-01-01"), []),
    ],
)
def test_columns_of_different_length_are_refused(call):
    with pytest.raises(ValueError, match="lengths"):
        call()
