"""An open wave with a slip, people who type, and ballots on paper."""

from types import SimpleNamespace

import pytest

from survey_app import clock, codes, db, settings
from survey_app.models import (
    PaperEntry,
    PaperForm,
    Role,
    Wave,
    WaveOffice,
)
from survey_app.paper import copies, serials
from tests.survey_app.collect.making import Fieldwork


@pytest.fixture
def wave(app):
    """An open wave at one office; ``wave.slip()`` gives codes to citizens."""
    made = Fieldwork(app, clock.now(), code="2026-q1", name="Quý I năm 2026")
    with db.begin() as session:
        session.add(WaveOffice(wave_id=made.wave_id, office_id=made.office_id))
    return made


@pytest.fixture
def issued(wave):
    """Issues copies and gives their serial numbers."""

    def issued(count=1, language="vi"):
        with db.begin() as session:
            forms = copies.issue(
                session,
                session.get_one(Wave, wave.wave_id),
                wave.office_id,
                count=count,
                language=language,
                now=clock.now(),
            )
            return [form.serial for form in forms]

    return issued


@pytest.fixture
def planner(signed_in):
    return signed_in(Role.PLANNER)


@pytest.fixture
def typists(signed_in):
    """Two people who type."""
    return signed_in(Role.INTERVIEWER), signed_in(Role.INTERVIEWER)


@pytest.fixture
def keys_of(wave):
    """What is typed from a filled copy; ``other`` replaces keys."""

    def keys_of(**other):
        typed = {}
        for question in wave.questionnaire.questions:
            typed[question.id] = "2" if question.kind == "number" else "1"
        consent = {"dong-y": "1", "co-nguoi-giup": "2", "ma-phieu": ""}
        return typed | consent | other

    return keys_of


@pytest.fixture
def type_in():
    """Sends what was typed from a copy."""

    def type_in(client, serial, typed):
        return client.post(f"/paper/2026-q1/entry/{serial}", data=typed)

    return type_in


@pytest.fixture
def paper():
    """What the tables of paper hold."""

    def form(serial):
        with db.read() as session:
            return session.get_one(PaperForm, serial)

    def entries():
        with db.read() as session:
            return list(session.query(PaperEntry))

    return SimpleNamespace(form=form, entries=entries)


@pytest.fixture
def spent(wave):
    """Whether a slip's code is spent."""

    def spent(code):
        mark = codes.code_hash(settings.keys().code, code)
        return next(i.spent for i in wave.invitations() if i.code_hash == mark)

    return spent


@pytest.fixture
def printed():
    return serials.printed
