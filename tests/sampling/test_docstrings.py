import doctest
import importlib
import pkgutil

import pytest

import sampling

MODULES = [module.name for module in pkgutil.iter_modules(sampling.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_say(name):
    result = doctest.testmod(importlib.import_module(f"sampling.{name}"))

    assert result.failed == 0
