"""New figures from figures: differences, averages, and any smooth function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.arrays import FloatArray, any_row
from analysis.estimators import Estimates, Key

Smooth = Callable[[Any], Any]


def contrast(
    found: Estimates, coefficients: Mapping[Key, float], name: str = "contrast"
) -> Estimates:
    """A weighted sum of estimates from the same rows.

    Parameters
    ----------
    found : Estimates
        What to combine.
    coefficients : mapping of tuple of str to float
        By key; estimates not named do not enter.
    name : str
        Of the new figure.

    Raises
    ------
    KeyError
        If a key is not there.

    Notes
    -----
    Its influence is the same weighted sum of influences, so whatever the
    estimates share is counted once. A row counts when it counts for any part;
    ask :func:`contrast_df` for the degrees of freedom.

    Examples
    --------
    >>> from analysis.estimators import mean
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> found = mean(sample, ["y"], by=["g"])
    >>> contrast(found, {("b", "y"): 1.0, ("a", "y"): -1.0}).value.tolist()
    [0.5]
    """
    places = [_place(found, key) for key in coefficients]
    weights = np.array(list(coefficients.values()))
    return Estimates(
        ((name,),),
        np.array([found.value[places] @ weights]),
        (found.influence[:, places] @ weights)[:, None],
        any_row(found.counted[:, places])[:, None],
        found.design,
    )


def contrast_df(found: Estimates, keys: Sequence[Key]) -> int:
    """Degrees of freedom of a contrast: the smallest of its parts.

    Examples
    --------
    >>> from analysis.estimators import mean
    >>> from analysis.surveys import survey
    >>> y, g = np.array([1.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    >>> sample = survey({"y": y, "g": g})
    >>> found = mean(sample, ["y"], by=["g"])
    >>> contrast_df(found, [("a", "y"), ("b", "y")])
    1
    """
    return int(min(found.df[_place(found, key)] for key in keys))


def smooth(found: Estimates, function: Smooth, name: str = "smooth") -> Estimates:
    r"""A differentiable function of estimates, by linearization.

    Parameters
    ----------
    found : Estimates
        q estimates.
    function : callable
        Takes an array of shape (q,), gives one number; must work on complex
        arrays, as numpy's functions do.
    name : str
        Of the new figure.

    Notes
    -----
    The gradient is taken by a complex step, exact to machine precision:
    :math:`\partial f/\partial x_k = \Im f(x + i h e_k) / h`.

    References
    ----------
    .. [1] W. Squire and G. Trapp, "Using complex variables to estimate
           derivatives of real functions", *SIAM Review* 40 (1998), 110-112.

    Examples
    --------
    >>> from analysis.estimators import mean
    >>> from analysis.surveys import survey
    >>> found = mean(survey({"y": np.array([1.0, 3.0])}), ["y"])
    >>> log = smooth(found, lambda x: np.log(x[0]))
    >>> log.value.round(4).tolist(), log.std_error.round(4).tolist()
    ([0.6931], [0.5])
    """
    gradient = gradient_of(function, found.value)
    return Estimates(
        ((name,),),
        np.array([float(np.real(function(found.value)))]),
        (found.influence @ gradient)[:, None],
        any_row(found.counted)[:, None],
        found.design,
    )


def gradient_of(function: Smooth, at: FloatArray) -> FloatArray:
    """Derivatives of a function at a point, shape (q,).

    Examples
    --------
    >>> gradient_of(lambda x: x[0] / x[1], np.array([1.0, 2.0])).tolist()
    [0.5, -0.25]
    """
    step = 1e-30
    points = at.astype(np.complex128) + 1j * step * np.eye(len(at))
    return np.array([np.imag(function(point)) / step for point in points])


def _place(found: Estimates, key: Key) -> int:
    try:
        return found.keys.index(key)
    except ValueError:
        raise KeyError(f"no estimate {key}; there are {list(found.keys)}") from None
