"""Share a sample among strata.

Every function takes plain counts and returns plain counts whose sum is exactly
the sample asked for. Nothing here is random; drawing people is in ``draw``.
What an allocation by cost comes to before rounding is in ``optimum``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, sqrt


class AllocationImpossible(ValueError):
    """The frame cannot supply, or the sample cannot cover, what was asked."""


def proportional(
    frame_sizes: Mapping[str, int],
    sample_size: int,
    *,
    at_least: int = 0,
    at_most: int | None = None,
) -> dict[str, int]:
    """Share a sample in proportion to the number of transactions in each stratum.

    Parameters
    ----------
    frame_sizes : mapping of str to int
        Transactions in the frame, by stratum. A stratum may be empty.
    sample_size : int
        Transactions to sample in all.
    at_least : int, default 0
        Smallest sample for any stratum. A stratum with fewer transactions
        than this is taken whole.
    at_most : int, optional
        Largest sample for any stratum; by default only its frame limits it.

    Returns
    -------
    dict of str to int
        Sample size by stratum, in the order given. The values sum to
        ``sample_size`` and none exceeds its frame size.

    Raises
    ------
    AllocationImpossible
        If the frame or the caps together are smaller than the sample, or the
        sample is smaller than the minimums together.

    Notes
    -----
    A stratum that would fall under its minimum gets the minimum, one that
    would pass its cap gets the cap, and the others share what is left in
    proportion. Fractions are settled by largest remainder in exact arithmetic,
    and ties go to the stratum listed first, so the same frame always gives the
    same shares. Strata raised to ``at_least`` are over-represented on purpose:
    the weights put that right.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, ch. 5.

    Examples
    --------
    >>> proportional({"land": 700, "justice": 250, "health": 50}, 100)
    {'land': 70, 'justice': 25, 'health': 5}
    >>> proportional({"land": 700, "justice": 250, "health": 50}, 100, at_least=10)
    {'land': 66, 'justice': 24, 'health': 10}
    """
    measure = {stratum: Fraction(size) for stratum, size in frame_sizes.items()}
    return _share(measure, frame_sizes, sample_size, at_least, at_most)


def equal(
    frame_sizes: Mapping[str, int],
    sample_size: int,
    *,
    at_least: int = 0,
    at_most: int | None = None,
) -> dict[str, int]:
    """Give every stratum the same sample, as far as its frame allows.

    The choice when offices are to be compared with one another rather than
    added up. Parameters, result and errors as for `proportional`; strata too
    small for an equal part are taken whole and the others share the rest.

    Examples
    --------
    >>> equal({"land": 700, "justice": 250, "health": 20}, 100)
    {'land': 40, 'justice': 40, 'health': 20}
    """
    measure = {stratum: Fraction(size > 0) for stratum, size in frame_sizes.items()}
    return _share(measure, frame_sizes, sample_size, at_least, at_most)


def neyman(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    sample_size: int,
    *,
    at_least: int = 0,
    at_most: int | None = None,
) -> dict[str, int]:
    r"""Share a sample so that the province's figure is as sure as it can be.

    Parameters
    ----------
    frame_sizes, sample_size, at_least, at_most
        As for `proportional`.
    spreads : mapping of str to float
        Standard deviation of the answer in each stratum, in the answer's unit;
        for a share p it is :math:`\sqrt{p(1-p)}`. Last wave's, usually.

    Returns
    -------
    dict of str to int
        Sample size by stratum, in the order given, summing to ``sample_size``.

    Raises
    ------
    AllocationImpossible
        As for `proportional`; also when the strata that vary at all, with the
        minimums of the others, cannot take the whole sample.
    ValueError
        If a stratum has no spread stated, or a negative one.

    Notes
    -----
    :math:`n_h = n\,N_h S_h / \sum_h N_h S_h`, then bounded and rounded like
    `proportional`.

    References
    ----------
    .. [1] J. Neyman, "On the two different aspects of the representative
           method", *JRSS* 97 (1934), 558-625.

    Examples
    --------
    >>> neyman({"land": 700, "health": 300}, {"land": 0.3, "health": 0.5}, 100)
    {'land': 58, 'health': 42}
    """
    measure = _products(frame_sizes, spreads)
    return _share(measure, frame_sizes, sample_size, at_least, at_most)


def by_cost(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
    sample_size: int,
    *,
    at_least: int = 0,
    at_most: int | None = None,
) -> dict[str, int]:
    r"""Share a sample like `neyman`, asking fewer where asking is dear.

    Parameters
    ----------
    frame_sizes, spreads, sample_size, at_least, at_most
        As for `neyman`.
    costs : mapping of str to float
        Cost of one answer in each stratum, any one currency, above zero.

    Returns
    -------
    dict of str to int
        Sample size by stratum, in the order given, summing to ``sample_size``.

    Raises
    ------
    AllocationImpossible, ValueError
        As for `neyman`; also if a cost is missing or not above zero.

    Notes
    -----
    :math:`n_h \propto N_h S_h / \sqrt{c_h}`.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 5.5.

    Examples
    --------
    >>> by_cost({"town": 500, "isle": 500}, {"town": 0.4, "isle": 0.4},
    ...         {"town": 1, "isle": 4}, 90)
    {'town': 60, 'isle': 30}
    """
    measure = _by_root_cost(frame_sizes, spreads, costs)
    return _share(measure, frame_sizes, sample_size, at_least, at_most)


def within_budget(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
    budget: float,
    *,
    at_least: int = 0,
    at_most: int | None = None,
) -> dict[str, int]:
    """Share out money instead of seats: the sample of `by_cost` it can pay for.

    Parameters
    ----------
    frame_sizes, spreads, costs, at_least, at_most
        As for `by_cost`.
    budget : float
        What all answers together may cost, fixed costs taken off.

    Returns
    -------
    dict of str to int
        Sample size by stratum, in the order given. The cost is within the
        budget, and no further answer of a stratum under its bound is.

    Raises
    ------
    AllocationImpossible
        If the budget does not pay for the minimums.
    ValueError
        As for `by_cost`.

    Examples
    --------
    >>> frame, spreads = {"town": 500, "isle": 500}, {"town": 0.4, "isle": 0.4}
    >>> within_budget(frame, spreads, {"town": 1, "isle": 4}, 95)
    {'town': 31, 'isle': 16}
    """
    measure = _by_root_cost(frame_sizes, spreads, costs)
    price = {stratum: Fraction(costs[stratum]) for stratum in frame_sizes}
    low, high = _limits(measure, frame_sizes, at_least, at_most)
    minimums, money = _total(low, price), Fraction(budget)
    if money < minimums:
        raise AllocationImpossible(
            f"budget of {budget} cannot pay for minimums of {float(minimums):g}"
        )
    money = min(money, _total(high, price))
    shares = _bounded(measure, low, high, money, price)
    whole = {stratum: floor(share) for stratum, share in shares.items()}
    left = money - _total(whole, price)
    by_remainder = sorted(shares, key=lambda s: shares[s] - whole[s], reverse=True)
    one_each = [(stratum, 1) for stratum in by_remainder]
    what_is_left = [(stratum, high[stratum]) for stratum in by_remainder]
    for stratum, most in one_each + what_is_left:
        more = min(left // price[stratum], high[stratum] - whole[stratum], most)
        whole[stratum] += more
        left -= more * price[stratum]
    return whole


def _by_root_cost(
    frame_sizes: Mapping[str, int],
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
) -> dict[str, Fraction]:
    _require(frame_sizes, costs, "cost")
    if free := [stratum for stratum in frame_sizes if not costs[stratum] > 0]:
        raise ValueError(f"cost must be above zero in {free}")
    return {
        stratum: product / Fraction(sqrt(costs[stratum]))
        for stratum, product in _products(frame_sizes, spreads).items()
    }


def _products(
    frame_sizes: Mapping[str, int], spreads: Mapping[str, float]
) -> dict[str, Fraction]:
    _require(frame_sizes, spreads, "spread")
    if wrong := [stratum for stratum in frame_sizes if not spreads[stratum] >= 0]:
        raise ValueError(f"spread must not be negative in {wrong}")
    return {s: size * Fraction(spreads[s]) for s, size in frame_sizes.items()}


def _require(
    frame_sizes: Mapping[str, int], given: Mapping[str, float], what: str
) -> None:
    if missing := [stratum for stratum in frame_sizes if stratum not in given]:
        raise ValueError(f"no {what} for {missing}")


def _share(
    measure: Mapping[str, Fraction],
    frame_sizes: Mapping[str, int],
    sample_size: int,
    at_least: int,
    at_most: int | None,
) -> dict[str, int]:
    low, high = _limits(measure, frame_sizes, at_least, at_most)
    _refuse_impossible(measure, frame_sizes, low, high, sample_size)
    one = dict.fromkeys(frame_sizes, Fraction(1))
    return _largest_remainder(
        _bounded(measure, low, high, Fraction(sample_size), one), sample_size
    )


def _limits(
    measure: Mapping[str, Fraction],
    frame_sizes: Mapping[str, int],
    at_least: int,
    at_most: int | None,
) -> tuple[dict[str, int], dict[str, int]]:
    """Fewest and most of each stratum; without spread the fewest is the most."""
    if wrong := [stratum for stratum, size in frame_sizes.items() if size < 0]:
        raise ValueError(f"negative frame size in {wrong}")
    if at_most is not None and at_most < at_least:
        raise AllocationImpossible(f"a cap of {at_most} under a minimum of {at_least}")
    low = {s: min(at_least, size) for s, size in frame_sizes.items()}
    caps = {
        s: size if at_most is None else min(at_most, size)
        for s, size in frame_sizes.items()
    }
    return low, {s: caps[s] if measure[s] > 0 else low[s] for s in frame_sizes}


def _refuse_impossible(
    measure: Mapping[str, Fraction],
    frame_sizes: Mapping[str, int],
    low: Mapping[str, int],
    high: Mapping[str, int],
    sample_size: int,
) -> None:
    if sample_size > (frame := sum(frame_sizes.values())):
        raise AllocationImpossible(f"sample of {sample_size} from a frame of {frame}")
    if sample_size < (minimums := sum(low.values())):
        raise AllocationImpossible(
            f"sample of {sample_size} cannot cover minimums of {minimums}"
        )
    if sample_size > (most := sum(high.values())):
        still = [s for s, size in frame_sizes.items() if size and not measure[s]]
        raise AllocationImpossible(
            f"sample of {sample_size} above caps of {most}"
            + (f", with no spread in {still}" if still else "")
        )


def _bounded(
    measure: Mapping[str, Fraction],
    low: Mapping[str, int],
    high: Mapping[str, int],
    amount: Fraction,
    price: Mapping[str, Fraction],
) -> dict[str, Fraction]:
    """Exact shares in proportion to ``measure`` that keep to bounds and amount.

    Whichever side is violated by more in sum is settled first: fixing it moves
    the others towards their true share, so nothing fixed is regretted.
    """
    fixed: dict[str, int] = {}
    while free := [s for s in measure if s not in fixed]:
        left = amount - _total(fixed, price)
        total = sum((measure[s] * price[s] for s in free), Fraction())
        rate = left / total if total else Fraction()
        shares = {s: rate * measure[s] for s in free}
        under = {s: low[s] for s in free if shares[s] < low[s]}
        over = {s: high[s] for s in free if shares[s] > high[s]}
        if not under and not over:
            break
        deficit = _total({s: low[s] - shares[s] for s in under}, price)
        excess = _total({s: shares[s] - high[s] for s in over}, price)
        fixed |= under if deficit >= excess else over
    return {s: Fraction(fixed[s]) if s in fixed else shares[s] for s in measure}


def _total(
    sizes: Mapping[str, int] | Mapping[str, Fraction], price: Mapping[str, Fraction]
) -> Fraction:
    return sum((size * price[s] for s, size in sizes.items()), Fraction())


def _largest_remainder(
    shares: Mapping[str, Fraction], sample_size: int
) -> dict[str, int]:
    whole = {stratum: floor(share) for stratum, share in shares.items()}
    left = sample_size - sum(whole.values())
    by_remainder = sorted(shares, key=lambda s: shares[s] - whole[s], reverse=True)
    for stratum in by_remainder[:left]:
        whole[stratum] += 1
    return whole
