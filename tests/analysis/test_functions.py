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
