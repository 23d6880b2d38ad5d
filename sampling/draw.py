"""Draw transactions from a list, so that anyone with the seed can draw them again.

Every draw says with what probability each transaction could have come up; that
is what makes the answers weigh right later. Draws with unequal probabilities
are in ``pps``, draws at the counter in ``at_counter``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sampling.randomness import FloatArray, IntArray, ranks, uniform


class DrawImpossible(ValueError):
    """More was to be drawn, or released, than there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Which rows of the frame were drawn, and how likely each was.

    Attributes
    ----------
    selected : array of int, shape (n,)
        Positions in the frame, counted from 0, ascending.
    inclusion_probability : array of float, shape (n,)
        Probability with which each of the selected rows was to be drawn.
    reserve : array of int, shape (r,)
        Positions drawn but held back, in the order in which they are released.
    reserve_probability : array of float, shape (r,)
        The same probability for the rows held back: what it would be had the
        split into sample and reserve gone the other way.
    """

    selected: IntArray
    inclusion_probability: FloatArray
    reserve: IntArray
    reserve_probability: FloatArray

    def released(self, count: int) -> Draw:
        """Draw with the first ``count`` of the reserve added to the sample.

        Those they stand in for stay in the sample as not having answered, so
        every probability under 1 rises by (n + count)/n, where n counts the
        rows drawn with a probability under 1.

        Raises
        ------
        DrawImpossible
            If the reserve holds fewer.
        """
        if not 0 <= count <= len(self.reserve):
            raise DrawImpossible(
                f"cannot release {count} from a reserve of {len(self.reserve)}"
            )
        if count == 0:
            return self
        by_chance = int(np.count_nonzero(self.inclusion_probability < 1.0))
        rise = (by_chance + count) / by_chance
        drawn = (self.inclusion_probability, self.reserve_probability[:count])
        probability = _raised(np.concatenate(drawn), rise)
        selected = np.concatenate([self.selected, self.reserve[:count]])
        order = np.argsort(selected)
        return Draw(
            selected[order],
            probability[order],
            self.reserve[count:],
            _raised(self.reserve_probability[count:], rise),
        )


def simple(
    frame_size: int, sample_size: int, *, rng: np.random.Generator, reserve: int = 0
) -> Draw:
    """Draw without replacement, every set of transactions as likely as another.

    Parameters
    ----------
    frame_size : int
        Transactions in the list.
    sample_size : int
        Transactions to draw.
    rng : numpy.random.Generator
        Over PCG64, as ``randomness.generator(seed)`` gives it.
    reserve : int, default 0
        Further transactions to draw and hold back.

    Returns
    -------
    Draw
        Every inclusion probability is n/N.

    Raises
    ------
    DrawImpossible
        If the list is shorter than sample and reserve, or a reserve is asked
        for an empty sample.

    Notes
    -----
    Every transaction gets a random 64-bit word; the n smallest are the sample
    and the next ones the reserve. So with the same seed a larger sample
    contains the smaller one, and an amended plan keeps whom it has asked.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> draw = simple(500, 4, rng=generator(2026), reserve=2)
    >>> draw.selected
    array([ 58, 302, 420, 468])
    >>> draw.reserve
    array([276,  23])
    >>> draw.inclusion_probability
    array([0.008, 0.008, 0.008, 0.008])
    """
    refuse_impossible(frame_size, sample_size, reserve)
    drawn = ranks(rng, frame_size)[: sample_size + reserve]
    return _equal(drawn, sample_size, frame_size)


def stratified(
    strata: Sequence[str],
    sample_sizes: Mapping[str, int],
    *,
    rng: np.random.Generator,
    reserves: Mapping[str, int] | None = None,
) -> dict[str, Draw]:
    """Draw simply in every stratum of one list.

    Parameters
    ----------
    strata : sequence of str, length N
        Stratum of each transaction of the frame, in frame order.
    sample_sizes : mapping of str to int
        Transactions to draw, by stratum, as ``allocation`` gives them. Strata
        of the frame that are not named are not drawn from.
    rng : numpy.random.Generator
        Over PCG64.
    reserves : mapping of str to int, optional
        Further transactions to hold back, by stratum.

    Returns
    -------
    dict of str to Draw
        One draw per stratum named, in that order; positions count in the whole
        frame.

    Raises
    ------
    DrawImpossible
        If a stratum is shorter than its sample and reserve, all such strata
        named.

    Notes
    -----
    One random word per transaction of the whole frame, as in `simple`: changing
    the sample of one stratum leaves the draws of the others as they were.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> strata = ["land"] * 6 + ["health"] * 4
    >>> draws = stratified(strata, {"health": 1, "land": 2}, rng=generator(1))
    >>> {stratum: draw.selected.tolist() for stratum, draw in draws.items()}
    {'health': [9], 'land': [2, 4]}
    """
    reserves = reserves or {}
    number = {stratum: h for h, stratum in enumerate(sample_sizes)}
    codes = _codes(strata, number)
    sizes = np.bincount(codes[codes >= 0], minlength=len(number)).tolist()
    _refuse_short_strata(dict(zip(number, sizes, strict=True)), sample_sizes, reserves)
    order = ranks(rng, len(codes))
    order = order[np.argsort(codes[order], kind="stable")][np.sum(codes < 0) :]
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    return {
        stratum: _equal(
            order[starts[h] :][: sample_sizes[stratum] + reserves.get(stratum, 0)],
            sample_sizes[stratum],
            sizes[h],
        )
        for stratum, h in number.items()
    }


def stratified_systematic(
    strata: Sequence[str],
    sample_sizes: Mapping[str, int],
    *,
    rng: np.random.Generator,
    reserves: Mapping[str, int] | None = None,
) -> dict[str, Draw]:
    """Draw every k-th in every stratum of one list, each with its own start.

    Parameters, result and errors as for `stratified`; the starts are drawn in
    the order of ``sample_sizes``.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> strata = ["land", "health"] * 4
    >>> draws = stratified_systematic(strata, {"land": 2}, rng=generator(1))
    >>> draws["land"].selected
    array([2, 6])
    """
    reserves = reserves or {}
    number = {stratum: h for h, stratum in enumerate(sample_sizes)}
    codes = _codes(strata, number)
    rows = {stratum: np.flatnonzero(codes == h) for stratum, h in number.items()}
    sizes = {stratum: len(mine) for stratum, mine in rows.items()}
    _refuse_short_strata(sizes, sample_sizes, reserves)
    draws = {}
    for stratum, n in sample_sizes.items():
        within = systematic(
            sizes[stratum], n, rng=rng, reserve=reserves.get(stratum, 0)
        )
        draws[stratum] = Draw(
            rows[stratum][within.selected],
            within.inclusion_probability,
            rows[stratum][within.reserve],
            within.reserve_probability,
        )
    return draws


def systematic(
    frame_size: int, sample_size: int, *, rng: np.random.Generator, reserve: int = 0
) -> Draw:
    r"""Draw every k-th transaction down the list, k not rounded.

    Parameters
    ----------
    frame_size, sample_size, rng, reserve
        As for `simple`.

    Returns
    -------
    Draw
        Every inclusion probability is n/N. A reserve is a random part of one
        systematic draw of n + reserve rows.

    Raises
    ------
    DrawImpossible
        As for `simple`.

    Notes
    -----
    With the interval :math:`k = N/n` and a real start :math:`u` in [0, 1), the
    rows are :math:`\lfloor (u + i) k \rfloor`, i = 0, ..., n - 1. Rounding k
    would make the sample too long or too short and the probabilities unequal.
    Sort the list first by what should be spread evenly (office, field, day) and
    look at ``cycles.check`` for an interval that keeps step with a rota.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, ch. 8.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> systematic(10, 4, rng=generator(2026)).selected
    array([0, 2, 5, 7])
    """
    refuse_impossible(frame_size, sample_size, reserve)
    drawn_size = sample_size + reserve
    start = float(uniform(rng, 1)[0])
    steps = (np.arange(drawn_size) + start) * frame_size / max(drawn_size, 1)
    drawn = np.minimum(steps.astype(np.int64), frame_size - 1)
    if reserve:
        drawn = drawn[ranks(rng, drawn_size)]
    return _equal(drawn, sample_size, frame_size)


def refuse_impossible(frame_size: int, sample_size: int, reserve: int) -> None:
    """Raise `DrawImpossible` unless the list can give sample and reserve."""
    if min(frame_size, sample_size, reserve) < 0:
        raise DrawImpossible(
            f"negative size: frame {frame_size}, sample {sample_size}, "
            f"reserve {reserve}"
        )
    if sample_size + reserve > frame_size:
        raise DrawImpossible(
            f"sample of {sample_size} and reserve of {reserve} "
            f"from a list of {frame_size}"
        )
    if reserve and not sample_size:
        raise DrawImpossible(f"reserve of {reserve} for an empty sample")


def _codes(strata: Sequence[str], number: Mapping[str, int]) -> IntArray:
    """Number of each row's stratum; -1 where it is not drawn from."""
    return np.fromiter((number.get(s, -1) for s in strata), np.int64, len(strata))


def _refuse_short_strata(
    sizes: Mapping[str, int],
    sample_sizes: Mapping[str, int],
    reserves: Mapping[str, int],
) -> None:
    problems = [f"{s}: a reserve but no sample" for s in reserves if s not in sizes]
    for stratum, size in sizes.items():
        try:
            refuse_impossible(size, sample_sizes[stratum], reserves.get(stratum, 0))
        except DrawImpossible as problem:
            problems.append(f"{stratum}: {problem}")
    if problems:
        raise DrawImpossible("; ".join(problems))


def _equal(drawn: IntArray, sample_size: int, frame_size: int) -> Draw:
    probability = sample_size / max(frame_size, 1)
    return Draw(
        selected=np.sort(drawn[:sample_size]),
        inclusion_probability=np.full(sample_size, probability),
        reserve=drawn[sample_size:],
        reserve_probability=np.full(len(drawn) - sample_size, probability),
    )


def _raised(probability: FloatArray, rise: float) -> FloatArray:
    return np.where(probability < 1.0, np.minimum(probability * rise, 1.0), 1.0)
