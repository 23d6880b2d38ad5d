"""The administrator hands out, corrects, closes accounts; two can do it at once."""

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import exc, text

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.accounts.errors import LastAdministrator
from survey_app.models import Account, Role


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


def add(client, **fields):
    form = {
        "username": "binh",
        "name": "Trần Văn Bình",
        "role": "analyst",
        "office": "0",
        "counter": "0",
    }
    return client.post("/accounts/people/new", data=form | fields)


def password_shown(reply):
    return re.search(r'class="secret">([0-9A-Z-]+)<', reply.text)[1]


def by_username(username):
    with db.read() as session:
        return session.query(Account).filter_by(username=username).one_or_none()


def test_a_new_account_comes_with_a_one_time_password_that_works(administrator, client):
    password = password_shown(add(administrator))

    reply = client.post(
        "/accounts/sign-in", data={"username": "binh", "password": password}
    )

    assert reply.status_code == 303
    assert client.get("/accounts/").location == "/accounts/own"


def test_the_password_is_kept_only_as_a_hash(administrator, app):
    password = password_shown(add(administrator))

    account = by_username("binh")
    assert account.password_hash.startswith("$argon2id$")
    assert password not in str(vars(account))


def test_no_password_gets_into_the_log(administrator):
    password = password_shown(add(administrator))

    assert password not in administrator.get("/accounts/audit.csv").text


def test_a_user_name_taken_is_refused_in_any_case_and_everything_is_kept(administrator):
    add(administrator)

    reply = add(administrator, username="BINH", name="Bình khác")

    assert reply.status_code == 422
    assert "đã có người dùng" in reply.text
    assert 'value="Bình khác"' in reply.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": ""}, "nhập tên đăng nhập"),
        ({"username": "bình"}, "chữ cái không dấu"),
        ({"username": "ab"}, "3 đến 64"),
        ({"name": ""}, "nhập họ và tên"),
        ({"name": "x" * 201}, "dài nhất 200"),
        ({"role": "leader"}, "chọn đơn vị của lãnh đạo"),
        ({"role": "counter_officer"}, "chọn quầy"),
        ({"role": "king"}, "Vui lòng chọn một mục trong danh sách."),
        ({"office": "9999"}, "Vui lòng chọn một mục trong danh sách."),
    ],
)
def test_a_form_that_will_not_do_comes_back_with_the_reason(
    administrator, fields, sentence
):
    reply = add(administrator, **fields)

    assert reply.status_code == 422
    assert sentence in reply.text


def test_an_office_goes_only_with_a_leader(administrator, make_account):
    office = make_account(Role.LEADER).office_id

    assert add(administrator, office=office).status_code == 422
    assert add(administrator, office=office, role="leader").status_code == 200


@pytest.mark.parametrize("role", ["leader", "counter_officer"])
def test_the_database_itself_refuses_a_leader_without_an_office(
    app_on_any_database, role
):
    with pytest.raises(exc.IntegrityError), db.begin() as session:
        session.execute(
            Account.__table__.insert(),
            {
                "username": "x",
                "name": "X",
                "role": Role(role),
                "password_hash": "",
                "created_at": clock.now(),
            },
        )


def test_a_long_name_is_kept_whole(administrator):
    name = "Công Tằng Tôn Nữ " * 11

    add(administrator, name=name)

    assert by_username("binh").name == name.strip()


def test_a_name_typed_in_any_unicode_form_is_stored_in_one(administrator):
    add(administrator, name=unicodedata.normalize("NFD", "Trần Văn Bình"))

    assert by_username("binh").name == "Trần Văn Bình"


@pytest.mark.parametrize("typed", ["binh", "BÌNH", "tran  van", "Trần"])
def test_people_are_found_without_tone_marks(administrator, typed):
    add(administrator)

    reply = administrator.get("/accounts/people", query_string={"q": typed})

    assert "Trần Văn Bình" in reply.text


def test_finding_nobody_says_what_to_do(administrator):
    reply = administrator.get("/accounts/people?q=khongcoai")

    assert "bỏ bớt điều kiện" in reply.text


def test_a_password_reset_ends_the_sessions_and_gives_one_that_works(
    administrator, make_account, signed_in, client
):
    lan = make_account(Role.ANALYST, username="lan")
    before = signed_in(lan)

    shown = password_shown(administrator.post(f"/accounts/people/{lan.id}/password"))

    assert before.get("/accounts/own").status_code == 303
    form = {"username": "lan", "password": shown}
    assert client.post("/accounts/sign-in", data=form).status_code == 303


def test_closing_an_account_ends_its_sessions_and_opening_lets_it_in_again(
    administrator, make_account, signed_in, client
):
    lan = make_account(
        Role.ANALYST, username="lan", password_hash=passwords.hashed("một câu dễ nhớ")
    )
    before = signed_in(lan)
    form = {"username": "lan", "password": "một câu dễ nhớ"}

    administrator.post(f"/accounts/people/{lan.id}/close")

    assert before.get("/accounts/own").status_code == 303
    assert client.post("/accounts/sign-in", data=form).status_code == 422
    administrator.post(f"/accounts/people/{lan.id}/open")
    assert client.post("/accounts/sign-in", data=form).status_code == 303


def test_another_role_holds_at_once_for_sessions_that_are_open(
    administrator, make_account, signed_in
):
    other = make_account(Role.ADMINISTRATOR, username="lan")
    theirs = signed_in(other)
    form = {"name": "Lan", "role": "analyst", "office": "0", "counter": "0"}

    administrator.post(f"/accounts/people/{other.id}", data=form)

    assert theirs.get("/accounts/people").status_code == 403


@pytest.mark.parametrize("act", ["close", "password"])
def test_nobody_locks_themselves_out(make_account, signed_in, act):
    administrator = make_account(Role.ADMINISTRATOR)

    reply = signed_in(administrator).post(f"/accounts/people/{administrator.id}/{act}")

    assert reply.status_code == 409


def test_the_last_administrator_stays(app, make_account, now):
    only = make_account(Role.ADMINISTRATOR)

    with pytest.raises(LastAdministrator), db.begin() as session:
        operations.set_active(session, None, only.id, False, now=now.moment)


def test_two_administrators_who_close_each_other_do_not_both_succeed(
    app_on_any_database, now
):
    with db.begin() as session:
        accounts = [
            operations.add(
                session,
                None,
                username=f"admin{i}",
                name="A",
                role=Role.ADMINISTRATOR,
                password_hash="",
                now=now.moment,
            )
            for i in (1, 2)
        ]

    def close(by, target):
        with app_on_any_database.app_context():
            try:
                with db.begin() as session:
                    operations.set_active(session, by, target.id, False, now=now.moment)
            except LastAdministrator:
                return "refused"
            return "closed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(close, accounts, reversed(accounts)))

    assert sorted(outcomes) == ["closed", "refused"]


def test_an_account_that_is_not_there_is_a_page_that_says_so(administrator):
    assert administrator.get("/accounts/people/999").status_code == 404
    assert administrator.post("/accounts/people/999/close").status_code == 404


def test_a_one_time_password_lasts_a_week(administrator, now):
    add(administrator)

    assert by_username("binh").one_time_until == now.moment + timedelta(days=7)


def test_every_act_is_in_the_log(administrator):
    add(administrator)
    account = by_username("binh")
    administrator.post(f"/accounts/people/{account.id}/password")
    administrator.post(f"/accounts/people/{account.id}/close")

    with db.read() as session:
        rows = session.execute(text("SELECT action FROM audit_entry ORDER BY id"))
        written = [row.action for row in rows]
    assert written == [
        "account.added",
        "account.password_reset",
        "account.deactivated",
    ]
