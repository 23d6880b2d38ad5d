"""Compare what was computed with what is expected, leaf by leaf."""

import math

import numpy as np

# Says where a number comes from, and is no number itself.
NOT_COMPUTED = {"stable_over_3_seeds"}


class Mismatch(Exception):
    """A leaf that differs or is not there; ``error`` is its relative error."""

    def __init__(self, where, error, detail):
        super().__init__(f"{where}: {detail}")
        self.error = error


def compare(found, expected, tolerance, *, leave=frozenset()):
    """The worst relative error; raises Mismatch at the worst leaf beyond tolerance.

    Keys in ``leave`` are not looked at, wherever they stand.
    """
    worst, failure = 0.0, None
    if isinstance(expected, dict) and "vcov" in expected:
        found = found | {"vcov": correlations(found.get("vcov"), expected["vcov"])}
        expected = expected | {"vcov": correlations(expected["vcov"], expected["vcov"])}
    for where, mine, theirs, owner in leaves(found, expected, ""):
        if leave & set(where.split(".")):
            continue
        error = relative_error(mine, theirs)
        if within(mine, theirs, error, tolerance, where, owner):
            worst = max(worst, error if math.isfinite(error) else 0.0)
        elif failure is None or error > failure.error:
            failure = Mismatch(where, error, f"{mine!r} instead of {theirs!r}")
    if failure is not None:
        raise failure
    return worst


def correlations(matrix, scale):
    """Covariances over the expected standard errors, so that a 0 is a 0.

    Beyond 1e-15 of the standard errors a covariance is noise of the last bit.
    """
    if matrix is None:
        return "nothing"
    root = np.sqrt(np.diag(np.array(scale, dtype=float)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.array(matrix, dtype=float) / np.outer(root, root)
    return np.where(np.abs(found) < 1e-12, 0.0, found).tolist()


def leaves(found, expected, where, owner=None):
    """Pairs of leaves; one that was not computed comes as the string 'nothing'."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            if key in NOT_COMPUTED:
                continue
            inside = found.get(key, "nothing") if isinstance(found, dict) else "nothing"
            yield from leaves(inside, value, f"{where}.{key}".lstrip("."), expected)
    elif isinstance(expected, list):
        mine = list(found) if isinstance(found, list | tuple | np.ndarray) else []
        if len(mine) != len(expected):
            yield f"{where}.length", len(mine), len(expected), owner
            return
        for k, value in enumerate(expected):
            yield from leaves(mine[k], value, f"{where}[{k}]", owner)
    else:
        yield where, found, expected, owner


def relative_error(mine, theirs):
    if theirs is None or isinstance(theirs, str | bool):
        return 0.0 if same(mine, theirs) else math.inf
    if not isinstance(mine, int | float | np.number) or isinstance(mine, bool):
        return math.inf
    if not math.isfinite(mine):
        return math.inf
    if theirs == 0:
        return 0.0 if mine == 0 else abs(float(mine))
    return abs(float(mine) - theirs) / abs(theirs)


def same(mine, theirs):
    if theirs is None:
        return mine is None or (isinstance(mine, float) and math.isnan(mine))
    return mine == theirs or str(mine) == str(theirs)


def within(mine, theirs, error, tolerance, where, owner):
    if error == 0.0:
        return True
    if not math.isfinite(error):
        return False
    if "integer_abs" in tolerance:
        place = int(where.rsplit("[", 1)[1].rstrip("]")) if "[" in where else None
        exact = (owner or {}).get(tolerance.get("exact_where"))
        if exact is not None and place is not None and exact[place]:
            return False
        return abs(mine - theirs) <= tolerance["integer_abs"]
    allowed = tolerance.get("rel", 0.0)
    for part, looser in tolerance.get("iterative", {}).items():
        if where.split(".")[0] == part:
            allowed = looser
    return error <= allowed or abs(mine - theirs) <= tolerance.get("abs", 0.0)
