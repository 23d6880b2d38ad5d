"""What every function of the package keeps to: length, and what its words must say."""

import ast
import importlib
import inspect
import pkgutil

import pytest

import analysis

MODULES = [module.name for module in pkgutil.iter_modules(analysis.__path__)]
LONGEST = 45


def functions(module):
    """Every function of a module, methods and inner ones too, with its body."""
    source = inspect.getsource(importlib.import_module(f"analysis.{module}"))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node, body


@pytest.mark.parametrize("module", MODULES)
def test_no_function_is_long(module):
    long = [
        node.name
        for node, body in functions(module)
        if body and node.end_lineno - body[0].lineno + 1 > LONGEST
    ]

    assert long == []


# What analysts call by name: each shows an example that runs (test_docs.py runs them).
DOOR = (
    *("arrays", "calibration", "contrasts", "drivers", "estimators", "intervals"),
    *("models", "pps", "quantiles", "replicates", "small_areas", "testing"),
    *("surveys", "weights"),
)


def public(module):
    place = importlib.import_module(f"analysis.{module}")
    for name, found in vars(place).items():
        own = inspect.isfunction(found) and found.__module__ == place.__name__
        if own and not name.startswith("_"):
            yield name, inspect.getdoc(found) or ""


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_says_what_it_gives(module):
    silent = [name for name, words in public(module) if not words.rstrip()]

    assert silent == []


@pytest.mark.parametrize("module", DOOR)
def test_every_function_that_analysts_call_shows_an_example(module):
    without = [name for name, words in public(module) if ">>>" not in words]

    assert without == []


@pytest.mark.parametrize("module", MODULES)
def test_errors_that_a_public_function_raises_are_in_its_words(module):
    words = dict(public(module))
    untold = [
        f"{node.name}: {raised.exc.func.id}"
        for node, body in functions(module)
        if node.name in words and " as :func:" not in words[node.name]
        for statement in body
        for raised in ast.walk(statement)
        if isinstance(raised, ast.Raise)
        and isinstance(raised.exc, ast.Call)
        and isinstance(raised.exc.func, ast.Name)
        and raised.exc.func.id not in words[node.name]
    ]

    assert untold == []
