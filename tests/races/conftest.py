"""Waves for tests in which many citizens act at once."""

import pytest

from tests.survey_app.collect.making import Fieldwork


@pytest.fixture
def fieldwork(app_on_any_database, noon):
    return Fieldwork(app_on_any_database, noon)
