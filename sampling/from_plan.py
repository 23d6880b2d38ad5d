"""Draw what a sealed plan says, no more and no less.

Whoever has the plan and the list gets the same transactions, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from sampling.draw import Draw, stratified, stratified_systematic
from sampling.frame import sizes
from sampling.plan import Plan
from sampling.randomness import generator

DRAWS = {
    "simple": stratified,
    "systematic": stratified_systematic,
    "census": stratified,
}


class PlanDiffers(ValueError):
    """The list is not the one the plan was made for, or it is drawn otherwise.

    Attributes
    ----------
    problems : tuple of str
        All differences, stratum by stratum.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def drawn(plan: Plan, strata: Sequence[str]) -> dict[str, Draw]:
    """Draw the sample of a plan from its list.

    Parameters
    ----------
    plan : Plan
        With ``draw`` one of simple, systematic and census.
    strata : sequence of str, length N
        Stratum of each transaction in list order, before small strata are
        merged.

    Returns
    -------
    dict of str to Draw
        By stratum of the plan, in its order; positions count in the whole list.

    Raises
    ------
    PlanDiffers
        With every difference: another draw, a stratum more or less, another
        number of transactions, a census that leaves some out.

    Examples
    --------
    >>> from sampling.plan import PlannedStratum
    >>> plan = Plan("w", "Index", "simple", (PlannedStratum("A", 3, 2),), seed=7,
    ...             merged=(("a", "A"),))
    >>> drawn(plan, ["A", "a", "A"])["A"].selected
    array([0, 2])
    """
    into = dict(plan.merged)
    named = [into.get(stratum, stratum) for stratum in strata]
    if problems := _differences(plan, sizes(named)):
        raise PlanDiffers(problems)
    return DRAWS[plan.draw](
        named,
        {row.stratum: row.n for row in plan.strata},
        rng=generator(plan.seed),
        reserves={row.stratum: row.reserve for row in plan.strata},
    )


def _differences(plan: Plan, listed: dict[str, int]) -> list[str]:
    problems = []
    if plan.draw not in DRAWS:
        problems.append(
            f"draw: expected one of {', '.join(DRAWS)}, the plan says {plan.draw!r}"
        )
    for row in plan.strata:
        if (there := listed.get(row.stratum, 0)) != row.frame_size:
            problems.append(
                f"{row.stratum}: {row.frame_size} transactions in the plan, "
                f"{there} in the list"
            )
        if plan.draw == "census" and row.n != row.frame_size:
            problems.append(
                f"{row.stratum}: a census of {row.n} out of {row.frame_size}"
            )
    planned = {row.stratum for row in plan.strata}
    problems += [
        f"{stratum}: {there} transactions in the list, not in the plan"
        for stratum, there in listed.items()
        if stratum not in planned
    ]
    return problems
