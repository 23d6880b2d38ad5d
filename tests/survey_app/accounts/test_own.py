"""Choosing a password, and what happens to the browsers signed in before."""

import pytest

from survey_app import db
from survey_app.accounts import passwords
from survey_app.models import Account, Role

OLD = "một câu dễ nhớ"
NEW = "con đường làng xưa"


@pytest.fixture
def lan(make_account):
    return make_account(
        Role.ANALYST, username="lan", password_hash=passwords.hashed(OLD)
    )


def change(client, current=OLD, new=NEW, again=NEW):
    form = {"current": current, "new": new, "again": again}
    return client.post("/accounts/own", data=form)


def test_a_new_password_takes_the_place_of_the_old_one(signed_in, lan):
    reply = change(signed_in(lan))

    assert reply.status_code == 303
    with db.read() as session:
        stored = session.get(Account, lan.id).password_hash
    assert passwords.matches(stored, NEW)
    assert not passwords.matches(stored, OLD)


def test_whoever_changes_the_password_stays_and_everybody_else_is_out(signed_in, lan):
    here, elsewhere = signed_in(lan), signed_in(lan)

    change(here)

    assert here.get("/accounts/own").status_code == 200
    assert elsewhere.get("/accounts/own").status_code == 303


def test_a_lost_phone_can_be_signed_out_from_elsewhere(signed_in, lan):
    here, phone = signed_in(lan), signed_in(lan)

    here.post("/accounts/own/end-sessions")

    assert here.get("/accounts/own").status_code == 200
    assert phone.get("/accounts/own").status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"current": "x"}, "Mật khẩu đang dùng không đúng."),
        ({"new": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
        ({"new": "lan lan lan lan", "again": "lan lan lan lan"}, "tên đăng nhập"),
        ({"new": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "5 ký tự khác nhau"),
        ({"new": OLD, "again": OLD}, "phải khác"),
        ({"again": "khác"}, "không giống nhau"),
        ({"new": "x" * 201, "again": "x" * 201}, "dài nhất 200"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    signed_in, lan, wrong, sentence
):
    reply = change(signed_in(lan), **wrong)

    assert reply.status_code == 422
    assert sentence in reply.text


def test_all_problems_are_told_at_once(signed_in, lan):
    reply = change(signed_in(lan), current="x", new="ngắn", again="khác")

    assert "Mật khẩu đang dùng không đúng." in reply.text
    assert "ít nhất 10 ký tự" in reply.text
    assert "không giống nhau" in reply.text


def test_a_refused_change_leaves_the_password_as_it_was(signed_in, lan):
    client = signed_in(lan)

    change(client, current="x")

    assert client.get("/accounts/own").status_code == 200
