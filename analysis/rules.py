"""Read and judge a rule set; see ``rule_set`` for what it holds.

The judge reports everything that is wrong in one go, in the order of the file,
each with the place to look at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from analysis.points import Band, Bands, Proportional, Rule, band_problems
from analysis.rule_set import Ladder, Problem, RollUp, RuleSet, RuleSetRejected
from questionnaires import Questionnaire

__all__ = [
    "Ladder",
    "Problem",
    "RollUp",
    "RuleSet",
    "RuleSetRejected",
    "check",
    "check_against",
    "parse",
]

STATUSES = ("in_force", "draft", "demonstration")
FACTOR_RULES = ("pooled", "mean_of_items")
INDEX_RULES = ("pooled", "mean_of_items", "mean_of_factors", "overall_question")
MISSING_PARTS = ("refuse", "rescale")
ROLLUPS = ("transactions", "mean_of_units", "fixed")
SELECTIONS = ("from_list", "at_hand_over")
POINTS_RULES = ("proportional", "bands")
CLOSED = ("low", "high", "both", "neither")
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
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("not_toml", "", str(error))]
    problems: list[Problem] = []
    table = _Table(data, "", problems)
    head: dict[str, Any] = {
        name: table.text(name) for name in ("id", "title", "version", "citation")
    }
    status = table.choice("status", STATUSES)
    days = [table.day(name) for name in ("valid_from", "valid_to")]
    if days[0] and days[1] and days[1] < days[0]:
        table.problem("ends_before_it_begins", "valid_to")
    index = _index(table.table("index"))
    rollup = _rollup(table.table("rollup", optional=True))
    ladder = _ladder(table.table("ladder", optional=True))
    selection = table.table("selection")
    counted = selection.choices("counted", SELECTIONS)
    selection.close()
    points = _points(table.table("points", optional=True))
    confidence = table.number("confidence", Decimal("0.95"))
    if not Decimal("0.5") <= confidence < 1:
        table.problem("out_of_range", "confidence", "from 0.5 to below 1")
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
    )
    return rule_set, []


def _index(table: _Table) -> dict[str, Any]:
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


def _rollup(table: _Table) -> RollUp:
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
        table.problem("out_of_range", "min_coverage", "from 0 to 1")
    table.close()
    return RollUp(**levels, **shares, min_coverage=coverage)


def _ladder(table: _Table) -> Ladder:
    """Numbers of the ladder; a rule set may raise them, never lower them."""
    found = {}
    for name in Ladder.__slots__:
        least = getattr(DEFAULT_LADDER, name)
        found[name] = table.whole(name, least, range(least, 100_000))
    if found["full_from"] < found["figure_from"]:
        table.problem("out_of_range", "full_from", "at least figure_from")
    table.close()
    return Ladder(**found)


def _points(table: _Table) -> dict[str, Any]:
    rule: Rule | None = None
    if table.data:
        kind = table.choice("rule", POINTS_RULES)
        if kind == "proportional":
            full_marks = table.number("full_marks", None)
            if full_marks <= 0:
                table.problem("out_of_range", "full_marks", "above 0")
            rule = Proportional(full_marks)
        elif kind == "bands":
            rule = _bands(table)
    decimals = table.whole("decimals", 2, range(7))
    table.close()
    return {"points_rule": rule, "points_decimals": decimals}


def _bands(table: _Table) -> Rule | None:
    rows = []
    before = len(table.problems)
    for row in table.tables("band"):
        low, high, points = (row.number(n, None) for n in ("low", "high", "points"))
        rows.append(Band(low, high, row.choice("closed", CLOSED), points))
        row.close()
    if len(table.problems) > before:
        return None
    for sentence in band_problems(tuple(rows)):
        table.problem("bands", "band", sentence)
    return Bands(tuple(rows)) if len(table.problems) == before else None


class _Table:
    """A TOML table being read: notes what was taken, collects what is wrong."""

    def __init__(
        self, data: Mapping[str, Any], where: str, problems: list[Problem]
    ) -> None:
        self.data, self.where, self.problems = data, where, problems
        self.taken: set[str] = set()

    def problem(self, code: str, name: str, detail: str = "") -> None:
        self.problems.append(Problem(code, f"{self.where}{name}", detail))

    def close(self) -> None:
        """Whatever was not taken is a key nobody knows."""
        for name in self.data.keys() - self.taken:
            self.problem("unknown_key", name)

    def table(self, name: str, *, optional: bool = False) -> _Table:
        value = self._take(name, {} if optional else None, dict)
        return _Table(value or {}, f"{self.where}{name}.", self.problems)

    def tables(self, name: str) -> list[_Table]:
        rows = self._take(name, [], list)
        return [
            _Table(row, f"{self.where}{name}[{k}].", self.problems)
            for k, row in enumerate(rows)
            if isinstance(row, dict)
        ]

    def text(self, name: str) -> str:
        value = str(self._take(name, None, str) or "")
        if name in self.data and not value.strip():
            self.problem("empty", name)
        return value

    def choice(
        self, name: str, allowed: Iterable[str], default: str | None = None
    ) -> str:
        value = self._take(name, default, str)
        if value is not None and value not in allowed:
            self.problem("not_one_of", name, ", ".join(allowed))
        return str(value)

    def choices(self, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        values = self._take(name, None, list) or []
        for value in values:
            if value not in allowed:
                self.problem("not_one_of", name, ", ".join(allowed))
        if name in self.data and not values:
            self.problem("empty", name)
        if len(set(map(str, values))) != len(values):
            self.problem("twice", name)
        return tuple(map(str, values))

    def day(self, name: str) -> date | None:
        value: date = self._take(name, date.min, date)
        return None if value == date.min else value

    def whole(self, name: str, default: int, allowed: range) -> int:
        value = self._take(name, default, int)
        if value not in allowed:
            self.problem("out_of_range", name, f"{allowed[0]} to {allowed[-1]}")
        return int(value)

    def number(self, name: str, default: Decimal | None) -> Decimal:
        value = self._take(name, default, (int, Decimal))
        return Decimal(1) if value is None else Decimal(value)

    def weights(self, name: str) -> dict[str, Decimal]:
        table = self.table(name, optional=True)
        found = {key: table.number(key, None) for key in table.data}
        for key, value in found.items():
            if value < 0:
                table.problem("negative", key)
        if found and not any(found.values()):
            self.problem("all_zero", name)
        return found

    def _take(self, name: str, default: Any, kind: Any) -> Any:
        """The value under a name; a default of None means it must be there."""
        self.taken.add(name)
        if name not in self.data:
            if default is None:
                self.problem("missing", name)
            return default
        value = self.data[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            self.problem("wrong_type", name, type(value).__name__)
            return kind() if kind in (str, dict, list) else default
        return value
