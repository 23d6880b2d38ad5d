"""The manners of the house are tests: no lint, one format, every type checked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)],
    ids=["lint", "format", "types"],
)
def test_the_source_is_clean(command):
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", ".ci/setup"])
def test_a_script_is_sound_shell(script):
    ran = subprocess.run(
        ["bash", "-n", ROOT / script], capture_output=True, check=False
    )

    assert ran.returncode == 0, ran.stderr.decode()


def test_no_template_lets_what_people_typed_become_markup():
    templates = (ROOT / "survey_app" / "templates").rglob("*")
    loose = [
        path.relative_to(ROOT).as_posix()
        for path in templates
        if path.is_file() and "|safe" in path.read_text().replace(" ", "")
    ]

    assert loose == []
