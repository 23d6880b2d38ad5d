"""Runs folders of published reference cases through the public functions.

``python -m tests.reference_cases DIR`` prints, per case, its name, ok, FAIL or
unsupported, and the worst relative error; the last line counts the three.
"""
