"""How many to ask for a wish, and what a number that can be afforded will give.

A wish is a margin of error. Every result keeps its steps: the size for a simple
draw from an endless list, with the design effect, from the list as long as it
is, with those counted in who will not answer. It is rounded once, at the end.
Differences between years or offices are in ``size_difference``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt
from statistics import NormalDist


class WishImpossible(ValueError):
    """What was asked for cannot be computed; all reasons are named."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """What happens between drawing a transaction and having an answer.

    Attributes
    ----------
    frame_size : float
        Transactions in the list; ``inf`` when it is not known or endless.
    deff : float
        Design effect: how many answers of this design are worth one of a simple
        draw.
    response : float
        Share of eligible people who will answer, above 0 to 1.
    eligibility : float
        Share of the list that belongs in the survey, above 0 to 1.
    """

    frame_size: float = inf
    deff: float = 1.0
    response: float = 1.0
    eligibility: float = 1.0

    def __post_init__(self) -> None:
        problems = []
        if not self.frame_size >= 1:
            problems.append(f"frame size {self.frame_size} is under 1")
        if not 0 < self.deff < inf:
            problems.append(f"design effect {self.deff} is not above 0")
        for name in ("response", "eligibility"):
            if not 0 < getattr(self, name) <= 1:
                problems.append(f"{name} {getattr(self, name)} is not in (0, 1]")
        if problems:
            raise WishImpossible(problems)

    @property
    def yielding(self) -> float:
        """Answers per transaction drawn."""
        return self.response * self.eligibility


SIMPLE = Fieldwork()


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A sample size and how it came about.

    Attributes
    ----------
    simple : float
        Answers needed by a simple draw from an endless list.
    with_design : float
        ... times the design effect.
    from_frame : float
        ... when the list is only so long: answers needed, not rounded.
    with_losses : float
        ... divided by response and eligibility: transactions to draw, not
        rounded.
    n : int
        Transactions to draw: rounded up, at most the whole list.
    is_capped : bool
        The whole list is not enough for the wish.
    answers : float
        Answers to be expected from n.
    reached : float
        What ``answers`` will give, in the unit of the wish: no more than the
        wish, unless capped.
    """

    simple: float
    with_design: float
    from_frame: float
    with_losses: float
    n: int
    is_capped: bool
    answers: float
    reached: float


@dataclass(frozen=True, slots=True)
class Precision:
    """What an affordable number of transactions will give.

    Attributes
    ----------
    n : int
        Transactions to draw.
    answers : float
        Answers to be expected from them.
    worth : float
        Answers of a simple draw from an endless list that say as much.
    reached : float
        Margin of error, or coefficient of variation, of the figure asked for.
    """

    n: int
    answers: float
    worth: float
    reached: float


def slovin(frame_size: int, margin_of_error: float) -> int:
    r"""Sample size by Slovin's formula: a simplification used in provincial plans.

    Parameters
    ----------
    frame_size : int
        Finished transactions in the period.
    margin_of_error : float
        Share, 0.05 for five points.

    Returns
    -------
    int

    Raises
    ------
    WishImpossible
        If the frame is empty or the margin not above 0.

    Notes
    -----
    :math:`N / (1 + N e^2)`, rounded up. It is `for_share` at p = 0.5 with 2 in
    place of 1.96 and N in place of N - 1, without design effect and losses: for
    N = 2,500 it asks for 345 where 334 are enough.

    References
    ----------
    .. [1] T. Yamane, *Statistics: An Introductory Analysis*, 2nd ed., 1967,
           p. 886.

    Examples
    --------
    >>> [slovin(size, 0.05) for size in (100, 1000, 5000, 100_000)]
    [80, 286, 371, 399]
    """
    problems = [] if frame_size >= 1 else [f"frame size {frame_size} is under 1"]
    _refuse(problems + _wish(margin_of_error))
    return rounded_up(frame_size / (1.0 + frame_size * margin_of_error**2))


def for_share(
    margin_of_error: float,
    *,
    p: float = 0.5,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> SampleSize:
    r"""Sample size for a share known to within a margin of so many points.

    Parameters
    ----------
    margin_of_error : float
        Half the width of the interval wished for, as a share: 0.05 is five
        points.
    p : float, default 0.5
        Share expected; 0.5 is the most cautious.
    confidence : float, default 0.95
        Probability of the interval.
    fieldwork : Fieldwork, optional
        Length of the list, design effect, losses.

    Returns
    -------
    SampleSize
        ``reached`` is a margin of error.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Notes
    -----
    .. math::

        n_0 = z^2 p (1-p) / e^2, \qquad
        n_1 = n_0 \cdot \mathrm{deff}, \qquad
        n_2 = \frac{n_1}{1 + (n_1 - 1) / N}, \qquad
        n = \lceil n_2 / (\text{response} \times \text{eligibility}) \rceil

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, sec. 4.4.

    Examples
    --------
    >>> for_share(0.05, fieldwork=Fieldwork(frame_size=2500)).n
    334
    >>> for_share(0.05, fieldwork=Fieldwork(2500, response=0.6)).n
    556
    """
    return for_index(
        margin_of_error, p=p, gain=1.0, confidence=confidence, fieldwork=fieldwork
    )


def for_index(
    margin_of_error: float,
    *,
    p: float = 0.5,
    gain: float = 1.0,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> SampleSize:
    r"""Sample size for an index of many criteria, answered by the same people.

    Parameters
    ----------
    margin_of_error, p, confidence, fieldwork
        As for `for_share`.
    gain : float, default 1
        K: how many times surer than one criterion the index is. Last wave's; 1
        while there is none.

    Returns
    -------
    SampleSize
        ``reached`` is a margin of error.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Notes
    -----
    As `for_share` with :math:`p (1-p) / K` in place of :math:`p (1-p)`.

    Examples
    --------
    >>> for_share(0.08, p=0.85).n, for_index(0.08, p=0.85, gain=2.4).n
    (77, 32)
    """
    _refuse(_wish(margin_of_error) + _shares(p, confidence) + _gain(gain))
    simple = quantile(confidence) ** 2 * p * (1.0 - p) / gain / margin_of_error**2
    return _sized(simple, margin_of_error, fieldwork, lost=1)


def for_share_relative(
    relative_margin: float,
    *,
    p: float,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> SampleSize:
    """Sample size for a share known to within a part of itself.

    Parameters
    ----------
    relative_margin : float
        0.1 for a tenth of the share, up or down.
    p, confidence, fieldwork
        As for `for_share`; here a small ``p`` is the demanding one.

    Returns
    -------
    SampleSize
        ``reached`` is a relative margin.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Examples
    --------
    >>> for_share_relative(0.1, p=0.5).n == for_share(0.05, p=0.5).n
    True
    """
    _refuse(_wish(relative_margin) + _shares(p, confidence))
    simple = quantile(confidence) ** 2 * (1.0 - p) / p / relative_margin**2
    return _sized(simple, relative_margin, fieldwork, lost=1)


def for_share_cv(cv: float, *, p: float, fieldwork: Fieldwork = SIMPLE) -> SampleSize:
    """Sample size for a share with a coefficient of variation wished for.

    Parameters
    ----------
    cv : float
        Standard error divided by the share.
    p, fieldwork
        As for `for_share`.

    Returns
    -------
    SampleSize
        ``reached`` is a coefficient of variation.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Examples
    --------
    >>> for_share_cv(0.05, p=0.8).n
    100
    """
    _refuse(_wish(cv) + _shares(p))
    return _sized((1.0 - p) / p / cv**2, cv, fieldwork, lost=1)


def for_mean(
    margin_of_error: float,
    *,
    std_dev: float,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> SampleSize:
    r"""Sample size for a mean, such as the mean level 1 to 5 or days waited.

    Parameters
    ----------
    margin_of_error : float
        In the unit of the answer.
    std_dev : float
        Standard deviation of the answer, same unit.
    confidence, fieldwork
        As for `for_share`.

    Returns
    -------
    SampleSize
        ``reached`` is a margin in the unit of the answer.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Notes
    -----
    :math:`n_0 = z^2 S^2 / e^2`; the list is allowed for by
    :math:`n_1 / (1 + n_1 / N)`, since :math:`S^2` has N - 1 below it where
    :math:`p (1-p)` has N.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., Wiley, 1977, sec. 4.6.

    Examples
    --------
    >>> for_mean(0.1, std_dev=0.9, fieldwork=Fieldwork(2000)).n
    270
    """
    _refuse(_wish(margin_of_error) + _spread(std_dev) + _shares(0.5, confidence))
    simple = (quantile(confidence) * std_dev / margin_of_error) ** 2
    return _sized(simple, margin_of_error, fieldwork, lost=0)


def for_mean_cv(
    cv: float, *, population_cv: float, fieldwork: Fieldwork = SIMPLE
) -> SampleSize:
    """Sample size for a mean with a coefficient of variation wished for.

    Parameters
    ----------
    cv : float
        Standard error divided by the mean.
    population_cv : float
        Standard deviation of the answer divided by its mean.
    fieldwork : Fieldwork, optional
        As for `for_share`.

    Returns
    -------
    SampleSize
        ``reached`` is a coefficient of variation.

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Examples
    --------
    >>> for_mean_cv(0.05, population_cv=1, fieldwork=Fieldwork(1000)).n
    286
    """
    _refuse(_wish(cv) + _spread(population_cv))
    return _sized((population_cv / cv) ** 2, cv, fieldwork, lost=0)


def margin_of_share(
    n: int,
    *,
    p: float = 0.5,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> Precision:
    """Margin of error of a share from as many transactions as can be afforded.

    Parameters
    ----------
    n : int
        Transactions to draw, at most the whole list.
    p, confidence, fieldwork
        As for `for_share`.

    Returns
    -------
    Precision

    Raises
    ------
    WishImpossible
        If a number is out of its range, all of them named.

    Examples
    --------
    >>> round(margin_of_share(30, p=0.85).reached, 3)
    0.128
    """
    return margin_of_index(n, p=p, confidence=confidence, fieldwork=fieldwork)


def margin_of_index(
    n: int,
    *,
    p: float = 0.5,
    gain: float = 1.0,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> Precision:
    """Margin of error of an index from as many transactions as can be afforded.

    Parameters, result and errors as for `margin_of_share`; ``gain`` as for
    `for_index`.

    Examples
    --------
    >>> round(margin_of_index(30, p=0.85, gain=2.4).reached, 3)
    0.082
    """
    _refuse(_drawn(n, fieldwork) + _shares(p, confidence) + _gain(gain))
    unit = quantile(confidence) * sqrt(p * (1.0 - p) / gain)
    return _precision(n, unit, fieldwork, lost=1)


def margin_of_mean(
    n: int,
    *,
    std_dev: float,
    confidence: float = 0.95,
    fieldwork: Fieldwork = SIMPLE,
) -> Precision:
    """Margin of error of a mean from as many transactions as can be afforded.

    Parameters and errors as for `for_mean` and `margin_of_share`.

    Examples
    --------
    >>> round(margin_of_mean(270, std_dev=0.9, fieldwork=Fieldwork(2000)).reached, 3)
    0.1
    """
    _refuse(_drawn(n, fieldwork) + _spread(std_dev) + _shares(0.5, confidence))
    return _precision(n, quantile(confidence) * std_dev, fieldwork, lost=0)


def quantile(confidence: float) -> float:
    """Two-sided standard normal quantile: 1.96 for 0.95.

    Examples
    --------
    >>> round(quantile(0.95), 6)
    1.959964
    """
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


def rounded_up(size: float) -> int:
    """Next whole number; a rounding error of the machine costs no interview."""
    return ceil(size - 1e-9 * max(1.0, size))


def _sized(
    simple: float, wish: float, fieldwork: Fieldwork, *, lost: int
) -> SampleSize:
    with_design = simple * fieldwork.deff
    from_frame = with_design / (1.0 + (with_design - lost) / fieldwork.frame_size)
    with_losses = from_frame / fieldwork.yielding
    needed = rounded_up(with_losses)
    n = int(min(needed, fieldwork.frame_size))
    answers = n * fieldwork.yielding
    return SampleSize(
        simple=simple,
        with_design=with_design,
        from_frame=from_frame,
        with_losses=with_losses,
        n=n,
        is_capped=needed > fieldwork.frame_size,
        answers=answers,
        reached=_reached(wish * sqrt(simple), _worth(answers, fieldwork, lost=lost)),
    )


def _precision(n: int, unit: float, fieldwork: Fieldwork, *, lost: int) -> Precision:
    answers = n * fieldwork.yielding
    worth = _worth(answers, fieldwork, lost=lost)
    return Precision(n, answers, worth, _reached(unit, worth))


def _reached(unit: float, worth: float) -> float:
    return unit / sqrt(worth) if worth > 0 else inf


def _worth(answers: float, fieldwork: Fieldwork, *, lost: int) -> float:
    """Simple draw from an endless list that says as much as these answers."""
    size = fieldwork.frame_size
    if answers >= size:
        return inf
    endless = answers if size == inf else answers * (size - lost) / (size - answers)
    return endless / fieldwork.deff


def _refuse(problems: list[str]) -> None:
    if problems:
        raise WishImpossible(problems)


def _wish(wish: float) -> list[str]:
    return [] if 0 < wish < inf else [f"wish of {wish} is not above 0"]


def _shares(p: float, confidence: float = 0.95) -> list[str]:
    given = {"p": p, "confidence": confidence}
    return [
        f"{name} {v} is not between 0 and 1"
        for name, v in given.items()
        if not 0 < v < 1
    ]


def _gain(gain: float) -> list[str]:
    return [] if 0 < gain < inf else [f"gain {gain} is not above 0"]


def _spread(std_dev: float) -> list[str]:
    return [] if 0 < std_dev < inf else [f"spread {std_dev} is not above 0"]


def _drawn(n: int, fieldwork: Fieldwork) -> list[str]:
    if 1 <= n <= fieldwork.frame_size:
        return []
    return [f"{n} transactions from a list of {fieldwork.frame_size}"]
