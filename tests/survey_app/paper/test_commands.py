"""``sipas questionnaire paper`` as a person at the shell meets it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import questionnaires
from survey_app import db
from survey_app.cli import main
from survey_app.models import AuditEntry, PaperForm

FORM = Path(questionnaires.__file__).parent / "definitions" / "sipas_ward_9.toml"


@pytest.fixture
def run(app, sqlite_url, tmp_path, monkeypatch):
    """Runs the command on the test's database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIPAS_INSTANCE", str(app.config["INSTANCE"]))
    monkeypatch.setenv("SIPAS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SIPAS_PUBLIC_URL", "https://khaosat.example.gov.vn")
    database = db.current_database()
    monkeypatch.setattr(db, "connect", lambda url: database)
    return lambda *words: CliRunner().invoke(
        main, ["questionnaire", "paper", *map(str, words)]
    )


def test_a_definition_file_is_printed_as_a_specimen(run, tmp_path):
    ran = run(FORM, "-o", "form.pdf")

    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")


def test_a_published_form_is_printed_in_a_language_of_its_own(run, tmp_path):
    ran = run("sipas_2640", "--language", "km")

    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "sipas_2640-km.pdf").is_file()


def test_a_language_that_is_not_there_is_refused_naming_those_that_are(run, tmp_path):
    ran = run("sipas_2640", "--language", "fr")

    assert ran.exit_code == 1
    assert "Đang có: vi, en, km." in ran.output
    assert not list(tmp_path.glob("*.pdf"))


def test_a_form_that_is_not_there_is_refused(run):
    ran = run("khong-co")

    assert ran.exit_code == 1
    assert "khong-co" in ran.output


def test_numbered_copies_are_issued_printed_and_logged(run, wave, tmp_path):
    ran = run("--wave", "2026-q1", "--office", "SXD", "--copies", 3)

    assert ran.exit_code == 0, ran.output
    assert "Đã cấp số 000001-8 đến 000003-4." in ran.output
    assert (tmp_path / "phieu-giay-2026-q1-SXD.pdf").is_file()
    with db.read() as session:
        assert session.query(PaperForm).count() == 3
        assert session.query(AuditEntry).one().action == "paper.issued"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--wave", "2026-q1"),
        (FORM, "--copies", "3"),
        ("--wave", "2026-q1", "--office", "SXD", "--copies", "0"),
    ],
)
def test_half_a_wish_is_a_wrong_call(run, words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("office", ["KHONG", "SXD "])
def test_an_office_outside_the_wave_gets_nothing(run, wave, office):
    ran = run("--wave", "2026-q1", "--office", office, "--copies", 3)

    assert ran.exit_code == 1
    with db.read() as session:
        assert session.query(PaperForm).count() == 0
