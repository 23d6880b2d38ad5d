"""Strata and response classes, decided at the plan and read back from it."""

import pytest

from sampling.plan import Plan, PlannedStratum, digest, from_json, to_json
from sampling.small_strata import Cell
from sampling.stratification import (
    BY_OFFICE,
    decided,
    of_plan,
    sizes,
    stratified_by,
)

FRAME = {
    Cell("A", "land", "online", "2026-01"): 60,
    Cell("A", "land", "online", "2026-02"): 50,
    Cell("A", "land", "post", "2026-01"): 40,
    Cell("A", "health", "online", "2026-01"): 30,
    Cell("A", "sea", "online", "2026-01"): 3,
    Cell("B", "land", "online", "2026-01"): 12,
    Cell("B", "health", "online", "2026-01"): 4,
}


def test_by_office_a_stratum_is_an_office():
    assert sizes(FRAME, BY_OFFICE) == {"A": {"A": 183}, "B": {"B": 16}}


def test_fine_strata_under_twenty_join_one_of_their_own_office():
    found = stratified_by(FRAME, ("office", "service_field", "channel", "month"))

    assert sizes(FRAME, found) == {
        "A": {
            "A / health / online / 2026-01": 33,
            "A / land / online / 2026-01": 60,
            "A / land / online / 2026-02": 50,
            "A / land / post / 2026-01": 40,
        },
        "B": {"B": 16},
    }


def test_an_office_may_ask_for_larger_strata_because_its_sample_is_small():
    columns = ("office", "service_field", "channel", "month")

    found = stratified_by(FRAME, columns, at_least={"A": 55})

    assert sizes(FRAME, found)["A"] == {"A": 183}


def test_classes_are_fields_within_an_office_and_an_office_too_small_is_one_class():
    found = stratified_by(FRAME, ("office",))

    classes = {cell: found.response_class(cell) for cell in FRAME}
    assert classes[Cell("B", "health", "online", "2026-01")] == "B"
    assert set(classes.values()) == {"A", "B"}


def test_a_plan_gives_back_its_strata_and_classes():
    frame = FRAME | {Cell("A", "trade", "online", "2026-01"): 90}
    found = stratified_by(frame, ("office", "service_field"))
    strata = tuple(
        PlannedStratum(stratum, size, 2)
        for own in sizes(frame, found).values()
        for stratum, size in own.items()
    )
    plan = Plan(
        "w",
        "aim",
        "simple",
        strata,
        7,
        merged=tuple(found.merged.items()),
        merged_classes=tuple(found.merged_classes.items()),
        decided=decided(found),
    )

    again = of_plan(from_json(to_json(plan)))

    assert again == found
    assert plan.merged_classes
    assert digest(from_json(to_json(plan))) == digest(plan)


def test_a_plan_that_says_nothing_of_strata_is_one_by_office():
    plan = Plan("w", "aim", "simple", (PlannedStratum("A", 9, 3),), 7)

    assert of_plan(plan).stratum(Cell("A", "land", "post", "2026-01")) == "A"
    assert "merged_classes" not in to_json(plan)


@pytest.mark.parametrize(
    "columns", [(), ("month",), ("month", "office"), ("office", "x")]
)
def test_columns_that_cannot_be_strata_are_refused(columns):
    with pytest.raises(ValueError, match="expected office"):
        stratified_by(FRAME, columns)
