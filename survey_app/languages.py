"""The languages in which a published questionnaire can be offered."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from questionnaires import translations as in_words
from questionnaires.translations import Translation, is_complete, parse_translation
from survey_app.models import Definition, PublishedTranslation

NAMES = {
    "vi": "Tiếng Việt",
    "en": "English",
    "km": "ភាសាខ្មែរ",
    "cjm": "Chăm",
    "zh": "中文",
}


@dataclass(frozen=True, slots=True)
class Language:
    """One language on offer; ``version`` 0 is the questionnaire's own wording.

    ``name`` is the language's own, as people who read it know it.
    """

    code: str
    name: str
    version: int
    reviewed: bool
    shipped: bool = False

    @property
    def is_original(self) -> bool:
        return self.version == 0


def name_of(code: str) -> str:
    return NAMES.get(code, code)


def languages_of(session: Session, questionnaire_id: str) -> tuple[Language, ...]:
    """The languages a wave may offer: the original first, then complete translations.

    Where ``reviewed`` is false, the page has to say so.
    """
    text = session.scalars(
        select(Definition.text).where(Definition.id == questionnaire_id)
    ).one()
    questionnaire = questionnaires.parse(text)
    original = questionnaire.language
    return (
        Language(original, name_of(original), 0, reviewed=True),
        *(
            Language(
                row.language,
                name_of(row.language),
                row.version,
                row.reviewed,
                row.shipped,
            )
            for row in latest(session, questionnaire_id)
            if is_complete(questionnaire, parse_translation(row.text, questionnaire))
        ),
    )


def translated(
    session: Session, questionnaire: Questionnaire, language: str
) -> Questionnaire:
    """The questionnaire in a language, by the latest published translation.

    Raises
    ------
    KeyError
        If it is not published in that language.
    """
    if language == questionnaire.language:
        return questionnaire
    return in_words.translated(
        questionnaire, translation(session, questionnaire, language)
    )


def translation(
    session: Session, questionnaire: Questionnaire, language: str
) -> Translation:
    """The latest published translation of a questionnaire; ``KeyError`` if none."""
    for row in latest(session, questionnaire.id):
        if row.language == language:
            return parse_translation(row.text, questionnaire)
    raise KeyError(language)


def latest(session: Session, questionnaire_id: str) -> list[PublishedTranslation]:
    """The latest version in each language, in order of language."""
    newest = (
        select(
            PublishedTranslation.language,
            func.max(PublishedTranslation.version).label("version"),
        )
        .where(PublishedTranslation.questionnaire_id == questionnaire_id)
        .group_by(PublishedTranslation.language)
        .subquery()
    )
    return list(
        session.scalars(
            select(PublishedTranslation)
            .join(
                newest,
                and_(
                    newest.c.language == PublishedTranslation.language,
                    newest.c.version == PublishedTranslation.version,
                ),
            )
            .where(PublishedTranslation.questionnaire_id == questionnaire_id)
            .order_by(PublishedTranslation.language)
        )
    )


def publish_translation(
    session: Session, text: str, *, now: datetime, shipped: bool = False
) -> int | None:
    """Put a sound translation after the earlier ones; its version, None if unchanged.

    A file of the program never displaces what people here have published.

    Raises
    ------
    questionnaires.DefinitionRejected
        With every problem.
    """
    definition = session.get_one(Definition, tomllib.loads(text)["questionnaire"])
    found = parse_translation(text, questionnaires.parse(definition.text))
    before = next(
        (
            row
            for row in latest(session, definition.id)
            if row.language == found.language
        ),
        None,
    )
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if before and (before.sha256 == sha256 or (shipped and not before.shipped)):
        return None
    version = before.version + 1 if before else 1
    session.add(
        PublishedTranslation(
            questionnaire_id=definition.id,
            language=found.language,
            version=version,
            text=text,
            sha256=sha256,
            reviewed=found.reviewed,
            shipped=shipped,
            published_at=now,
        )
    )
    session.flush()
    return version
