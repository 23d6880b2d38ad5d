"""What a rule set leaves open, and the figures that have to wait for it.

Nobody guesses in place of the office in charge: whoever needs something that is
open is told what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from analysis.points import holds
from analysis.rule_set import Problem, RuleSet


class NotDecided(ValueError):
    """Something is asked that the rule set leaves open; ``problems`` names it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems


def undecided(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Everything a rule set leaves open, in the order of the file."""
    return tuple(_open(rule_set))


def staff_split(rule_set: RuleSet) -> Mapping[int, Decimal]:
    """Points of the staff survey by number of domain.

    Raises
    ------
    NotDecided
        While the split is unset, or there is no table of points at all.
    """
    found = [p for p in _open(rule_set) if p.code in ("no_scorecard", "no_split")]
    if found or rule_set.point_table is None:
        raise NotDecided(tuple(found))
    return {
        domain.number: domain.staff_points
        for domain in rule_set.point_table.domains
        if domain.staff_points is not None
    }


def class_of(rule_set: RuleSet, total: Decimal) -> str:
    """Name of the class that a total falls into.

    Raises
    ------
    NotDecided
        While the rule set has no classes.
    ValueError
        If the total is not between 0 and 100.
    """
    table = rule_set.point_table
    if table is None or not table.classes:
        found = [p for p in _open(rule_set) if p.code in ("no_scorecard", "no_classes")]
        raise NotDecided(tuple(found))
    for each in table.classes:
        if holds(each, total):
            return each.name
    raise ValueError(f"no class for {total}")


def _open(rule_set: RuleSet) -> Iterator[Problem]:
    table = rule_set.point_table
    if rule_set.rollup.field_to_office is None:
        yield Problem("no_rollup", "rollup.field_to_office")
    if rule_set.rollup.office_to_province is None:
        yield Problem("no_rollup", "rollup.office_to_province")
    if rule_set.points_rule is None:
        yield Problem("no_points_rule", "points")
    if table is None:
        yield Problem("no_scorecard", "scorecard")
        return
    staff = next((part for part in table.parts if part.kind == "staff"), None)
    held = [domain.staff_points for domain in table.domains if domain.part is None]
    if staff and (not held or None in held):
        yield Problem("no_split", "scorecard.domain", str(staff.points))
    if not table.classes:
        yield Problem("no_classes", "scorecard.class")
    if table.not_applicable is None:
        yield Problem("no_rule_for_absent_parts", "scorecard.not_applicable")
