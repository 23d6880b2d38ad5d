"""A counter at work: its wave, its officer, its browser."""

import re

import pytest

from tests.survey_app.hand_over import making

SCREEN = f"/counter/{making.CODE}"


class Screen:
    """The counter's screen in one browser."""

    def __init__(self, client):
        self.client = client

    def html(self):
        return self.client.get(SCREEN).text

    def mark(self):
        return re.search(r'name="turn" value="([^"]+)"', self.html())[1]

    def tap(self, field=making.FIELDS[0], **fields):
        given = {"field": field, "channel": "in_person"} | fields
        if "turn" not in given:
            given["turn"] = self.mark()
        return self.client.post(f"{SCREEN}/turns", data=given)

    def undo(self):
        return self.client.post(f"{SCREEN}/undo")


@pytest.fixture
def build(app):
    return making.build


@pytest.fixture
def officer(app):
    """Makes the officer of a counter, once the province stands."""
    return lambda number=0: making.make_officer(
        making.counter_id(number), f"quay-{number + 1}"
    )


@pytest.fixture
def screen(build, officer, signed_in):
    """The screen of the first counter, every k-th turn with a slip."""

    def screen(every=1):
        build(every=every)
        return Screen(signed_in(officer()))

    return screen
