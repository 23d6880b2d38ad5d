"""A wave with slips and a poster, put straight into the tables."""

from __future__ import annotations

import pytest

from survey_app import db, upgrade
from survey_app.models import Definition
from tests.survey_app.collect.making import Fieldwork


@pytest.fixture
def fieldwork(app, noon):
    """Slips and posters of one open wave on SQLite, and what citizens send."""
    return Fieldwork(app, noon)


@pytest.fixture
def fieldwork_on_any_database(app_on_any_database, noon):
    return Fieldwork(app_on_any_database, noon)


@pytest.fixture
def publish(app, noon):
    """Publishes a questionnaire written in a test."""

    def publish(text):
        with db.begin() as session:
            upgrade.publish(session, Definition, text, now=noon)

    return publish
