"""Two published forms side by side, and which of their criteria make one series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from questionnaires import Criterion, Questionnaire
from questionnaires.versions import Difference, comparable_criteria, differences
from survey_app.errors import Refused
from survey_app.models import ComparableCriterion


@dataclass(frozen=True, slots=True)
class Pair:
    """Two criteria of one series; ``reason`` is "" when they are simply the same."""

    before: Criterion
    after: Criterion
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs, the pairs of criteria, and those without a partner."""

    before: Questionnaire
    after: Questionnaire
    differences: tuple[Difference, ...]
    pairs: tuple[Pair, ...]
    alone_before: tuple[Criterion, ...]
    alone_after: tuple[Criterion, ...]


def compare(
    session: Session, before: Questionnaire, after: Questionnaire
) -> Comparison:
    decided = _decided(session, before, after)
    agreed = {old: row.after_criterion for old, row in decided.items()}
    pairs = tuple(
        Pair(
            _criterion(before, old),
            _criterion(after, new),
            decided[old].reason if old in decided else "",
        )
        for old, new in comparable_criteria(before, after, agreed)
    )
    old_ids = {pair.before.id for pair in pairs}
    new_ids = {pair.after.id for pair in pairs}
    return Comparison(
        before,
        after,
        differences(before, after),
        pairs,
        tuple(c for c in _judged(before) if c.id not in old_ids),
        tuple(c for c in _judged(after) if c.id not in new_ids),
    )


def agree(
    session: Session,
    before: Questionnaire,
    after: Questionnaire,
    *,
    old: str,
    new: str,
    reason: str,
    now: datetime,
) -> None:
    """Decide that two criteria make one series.

    Raises
    ------
    Refused
        With every reason why they cannot.
    """
    comparison = compare(session, before, after)
    reasons = []
    if old not in {c.id for c in comparison.alone_before}:
        reasons.append("Tiêu chí của phiếu trước không còn trong danh sách chưa ghép.")
    if new not in {c.id for c in comparison.alone_after}:
        reasons.append("Tiêu chí của phiếu sau không còn trong danh sách chưa ghép.")
    if not reason:
        reasons.append("Chưa ghi lý do ghép, ví dụ số văn bản đã thống nhất.")
    if not reasons:
        try:
            comparable_criteria(before, after, {old: new})
        except ValueError:
            reasons.append(
                "Hai tiêu chí dùng thang đo khác nhau nên số liệu không nối được."
            )
    if reasons:
        raise Refused(*reasons)
    session.add(
        ComparableCriterion(
            before_id=before.id,
            before_criterion=old,
            after_id=after.id,
            after_criterion=new,
            reason=reason,
            decided_at=now,
        )
    )
    session.flush()


def part(
    session: Session, before: Questionnaire, after: Questionnaire, *, old: str
) -> None:
    """Take a decision back; pairs that are simply the same cannot be parted."""
    session.execute(
        delete(ComparableCriterion).where(
            ComparableCriterion.before_id == before.id,
            ComparableCriterion.after_id == after.id,
            ComparableCriterion.before_criterion == old,
        )
    )


def _decided(
    session: Session, before: Questionnaire, after: Questionnaire
) -> dict[str, ComparableCriterion]:
    rows = session.scalars(
        select(ComparableCriterion).where(
            ComparableCriterion.before_id == before.id,
            ComparableCriterion.after_id == after.id,
        )
    )
    return {row.before_criterion: row for row in rows}


def _judged(form: Questionnaire) -> tuple[Criterion, ...]:
    return (*form.criteria, *((form.overall,) if form.overall else ()))


def _criterion(form: Questionnaire, id_: str) -> Criterion:
    return next(c for c in _judged(form) if c.id == id_)
