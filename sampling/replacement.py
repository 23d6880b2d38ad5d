"""Who takes the place of someone who could not be reached.

The reserve was drawn together with the sample and is released in its own order,
never by choice; each release names whom it is for and why. Those replaced stay
in the sample as not having answered. Taking whoever happens to be at hand
instead would be a quota sample, and is not offered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from sampling.outcomes import BY_ID, Group


@dataclass(frozen=True, slots=True)
class ReplacementRule:
    """When the plan allows the next of the reserve to be released.

    Attributes
    ----------
    groups : frozenset of Group
        Outcomes after which a place may be given on.
    attempts_at_least : int
        Times someone must have been tried before he counts as not reached.
    """

    groups: frozenset[Group] = frozenset(
        {Group.REFUSED, Group.NOT_CONTACTED, Group.OTHER, Group.INELIGIBLE}
    )
    attempts_at_least: int = 3


@dataclass(frozen=True, slots=True)
class Release:
    """One transaction released from the reserve.

    Attributes
    ----------
    position : int
        Of the released transaction in the frame.
    order : int
        Its number in the order of release of its stratum, from 1.
    for_position : int
        Of the transaction whose place it takes.
    outcome : str
        What became of that one.
    reason : str
        In the interviewer's words.
    """

    position: int
    order: int
    for_position: int
    outcome: str
    reason: str


class NotReleased(ValueError):
    """The rule of the plan does not allow this release; all reasons are named."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def release(
    reserve: Sequence[int],
    releases: Sequence[Release],
    *,
    for_position: int,
    outcome: str,
    attempts: int,
    reason: str,
    rule: ReplacementRule,
) -> Release:
    """Next of a stratum's reserve, for someone who did not answer.

    Parameters
    ----------
    reserve : sequence of int
        Positions in order of release, as ``Draw.reserve`` has them.
    releases : sequence of Release
        Those of this stratum so far.
    for_position : int
        Position of the one to be replaced.
    outcome : str
        His outcome, one of ``outcomes.OUTCOMES``.
    attempts : int
        How often he was tried.
    reason : str
        Why, in words.
    rule : ReplacementRule
        The plan's.

    Returns
    -------
    Release

    Raises
    ------
    NotReleased
        With every reason: the outcome gives no place on, too few attempts, no
        words, replaced before, nobody left.

    Examples
    --------
    >>> rule = ReplacementRule(attempts_at_least=2)
    >>> release([41, 7], [], for_position=12, outcome="not_contacted", attempts=2,
    ...         reason="đã chuyển đi", rule=rule).position
    41
    """
    problems = []
    known = BY_ID.get(outcome)
    if known is None:
        problems.append(f"{outcome!r} is no outcome")
    elif known.group not in rule.groups:
        problems.append(f"the plan gives no place on after {outcome!r}")
    elif known.group is Group.NOT_CONTACTED and attempts < rule.attempts_at_least:
        problems.append(
            f"tried {attempts} times; the plan asks for {rule.attempts_at_least}"
        )
    if not reason.strip():
        problems.append("no reason given")
    if any(earlier.for_position == for_position for earlier in releases):
        problems.append(f"{for_position} has been replaced already")
    if len(releases) >= len(reserve):
        problems.append(f"all {len(reserve)} of the reserve are released")
    if problems:
        raise NotReleased(problems)
    order = len(releases)
    return Release(reserve[order], order + 1, for_position, outcome, reason.strip())


def needed(
    target: int, *, answered: int, outstanding: int, response: float, reserve_left: int
) -> int:
    """How many of the reserve to release so that the target is likely to be met.

    Parameters
    ----------
    target : int
        Answers wished for.
    answered, outstanding : int
        Answers so far, and people still to answer.
    response : float
        Share expected to answer, above 0 to 1; best the one seen so far.
    reserve_left : int
        Not yet released.

    Returns
    -------
    int
        From 0 to ``reserve_left``.

    Raises
    ------
    ValueError
        If the response is not above 0 to 1.

    Examples
    --------
    >>> needed(30, answered=18, outstanding=10, response=0.6, reserve_left=20)
    10
    """
    if not 0 < response <= 1:
        raise ValueError(f"response {response} is not in (0, 1]")
    short = target - answered - floor(outstanding * response)
    return min(max(ceil(short / response - 1e-9), 0), reserve_left)
