"""Sums that answer any table: kept once per stratum and cell, added over files.

A response contributes u = w (s_1 .. s_J, a_1 .. a_J): satisfied and valid
answers by weight. With the count, the sum and the sum of squares of u in every
stratum and finest cell, any domain, composite or overlapping difference costs
milliseconds, however many responses there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import AnyArray, BoolArray, FloatArray, IntArray, codes, sums
from analysis.design import LonelyStratum
from analysis.indices import Share, Totals


@dataclass(frozen=True, slots=True, eq=False)
class Aggregates:
    """Moments of u by stratum and cell.

    Attributes
    ----------
    stratum, cell : array of str, shape (G,)
        Each pair once.
    frame_size : array of float, shape (G,)
        Of the stratum; ``inf`` drops the finite population correction.
    rows : array of int, shape (G,)
        Responses (or persons, where one gave several).
    first : array of float, shape (G, 2J)
        Sums of u.
    second : array of float, shape (G, 2J, 2J)
        Sums of u uᵀ.
    """

    stratum: AnyArray
    cell: AnyArray
    frame_size: FloatArray
    rows: IntArray
    first: FloatArray
    second: FloatArray

    def __add__(self, other: Aggregates) -> Aggregates:
        """Both files together; a stratum may be in either or both."""
        keys = np.stack(
            [
                np.concatenate([self.stratum, other.stratum]).astype(np.str_),
                np.concatenate([self.cell, other.cell]).astype(np.str_),
            ]
        )
        distinct, place = np.unique(keys, axis=1, return_inverse=True)
        place = place.reshape(-1).astype(np.int64)
        count = distinct.shape[1]
        size = np.zeros(count)
        size[place] = np.concatenate([self.frame_size, other.frame_size])
        width = self.first.shape[1]
        second = np.concatenate([self.second, other.second]).reshape(len(place), -1)
        return Aggregates(
            distinct[0],
            distinct[1],
            size,
            sums(np.concatenate([self.rows, other.rows]), place, count).astype(
                np.int64
            ),
            sums(np.concatenate([self.first, other.first]), place, count),
            sums(second, place, count).reshape(count, width, width),
        )

    def totals(self, domain: BoolArray) -> Totals:
        """Weighted sums of one domain, as one unit."""
        total = self.first[domain].sum(axis=0)[None]
        items = total.shape[1] // 2
        return Totals(total[:, :items], total[:, items:])

    def covariance(
        self,
        domains: Sequence[BoolArray],
        shares: Sequence[Share],
        *,
        with_fpc: bool = True,
    ) -> FloatArray:
        r"""Covariance of shares, each of one domain of cells.

        Parameters
        ----------
        domains : sequence of array of bool, each shape (G,), length Q
            Cells of each share's domain; they may overlap.
        shares : sequence of Share, length Q
            Made from ``totals`` of the same domain.
        with_fpc : bool, default True
            Whether the finite population counts.

        Returns
        -------
        array of float, shape (Q, Q)

        Raises
        ------
        LonelyStratum
            If a stratum has one response of a larger frame.

        Notes
        -----
        :math:`\sum_h (1-f_h) \frac{n_h}{n_h-1} \bigl[ \sum_{c \in D_1 \cap D_2}
        g_1^\top M_{hc} g_2 - g_1^\top S_h(D_1) S_h(D_2)^\top g_2 / n_h \bigr]`.
        """
        names, h = codes(self.stratum)
        scale, n = self._scale(names, h, with_fpc)
        slopes = np.stack(
            [np.concatenate([s.by_satisfied[0], s.by_answered[0]]) for s in shares]
        )
        inside = np.stack(domains)
        pulled = inside * (self.first @ slopes.T).T
        by_stratum = sums(pulled.T, h, len(names))
        mean_part = (by_stratum * (scale / n)[:, None]).T @ by_stratum
        square = np.einsum("qi,gij,rj->gqr", slopes, self.second, slopes)
        both = inside[:, None, :] & inside[None, :, :]
        found: FloatArray = (
            np.einsum("gqr,qrg,g->qr", square, both, scale[h]) - mean_part
        )
        return found

    def _scale(
        self, names: AnyArray, h: IntArray, with_fpc: bool
    ) -> tuple[FloatArray, FloatArray]:
        n = sums(self.rows, h, len(names))
        size = np.zeros(len(names))
        size[h] = self.frame_size
        fraction = n / size
        if np.any(alone := (n < 2) & (fraction < 1.0)):
            told = ", ".join(map(str, names[alone]))
            raise LonelyStratum(f"one response only in stratum {told}")
        left = 1.0 - fraction if with_fpc else np.ones(len(names))
        return left * n / np.maximum(n - 1.0, 1.0), n


@dataclass(frozen=True, slots=True, eq=False)
class ItemCells:
    """What tables of single criteria need: counts, when weights are even.

    Attributes
    ----------
    stratum, domain : array of str, shape (G,)
        Each combination once.
    frame_size, rows : array of float, shape (G,)
        Frame of the stratum; responses.
    weighted : array of float, shape (4, G, J)
        Sums of w s, w a, w² s and w² a.
    """

    stratum: AnyArray
    domain: AnyArray
    frame_size: FloatArray
    rows: FloatArray
    weighted: FloatArray

    def __add__(self, other: ItemCells) -> ItemCells:
        """Both files together."""
        return ItemCells(
            np.concatenate([self.stratum, other.stratum]),
            np.concatenate([self.domain, other.domain]),
            np.concatenate([self.frame_size, other.frame_size]),
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.weighted, other.weighted], axis=1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class ItemTable:
    """D domains by J criteria: share satisfied, standard error, weighted base."""

    domains: tuple[str, ...]
    value: FloatArray
    std_error: FloatArray
    base: FloatArray


def item_table(cells: ItemCells) -> ItemTable:
    r"""Every criterion of every domain with its standard error.

    Parameters
    ----------
    cells : ItemCells
        Of one or more files.

    Raises
    ------
    LonelyStratum
        If a stratum holds one response of a larger frame.

    Notes
    -----
    As :meth:`Aggregates.covariance` for one item, where :math:`u u^\top` is
    known from the sums of :math:`w^2 s` and :math:`w^2 a` alone, answers being
    0 or 1.
    """
    names, h = codes(cells.stratum)
    domains, d = codes(cells.domain)
    n = sums(cells.rows, h, len(names))
    size = np.zeros(len(names))
    size[h] = cells.frame_size
    if np.any(alone := (n < 2) & (n < size)):
        told = ", ".join(map(str, names[alone]))
        raise LonelyStratum(f"one response only in stratum {told}")
    scale = (1.0 - n / size) * n / np.maximum(n - 1.0, 1.0)
    satisfied, answered, satisfied2, answered2 = cells.weighted
    top, base = (sums(part, d, len(domains)) for part in (satisfied, answered))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = top / base
        at, b = p[d], base[d]
        # Sums of (w a (s - p) / base)² and of w a (s - p) / base.
        square = (satisfied2 * (1.0 - 2.0 * at) + answered2 * at**2) / b**2
        total = (satisfied - at * answered) / b
    pair, place = _pairs(h, d)
    count = len(pair)
    home = pair // len(domains)
    per_pair = sums(np.nan_to_num(total), place, count)
    squares = sums(np.nan_to_num(square), place, count)
    spread = squares - per_pair**2 / n[home][:, None]
    variance = sums(spread * scale[home][:, None], pair % len(domains), len(domains))
    std_error = np.sqrt(np.maximum(variance, 0.0))
    return ItemTable(
        tuple(map(str, domains)), p, np.where(np.isnan(p), np.nan, std_error), base
    )


def _pairs(h: IntArray, d: IntArray) -> tuple[IntArray, IntArray]:
    """Stratum × domain pairs that occur, and the pair of each cell."""
    width = int(d.max(initial=0)) + 1
    pair, place = codes(h * width + d)
    return pair.astype(np.int64), place


def aggregate(
    satisfied: BoolArray,
    answered: BoolArray,
    weight: FloatArray,
    stratum: AnyArray,
    frame_size: FloatArray,
    cell: AnyArray,
    *,
    person: AnyArray | None = None,
) -> Aggregates:
    """Moments of a set of responses.

    Parameters
    ----------
    satisfied, answered : array of bool, shape (n, J)
        Answers.
    weight, frame_size : array of float, shape (n,)
        Weight, and frame of the stratum.
    stratum, cell : array, shape (n,)
        Variance stratum, and finest disjoint cell.
    person : array, shape (n,), optional
        Where one person gave several responses, in one cell each.

    Examples
    --------
    >>> from analysis.indices import criterion
    >>> s = np.array([[1], [0], [1], [1]], dtype=bool)
    >>> found = aggregate(s, s | True, np.full(4, 5.0), np.zeros(4),
    ...                   np.full(4, 20.0), np.zeros(4))
    >>> every = np.ones(1, dtype=bool)
    >>> share = criterion(found.totals(every), 0)
    >>> share.value.tolist(), found.covariance([every], [share]).round(6).tolist()
    ([0.75], [[0.05]])
    """
    u = np.hstack([satisfied, answered]) * weight[:, None]
    names, h = codes(stratum)
    labels, c = codes(cell)
    keys, group = codes(h * len(labels) + c)
    if person is not None:
        _, who = codes(person)
        _, unit = codes(group * (who.max(initial=0) + 1) + who)
        count = int(unit.max(initial=-1)) + 1
        first_row = np.zeros(count, dtype=np.int64)
        first_row[unit] = np.arange(len(unit))
        u, group = sums(u, unit, count), group[first_row]
    order = np.argsort(group, kind="stable")
    u, group = u[order], group[order]
    rows = np.bincount(group, minlength=len(keys))
    ends = np.cumsum(rows)
    second = np.stack(
        [
            u[end - r : end].T @ u[end - r : end]
            for r, end in zip(rows, ends, strict=True)
        ]
    )
    size = np.zeros(len(names))
    size[h] = frame_size
    home = (keys // len(labels)).astype(np.int64)
    return Aggregates(
        names[home],
        labels[keys % len(labels)],
        size[home],
        rows.astype(np.int64),
        sums(u, group, len(keys)),
        second,
    )
