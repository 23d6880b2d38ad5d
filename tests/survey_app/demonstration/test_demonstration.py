"""The demonstration: built by the operations that staff use, odd offices included."""

import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from survey_app import db
from survey_app.accounts import audit
from survey_app.cli import main
from survey_app.demonstration import commands
from survey_app.models import Account, Response, Role, Selection, Wave, WaveStatus


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def started(folder):
    """What the first start prints; the demonstration itself stays for the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = CliRunner().invoke(main, ["demo", "--port", "4321"])
    assert said.exit_code == 0, said.output
    return said


@pytest.fixture
def demo(started, folder):
    app = commands.demonstration_app(folder / "instance")
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        yield app
    app.extensions["database"].engine.dispose()


@pytest.fixture
def waves(demo):
    with db.read() as session:
        return {wave.status: wave for wave in session.query(Wave)}


@pytest.fixture(scope="module")
def figures(started, folder):
    said = CliRunner().invoke(
        main, ["index", str(folder / "instance/demo/frozen/2021-v1"), "--json"]
    )
    assert said.exit_code == 0, said.output
    return json.loads(said.output)


def test_there_is_an_open_wave_of_communes_and_a_frozen_one_of_2021(waves):
    assert waves[WaveStatus.OPEN].questionnaire_id == "sipas_1001_service"
    assert waves[WaveStatus.FROZEN].questionnaire_id == "sipas_2640"
    assert waves[WaveStatus.FROZEN].period_end.year == 2021


def test_every_wave_says_that_it_is_simulated(waves):
    assert all(wave.simulated for wave in waves.values())


def test_everything_it_prints_and_writes_says_that_it_is_simulated(started, folder):
    file = folder / "instance/demo" / commands.TRANSACTIONS

    assert "DỮ LIỆU MÔ PHỎNG" in started.stdout
    assert file.read_text("utf-8-sig").startswith("DỮ LIỆU MÔ PHỎNG")


def test_offices_are_as_they_occur_in_practice(figures):
    values = [office["index"]["value"] for office in figures["offices"]]
    counts = [office["index"]["n"] for office in figures["offices"]]
    told = [value for value in values if value is not None]

    assert 0 in counts
    assert 3 in counts
    assert max(told) == 1.0
    assert max(told) - min(told) > 0.2


def test_not_everybody_answers(figures):
    rates = [office["response_rate"] for office in figures["offices"]]

    assert 0.0 in rates
    assert 1.0 in rates
    assert 0.6 < sum(rates) / len(rates) < 0.9


def test_some_answered_by_slip_and_some_by_poster(demo):
    with db.read() as session:
        rows = session.execute(
            select(Response.selection, func.count()).group_by(Response.selection)
        )
        counts = dict(rows.all())

    assert counts[Selection.FROM_LIST] > 1_000
    assert counts[Selection.OPEN] > 100


def test_the_printed_address_opens_the_form_and_asks_the_first_question(demo, started):
    path = re.search(r"http://127\.0\.0\.1:4321(/P/\w+)", started.stdout)[1]

    page = demo.test_client().get(path)

    assert page.status_code == 200
    assert "DỮ LIỆU MÔ PHỎNG" in page.text


def test_one_person_of_every_role_can_sign_in_with_the_password_printed(demo, started):
    password = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", started.stdout)[0]
    with db.read() as session:
        accounts = list(session.scalars(select(Account)))

    assert {account.role for account in accounts} == set(Role)
    for account in accounts:
        form = {"username": account.username, "password": password}
        demo.config["WTF_CSRF_ENABLED"] = False
        reply = demo.test_client().post("/accounts/sign-in", data=form)
        assert reply.status_code == 303, account.username


def test_the_next_start_is_quick_and_prints_another_password(started, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(commands, "_build", None)  # would fail if it were built again
        said = CliRunner().invoke(main, ["demo"])

    password = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", started.stdout)[0]
    assert said.exit_code == 0, said.output
    assert password not in said.output


def test_it_never_touches_the_database_that_the_settings_name(
    started, folder, monkeypatch, tmp_path
):
    monkeypatch.setenv("SIPAS_DATABASE_URL", f"sqlite:///{tmp_path}/real.db")
    monkeypatch.chdir(folder)

    CliRunner().invoke(main, ["demo"])

    assert not (tmp_path / "real.db").exists()


def test_the_log_of_the_demonstration_is_whole(demo):
    with db.read() as session:
        assert audit.verify(session).broken_at is None


def test_built_again_with_the_same_keys_it_gives_the_same_figures(figures, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        CliRunner().invoke(main, ["demo", "--fresh"])
    said = CliRunner().invoke(
        main, ["index", str(folder / "instance/demo/frozen/2021-v1"), "--json"]
    )

    assert json.loads(said.output)["offices"] == figures["offices"]
