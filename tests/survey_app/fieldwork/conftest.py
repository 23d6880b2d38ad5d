"""A small province and waves of it."""

import pytest

from survey_app.models import Role
from tests.survey_app.fieldwork import making


@pytest.fixture
def province(app):
    making.build_province()


@pytest.fixture
def make_wave(province):
    """Makes a wave as far as asked: with a frame, a plan, posters, opened."""
    return making.build_wave


@pytest.fixture
def planner(signed_in):
    return signed_in(Role.PLANNER)
