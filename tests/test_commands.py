"""Commands that run the program: what they do, say and answer to the shell."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_app import create_app, db, settings
from survey_app.accounts import audit, passwords
from survey_app.cli import COMMANDS, main
from survey_app.models import Account, Definition, Role


@pytest.fixture
def sipas(tmp_path, monkeypatch):
    """Runs a command on an instance folder of its own."""
    for name in os.environ:
        if name.startswith("SIPAS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SIPAS_INSTANCE", str(tmp_path / "instance"))
    engines = []
    connect = db.connect

    def remembered(url):
        database = connect(url)
        engines.append(database.engine)
        return database

    monkeypatch.setattr(db, "connect", remembered)
    yield lambda *words: CliRunner().invoke(main, words)
    for engine in engines:
        engine.dispose()


@pytest.fixture
def ready(sipas):
    sipas("db", "upgrade")
    return sipas


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_listed_is_there_and_explains_itself(sipas, name):
    module, _, function = COMMANDS[name][0].partition(":")

    assert getattr(importlib.import_module(module), function)
    assert sipas(name, "--help").exit_code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_its_parts_are_in_the_readme(name):
    module, _, function = COMMANDS[name][0].partition(":")
    command = getattr(importlib.import_module(module), function)
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")

    for part in getattr(command, "commands", ()):
        assert re.search(rf"sipas {name} [^\n]*?\b{part}\b", readme), part
    assert re.search(rf"sipas [^\n]*\b{name}\b", readme)


def test_a_wrong_call_ends_with_2(sipas):
    assert sipas("no-such-command").exit_code == 2
    assert sipas("user", "add").exit_code == 2


def test_upgrade_makes_the_tables_and_publishes_what_is_shipped(ready):
    with create_app().app_context(), db.read() as session:
        ids = {definition.id for definition in session.query(Definition)}

    assert {"sipas_2640", "sipas_1001_service"} <= ids


def test_upgrade_twice_changes_nothing(ready):
    assert ready("db", "upgrade").exit_code == 0


def test_the_first_account_is_an_administrator_with_a_password_that_works(ready):
    said = ready("user", "add", "lan", "--name", "Nguyễn Thị Lan")
    password = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", said.output)[0]

    with create_app().app_context(), db.read() as session:
        account = session.query(Account).one()
    assert account.role is Role.ADMINISTRATOR
    assert passwords.matches(account.password_hash, password)


def test_a_user_name_taken_is_said_and_ends_with_1(ready):
    ready("user", "add", "lan", "--name", "Lan")

    said = ready("user", "add", "LAN", "--name", "Lan khác")

    assert said.exit_code == 1
    assert "đã có người dùng" in said.output


def test_a_leader_needs_an_office_that_exists(ready):
    words = ("user", "add", "lan", "--name", "Lan", "--role", "leader")

    assert "không có đơn vị mang mã XX" in ready(*words, "--office", "XX").output
    assert ready(*words).exit_code == 1


def test_a_lost_password_is_replaced_on_the_server(ready):
    ready("user", "add", "lan", "--name", "Lan")

    assert "Mật khẩu một lần" in ready("user", "reset", "lan").output
    assert ready("user", "reset", "nobody").exit_code == 1


def test_accounts_are_listed(ready):
    ready("user", "add", "lan", "--name", "Nguyễn Thị Lan")

    rows = json.loads(ready("user", "list", "--json").output)

    assert rows == [
        {
            "username": "lan",
            "name": "Nguyễn Thị Lan",
            "role": "administrator",
            "active": True,
        }
    ]
    assert "Quản trị hệ thống" in ready("user", "list").output


def test_a_whole_log_is_verified_and_its_head_is_known_again(ready):
    ready("user", "add", "lan", "--name", "Lan")
    head = json.loads(ready("audit", "verify", "--json").output)["head"]
    ready("user", "reset", "lan")

    assert ready("audit", "verify", "--head", head).exit_code == 0


def test_a_log_that_lost_its_end_is_found_out_by_the_head(ready):
    ready("user", "add", "lan", "--name", "Lan")

    said = ready("audit", "verify", "--head", "f" * 64)

    assert said.exit_code == 1
    assert "cắt bỏ" in said.output


def test_a_broken_log_ends_with_1_and_names_the_entry(ready, monkeypatch):
    ready("user", "add", "lan", "--name", "Lan")
    monkeypatch.setattr(audit, "sealed", lambda entry: "other")

    said = ready("audit", "verify")

    assert said.exit_code == 1
    assert "mục số 1" in said.output


def subjects(said):
    return {finding["subject"]: finding for finding in json.loads(said.output)}


def test_the_doctor_says_what_has_to_be_done_before_anything_is(sipas):
    said = sipas("doctor", "--json")
    found = subjects(said)

    assert said.exit_code == 1
    assert found["Cơ sở dữ liệu"]["remedy"] == "sipas db upgrade"
    assert found["Địa chỉ công khai"]["state"] == "must"


def test_the_doctor_is_content_when_all_is_done(ready, monkeypatch):
    monkeypatch.setenv("SIPAS_PUBLIC_URL", "https://khaosat.example.gov.vn")
    monkeypatch.setattr("survey_app.check_up._loads", lambda library: True)
    ready("user", "add", "lan", "--name", "Lan")

    said = ready("doctor")

    assert said.exit_code == 0, said.output
    assert "✗" not in said.output


@pytest.mark.parametrize("name", settings.SECRETS)
def test_the_doctor_sees_a_secret_others_can_read(ready, tmp_path, name):
    secret = tmp_path / "instance" / name
    secret.chmod(0o644)

    said = ready("doctor")

    assert f"chmod 600 {secret}" in said.output


def test_the_doctor_sees_a_setting_that_is_none(ready, monkeypatch):
    monkeypatch.setenv("SIPAS_PUBLIC_ULR", "https://x.vn")

    assert "SIPAS_PUBLIC_ULR" in ready("doctor").output


def test_the_doctor_sees_a_database_that_does_not_answer(sipas, monkeypatch):
    monkeypatch.setenv("SIPAS_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x")

    said = sipas("doctor")

    assert "không kết nối được" in said.output
    assert "secret" not in said.output


def test_the_doctor_sees_missing_libraries_and_a_full_disk(ready, monkeypatch):
    monkeypatch.setattr("survey_app.check_up._loads", lambda library: False)
    monkeypatch.setattr("survey_app.check_up.ENOUGH_DISK", 2**80)

    found = subjects(ready("doctor", "--json"))

    assert "libpango" in found["Thư viện tạo PDF"]["found"]
    assert found["Ổ đĩa"]["state"] == "must"


def test_serving_waits_for_the_database_to_be_ready(sipas):
    said = sipas("serve", "--port", "0")

    assert said.exit_code == 1
    assert "sipas db upgrade" in said.output


def test_what_is_served_is_logged_without_codes_or_addresses(ready, tmp_path):
    with served(tmp_path) as (process, url):
        code = "7K3M9QX2TA"
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{url}P/{code}?x=secret")
        urllib.request.urlopen(f"{url}healthz").read()
        process.send_signal(signal.SIGINT)
        log = process.communicate(timeout=20)[0]

    assert "GET /healthz 200" in log
    assert "GET /P/<" in log
    assert code not in log
    assert "secret" not in log
    assert "127.0.0.1 " not in log


def test_a_port_that_is_taken_is_said_plainly(ready, tmp_path):
    with served(tmp_path) as (_, url):
        port = url.rstrip("/").rpartition(":")[2]

        said = subprocess.run(
            [*PROGRAM, "serve", "--port", port],
            env=on(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )

    assert said.returncode == 1
    assert "cổng khác" in said.stderr


PROGRAM = [sys.executable, "-m", "survey_app"]


def on(tmp_path):
    return os.environ | {"SIPAS_INSTANCE": str(tmp_path / "instance")}


@contextmanager
def served(tmp_path):
    """The program as a process of its own, until the block ends."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"],
        env=on(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()
