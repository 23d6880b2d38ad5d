import pytest

from sampling.frame import ColumnsDiffer, counts, merged, sizes, strata

OFFICE = ["A", "A", "B", "A"]
FIELD = ["land", "health", "land", "land"]


def test_transactions_are_counted_by_every_combination_in_order_of_appearance():
    assert list(counts(OFFICE, FIELD).items()) == [
        (("A", "land"), 2),
        (("A", "health"), 1),
        (("B", "land"), 1),
    ]


def test_strata_are_named_by_their_columns():
    assert sizes(strata(OFFICE, FIELD)) == {
        "A / land": 2,
        "A / health": 1,
        "B / land": 1,
    }


def test_an_empty_list_has_no_strata():
    assert counts([], []) == {}


@pytest.mark.parametrize("count", [counts, strata])
def test_columns_of_different_length_are_refused(count):
    with pytest.raises(ColumnsDiffer, match=r"\[4, 3\]"):
        count(OFFICE, FIELD[:3])


def test_merged_strata_keep_every_transaction():
    assert merged({"a": 5, "b": 2, "c": 1}, {"b": "a", "c": "a"}) == {"a": 8}


def test_merging_a_stratum_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match="sea"):
        merged({"a": 5}, {"sea": "a"})
