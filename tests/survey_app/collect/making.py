"""Make waves, slips and posters for tests and benchmarks, and answer like a citizen."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from uuid import uuid4

from sqlalchemy import select

import questionnaires
from survey_app import codes, db, settings
from survey_app.models import (
    Counter,
    Definition,
    Invitation,
    Office,
    OneStopShop,
    Poster,
    PublishedRuleSet,
    Response,
    Selection,
    Wave,
    WaveStatus,
)

_NONCE = re.compile(r'name="so-phieu" value="([^"]+)"')


class Fieldwork:
    """One open wave at one office with one shop and one counter."""

    def __init__(self, app, now, **wave_fields):
        self.app = app
        self.now = now
        with app.app_context(), db.begin() as session:
            office = Office(
                code="SXD",
                name="Sở Xây dựng",
                search_name="so xay dung",
                level="province",
                kind="so",
                valid_from=date(2020, 1, 1),
            )
            shop = OneStopShop(
                code="M1",
                name="Bộ phận Một cửa Sở Xây dựng",
                office=office,
                valid_from=date(2020, 1, 1),
            )
            counter = Counter(
                code="Q1", name="Quầy số 1", shop=shop, valid_from=date(2020, 1, 1)
            )
            wave = Wave(
                **{
                    "code": "dot-1",
                    "name": "Đợt 1 năm 2026",
                    "questionnaire_id": "sipas_2640",
                    "rule_set_id": session.scalars(select(PublishedRuleSet.id)).first(),
                    "period_start": date(2026, 1, 1),
                    "period_end": date(2026, 2, 28),
                    "status": WaveStatus.OPEN,
                    "opened_at": now,
                    "created_at": now,
                }
                | wave_fields
            )
            session.add_all([counter, wave])
            session.flush()
            self.office_id, self.shop_id = office.id, shop.id
            self.counter_id, self.wave_id = counter.id, wave.id
            self.questionnaire_id = wave.questionnaire_id

    @cached_property
    def questionnaire(self):
        with self.app.app_context(), db.read() as session:
            definition = session.get_one(Definition, self.questionnaire_id)
            return questionnaires.parse(definition.text)

    def slip(self, **fields):
        """The code of one more slip."""
        return self.slips(1, **fields)[0]

    def slips(self, count, **fields):
        """The codes of more slips, each an invitation of its own."""
        made = []
        with self.app.app_context(), db.begin() as session:
            key = settings.keys().code
            for _ in range(count):
                id_ = uuid4()
                made.append(codes.slip_code(key, id_, 1))
                session.add(
                    self._invitation(id_, codes.code_hash(key, made[-1]), fields)
                )
        return made

    def poster(self, **fields):
        """The code of one more poster."""
        code = codes.random_code(codes.POSTER_LENGTH)
        with self.app.app_context(), db.begin() as session:
            session.add(
                Poster(
                    **{
                        "wave_id": self.wave_id,
                        "code": code,
                        "office_id": self.office_id,
                        "shop_id": self.shop_id,
                        "counter_id": self.counter_id,
                        "created_at": self.now,
                    }
                    | fields
                )
            )
        return code

    def change_wave(self, **fields):
        with self.app.app_context(), db.begin() as session:
            wave = session.get_one(Wave, self.wave_id)
            for name, value in fields.items():
                setattr(wave, name, value)

    def responses(self):
        with self.app.app_context(), db.read() as session:
            return list(session.scalars(select(Response)))

    def invitations(self):
        with self.app.app_context(), db.read() as session:
            return list(session.scalars(select(Invitation)))

    def opened(self, client, address):
        """The fields of a page as a citizen sends them, everything answered."""
        return self.filled(client.get(address).text)

    def filled(self, html):
        return complete(self.questionnaire) | {"so-phieu": nonce_in(html)}

    def close(self):
        """Let go of the database, when no fixture does."""
        self.app.extensions["database"].engine.dispose()

    def _invitation(self, id_, code_hash, fields):
        return Invitation(
            **{
                "id": id_,
                "wave_id": self.wave_id,
                "selection": Selection.FROM_LIST,
                "code_hash": code_hash,
                "office_id": self.office_id,
                "shop_id": self.shop_id,
                "counter_id": self.counter_id,
                "service_field": "Đất đai",
                "channel": "trực tiếp",
                "stratum": "SXD",
                "response_class": "SXD-1",
                "issued_at": self.now,
            }
            | fields
        )


def nonce_in(html):
    return _NONCE.search(html)[1]


def complete(questionnaire, level="4"):
    """An answer to every question that must be answered, and consent."""
    fields = {"dong-y": questionnaire.consent.version}
    for question in questionnaire.questions:
        if question.kind == "scale":
            fields[question.id] = level
        elif question.options:
            fields[question.id] = question.options[0].id
        elif question.kind == "number":
            fields[question.id] = "1"
        elif question.kind == "date":
            fields[question.id] = "05/03/2026"
    return fields
