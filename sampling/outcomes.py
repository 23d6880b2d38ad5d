"""What became of everyone drawn, and the rates that are published about it.

The rates are those of the American Association for Public Opinion Research, so
that ours can be compared with anyone's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """The letters of the AAPOR formulas."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSED = "R"
    NOT_CONTACTED = "NC"
    OTHER = "O"
    UNKNOWN = "U"
    INELIGIBLE = "N"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One final outcome: our word, the AAPOR code, the letter it counts under."""

    id: str
    code: str
    group: Group


# AAPOR, Standard Definitions, 9th ed. (2016), tables 3 and 4: specifically named
# persons by mail and internet. A ballot withdrawn by the citizen has no code of
# its own and counts as a break-off; a slip never used counts as not contacted,
# since the one it was given to is known to be eligible.
OUTCOMES = (
    Outcome("completed", "1.1", Group.COMPLETE),
    Outcome("partial", "1.2", Group.PARTIAL),
    Outcome("refused", "2.11", Group.REFUSED),
    Outcome("broken_off", "2.12", Group.REFUSED),
    Outcome("withdrawn", "2.12", Group.REFUSED),
    Outcome("not_contacted", "2.2", Group.NOT_CONTACTED),
    Outcome("not_returned", "2.2", Group.NOT_CONTACTED),
    Outcome("deceased", "2.31", Group.OTHER),
    Outcome("unable", "2.32", Group.OTHER),
    Outcome("language", "2.33", Group.OTHER),
    Outcome("other", "2.36", Group.OTHER),
    Outcome("not_tried", "3.11", Group.UNKNOWN),
    Outcome("unknown", "3.9", Group.UNKNOWN),
    Outcome("out_of_frame", "4.1", Group.INELIGIBLE),
    Outcome("duplicate", "4.81", Group.INELIGIBLE),
)
BY_ID = {outcome.id: outcome for outcome in OUTCOMES}


class UnknownOutcome(ValueError):
    """A word that is no outcome, or a count that is no number of people."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts by letter and the rates made of them; None where nothing divides.

    Attributes
    ----------
    counts : dict of str to int
        I, P, R, NC, O, U and N (ineligible).
    eligibility : float or None
        e: share of the unresolved taken to be eligible.
    rr1, rr2, rr3, rr4, rr5, rr6 : float or None
        Response rates. The first of each pair counts complete answers, the
        second partial ones too; 1 and 2 take all unresolved as eligible, 3 and
        4 the share e, 5 and 6 none.
    contact1, contact2, contact3 : float or None
        Reached at all: all, e, none of the unresolved as eligible.
    cooperation1, cooperation2, cooperation3, cooperation4 : float or None
        Answered, of those reached; 3 and 4 leave out those unable to.
    refusal1, refusal2, refusal3 : float or None
        Refused: all, e, none of the unresolved as eligible.
    """

    counts: dict[str, int]
    eligibility: float | None
    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    contact1: float | None
    contact2: float | None
    contact3: float | None
    cooperation1: float | None
    cooperation2: float | None
    cooperation3: float | None
    cooperation4: float | None
    refusal1: float | None
    refusal2: float | None
    refusal3: float | None


def rates(counts: Mapping[str, int], *, eligibility: float | None = None) -> Rates:
    r"""Response, contact, cooperation and refusal rates from counts of outcomes.

    Parameters
    ----------
    counts : mapping of str to int
        People by outcome id, as in `OUTCOMES`.
    eligibility : float, optional
        Share e of the unresolved taken to be eligible, 0 to 1. By default the
        share found among those resolved; None when nobody is.

    Returns
    -------
    Rates

    Raises
    ------
    UnknownOutcome
        If an id is not in `OUTCOMES` or a count is negative, all named; or the
        eligibility is not from 0 to 1.

    Notes
    -----
    For instance :math:`RR3 = I / (I + P + R + NC + O + e\,U)`.

    References
    ----------
    .. [1] AAPOR, *Standard Definitions: Final Dispositions of Case Codes and
           Outcome Rates for Surveys*, 9th ed., 2016.

    Examples
    --------
    >>> year = rates({"completed": 60, "refused": 20, "not_contacted": 10,
    ...               "unknown": 10, "out_of_frame": 10})
    >>> year.rr1, round(year.rr3, 4), round(year.rr5, 4), year.eligibility
    (0.6, 0.6061, 0.6667, 0.9)
    """
    wrong = {k: n for k, n in counts.items() if k not in BY_ID or n < 0}
    if wrong:
        raise UnknownOutcome(f"no outcomes or no numbers of people: {wrong}")
    if eligibility is not None and not 0 <= eligibility <= 1:
        raise UnknownOutcome(f"eligibility {eligibility} is not from 0 to 1")
    letters = dict.fromkeys((group.value for group in Group), 0)
    for outcome, number in counts.items():
        letters[BY_ID[outcome].group.value] += number
    return _rates(letters, eligibility)


def rates_by(
    groups: Sequence[str], outcomes: Sequence[str], *, eligibility: float | None = None
) -> dict[str, Rates]:
    """Rates per office, per interviewer, or per whatever people are grouped by.

    Parameters
    ----------
    groups, outcomes : sequences of str, equally long
        Group and outcome id of each person drawn.
    eligibility : float, optional
        As for `rates`; by default each group's own.

    Returns
    -------
    dict of str to Rates
        In order of first appearance.

    Raises
    ------
    UnknownOutcome
        As for `rates`.

    Examples
    --------
    >>> by = rates_by(["A", "A", "B"], ["completed", "refused", "completed"])
    >>> by["A"].rr1, by["B"].rr1
    (0.5, 1.0)
    """
    counts: dict[str, dict[str, int]] = {}
    for group, outcome in zip(groups, outcomes, strict=True):
        mine = counts.setdefault(group, {})
        mine[outcome] = mine.get(outcome, 0) + 1
    return {g: rates(mine, eligibility=eligibility) for g, mine in counts.items()}


def _rates(letters: dict[str, int], eligibility: float | None) -> Rates:
    answered, partly, refused, missed, other, unknown, ineligible = (
        letters[group.value] for group in Group
    )
    both = answered + partly
    eligible = both + refused + missed + other
    if eligibility is None and eligible + ineligible:
        eligibility = eligible / (eligible + ineligible)
    maybe = 0.0 if not unknown else _times(eligibility, unknown)
    all_taken, some_taken = eligible + unknown, _plus(eligible, maybe)
    reached = both + refused + other
    return Rates(
        counts=letters,
        eligibility=eligibility,
        rr1=_share(answered, all_taken),
        rr2=_share(both, all_taken),
        rr3=_share(answered, some_taken),
        rr4=_share(both, some_taken),
        rr5=_share(answered, eligible),
        rr6=_share(both, eligible),
        contact1=_share(reached, all_taken),
        contact2=_share(reached, some_taken),
        contact3=_share(reached, eligible),
        cooperation1=_share(answered, reached),
        cooperation2=_share(both, reached),
        cooperation3=_share(answered, both + refused),
        cooperation4=_share(both, both + refused),
        refusal1=_share(refused, all_taken),
        refusal2=_share(refused, some_taken),
        refusal3=_share(refused, eligible),
    )


def _times(share: float | None, number: int) -> float | None:
    return None if share is None else share * number


def _plus(number: int, more: float | None) -> float | None:
    return None if more is None else number + more


def _share(part: int, whole: float | None) -> float | None:
    return part / whole if whole else None
