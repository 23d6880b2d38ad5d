import pytest

from survey_app import db, upgrade
from survey_app.models import Definition, Wave
from survey_app.results import reading
from survey_app.results.freezing import freeze_wave
from tests.survey_app.results.building import MINI, Judged, build_wave

OFFICES = (
    Judged("SNV", "Sở Nội vụ", frame=200, issued=80, responses=60, withdrawn=2),
    Judged("SYT", "Sở Y tế", frame=150, issued=60, responses=45, posters=12),
    Judged("STC", "Sở Tài chính", frame=90, issued=40, responses=0),
    Judged("SXD", "Sở Xây dựng", frame=80, issued=30, responses=3),
    Judged("STP", "Sở Tư pháp", frame=120, issued=50, responses=40, satisfied=1.0),
    Judged("SCT", "Sở Công Thương", frame=50, issued=50, responses=30),
    Judged("SGD", "Sở Giáo dục và Đào tạo", posters=15),
    Judged("SNG", "Sở Ngoại vụ", frame=40, issued=20, responses=1),
    Judged("LX", "Thành phố Long Xuyên", 100, 50, 20, level="huyen"),
)


@pytest.fixture
def wave(app, noon):
    """A closed wave that has an office for every case there is."""
    with db.begin() as session:
        upgrade.publish(session, Definition, MINI, now=noon)
        return build_wave(session, OFFICES, now=noon)


@pytest.fixture
def freeze(app, noon):
    """Freezes a wave, as the page and the command do."""

    def freeze(wave, **given):
        given = {"now": noon, "folder_root": reading.frozen_root(), "seed": 7} | given
        with db.begin() as session:
            return freeze_wave(session, session.get_one(Wave, wave.id), **given)

    return freeze


@pytest.fixture
def folder(wave, freeze):
    """The frozen folder of the wave."""
    return reading.frozen_root() / freeze(wave).folder


@pytest.fixture
def frozen_wave(wave, folder):
    return wave
