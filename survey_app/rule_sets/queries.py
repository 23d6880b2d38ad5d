"""What the pages of rule sets show, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis import rules
from analysis.rule_messages import sentence, spoken_place
from analysis.rule_set import Problem, RuleSet
from analysis.undecided import undecided
from survey_app.errors import NotFound
from survey_app.formats import folded
from survey_app.models import PublishedRuleSet, Wave


@dataclass(frozen=True, slots=True)
class Told:
    """Something said of a rule set: where, and in which words."""

    code: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Published:
    """A published rule set with what it leaves open and how it is used."""

    rule_set: RuleSet
    text: str
    published_at: datetime
    waves: int
    undecided: tuple[Told, ...]
    notices: tuple[Told, ...]

    @property
    def id(self) -> str:
        return self.rule_set.id


def published(session: Session, *, search: str = "", sort: str = "") -> list[Published]:
    """Every published rule set, the newest first unless sorted otherwise."""
    waves = _waves(session)
    found = [
        _published(row, waves.get(row.id, 0))
        for row in session.scalars(select(PublishedRuleSet))
    ]
    words = folded(search).split()
    found = [p for p in found if all(word in _searched(p) for word in words)]
    match sort:
        case "id":
            return sorted(found, key=lambda p: p.id)
        case "title":
            return sorted(found, key=lambda p: folded(p.rule_set.title))
    return sorted(found, key=lambda p: (-p.published_at.timestamp(), p.id))


def find(session: Session, rule_set_id: str) -> Published:
    """One published rule set.

    Raises
    ------
    NotFound
    """
    row = session.get(PublishedRuleSet, rule_set_id)
    if row is None:
        raise NotFound
    return _published(row, _waves(session).get(row.id, 0))


def told(problem: Problem) -> Told:
    return Told(problem.code, spoken_place(problem.where), sentence(problem))


def _published(row: PublishedRuleSet, waves: int) -> Published:
    rule_set = rules.parse(row.text)
    return Published(
        rule_set,
        row.text,
        row.published_at,
        waves,
        tuple(map(told, undecided(rule_set))),
        tuple(map(told, rules.notices(rule_set))),
    )


def _waves(session: Session) -> dict[str, int]:
    counted = select(Wave.rule_set_id, func.count()).group_by(Wave.rule_set_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _searched(published: Published) -> str:
    rule_set = published.rule_set
    return folded(f"{rule_set.id} {rule_set.title} {rule_set.citation}")
