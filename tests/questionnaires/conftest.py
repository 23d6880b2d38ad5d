"""Tiny forms that questionnaires are tested with."""

from pathlib import Path

import pytest

from questionnaires import parse

FORMS = Path(__file__).parent / "forms"


@pytest.fixture(scope="session")
def every_kind():
    return parse((FORMS / "valid" / "every_kind.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def careful():
    return parse((FORMS / "valid" / "careful.toml").read_text(encoding="utf-8"))
