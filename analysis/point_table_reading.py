"""Read and judge the table of points in a rule set, and the sources it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from analysis.point_table import ClassBand, Domain, Part, PointTable
from analysis.points import Rule, end_problems
from analysis.rule_set import Problem, RuleSet, Source
from analysis.rule_table import Table

KINDS = ("appraised", "staff", "sipas")
ABSENT_PARTS = ("rescale", "leave_out")
CLOSED = ("low", "high", "both", "neither")
SOURCE_STATUSES = ("seen", "inferred", "unverified", "chosen")
COUNTS = range(1000)


def point_table(table: Table, rule: Rule | None) -> PointTable | None:
    """The table of points, or None when there is none or it cannot be read."""
    if not table.data:
        return None
    before = len(table.problems)
    total = table.number("total", None)
    absent = None
    if "not_applicable" in table.data:
        absent = table.choice("not_applicable", ABSENT_PARTS)
    stated = table.table("stated", optional=True)
    counts = [_count(stated, name) for name in ("criteria", "components")]
    stated.close()
    parts = [_part(row) for row in table.tables("part")]
    domains = [_domain(row) for row in table.tables("domain")]
    classes = [_class(row) for row in table.tables("class")]
    table.close()
    if len(table.problems) > before:
        return None
    found = PointTable(
        total,
        tuple(parts),
        tuple(domains),
        tuple(classes),
        counts[0],
        counts[1],
        absent,
    )
    _judge_parts(table, found, rule)
    _judge_domains(table, found)
    _judge_split(table, found)
    _judge_classes(table, found)
    return found


def sources(rows: Sequence[Table], data: Mapping[str, Any]) -> tuple[Source, ...]:
    """What is said about where each rule comes from."""
    found = []
    for row in rows:
        of = row.text("of")
        status, text = row.choice("status", SOURCE_STATUSES), row.text("text")
        if of and not _leads_somewhere(data, of):
            row.problem("source_of_nothing", "of", of)
        row.close()
        found.append(Source(of, status, text))
    return tuple(found)


def notices(rule_set: RuleSet) -> list[Problem]:
    """Contradictions inside the decision itself: to be told, hindering nothing."""
    table = rule_set.point_table
    if table is None:
        return []
    found = []
    for name, stated in (
        ("criteria", table.stated_criteria),
        ("components", table.stated_components),
    ):
        added = sum(getattr(domain, name) or 0 for domain in table.domains)
        if stated is not None and stated != added:
            found.append(
                Problem(
                    f"stated_{name}_differ",
                    f"scorecard.stated.{name}",
                    f"{stated} ≠ {added}",
                )
            )
    return found


def _part(row: Table) -> Part:
    part = Part(
        row.text("id"), row.text("name"), row.choice("kind", KINDS), _points(row)
    )
    row.close()
    return part


def _domain(row: Table) -> Domain:
    domain = Domain(
        number=row.whole("number", None, range(1, 1000)),
        name=row.text("name"),
        points=_points(row),
        criteria=_count(row, "criteria"),
        components=_count(row, "components"),
        part=row.text("part") if "part" in row.data else None,
        staff_points=_staff_points(row),
    )
    row.close()
    return domain


def _class(row: Table) -> ClassBand:
    found = ClassBand(
        name=row.text("name"),
        low=row.number("low", None),
        high=row.number("high", None),
        closed=row.choice("closed", CLOSED),
    )
    row.close()
    return found


def _points(row: Table) -> Decimal:
    points = row.number("points", None)
    if points <= 0:
        row.problem("not_above_zero", "points", str(points))
    return points


def _staff_points(row: Table) -> Decimal | None:
    if "staff_points" not in row.data:
        return None
    points = row.number("staff_points", None)
    if points < 0:
        row.problem("negative", "staff_points")
    return points


def _count(row: Table, name: str) -> int | None:
    return row.whole(name, None, COUNTS) if name in row.data else None


def _judge_parts(table: Table, found: PointTable, rule: Rule | None) -> None:
    added = sum((part.points for part in found.parts), Decimal(0))
    if added != found.total:
        table.problem("parts_do_not_sum", "part", f"{added} ≠ {found.total}")
    for key in ("id", "kind"):
        for k in _repeated([getattr(part, key) for part in found.parts]):
            table.problem("twice", f"part[{k}].{key}")
    sipas = next((part for part in found.parts if part.kind == "sipas"), None)
    if rule and sipas and rule.full_marks != sipas.points:
        table.problem(
            "full_marks_and_part_differ", "part", f"{rule.full_marks} ≠ {sipas.points}"
        )


def _judge_domains(table: Table, found: PointTable) -> None:
    added = sum((domain.points for domain in found.domains), Decimal(0))
    if added != found.total:
        table.problem("domains_do_not_sum", "domain", f"{added} ≠ {found.total}")
    for k, domain in enumerate(found.domains):
        if domain.number != k + 1:
            table.problem("numbers_do_not_count_on", f"domain[{k}].number", str(k + 1))
        if domain.part and domain.part not in {part.id for part in found.parts}:
            table.problem("unknown_part", f"domain[{k}].part", domain.part)
    for part in found.parts:
        own = [d.points for d in found.domains if d.part == part.id]
        if own and sum(own) != part.points:
            detail = f"{sum(own)} ≠ {part.points}"
            table.problem("domain_and_part_differ", "domain", detail)


def _judge_split(table: Table, found: PointTable) -> None:
    """The points of the staff survey: all domains it touches or none, summing."""
    for k, domain in enumerate(found.domains):
        if domain.staff_points is None:
            continue
        where = f"domain[{k}].staff_points"
        if domain.part:
            table.problem("split_on_other_part", where, domain.part)
        elif domain.staff_points > domain.points:
            detail = f"{domain.staff_points} > {domain.points}"
            table.problem("split_above_domain", where, detail)
    shared = [(k, d) for k, d in enumerate(found.domains) if d.part is None]
    given = [d.staff_points for _, d in shared if d.staff_points is not None]
    if not given:
        return
    if len(given) < len(shared):
        for k, domain in shared:
            if domain.staff_points is None:
                table.problem("split_incomplete", f"domain[{k}].staff_points")
        return
    staff = next((p.points for p in found.parts if p.kind == "staff"), Decimal(0))
    if sum(given) != staff:
        table.problem("split_does_not_sum", "domain", f"{sum(given)} ≠ {staff}")


def _judge_classes(table: Table, found: PointTable) -> None:
    for k in _repeated([each.name for each in found.classes]):
        table.problem("twice", f"class[{k}].name")
    if found.classes:
        for problem in end_problems(found.classes):
            table.problem(problem.code, f"class[{problem.row}]", problem.detail)


def _repeated(values: Sequence[str]) -> list[int]:
    return [k for k, value in enumerate(values) if value in values[:k]]


def _leads_somewhere(data: Mapping[str, Any], path: str) -> bool:
    here: Any = data
    for name in path.split("."):
        if not isinstance(here, Mapping) or name not in here:
            return False
        here = here[name]
    return True
