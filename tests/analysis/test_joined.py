"""Strata and classes that were joined at closing count as one, the silent too."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import reports
from analysis.fieldwork import frame_by_field

LEVELS = np.array([[5, 4, 2], [4, 4, 4], [2, 3, 5], [5, 5, 1]] * 5)


def wave(make_wave, *, class_of_silent):
    """One office, two classes within one stratum; nobody of the second answered."""
    return make_wave(
        {
            "office": "a",
            "levels": LEVELS,
            "frame": 60,
            "issued": 25,
            "stratum": "a",
            "response_class": "land",
            "weight": 60 / 20,
        },
        {
            "office": "a",
            "levels": [],
            "frame": 0,
            "issued": 15,
            "stratum": "a",
            "response_class": class_of_silent,
        },
    )


def joined(frozen):
    classes = [
        {"selection": "from_list", "response_class": c, "joined_class": "land"}
        for c in ("land", "justice")
    ]
    strata = [{"selection": "from_list", "stratum": "a", "variance_stratum": "a"}]
    manifest = dict(frozen.manifest) | {
        "strata_map": {"classes": classes, "strata": strata}
    }
    return replace(frozen, manifest=manifest)


def test_the_silent_of_a_class_joined_to_another_count_with_it(
    make_wave, form, rule_set
):
    planned = reports.wave_report(
        joined(wave(make_wave, class_of_silent="justice")), form, rule_set
    )
    together = reports.wave_report(
        wave(make_wave, class_of_silent="land"), form, rule_set
    )

    assert planned.offices[0].index.std_error == pytest.approx(
        together.offices[0].index.std_error, rel=1e-12
    )


def test_a_stratum_without_a_ballot_is_found_in_the_manifests_map(make_wave):
    frozen = joined(wave(make_wave, class_of_silent="justice"))

    assert frozen.joined("response_class") == {
        "from_list/land": "land",
        "from_list/justice": "land",
    }
    assert frozen.joined("stratum") == {"from_list/a": "a"}


def test_the_list_and_the_turns_at_a_counter_are_two_frames_of_one_office(make_wave):
    frozen = make_wave(
        {"office": "a", "levels": LEVELS, "frame": 60, "stratum": "a"},
        {
            "office": "a",
            "levels": LEVELS,
            "frame": 45,
            "stratum": "a:shop/1:2026-W10",
            "selection": "at_hand_over",
        },
    )

    assert frame_by_field(frozen) == {("a", "land"): 105}
    assert frame_by_field(frozen, {"a": "from_list"}) == {("a", "land"): 60}
    assert frame_by_field(frozen, {"a": "at_hand_over"}) == {("a", "land"): 45}
