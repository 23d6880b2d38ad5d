"""What the authoring pages show, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app import languages
from survey_app.errors import NotFound
from survey_app.formats import folded
from survey_app.languages import Language
from survey_app.models import Definition, PublishedTranslation, Wave


@dataclass(frozen=True, slots=True)
class Published:
    """A published questionnaire with all that is known about its use."""

    questionnaire: Questionnaire
    text: str
    sha256: str
    published_at: datetime
    languages: tuple[Language, ...]
    waves: int

    @property
    def id(self) -> str:
        return self.questionnaire.id


@dataclass(frozen=True, slots=True)
class TranslationVersion:
    language: str
    name: str
    version: int
    reviewed: bool
    shipped: bool
    published_at: datetime


def published(session: Session, *, search: str = "", sort: str = "") -> list[Published]:
    """Every published questionnaire, the newest first unless sorted otherwise."""
    waves = _waves(session)
    found = [
        _published(session, row, waves.get(row.id, 0))
        for row in session.scalars(select(Definition))
    ]
    words = folded(search).split()
    found = [p for p in found if all(word in _searched(p) for word in words)]
    match sort:
        case "id":
            return sorted(found, key=lambda p: p.id)
        case "title":
            return sorted(found, key=lambda p: folded(p.questionnaire.title))
    return sorted(found, key=lambda p: (-p.published_at.timestamp(), p.id))


def find(session: Session, questionnaire_id: str) -> Published:
    """One published questionnaire.

    Raises
    ------
    NotFound
    """
    row = session.get(Definition, questionnaire_id)
    if row is None:
        raise NotFound
    return _published(session, row, _waves(session).get(row.id, 0))


def relatives(session: Session, of: Published) -> list[tuple[Questionnaire, int]]:
    """Other questionnaires that share criteria with one, and how many they share."""
    criteria = {c.id for c in of.questionnaire.criteria}
    others = [
        questionnaires.parse(text)
        for text in session.scalars(
            select(Definition.text).where(Definition.id != of.id)
        )
    ]
    shared = [(form, len(criteria & {c.id for c in form.criteria})) for form in others]
    return sorted(shared, key=lambda pair: (-pair[1], pair[0].id))


def translation_versions(
    session: Session, questionnaire_id: str
) -> list[TranslationVersion]:
    """Every version of every translation, the latest first in each language."""
    return [
        TranslationVersion(
            row.language,
            languages.name_of(row.language),
            row.version,
            row.reviewed,
            row.shipped,
            row.published_at,
        )
        for row in session.scalars(
            select(PublishedTranslation)
            .where(PublishedTranslation.questionnaire_id == questionnaire_id)
            .order_by(
                PublishedTranslation.language, PublishedTranslation.version.desc()
            )
        )
    ]


def definition_texts(session: Session) -> list[str]:
    """The texts of all published questionnaires, for the judge to compare with."""
    return list(session.scalars(select(Definition.text).order_by(Definition.id)))


def _published(session: Session, row: Definition, waves: int) -> Published:
    return Published(
        questionnaires.parse(row.text),
        row.text,
        row.sha256,
        row.published_at,
        languages.languages_of(session, row.id),
        waves,
    )


def _waves(session: Session) -> dict[str, int]:
    counted = select(Wave.questionnaire_id, func.count()).group_by(
        Wave.questionnaire_id
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _searched(published: Published) -> str:
    form = published.questionnaire
    return folded(f"{form.id} {form.title} {form.source.decision}")
