"""How many to ask when two years, or two offices, are to be told apart.

Telling apart needs far more answers than one figure does: the doubts of both
add up. Where partly the same people are asked twice, their two answers go
together and less is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, sqrt
from statistics import NormalDist

from sampling.size import SIMPLE, Fieldwork, WishImpossible, quantile, rounded_up

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two samples to be compared.

    Attributes
    ----------
    first, second : Fieldwork
        List, design effect and losses of each sample.
    ratio : float
        Answers in the first for each one in the second.
    overlap : float
        Share of the first sample's people who are in the second too, 0 to 1.
    """

    first: Fieldwork = SIMPLE
    second: Fieldwork = SIMPLE
    ratio: float = 1.0
    overlap: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.ratio < inf:
            problems.append(f"ratio {self.ratio} is not above 0")
        if not 0 <= self.overlap <= 1:
            problems.append(f"overlap {self.overlap} is not from 0 to 1")
        elif self.overlap * self.ratio > 1:
            problems.append(
                f"an overlap of {self.overlap} of the first sample is more than "
                f"the second, with {self.ratio} in the first for each one there"
            )
        if problems:
            raise WishImpossible(problems)


INDEPENDENT = Pair()


@dataclass(frozen=True, slots=True)
class Spread:
    """How two answers vary, each by itself and together.

    Attributes
    ----------
    first, second : float
        Variance of each answer.
    together : float
        Covariance of the two answers of one person.
    """

    first: float
    second: float
    together: float = 0.0


@dataclass(frozen=True, slots=True)
class PairSize:
    """Sizes of two samples and how they came about.

    Attributes
    ----------
    answers_first, answers_second : float
        Answers needed, not rounded.
    n_first, n_second : int
        Transactions to draw: losses allowed for, rounded up, at most the list.
    is_capped : bool
        A list is too short for the wish.
    power : float
        Probability of finding the difference with these numbers.
    """

    answers_first: float
    answers_second: float
    n_first: int
    n_second: int
    is_capped: bool
    power: float


def for_shares(
    first: float,
    second: float,
    *,
    both: float | None = None,
    pair: Pair = INDEPENDENT,
    confidence: float = 0.95,
    power: float = 0.8,
) -> PairSize:
    r"""Sizes that will tell two shares apart.

    Parameters
    ----------
    first, second : float
        The shares, between 0 and 1, that should be told apart.
    both : float, optional
        Share satisfied both times among people asked twice; needed with an
        overlap.
    pair : Pair, optional
        Lists, design effects, losses, ratio of the samples, overlap.
    confidence : float, default 0.95
        Two-sided; for a one-sided test at 5 % give 0.9.
    power : float, default 0.8
        Probability of finding the difference if it is as large as this.

    Returns
    -------
    PairSize

    Raises
    ------
    WishImpossible
        If a number is out of its range, or the shares are equal; all reasons
        named.

    Notes
    -----
    With :math:`r = n_1 / n_2`, overlap g, variances :math:`\sigma^2 = p(1-p)`
    and covariance :math:`p_{12} - p_1 p_2`,

    .. math::

        n_1 = (z_{1-\alpha/2} + z_{1-\beta})^2 \,
              \frac{\sigma_1^2 + r \sigma_2^2 - 2 g r \sigma_{12}}
                   {(p_1 - p_2)^2}.

    Design effects multiply the variances; short lists take
    :math:`\sigma^2/N` from them.

    References
    ----------
    .. [1] R. Valliant, J. A. Dever and F. Kreuter, *Practical Tools for
           Designing and Weighting Survey Samples*, 2nd ed., 2018, sec. 4.3-4.4.

    Examples
    --------
    >>> for_shares(0.8, 0.75).n_first
    1091
    >>> for_shares(0.8, 0.75, both=0.65, pair=Pair(overlap=0.5)).n_first
    935
    """
    spread = shares_spread(first, second, both=both, pair=pair)
    return for_difference(
        abs(first - second), spread, pair=pair, confidence=confidence, power=power
    )


def for_difference(
    difference: float,
    spread: Spread,
    *,
    pair: Pair = INDEPENDENT,
    confidence: float = 0.95,
    power: float = 0.8,
) -> PairSize:
    """Sizes that will tell two means, or two indices, apart.

    Parameters
    ----------
    difference : float
        Smallest difference that must not be missed, in the answer's unit.
    spread : Spread
        Variances in the answer's unit squared. For an index: p (1 - p)/K.
    pair, confidence, power
        As for `for_shares`.

    Returns
    -------
    PairSize

    Raises
    ------
    WishImpossible
        If a number is out of its range; all reasons named.

    Examples
    --------
    >>> for_difference(0.03, Spread(0.1275 / 2.4, 0.1275 / 2.4)).n_first
    927
    """
    _refuse(
        ([] if 0 < difference < inf else [f"difference {difference} is not above 0"])
        + _between("confidence", confidence)
        + _between("power", power)
    )
    wanted = (difference / (quantile(confidence) + NORMAL.inv_cdf(power))) ** 2
    endless, unseen = _variances(spread, pair)
    answers_first = endless / (wanted + unseen)
    answers_second = answers_first / pair.ratio
    n_first, capped_first = _drawn(answers_first, pair.first)
    n_second, capped_second = _drawn(answers_second, pair.second)
    reached = power_of_difference(
        difference, spread, n_first, n_second, pair=pair, confidence=confidence
    )
    return PairSize(
        answers_first,
        answers_second,
        n_first,
        n_second,
        capped_first or capped_second,
        reached,
    )


def power_of_difference(
    difference: float,
    spread: Spread,
    n_first: int,
    n_second: int,
    *,
    pair: Pair = INDEPENDENT,
    confidence: float = 0.95,
) -> float:
    r"""Probability that a difference of this size will be found.

    Parameters
    ----------
    difference, spread, confidence
        As for `for_difference`.
    n_first, n_second : int
        Transactions drawn. ``pair.ratio`` is not used: these numbers hold.
    pair : Pair, optional
        Lists, design effects, losses and overlap.

    Returns
    -------
    float
        :math:`\Phi(d / SE - z_{1-\alpha/2})`; finding it the wrong way round is
        not counted.

    Raises
    ------
    WishImpossible
        If a number is out of its range.

    Examples
    --------
    >>> spread = Spread(0.8 * 0.2, 0.75 * 0.25)
    >>> round(power_of_difference(0.05, spread, 300, 300), 3)
    0.312
    """
    std_error = _std_error(spread, n_first, n_second, pair)
    if std_error == 0:
        return 1.0
    return NORMAL.cdf(difference / std_error - quantile(confidence))


def margin_of_difference(
    spread: Spread,
    n_first: int,
    n_second: int,
    *,
    pair: Pair = INDEPENDENT,
    confidence: float = 0.95,
) -> float:
    """Margin of error of a difference between two samples that can be afforded.

    Parameters and errors as for `power_of_difference`.

    Examples
    --------
    >>> spread = Spread(0.1275, 0.1275)
    >>> round(margin_of_difference(spread, 300, 300), 3)
    0.057
    """
    _refuse(_between("confidence", confidence))
    return quantile(confidence) * _std_error(spread, n_first, n_second, pair)


def detectable(
    spread: Spread,
    n_first: int,
    n_second: int,
    *,
    pair: Pair = INDEPENDENT,
    confidence: float = 0.95,
    power: float = 0.8,
) -> float:
    """Smallest difference that two samples will find with the power wished for.

    Parameters and errors as for `power_of_difference` and `for_shares`; the
    variances are taken as they are at the figure expected.

    Examples
    --------
    >>> round(detectable(Spread(0.1275, 0.1275), 300, 300), 3)
    0.082
    """
    _refuse(_between("confidence", confidence) + _between("power", power))
    both = quantile(confidence) + NORMAL.inv_cdf(power)
    return both * _std_error(spread, n_first, n_second, pair)


def shares_spread(
    first: float, second: float, *, both: float | None, pair: Pair
) -> Spread:
    """Variances and covariance of two shares.

    Parameters, errors as for `for_shares`.

    Examples
    --------
    >>> shares_spread(0.5, 0.5, both=0.4, pair=Pair(overlap=1.0))
    Spread(first=0.25, second=0.25, together=0.15000000000000002)
    """
    problems = _between("first share", first) + _between("second share", second)
    if both is None:
        if pair.overlap > 0:
            problems.append("with an overlap the share satisfied both times is needed")
    elif not max(0.0, first + second - 1.0) <= both <= min(first, second):
        problems.append(f"{both} cannot be the share of both {first} and {second}")
    _refuse(problems)
    together = 0.0 if both is None else both - first * second
    return Spread(first * (1.0 - first), second * (1.0 - second), together)


def _variances(spread: Spread, pair: Pair) -> tuple[float, float]:
    """Variance of the difference times n_first, and what short lists take off."""
    _refuse_spread(spread)
    first = spread.first * pair.first.deff
    second = spread.second * pair.second.deff
    shared = pair.overlap * pair.ratio * spread.together
    unseen = first / pair.first.frame_size + second / pair.second.frame_size
    return max(first + pair.ratio * second - 2.0 * shared, 0.0), unseen


def _std_error(spread: Spread, n_first: int, n_second: int, pair: Pair) -> float:
    _refuse(_affordable(n_first, pair.first) + _affordable(n_second, pair.second))
    answers = n_first * pair.first.yielding, n_second * pair.second.yielding
    held = Pair(
        pair.first,
        pair.second,
        answers[0] / answers[1],
        min(pair.overlap, answers[1] / answers[0]),
    )
    endless, unseen = _variances(spread, held)
    return sqrt(max(endless / answers[0] - unseen, 0.0))


def _drawn(answers: float, fieldwork: Fieldwork) -> tuple[int, bool]:
    needed = max(rounded_up(answers / fieldwork.yielding), 1)
    return int(min(needed, fieldwork.frame_size)), needed > fieldwork.frame_size


def _refuse(problems: list[str]) -> None:
    if problems:
        raise WishImpossible(problems)


def _refuse_spread(spread: Spread) -> None:
    problems = [
        f"variance {v} is not from 0"
        for v in (spread.first, spread.second)
        if not 0 <= v < inf
    ]
    if not problems and (
        not isfinite(spread.together)
        or spread.together**2 > spread.first * spread.second * (1 + 1e-9)
    ):
        problems.append(f"covariance {spread.together} beyond the variances")
    _refuse(problems)


def _between(name: str, value: float) -> list[str]:
    return [] if 0 < value < 1 else [f"{name} {value} is not between 0 and 1"]


def _affordable(n: int, fieldwork: Fieldwork) -> list[str]:
    if 1 <= n <= fieldwork.frame_size:
        return []
    return [f"{n} transactions from a list of {fieldwork.frame_size}"]
