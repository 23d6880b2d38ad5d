"""The method page names functions that exist."""

import csv
import importlib
import inspect
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "method.md"
MODULES = {path.stem for path in (PAGE.parents[1] / "analysis").glob("*.py")}
NAMED = sorted(
    {
        (module, name)
        for module, name in re.findall(
            r"`(\w+)\.(\w+)", PAGE.read_text(encoding="utf-8")
        )
        if module in MODULES
    }
)


def test_the_page_names_many_functions():
    assert len(NAMED) > 40


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_a_function_that_is_named_exists(module, name):
    assert hasattr(importlib.import_module(f"analysis.{module}"), name)


# Modules whose public functions are formulas of their own: each is on the page.
FORMULAS = (
    *("calibration", "contrasts", "estimators", "intervals", "models", "pps"),
    *("quality", "quantiles", "replicates", "small_areas", "testing"),
)
NOT_FORMULAS = {
    *("estimators.domains", "estimators.without_label", "estimators.variance"),
    *("contrasts.gradient_of", "intervals.critical", "intervals.wilson_ends"),
    *("replicates.given", "replicates.bootstrap_scale"),
    *("quantiles.table", "quantiles.replicated_quantiles"),
}


@pytest.mark.parametrize("module", FORMULAS)
def test_every_formula_of_a_module_is_on_the_page(module):
    page = PAGE.read_text(encoding="utf-8")
    place = importlib.import_module(f"analysis.{module}")
    absent = [
        name
        for name, found in vars(place).items()
        if inspect.isfunction(found)
        and found.__module__ == place.__name__
        and not name.startswith("_")
        and f"{module}.{name}" not in NOT_FORMULAS
        and not re.search(rf"`{name}\b|\b{module}\.{name}\b", page)
    ]

    assert absent == []


def test_the_analysis_told_four_ways_gives_what_the_page_says():
    case = PAGE.parents[1] / "tests" / "reference" / "two_stage"
    page = PAGE.read_text(encoding="utf-8")
    with (case / "expected.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["what"] == "two.mean")

    value, spread = float(row["value"]), float(row["std_error"])

    assert f"{value:.5f} with standard error {spread:.5f}" in page
