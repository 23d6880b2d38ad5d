"""An open wave, a key to it, and the one-stop software that uses it."""

from uuid import uuid4

import pytest

from survey_app import clock, db
from survey_app.api import keys
from tests.survey_app.hand_over import making

ADDRESS = "/api/v1/transactions"
TRANSACTION = {
    "office": "STP",
    "shop": "STP-1",
    "counter": "1",
    "field": "Chứng thực",
    "channel": "in_person",
    "received_on": "2026-02-27",
    "returned_on": "2026-03-02",
}


class Software:
    """Sends transactions as a one-stop software does."""

    def __init__(self, app, key):
        self.app = app
        self.key = key

    def send(self, body, mark=None, **headers):
        given = {
            "Authorization": f"Bearer {self.key}",
            "Idempotency-Key": mark or str(uuid4()),
        }
        return self.app.test_client().post(ADDRESS, json=body, headers=given | headers)

    def hand_over(self, mark=None, **members):
        return self.send(TRANSACTION | members, mark)


def make_key(name="Một cửa điện tử", office_code=""):
    with db.begin() as session:
        return keys.make(
            session,
            None,
            name=name,
            wave_code=making.CODE,
            office_code=office_code,
            now=clock.now(),
        )


@pytest.fixture
def software(app):
    """Its wave is open, every k-th turn gets a slip."""

    def software(every=1, **scope):
        making.build(every=every)
        return Software(app, make_key(**scope)[1])

    return software


@pytest.fixture
def software_on_any_database(app_on_any_database):
    making.build()
    return Software(app_on_any_database, make_key()[1])
