from hypothesis import given
from hypothesis import strategies as st

from sampling.small_strata import Cell, joined


def cell(field, channel="online", month="2026-02", office="A"):
    return Cell(office, field, channel, month)


LARGE = {cell(f"field {i}"): 100 for i in range(8)}


def test_a_small_stratum_joins_the_month_before():
    months = {cell("land", month=f"2026-0{m}"): 90 for m in (1, 2, 4, 5)}
    small = cell("land", month="2026-03")

    assert joined(LARGE | months | {small: 4}) == {small: cell("land", month="2026-02")}


def test_the_first_month_joins_the_next():
    first, second, third = (cell("land", month=f"2026-0{m}") for m in (1, 2, 3))

    assert joined(LARGE | {third: 90, first: 4, second: 90}) == {first: second}


def test_without_another_month_the_smallest_other_channel_of_the_field_is_joined():
    small = cell("land", "post")
    others = {cell("land", "counter"): 60, cell("land", "online"): 50}

    assert joined(LARGE | others | {small: 4}) == {small: cell("land", "online")}


def test_without_another_channel_the_smallest_other_field_is_joined():
    small, other = cell("sea"), cell("tax")

    assert joined(LARGE | {other: 30, small: 4}) == {small: other}


def test_chains_end_where_there_is_enough():
    months = {cell("land", month=f"2026-0{m}"): m for m in (1, 2)}
    result = joined(LARGE | months | {cell("land", month="2026-03"): 90})

    assert set(result.values()) == {cell("land", month="2026-03")}


def test_a_stratum_just_large_enough_stands_alone():
    just, under = cell("land"), cell("sea")

    assert set(joined(LARGE | {just: 20, under: 19})) == {under}


def test_a_quarter_of_an_office_may_join_before_it_becomes_one():
    quarter = {cell("land", month=f"2026-0{m}"): 90 for m in (1, 2, 3)}
    small = cell("land", month="2026-04")

    assert len(joined(quarter | {small: 4})) == 1


def test_an_office_with_many_small_strata_becomes_one():
    sizes = {cell("a"): 100, cell("b"): 3, cell("c"): 40}

    assert set(joined(sizes).values()) == {cell("a")}
    assert len(joined(sizes)) == 2


offices = st.sampled_from("AB")
cells = st.builds(
    Cell, offices, st.sampled_from("xyz"), st.sampled_from("op"), st.sampled_from("123")
)


@given(st.dictionaries(cells, st.integers(1, 60)), st.integers(1, 40))
def test_what_remains_is_large_enough_and_never_crosses_offices(sizes, at_least):
    into = joined(sizes, at_least=at_least)
    left: dict = {}
    for stratum, size in sizes.items():
        target = into.get(stratum, stratum)
        assert target.office == stratum.office
        assert target not in into
        left[target] = left.get(target, 0) + size

    assert sum(left.values()) == sum(sizes.values())
    for target, size in left.items():
        alone = [t for t in left if t.office == target.office] == [target]
        assert size >= at_least or alone


@given(st.dictionaries(cells, st.integers(1, 60)))
def test_the_order_of_the_list_does_not_matter(sizes):
    assert joined(sizes) == joined(dict(reversed(sizes.items())))
