import itertools

import pytest

from analysis import strata
from analysis.response_classes import ResponseClass, quintiles
from analysis.response_classes import merge as merge_classes
from analysis.strata import Stratum, merge


def planned(
    code,
    responses,
    *,
    office="a",
    field="land",
    channel="",
    month="",
    frame=50,
    selection="from_list",
):
    return Stratum(code, selection, office, field, channel, month, frame, responses)


def full(count, **more):
    """Strata with answers enough, so that few of the office's are joined."""
    return [planned(f"z{k}", 5, field=f"other{k}", **more) for k in range(count)]


def test_strata_with_two_answers_stay_as_they_are():
    found = merge([planned("a1", 2), planned("a2", 9, field="trade")])

    assert found.variance_stratum == {"a1": "a1", "a2": "a2"}


def test_a_stratum_answered_whole_stays_even_with_one_response():
    found = merge([planned("a1", 1, frame=1), planned("a2", 9, field="trade")])

    assert found.variance_stratum["a1"] == "a1"


@pytest.mark.parametrize(
    ("others", "mate"),
    [
        ([("m1", "land", "x", "2026-01"), ("m3", "land", "x", "2026-03")], "m1"),
        ([("m3", "land", "x", "2026-03"), ("m4", "land", "x", "2026-04")], "m3"),
        ([("c1", "land", "y", "2026-02"), ("f1", "trade", "x", "2026-02")], "c1"),
        ([("f1", "trade", "x", "2026-02")], "f1"),
    ],
)
def test_the_previous_month_then_the_next_then_channel_then_field(others, mate):
    poor = planned("m2", 1, channel="x", month="2026-02")
    rich = [
        planned(code, 5, field=field, channel=channel, month=month)
        for code, field, channel, month in others
    ]
    found = merge([poor, *rich, *full(8)])

    assert found.variance_stratum["m2"] == found.variance_stratum[mate]
    assert (
        sum(v == found.variance_stratum[mate] for v in found.variance_stratum.values())
        == 2
    )


def test_the_smallest_neighbour_is_taken_then_the_first_code():
    poor = planned("p", 0, field="land")
    found = merge(
        [
            poor,
            planned("b", 5, field="trade", frame=30),
            planned("c", 5, field="justice", frame=20),
            *full(8),
        ]
    )

    assert found.variance_stratum["p"] == found.variance_stratum["c"] == "c"


def test_frames_and_responses_are_added():
    found = merge([planned("a", 1, frame=7), planned("b", 4, frame=9, field="t")])

    assert (found.frame_size["a"], found.responses["a"]) == (16, 5)


def test_an_office_with_many_thin_strata_becomes_one():
    found = merge([planned("p", 0), planned("q", 1), *full(4)])

    assert len(set(found.variance_stratum.values())) == 1


def test_offices_and_selections_are_never_joined():
    found = merge(
        [
            planned("a", 1),
            planned("b", 9, office="b"),
            planned("c", 9, selection="at_hand_over"),
        ]
    )

    assert found.variance_stratum["a"] == "a"
    assert found.left_out == (("from_list", "a"),)


def test_the_order_of_strata_does_not_matter():
    given = [planned("a", 1), planned("b", 0, field="t"), planned("c", 5, field="u")]
    maps = {merge(order).sha256 for order in itertools.permutations(given)}

    assert len(maps) == 1


def test_impossible_strata_are_all_named():
    with pytest.raises(ValueError, match=r"twice.*9 responses"):
        merge([planned("a", 1), planned("a", 1), planned("b", 9, frame=5)])


def test_the_module_reads_counts_only():
    assert set(Stratum.__slots__) == {
        "code",
        "selection",
        "office",
        "service_field",
        "channel",
        "month",
        "frame_size",
        "responses",
    }
    assert strata.MOST_MERGED == 0.25


def classes(*counts, office="a"):
    return [
        ResponseClass(f"{office}{k}", "from_list", office, issued, heard)
        for k, (issued, heard) in enumerate(counts)
    ]


def test_a_class_with_few_answers_joins_the_nearest_rate():
    found = merge_classes(classes((20, 9), (40, 20), (40, 38)))

    assert found.response_class == {"a0": "a0", "a1": "a0", "a2": "a2"}
    assert found.factor["a0"] == pytest.approx(60 / 29)


def test_a_class_with_too_large_a_factor_is_joined_too():
    found = merge_classes(classes((100, 20), (40, 38)))

    assert found.response_class["a1"] == "a0"


def test_what_cannot_be_mended_is_named():
    found = merge_classes(classes((30, 4)) + classes((90, 0), office="b"))

    assert found.too_small == ("a0", "b0")
    assert "b0" not in found.factor


def test_quintiles_never_split_equal_chances():
    import numpy as np

    found = quintiles(np.array([0.5] * 8 + [0.9] * 2), np.ones(10))

    assert len(set(found[:8].tolist())) == 1
    assert found.max() == 1
