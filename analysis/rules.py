"""Read and judge a rule set; see ``rule_set`` for what it holds.

The judge reports everything that is wrong in one go, in the order of the file,
each with the place to look at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from analysis.point_table_reading import CLOSED, notices, point_table, sources
from analysis.points import Band, Bands, Proportional, Rule, band_problems
from analysis.rule_set import Ladder, Problem, RollUp, RuleSet, RuleSetRejected
from analysis.rule_table import NotReadable, Table, load
from questionnaires import Questionnaire

__all__ = [
    "Ladder",
    "Problem",
    "RollUp",
    "RuleSet",
    "RuleSetRejected",
    "check",
    "check_against",
    "notices",
    "parse",
]

STATUSES = ("in_force", "draft", "demonstration")
FACTOR_RULES = ("pooled", "mean_of_items")
INDEX_RULES = ("pooled", "mean_of_items", "mean_of_factors", "overall_question")
MISSING_PARTS = ("refuse", "rescale")
ROLLUPS = ("transactions", "mean_of_units", "fixed")
SELECTIONS = ("from_list", "at_hand_over")
POINTS_RULES = ("proportional", "bands")
ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
DEFAULT_LADDER = Ladder()


def parse(text: str) -> RuleSet:
    """The rule set written in a TOML text.

    Raises
    ------
    RuleSetRejected
        With every problem of the text.

    Notes
    -----
    Numbers with a decimal point are read as exact decimals.
    """
    rule_set, problems = _read(text)
    if problems or rule_set is None:
        raise RuleSetRejected(tuple(problems))
    return rule_set


def check(text: str) -> list[Problem]:
    """Everything wrong with a TOML text; empty when it can be used."""
    return _read(text)[1]


def check_against(rule_set: RuleSet, questionnaire: Questionnaire) -> list[Problem]:
    """What in a rule set does not fit a questionnaire."""
    items = {criterion.id for criterion in questionnaire.criteria}
    factors = {factor.id for factor in questionnaire.factors}
    problems = _misfits("index.item_weights", rule_set.item_weights, items)
    problems += _misfits("index.factor_weights", rule_set.factor_weights, factors)
    if rule_set.index_rule == "overall_question" and questionnaire.overall is None:
        problems.append(
            Problem("no_overall_question", "index.index_rule", questionnaire.id)
        )
    return problems


def _misfits(where: str, given: Mapping[str, Decimal], ids: set[str]) -> list[Problem]:
    """Weights must name every part of the questionnaire and nothing else."""
    if not given:
        return []
    unknown = [Problem("unknown_id", f"{where}.{key}") for key in given.keys() - ids]
    absent = [Problem("missing_id", f"{where}.{key}") for key in ids - given.keys()]
    return sorted(unknown + absent, key=lambda problem: problem.where)


def _read(text: str) -> tuple[RuleSet | None, list[Problem]]:
    try:
        data = load(text)
    except NotReadable as unreadable:
        return None, [unreadable.problem]
    problems: list[Problem] = []
    table = Table(data, "", problems)
    head: dict[str, Any] = {
        name: table.text(name) for name in ("id", "title", "version", "citation")
    }
    if head["id"].strip() and not ID.fullmatch(head["id"]):
        table.problem("bad_id", "id", head["id"])
    status = table.choice("status", STATUSES)
    days = [table.day(name) for name in ("valid_from", "valid_to")]
    if days[0] and days[1] and days[1] < days[0]:
        table.problem("ends_before_it_begins", "valid_to")
    index = _index(table.table("index"))
    rollup = _rollup(table.table("rollup", optional=True))
    ladder = _ladder(table.table("ladder", optional=True))
    counted = _selection(table.table("selection"))
    points = _points(table.table("points", optional=True))
    scorecard = table.table("scorecard", optional=True)
    hundred = point_table(scorecard, points["points_rule"])
    cited = sources(table.tables("source"), data)
    confidence = table.number("confidence", Decimal("0.95"))
    if not Decimal("0.5") <= confidence < 1:
        table.problem("out_of_range", "confidence", "0.5 – 0.99…")
    table.close()
    if problems:
        return None, problems
    rule_set = RuleSet(
        **head,
        status=status,
        valid_from=days[0],
        valid_to=days[1],
        sha256=sha256(text.encode()).hexdigest(),
        **index,
        rollup=rollup,
        ladder=ladder,
        counted=counted,
        **points,
        confidence=float(confidence),
        point_table=hundred,
        sources=cited,
    )
    return rule_set, []


def _index(table: Table) -> dict[str, Any]:
    found = {
        "factor_rule": table.choice("factor_rule", FACTOR_RULES),
        "index_rule": table.choice("index_rule", INDEX_RULES),
        "missing_part": table.choice("missing_part", MISSING_PARTS, "refuse"),
        "item_weights": table.weights("item_weights"),
        "factor_weights": table.weights("factor_weights"),
        "index_decimals": table.whole("decimals", 2, range(7)),
    }
    table.close()
    return found


def _rollup(table: Table) -> RollUp:
    levels: dict[str, Any] = {
        name: table.choice(name, ROLLUPS) if name in table.data else None
        for name in ("field_to_office", "office_to_province")
    }
    shares: dict[str, Any] = {
        name: table.weights(name) for name in ("field_shares", "office_shares")
    }
    for level, share in zip(levels, shares, strict=True):
        if (levels[level] == "fixed") != bool(shares[share]):
            table.problem("shares_and_fixed_go_together", share)
        elif shares[share] and sum(shares[share].values()) != 1:
            table.problem("must_sum_to_1", share, str(sum(shares[share].values())))
    coverage = table.number("min_coverage", Decimal("0.95"))
    if not 0 <= coverage <= 1:
        table.problem("out_of_range", "min_coverage", "0 – 1")
    table.close()
    return RollUp(**levels, **shares, min_coverage=coverage)


def _ladder(table: Table) -> Ladder:
    """Numbers of the ladder; a rule set may raise them, never lower them."""
    found = {}
    for name in Ladder.__slots__:
        least = getattr(DEFAULT_LADDER, name)
        found[name] = table.whole(
            name, least, range(least, 100_000), code="ladder_lowered"
        )
    if found["full_from"] < found["figure_from"]:
        detail = f"{found['full_from']} < {found['figure_from']}"
        table.problem("ladder_falls", "full_from", detail)
    table.close()
    return Ladder(**found)


def _selection(table: Table) -> tuple[str, ...]:
    """Selections that may count. A blend of two is judged, but never computed."""
    counted = table.choices("counted", SELECTIONS)
    if "lambda" in table.data:
        share = table.number("lambda", None)
        if not 0 <= share <= 1:
            table.problem("out_of_range", "lambda", "0 – 1")
        elif len(counted) < 2:
            table.problem("lambda_needs_two", "lambda")
        elif share != 1:
            table.problem("blend_not_computed", "lambda", str(share))
    table.close()
    return counted


def _points(table: Table) -> dict[str, Any]:
    rule: Rule | None = None
    if table.data:
        kind = table.choice("rule", POINTS_RULES)
        if kind == "proportional":
            full_marks = table.number("full_marks", None)
            if full_marks <= 0:
                table.problem("not_above_zero", "full_marks", str(full_marks))
            rule = Proportional(full_marks)
        elif kind == "bands":
            rule = _bands(table)
    decimals = table.whole("decimals", 2, range(7))
    table.close()
    return {"points_rule": rule, "points_decimals": decimals}


def _bands(table: Table) -> Rule | None:
    rows = []
    before = len(table.problems)
    for row in table.tables("band"):
        low, high, points = (row.number(n, None) for n in ("low", "high", "points"))
        rows.append(Band(low, high, row.choice("closed", CLOSED), points))
        row.close()
    if len(table.problems) > before:
        return None
    for problem in band_problems(rows):
        where = f"band[{problem.row}]" if rows else "band"
        table.problem(problem.code, where, problem.detail)
    return Bands(tuple(rows)) if len(table.problems) == before else None
