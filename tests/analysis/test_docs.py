"""Every example in the package's documentation runs."""

import doctest
import importlib
import pkgutil

import pytest

import analysis

MODULES = [module.name for module in pkgutil.iter_modules(analysis.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    found = doctest.testmod(importlib.import_module(f"analysis.{name}"))

    assert found.failed == 0
