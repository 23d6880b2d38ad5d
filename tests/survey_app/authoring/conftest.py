"""A planner at work on questionnaires, and files as they would upload them."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

import questionnaires
from survey_app.models import Role

SHIPPED = Path(questionnaires.__file__).parent


@pytest.fixture
def planner(signed_in):
    return signed_in(Role.PLANNER)


@pytest.fixture(scope="session")
def texts():
    """Texts of forms: one sound and new, one with faults, one published."""
    forms = Path(__file__).parents[2] / "questionnaires" / "forms"
    ward = (SHIPPED / "definitions" / "sipas_ward_9.toml").read_text(encoding="utf-8")
    return SimpleNamespace(
        new=ward.replace('id = "sipas_ward_9"', 'id = "phieu_moi"'),
        faulty=(forms / "invalid" / "missing.toml").read_text(encoding="utf-8"),
        published=(SHIPPED / "definitions" / "sipas_2640.toml").read_text(
            encoding="utf-8"
        ),
        khmer=(SHIPPED / "translations" / "sipas_2640.km.toml").read_text(
            encoding="utf-8"
        ),
    )


@pytest.fixture(scope="session")
def upload():
    """What a chosen file looks like to the test client."""

    def upload(content, name):
        content = content.encode("utf-8") if isinstance(content, str) else content
        return {"file": (io.BytesIO(content), name)}

    return upload
