"""People of every role, signed in, for tests of the pages staff use."""

import itertools
from datetime import date

import pytest

from survey_app import clock, db
from survey_app.accounts.identity import SignedIn
from survey_app.models import Account, Counter, Office, OneStopShop, Role

PASSWORD = "một câu dễ nhớ"


@pytest.fixture
def make_account(app):
    """Makes an account; a leader gets an office and a counter officer a counter."""
    numbers = itertools.count(1)

    def make(role=Role.ADMINISTRATOR, **fields):
        role, number = Role(role), next(numbers)
        with db.begin() as session:
            if role is Role.LEADER and "office_id" not in fields:
                fields["office"] = _office(number)
            if role is Role.COUNTER_OFFICER and "counter_id" not in fields:
                fields["counter"] = _counter(number)
            fields = {
                "username": f"{role}-{number}",
                "name": "Nguyễn Thị Ánh",
                "password_hash": "none that fits",
                "created_at": clock.now(),
            } | fields
            account = Account(role=role, **fields)
            session.add(account)
        return account

    return make


@pytest.fixture
def signed_in(app, make_account):
    """A client signed in with a role, or with an account made before."""

    def signed_in(who):
        account = who if isinstance(who, Account) else make_account(who)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = SignedIn(account).get_id()
            session["_fresh"] = True
        return client

    return signed_in


def _office(number):
    return Office(
        code=f"DV{number}",
        name=f"Sở Mẫu {number}",
        search_name=f"so mau {number}",
        level="so_ban_nganh",
        kind="so",
        valid_from=date(2020, 1, 1),
    )


def _counter(number):
    shop = OneStopShop(
        code=f"MC{number}",
        name=f"Bộ phận Một cửa {number}",
        office=_office(number),
        valid_from=date(2020, 1, 1),
    )
    return Counter(code="Q1", name="Quầy 1", shop=shop, valid_from=date(2020, 1, 1))
