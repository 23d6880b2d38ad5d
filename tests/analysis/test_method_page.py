"""The method page names functions that exist."""

import importlib
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
