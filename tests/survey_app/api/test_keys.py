"""Keys are given out once, known by hash only, taken back, and every act is logged."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from survey_app import create_app, db
from survey_app.api import commands
from survey_app.cli import main
from survey_app.models import ApiKey, AuditEntry
from tests.survey_app.api.conftest import Software
from tests.survey_app.hand_over import making

PAGE = "/accounts/api-keys/"


@pytest.fixture
def administrator(signed_in):
    making.build()
    return signed_in("administrator")


def made(administrator, **fields):
    given = {"name": "Một cửa điện tử", "wave": making.CODE} | fields
    return administrator.post(PAGE, data=given)


def key_in(reply):
    return re.search(r'class="secret">(sipas_[\w-]{43})<', reply.text)[1]


def test_a_key_is_shown_once_and_opens_the_api(administrator):
    key = key_in(made(administrator))

    assert key not in administrator.get(PAGE).text
    assert key[:12] in administrator.get(PAGE).text
    assert Software(administrator.application, key).hand_over().status_code == 201


def test_only_a_hash_of_a_key_is_kept(administrator):
    key = key_in(made(administrator))

    with db.read() as session:
        kept = str(session.scalars(select(ApiKey)).one().__dict__)
        log = str([e.detail for e in session.scalars(select(AuditEntry))])
    assert key not in kept
    assert key not in log


def test_a_revoked_key_opens_nothing_and_both_acts_are_in_the_log(administrator):
    key = key_in(made(administrator, office="STP"))

    reply = administrator.post(f"{PAGE}1/revoke", follow_redirects=True)

    assert "Đã thu hồi khóa của Một cửa điện tử" in reply.text
    assert Software(administrator.application, key).hand_over().status_code == 401
    with db.read() as session:
        log = [(e.action, e.actor) for e in session.scalars(select(AuditEntry))]
    assert [action for action, _ in log] == ["api_key.made", "api_key.revoked"]
    assert {actor for _, actor in log} == {"administrator-1"}


def test_a_key_is_revoked_once(administrator):
    made(administrator)
    administrator.post(f"{PAGE}1/revoke")

    assert administrator.post(f"{PAGE}1/revoke").status_code == 409
    assert administrator.post(f"{PAGE}9/revoke").status_code == 404


def test_everything_wrong_with_a_wish_for_a_key_is_said_at_once(administrator):
    reply = made(administrator, name=" ", office="X")

    assert reply.status_code == 422
    assert "Chưa ghi tên" in reply.text
    assert "không có đơn vị mang mã X" in reply.text
    assert 'value="X"' in reply.text


def test_the_day_of_the_last_use_is_shown_and_no_minute(administrator):
    key = key_in(made(administrator))
    Software(administrator.application, key).hand_over()

    with db.read() as session:
        assert session.scalars(select(ApiKey)).one().last_used_on.isoformat() == (
            "2026-03-02"
        )
    assert "02/03/2026" in administrator.get(PAGE).text


def test_without_a_wave_the_page_says_so(signed_in):
    assert "Chưa có đợt khảo sát nào" in signed_in("administrator").get(PAGE).text


@pytest.fixture
def sipas(app, monkeypatch):
    """Runs commands on the database of the test."""
    making.build()
    monkeypatch.setattr(commands, "create_app", lambda: app)
    return lambda *words: CliRunner().invoke(main, ["api-key", *words])


def test_a_key_is_made_listed_and_revoked_by_command(sipas, app):
    told = sipas("add", "Một cửa", "--wave", making.CODE, "--office", "STP")
    key = re.search(r"sipas_[\w-]{43}", told.output)[0]
    listed = sipas("list").output
    works = Software(app, key).hand_over().status_code
    revoked = sipas("revoke", "1").output

    assert works == 201
    assert key not in listed
    assert key[:12] in listed
    assert "Một cửa" in listed
    assert "Đã thu hồi khóa số 1" in revoked
    assert "đã thu hồi" in sipas("list").output
    assert Software(app, key).hand_over().status_code == 401


def test_a_command_that_is_refused_says_every_reason_and_ends_with_1(sipas):
    refused = sipas("add", " ", "--wave", "none")

    assert refused.exit_code == 1
    assert "Chưa ghi tên" in refused.output
    assert "Không có đợt khảo sát mang mã none" in refused.output


def test_commands_and_program_share_their_factory():
    assert commands.create_app is create_app
