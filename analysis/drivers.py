"""What moves satisfaction: shares of explained variance, averaged over orders."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from analysis.arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """R² taken apart.

    Attributes
    ----------
    n : int
        Rows used.
    r_squared : float
        Of all columns together.
    lmg : array of float, shape (p,)
        Share of each column, averaged over all orders of entry; sums to R².
    first, last : array of float, shape (p,)
        R² of the column alone, and what it adds to all others.
    """

    n: int
    r_squared: float
    lmg: FloatArray
    first: FloatArray
    last: FloatArray


def importance(
    y: FloatArray, columns: FloatArray, weight: FloatArray | None = None
) -> Importance:
    r"""LMG shares of a linear regression.

    Parameters
    ----------
    y : array of float, shape (n,)
        What is explained; rows with ``nan`` are left out.
    columns : array of float, shape (n, p)
        At most 16: every subset is fitted.
    weight : array of float, shape (n,), optional
        Equal by default.

    Raises
    ------
    ValueError
        If there are more than 16 columns.

    Notes
    -----
    :math:`\mathrm{LMG}_k = \sum_{S \not\ni k} \frac{|S|!(p-1-|S|)!}{p!}
    (R^2_{S \cup k} - R^2_S)`.

    References
    ----------
    .. [1] R. H. Lindeman, P. F. Merenda and R. Z. Gold, *Introduction to
           Bivariate and Multivariate Analysis*, Scott Foresman, 1980, p. 119.

    Examples
    --------
    >>> x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    >>> importance(x @ [1.0, 2.0], x).lmg.round(6).tolist()
    [0.2, 0.8]
    """
    p = columns.shape[1]
    if p > 16:
        raise ValueError(f"{p} columns make {2**p} regressions; at most 16")
    rows = ~np.isnan(y) & ~np.isnan(columns).any(axis=1)
    w = np.ones(rows.sum()) if weight is None else weight[rows]
    joint = np.column_stack([columns[rows], y[rows]])
    joint = joint - w @ joint / w.sum()
    c = (joint * w[:, None]).T @ joint
    r2 = np.zeros(2**p)
    for subset in range(1, 2**p):
        places = [k for k in range(p) if subset >> k & 1]
        explained = np.linalg.lstsq(c[np.ix_(places, places)], c[places, p], rcond=None)
        r2[subset] = c[places, p] @ explained[0] / c[p, p]
    sizes = np.array([subset.bit_count() for subset in range(2**p)])
    lmg = np.empty(p)
    for k in range(p):
        without = np.array([s for s in range(2**p) if not s >> k & 1])
        share = np.array([1.0 / (p * comb(p - 1, int(m))) for m in sizes[without]])
        lmg[k] = share @ (r2[without | 1 << k] - r2[without])
    every = 2**p - 1
    return Importance(
        n=int(rows.sum()),
        r_squared=float(r2[every]),
        lmg=lmg,
        first=r2[[1 << k for k in range(p)]],
        last=r2[every] - r2[[every ^ 1 << k for k in range(p)]],
    )
