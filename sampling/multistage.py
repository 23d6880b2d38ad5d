"""Draw communes first, then transactions within the communes drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sampling import pps
from sampling.draw import Draw, DrawImpossible, stratified
from sampling.frame import sizes


@dataclass(frozen=True, slots=True, eq=False)
class TwoStageDraw:
    """Which communes were drawn and whom within them.

    Attributes
    ----------
    commune_probability : dict of str to float
        First-stage probability of each drawn commune, in frame order.
    draws : dict of str to Draw
        Draw within each; positions count in the whole frame, and the inclusion
        probabilities are those of both stages together.
    """

    commune_probability: dict[str, float]
    draws: dict[str, Draw]


def commune_then_transaction(
    communes: Sequence[str],
    *,
    drawn_communes: int,
    take: int,
    rng: np.random.Generator,
    reserve: int = 0,
) -> TwoStageDraw:
    r"""Draw communes in proportion to their transactions, then equally many in each.

    Parameters
    ----------
    communes : sequence of str, length N
        Commune of each transaction of one stratum's frame. Communes come up in
        order of first appearance, so sort the frame as they should be spread.
    drawn_communes : int
        Communes to draw, at least 2: one alone says nothing of the differences
        between communes.
    take : int
        Transactions in each; a commune with fewer is taken whole.
    rng : numpy.random.Generator
        Over PCG64.
    reserve : int, default 0
        Transactions to hold back in each commune, as far as it has them.

    Returns
    -------
    TwoStageDraw

    Raises
    ------
    DrawImpossible
        If fewer than 2 communes are to be drawn, or fewer communes exist than
        are to be drawn, or nobody is to be taken.

    Notes
    -----
    :math:`\pi = m N_i / N \times b / N_i`: the same for everyone, except in
    communes that are certain or too small.

    References
    ----------
    .. [1] L. Kish, *Survey Sampling*, Wiley, 1965, sec. 7.2.

    Examples
    --------
    >>> from sampling.randomness import generator
    >>> communes = ["A"] * 50 + ["B"] * 30 + ["C"] * 20
    >>> drawn = commune_then_transaction(
    ...     communes, drawn_communes=2, take=3, rng=generator(1))
    >>> drawn.commune_probability
    {'A': 1.0, 'B': 0.6}
    >>> drawn.draws["B"].inclusion_probability
    array([0.06, 0.06, 0.06])
    """
    if drawn_communes < 2:
        raise DrawImpossible(
            f"{drawn_communes} commune in a stratum: draw at least 2, or merge strata"
        )
    if take < 1:
        raise DrawImpossible(f"take of {take} in each commune")
    transactions = sizes(communes)
    names = list(transactions)
    first = pps.systematic(
        np.array(list(transactions.values()), dtype=np.float64), drawn_communes, rng=rng
    )
    chosen = dict(
        zip(
            [names[i] for i in first.selected.tolist()],
            first.inclusion_probability.tolist(),
            strict=True,
        )
    )
    within = stratified(
        communes,
        {name: min(take, transactions[name]) for name in chosen},
        rng=rng,
        reserves={
            name: min(reserve, max(transactions[name] - take, 0)) for name in chosen
        },
    )
    return TwoStageDraw(chosen, _of_both_stages(within, chosen))


def _of_both_stages(
    within: Mapping[str, Draw], first: Mapping[str, float]
) -> dict[str, Draw]:
    return {
        name: Draw(
            draw.selected,
            draw.inclusion_probability * first[name],
            draw.reserve,
            draw.reserve_probability * first[name],
        )
        for name, draw in within.items()
    }
