"""Simulated citizens hand in ballots, each read and kept as one from a phone is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app import settings
from survey_app.collect import ballots, openings, operations
from survey_app.collect.nonces import LIFETIME, Nonce
from survey_app.collect.openings import Opening
from survey_app.demonstration.people import Opinions, Served, ballot, generator
from survey_app.fieldwork.handing_out import Slip
from survey_app.models import Definition, Poster, Wave

HANDFUL = 3
BUSY_POSTERS = 12


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """When answers come and how many: of slips a share, on posters a count."""

    opened_at: datetime
    lasts: timedelta
    returned: float
    on_posters: int
    seed: int


@dataclass(slots=True)
class Oddities:
    """Offices as they occur in practice, so that the pages show how they look."""

    silent: str  # nobody answers
    handful: str  # a few ballots
    perfect: str  # everybody answers and is delighted
    left_of_handful: int = HANDFUL


def answer(
    session: Session, wave: Wave, fieldwork: Fieldwork, slips: Iterable[Slip]
) -> int:
    """Let those answer who would, by slip or by poster; how many did."""
    definition = session.get_one(Definition, wave.questionnaire_id)
    questionnaire = questionnaires.parse(definition.text)
    opinions = Opinions(fieldwork.seed)
    names = sorted(office.name for office in wave.offices)
    odd = Oddities(silent=names[1], handful=names[2], perfect=names[3])
    openings_ = [
        *_by_slip(session, fieldwork, odd, slips),
        *_by_poster(session, wave, fieldwork, odd),
    ]
    for name, opening in openings_:
        rng = generator(fieldwork.seed, "citizen", name)
        delighted = opening.place.office == odd.perfect
        field = opening.place.service_field or ""
        served = Served(opening.place.office, field, delighted)
        _send(session, opening, questionnaire, fieldwork, served, opinions, rng)
    return len(openings_)


def _by_slip(
    session: Session, fieldwork: Fieldwork, odd: Oddities, slips: Iterable[Slip]
) -> Iterator[tuple[str, Opening]]:
    for slip in sorted(slips, key=lambda slip: slip.dossier):
        rng = generator(fieldwork.seed, "returns", slip.dossier)
        if _comes_back(slip.office, fieldwork, odd, rng):
            yield slip.dossier, openings.of_slip(session, slip.address.code)


def _comes_back(
    office: str, fieldwork: Fieldwork, odd: Oddities, rng: np.random.Generator
) -> bool:
    if office == odd.silent:
        return False
    if office == odd.perfect:
        return True
    if office == odd.handful:
        odd.left_of_handful -= 1
        return odd.left_of_handful >= 0
    zeal = generator(fieldwork.seed, "zeal", office).normal(0.0, 0.08)
    return bool(rng.random() < min(0.97, max(0.1, fieldwork.returned + zeal)))


def _by_poster(
    session: Session, wave: Wave, fieldwork: Fieldwork, odd: Oddities
) -> Iterator[tuple[str, Opening]]:
    query = select(Poster).where(Poster.wave_id == wave.id).order_by(Poster.id)
    hung = [p for p in session.scalars(query) if p.office.name != odd.silent]
    rng = generator(fieldwork.seed, "posters")
    some = rng.permutation(len(hung))[:BUSY_POSTERS]  # most walls are passed by
    for turn in range(fieldwork.on_posters):
        poster = hung[some[turn % len(some)]]
        yield f"poster {turn}", openings.of_poster(session, poster.code)


def _send(
    session: Session,
    opening: Opening,
    questionnaire: Questionnaire,
    fieldwork: Fieldwork,
    served: Served,
    opinions: Opinions,
    rng: np.random.Generator,
) -> None:
    fields = ballot(questionnaire, served, opinions, rng)
    read, problems = ballots.read(questionnaire, fields)
    if read is None:
        raise ValueError(f"a simulated citizen answered wrongly: {problems}")
    later = timedelta(seconds=float(rng.exponential(0.25)) * 86_400)
    opened_at = fieldwork.opened_at + min(later, fieldwork.lasts)
    nonce = Nonce(UUID(bytes=rng.bytes(16), version=4), opened_at, opened_at + LIFETIME)
    operations.keep(
        session,
        opening,
        nonce,
        read,
        fingerprint=read.fingerprint(nonce.id, settings.keys().code),
        now=opened_at + timedelta(seconds=60 + float(rng.gamma(4.0, 45.0))),
    )
