"""What a plan will give, office by office, before anyone is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from sampling.size import quantile


@dataclass(frozen=True, slots=True)
class ExpectedStratum:
    """One stratum of a plan with what is expected of it.

    Attributes
    ----------
    frame_size : int
        Transactions in the list.
    answers : float
        Answers expected, from 0 to ``frame_size``.
    p : float
        Share satisfied expected, from 0 to 1.
    """

    frame_size: int
    answers: float
    p: float = 0.5


@dataclass(frozen=True, slots=True)
class ExpectedMargin:
    """Margin of error to be expected of one figure.

    Attributes
    ----------
    share : float
        The figure expected, 0 to 1.
    answers : float
        Answers it will rest on.
    std_error : float
        Expected standard error.
    margin : float
        Half the width of the expected interval.
    """

    share: float
    answers: float
    std_error: float
    margin: float


class NothingExpected(ValueError):
    """Strata with transactions but no answers, so their part stays unknown."""


def margin(
    strata: Mapping[str, ExpectedStratum],
    *,
    gain: float = 1.0,
    deff: float = 1.0,
    confidence: float = 0.95,
) -> ExpectedMargin:
    r"""Margin of a figure over all the strata given: an office's, the province's.

    Parameters
    ----------
    strata : mapping of str to ExpectedStratum
        All strata the figure is made of, weighted by their transactions. Empty
        strata do not count.
    gain : float, default 1
        K, how many times surer an index is than one criterion.
    deff : float, default 1
        Design effect within strata.
    confidence : float, default 0.95

    Returns
    -------
    ExpectedMargin

    Raises
    ------
    NothingExpected
        If a stratum with transactions has no answers, all named; or there are
        no transactions.

    Notes
    -----
    .. math::

        V = \sum_h \Bigl(\frac{N_h}{N}\Bigr)^2 \frac{N_h - r_h}{N_h - 1}
            \frac{p_h (1-p_h)}{r_h} \frac{\mathrm{deff}}{K}

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, sec. 5.10.

    Examples
    --------
    >>> figure = margin({"land": ExpectedStratum(900, 60, 0.8),
    ...                  "health": ExpectedStratum(100, 30, 0.9)})
    >>> round(figure.share, 2), figure.answers, round(figure.margin, 3)
    (0.81, 90, 0.089)
    """
    there = {h: row for h, row in strata.items() if row.frame_size > 0}
    if silent := [h for h, row in there.items() if not row.answers > 0]:
        raise NothingExpected(f"no answers expected in {silent}")
    if not there:
        raise NothingExpected("no transactions")
    whole = sum(row.frame_size for row in there.values())
    variance = sum(
        (row.frame_size / whole) ** 2 * _variance(row) * deff / gain
        for row in there.values()
    )
    std_error = sqrt(variance)
    return ExpectedMargin(
        share=sum(row.frame_size * row.p for row in there.values()) / whole,
        answers=sum(row.answers for row in there.values()),
        std_error=std_error,
        margin=quantile(confidence) * std_error,
    )


def _variance(row: ExpectedStratum) -> float:
    if row.answers >= row.frame_size:
        return 0.0
    left = (row.frame_size - row.answers) / max(row.frame_size - 1, 1)
    return left * row.p * (1.0 - row.p) / row.answers
