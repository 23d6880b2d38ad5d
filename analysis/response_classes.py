"""Groups in which who answers is taken for chance, and the factor each carries.

Classes are fields within an office, joined while they are too small or would
carry too large a factor. Propensity models give classes too, never a factor
of their own: a chance of 0.02 is a guess, a class of fifty is a count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray

LEAST, FLOOR, LARGEST_FACTOR = 10, 5, 3.0


@dataclass(frozen=True, slots=True)
class ResponseClass:
    """A class as planned: one field of one office and selection."""

    code: str
    selection: str
    office: str
    issued: int
    responded: int


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes after joining.

    Attributes
    ----------
    response_class : mapping of str to str
        By planned class, the one it counts with.
    factor : mapping of str to float
        Issued per response, by joined class; absent where nobody answered.
    too_small : tuple of str
        Joined classes that stay under the hard floor of five responses, or
        above the largest factor: the office has no more to join.
    """

    response_class: Mapping[str, str]
    factor: Mapping[str, float]
    too_small: tuple[str, ...]


def merge(classes: Sequence[ResponseClass]) -> Classes:
    """Join classes within an office and selection until they can carry weight.

    Parameters
    ----------
    classes : sequence of ResponseClass
        All planned classes of a wave.

    Notes
    -----
    A class needs ten responses and a factor of at most 3. While one does not,
    the one with the fewest responses (then code) joins the class whose
    response rate is nearest (then code) in its office.

    Examples
    --------
    >>> found = merge([
    ...     ResponseClass("a-land", "from_list", "a", 40, 30),
    ...     ResponseClass("a-trade", "from_list", "a", 10, 4),
    ... ])
    >>> found.response_class["a-trade"], round(found.factor["a-land"], 4)
    ('a-land', 1.4706)
    """
    whole: dict[str, str] = {}
    factor: dict[str, float] = {}
    too_small = []
    for home in dict.fromkeys((c.selection, c.office) for c in classes):
        pools = [[c] for c in classes if (c.selection, c.office) == home]
        while len(pools) > 1 and (poor := [p for p in pools if not _is_sound(p)]):
            least = min(poor, key=lambda p: (_responded(p), _code(p)))
            others = [p for p in pools if p is not least]
            rate = _rate(least)
            mate = min(others, key=lambda p: (abs(_rate(p) - rate), _code(p)))
            others.remove(mate)
            pools = [*others, mate + least]
        for pool in pools:
            code, responded = _code(pool), _responded(pool)
            whole |= {c.code: code for c in pool}
            if responded:
                factor[code] = sum(c.issued for c in pool) / responded
            if responded < FLOOR or factor[code] > LARGEST_FACTOR:
                too_small.append(code)
    return Classes({c.code: whole[c.code] for c in classes}, factor, tuple(too_small))


def quintiles(propensity: FloatArray, weight: FloatArray, parts: int = 5) -> IntArray:
    """Classes of nearly equal weight by rising chance of answering.

    Parameters
    ----------
    propensity : array of float, shape (n,)
        Fitted chance of each issued unit, silent ones included.
    weight : array of float, shape (n,)
        Design weights.
    parts : int, default 5
        Number of classes.

    Returns
    -------
    array of int, shape (n,)
        0 for the least likely; equal chances are never split.

    Examples
    --------
    >>> quintiles(np.array([0.1, 0.2, 0.3, 0.4]), np.ones(4), 2).tolist()
    [0, 0, 1, 1]
    """
    distinct, place = np.unique(propensity, return_inverse=True)
    size = np.bincount(place.reshape(-1), weight, len(distinct))
    middle = (np.cumsum(size) - size / 2.0) / size.sum()
    classes = np.minimum((middle * parts).astype(np.int64), parts - 1)
    _, dense = np.unique(classes[place.reshape(-1)], return_inverse=True)
    return dense.reshape(-1).astype(np.int64)


def _responded(pool: Sequence[ResponseClass]) -> int:
    return sum(c.responded for c in pool)


def _rate(pool: Sequence[ResponseClass]) -> float:
    issued = sum(c.issued for c in pool)
    return _responded(pool) / issued if issued else 0.0


def _code(pool: Sequence[ResponseClass]) -> str:
    return min(c.code for c in pool)


def _is_sound(pool: Sequence[ResponseClass]) -> bool:
    responded = _responded(pool)
    issued = sum(c.issued for c in pool)
    return responded >= LEAST and issued <= LARGEST_FACTOR * responded
