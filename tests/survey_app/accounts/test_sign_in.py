"""Coming in and leaving, and what a stranger may learn from it: nothing."""

import re
import unicodedata
from datetime import timedelta

import pytest

from survey_app import db
from survey_app.accounts import passwords
from survey_app.accounts.sign_in import own_path
from survey_app.models import Account, Role

PASSWORD = "một câu dễ nhớ"


@pytest.fixture
def lan(make_account):
    return make_account(
        Role.PLANNER,
        username="lan",
        name="Lan",
        password_hash=passwords.hashed(PASSWORD),
    )


def sign_in(client, username="lan", password=PASSWORD, **options):
    form = {"username": username, "password": password}
    return client.post("/accounts/sign-in", data=form, **options)


def without_values(reply):
    """The page without what was typed into it and the token against forgery."""
    return re.sub(r' value="[^"]*"', "", reply.text)


def test_who_knows_the_password_comes_in_and_sees_the_start_page(client, lan):
    reply = sign_in(client, follow_redirects=True)

    assert reply.status_code == 200
    assert "Chào Ông/Bà Lan" in reply.text


def test_a_user_name_may_be_typed_in_any_case_with_blanks_around(client, lan):
    assert sign_in(client, username=" LAN ").status_code == 303


def test_a_password_may_be_typed_on_any_keyboard(client, lan):
    decomposed = unicodedata.normalize("NFD", PASSWORD)

    assert sign_in(client, password=decomposed).status_code == 303


@pytest.mark.parametrize(
    ("username", "password"), [("lan", "wrong"), ("nobody", PASSWORD)]
)
def test_a_stranger_does_not_learn_whether_the_user_name_exists(
    client, lan, username, password
):
    refused = sign_in(client, username=username, password=password)
    other = sign_in(client, username="other", password="wrong")

    assert refused.status_code == 422
    assert without_values(refused) == without_values(other)


def test_an_unknown_user_name_costs_as_much_work_as_a_known_one(lan, monkeypatch):
    verified = []

    class Counting:
        hash = passwords._hasher.hash

        def verify(self, password_hash, password):
            verified.append(password_hash)
            return passwords._hasher_of_the_program.verify(password_hash, password)

    monkeypatch.setattr(
        passwords, "_hasher_of_the_program", passwords._hasher, raising=False
    )
    monkeypatch.setattr(passwords, "_hasher", Counting())

    assert not passwords.matches(None, PASSWORD)
    assert len(verified) == 1


def test_a_closed_account_does_not_come_in(client, make_account):
    password_hash = passwords.hashed(PASSWORD)
    make_account(username="lan", password_hash=password_hash, active=False)

    assert sign_in(client).status_code == 422


def test_empty_fields_are_each_named(client, lan):
    reply = sign_in(client, username="", password="")

    assert reply.status_code == 422
    assert "Vui lòng nhập tên đăng nhập." in reply.text
    assert "Vui lòng nhập mật khẩu." in reply.text


def test_after_signing_in_a_person_goes_on_to_the_page_they_wanted(client, lan):
    form = {"username": "lan", "password": PASSWORD}
    asked = client.get("/accounts/own")

    reply = client.post(asked.location, data=form)

    assert asked.status_code == 303
    assert reply.location == "/accounts/own"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\/evil.example/",
        "/\t/evil.example/",
        "\n//evil.example",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
def test_nobody_is_sent_on_to_another_site(client, lan, target):
    reply = sign_in(client, query_string={"next": target})

    assert own_path(target) is None
    assert reply.location == "/accounts/"


def test_a_path_of_this_site_keeps_its_question(client):
    assert (
        own_path("/accounts/people?q=a&sort=role") == "/accounts/people?q=a&sort=role"
    )


def test_signing_out_ends_the_session(client, lan):
    sign_in(client)

    client.post("/accounts/sign-out")

    assert client.get("/accounts/own").status_code == 303


def test_signing_in_is_written_down(client, lan):
    sign_in(client)

    with db.read() as session:
        assert session.get(Account, lan.id).last_sign_in_at is not None


def test_a_forged_form_is_refused(make_app, sqlite_url, now):
    client = make_app(sqlite_url, WTF_CSRF_ENABLED=True).test_client()

    assert sign_in(client).status_code == 400


def test_guessing_is_slowed_down_for_one_address(make_app, sqlite_url, now):
    client = make_app(sqlite_url, RATELIMIT_ENABLED=True).test_client()

    statuses = [sign_in(client, username=f"user{i}").status_code for i in range(11)]

    assert statuses == [422] * 10 + [429]


def test_guessing_one_name_from_many_addresses_is_slowed_down(
    make_app, sqlite_url, now, monkeypatch
):
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    client = make_app(sqlite_url, RATELIMIT_ENABLED=True).test_client()

    statuses = [
        sign_in(client, environ_base={"REMOTE_ADDR": f"10.0.0.{i}"}).status_code
        for i in range(31)
    ]

    assert statuses == [422] * 30 + [429]


def test_a_one_time_password_opens_only_the_page_to_choose_ones_own(
    client, make_account, now
):
    make_account(
        username="lan",
        password_hash=passwords.hashed(PASSWORD),
        one_time_until=now.moment + timedelta(days=1),
    )
    sign_in(client)

    assert client.get("/accounts/").location == "/accounts/own"
    assert client.get("/accounts/people").location == "/accounts/own"
    assert client.get("/accounts/own").status_code == 200


def test_a_one_time_password_expires(client, make_account, now):
    make_account(
        username="lan",
        password_hash=passwords.hashed(PASSWORD),
        one_time_until=now.moment,
    )

    reply = sign_in(client)

    assert reply.status_code == 422
    assert "hết hạn" in reply.text


def test_nobody_learns_that_a_one_time_password_expired_without_knowing_it(
    client, make_account, now
):
    make_account(
        username="lan",
        password_hash=passwords.hashed(PASSWORD),
        one_time_until=now.moment,
    )

    assert "hết hạn" not in sign_in(client, password="wrong").text


def test_a_cookie_that_is_not_ours_signs_nobody_in(client):
    with client.session_transaction() as session:
        session["_user_id"] = "1 OR 1=1"

    assert client.get("/accounts/own").status_code == 303
