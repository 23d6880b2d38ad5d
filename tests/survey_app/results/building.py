"""Waves as they lie in the database after fieldwork, office by office."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import numpy as np
from sqlalchemy import insert, select

import questionnaires
from survey_app.formats import folded
from survey_app.models import (
    Definition,
    Delay,
    Invitation,
    Mode,
    Office,
    OneStopShop,
    Outcome,
    Response,
    Selection,
    Transaction,
    Wave,
    WaveOffice,
    WaveStatus,
)

MINI = (Path(__file__).parent / "mini.toml").read_text(encoding="utf-8")
BEGINNING = date(2020, 1, 1)
FIELDS = ("Đất đai", "Tư pháp")


@dataclass(frozen=True)
class Judged:
    """One office: transactions, codes given out, ballots that came back.

    ``satisfied`` is the chance of a satisfied answer. Withdrawn ballots are among
    those that came back.
    """

    code: str
    name: str
    frame: int = 0
    issued: int = 0
    responses: int = 0
    withdrawn: int = 0
    posters: int = 0
    satisfied: float = 0.8
    level: str = "so_ban_nganh"


def build_wave(session, offices, *, now, seed=1, **fields):
    """Store a closed wave with these offices, closed three hours ago."""
    rng = np.random.default_rng(seed)
    wave = Wave(
        **{
            "code": "2026-q1",
            "name": "Quý I năm 2026",
            "questionnaire_id": "mini",
            "rule_set_id": "demo_2025",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 2, 28),
            "status": WaveStatus.CLOSED,
            "closed_at": now - timedelta(hours=3),
            "created_at": now,
        }
        | fields
    )
    session.add(wave)
    session.flush()
    text = session.scalar(
        select(Definition.text).where(Definition.id == wave.questionnaire_id)
    )
    questionnaire = questionnaires.parse(text)
    for judged in offices:
        _fieldwork(session, wave, questionnaire, judged, rng, now)
    return wave


def make_office(session, judged):
    office = Office(
        code=judged.code,
        name=judged.name,
        search_name=folded(judged.name),
        level=judged.level,
        kind="so",
        valid_from=BEGINNING,
        shops=[
            OneStopShop(
                code=f"MC-{judged.code}", name="Bộ phận Một cửa", valid_from=BEGINNING
            )
        ],
    )
    session.add(office)
    session.flush()
    return office


def _fieldwork(session, wave, questionnaire, judged, rng, now):
    office = make_office(session, judged)
    session.add(WaveOffice(wave_id=wave.id, office_id=office.id))
    session.flush()
    if judged.frame:
        session.execute(insert(Transaction), _transactions(wave, office, judged))
    drawn = session.scalars(
        select(Transaction.id)
        .where(Transaction.wave_id == wave.id, Transaction.office_id == office.id)
        .limit(judged.issued)
    ).all()
    if drawn:
        session.execute(insert(Invitation), _invitations(wave, office, judged, drawn))
    rows = [
        *_responses(wave, questionnaire, office, judged, judged.responses, rng, now),
        *_responses(
            wave, questionnaire, office, judged, judged.posters, rng, now, True
        ),
    ]
    for row in rows[: judged.withdrawn]:
        row.update(answers=None, withdrawn=True, mode=None, received_hour=None)
    if rows:
        session.execute(insert(Response), rows)


def _transactions(wave, office, judged):
    return [
        {
            "wave_id": wave.id,
            "dossier_hash": secrets.token_hex(32),
            "office_id": office.id,
            "shop_id": office.shops[0].id,
            "service_field": FIELDS[number % 2],
            "channel": "in_person",
            "received_on": wave.period_start,
            "returned_on": wave.period_start + timedelta(days=number % 50),
        }
        for number in range(judged.frame)
    ]


def _invitations(wave, office, judged, drawn):
    return [
        {
            "id": uuid4(),
            "wave_id": wave.id,
            "selection": Selection.FROM_LIST,
            "code_hash": secrets.token_hex(32),
            "code_version": 1,
            "transaction_id": transaction_id,
            "draw_position": position,
            "office_id": office.id,
            "shop_id": office.shops[0].id,
            "service_field": FIELDS[0],
            "channel": "in_person",
            "stratum": judged.code,
            "response_class": judged.code,
            "outcome": Outcome.COMPLETED
            if position < judged.responses
            else Outcome.NOT_RETURNED,
            "spent": position < judged.responses,
        }
        for position, transaction_id in enumerate(drawn)
    ]


def _responses(wave, questionnaire, office, judged, count, rng, now, poster=False):
    return [
        {
            "id": uuid4(),
            "wave_id": wave.id,
            "questionnaire_id": wave.questionnaire_id,
            "selection": Selection.OPEN if poster else Selection.FROM_LIST,
            "mode": Mode.PHONE_SELF,
            "assisted": False,
            "office_id": office.id,
            "shop_id": office.shops[0].id,
            "service_field": None if poster else FIELDS[0],
            "channel": None if poster else "in_person",
            "stratum": judged.code,
            "response_class": judged.code,
            "psu": None,
            "answers": answers(questionnaire, rng, judged.satisfied),
            "language": "vi",
            "consent_version": questionnaire.consent.version,
            "received_hour": (now - timedelta(hours=int(rng.integers(4, 400)))).replace(
                minute=0, second=0, microsecond=0
            ),
            "duration_seconds": int(rng.integers(40, 600)),
            "delay": Delay.HOURS_24,
            "body_sha256": secrets.token_hex(32),
            "withdrawn": False,
        }
        for _ in range(count)
    ]


def answers(questionnaire, rng, satisfied):
    """Answers of one citizen, stored as the pages store them."""
    submitted = {}
    person = float(np.clip(rng.normal(satisfied, 0.15), 0, 1))
    person = satisfied if satisfied in (0.0, 1.0) else person
    for question in questionnaire.questions:
        submitted[question.id] = _answer(question, rng, person)
    return questionnaires.read_answers(questionnaire, submitted)


def _answer(question, rng, satisfied):
    match question.kind:
        case "scale":
            return [str(rng.choice(_levels(rng.random() < satisfied)))]
        case "single":
            return [str(rng.choice(_ids(question)))]
        case "multiple":
            return [str(rng.choice(_ids(question)))]
        case "number":
            return [str(int(rng.integers(question.minimum or 0, 5)))]
        case "date":
            return ["2026-02-03"]
        case _:
            return ["Cảm ơn các anh chị"] if rng.random() < 0.3 else []


def _levels(is_satisfied):
    return (4, 5) if is_satisfied else (1, 2, 3)


@cache
def _ids(question):
    return [option.id for option in question.options]
