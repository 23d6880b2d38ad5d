"""Questionnaires and pages that are ready before they are asked for.

A questionnaire's page is rendered once for each place and language and kept
compressed; only the nonce differs from phone to phone. Published questionnaires never
change; whether there are new translations is looked up once a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app import languages
from survey_app.collect.openings import Place
from survey_app.collect.packing import PackedPage
from survey_app.languages import Language
from survey_app.models import Definition

PAGES_KEPT = 2000
LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """A questionnaire in one language, and all the languages it can be had in."""

    questionnaire: Questionnaire
    language: Language
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Editions:
    """A questionnaire in all its languages, as they were at a moment."""

    looked_at: datetime
    versions: tuple[tuple[str, int], ...]
    original: Edition
    by_language: Mapping[str, Edition]

    def of(self, language: str) -> Edition:
        """The edition in a language; where it is not offered, the original."""
        return self.by_language.get(language, self.original)


class Library:
    """What is kept ready by one application."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looking = Lock()
        self._questionnaires: dict[str, Questionnaire] = {}
        self._editions: dict[str, Editions] = {}
        self._pages: dict[tuple[Place, str, int], PackedPage] = {}

    def questionnaire(self, session: Session, id_: str) -> Questionnaire:
        """A published questionnaire in its own language."""
        found = self._questionnaires.get(id_)
        if found is None:
            text = session.scalars(
                select(Definition.text).where(Definition.id == id_)
            ).one()
            found = self._questionnaires[id_] = questionnaires.parse(text)
        return found

    def editions(self, session: Session, id_: str, *, now: datetime) -> Editions:
        """All languages of a published questionnaire."""
        found = self._editions.get(id_)
        if found is not None and now - found.looked_at < LOOK_AGAIN:
            return found
        # One looks, the others go on with what was there, or wait if there is nothing.
        if not self._looking.acquire(blocking=found is None) and found is not None:
            return found
        try:
            return self._looked_up(session, id_, now)
        finally:
            self._looking.release()

    def _looked_up(self, session: Session, id_: str, now: datetime) -> Editions:
        found = self._editions.get(id_)
        if found is not None and now - found.looked_at < LOOK_AGAIN:
            return found  # somebody else has just looked
        versions = tuple(
            (row.language, row.version) for row in languages.latest(session, id_)
        )
        if found is None or found.versions != versions:
            original = self.questionnaire(session, id_)
            found = _editions(session, original, versions, now)
            with self._lock:
                self._pages.clear()
        else:
            found = Editions(now, versions, found.original, found.by_language)
        self._editions[id_] = found
        return found

    def page(self, key: tuple[Place, str, int]) -> PackedPage | None:
        """The page of a place, in a language, in an order."""
        return self._pages.get(key)

    def keep(self, key: tuple[Place, str, int], page: PackedPage) -> PackedPage:
        with self._lock:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.clear()
            self._pages[key] = page
        return page


def library() -> Library:
    found: Library = current_app.extensions["collect"]
    return found


def _editions(
    session: Session,
    original: Questionnaire,
    versions: tuple[tuple[str, int], ...],
    now: datetime,
) -> Editions:
    offered = languages.languages_of(session, original.id)
    by_language = {
        language.code: Edition(
            languages.translated(session, original, language.code), language, offered
        )
        for language in offered
    }
    return Editions(now, versions, by_language[original.language], by_language)
