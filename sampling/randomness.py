"""Chance that can be repeated: the same seed gives the same draw anywhere.

All draws use numpy's PCG64 bit generator and take its raw 64-bit words, the one
stream numpy promises never to change between versions or platforms.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]

BIT_GENERATOR = "PCG64"


class UnrepeatableChance(TypeError):
    """The generator given is not PCG64, so a published draw could not be redone."""


def generator(seed: int) -> np.random.Generator:
    """Generator for one draw, from a whole number that is written in the plan.

    Examples
    --------
    >>> float(uniform(generator(2026), 1)[0])
    0.17893481367543618
    """
    return np.random.Generator(np.random.PCG64(seed))


def uniform(rng: np.random.Generator, size: int) -> FloatArray:
    """Numbers evenly spread over [0, 1), 53 bits each.

    Parameters
    ----------
    rng : numpy.random.Generator
        A generator over PCG64; its state moves on by ``size`` words.
    size : int
        How many numbers.

    Returns
    -------
    array of float, shape (size,)

    Raises
    ------
    UnrepeatableChance
        If ``rng`` runs on another bit generator.
    """
    words = _words(rng, size)
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def ranks(rng: np.random.Generator, size: int) -> IntArray:
    """Positions 0 to size - 1 in random order: one raw word each, sorted.

    Returns
    -------
    array of int, shape (size,)
    """
    return np.argsort(_words(rng, size), kind="stable").astype(np.int64)


def _words(rng: np.random.Generator, size: int) -> NDArray[np.uint64]:
    if not isinstance(rng.bit_generator, np.random.PCG64):
        raise UnrepeatableChance(
            f"expected a generator over {BIT_GENERATOR}, "
            f"got {type(rng.bit_generator).__name__}: "
            "make it with sampling.randomness.generator(seed)"
        )
    return rng.bit_generator.random_raw(size)
