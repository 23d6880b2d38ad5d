"""Many finishes of one code at the same moment, on both kinds of database."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

PHONES = 100


def at_once(app, address, ballots):
    """Send all ballots at the same moment, each from a phone of its own."""
    ready = threading.Barrier(len(ballots))

    def send(fields):
        client = app.test_client()
        ready.wait(timeout=30)
        return client.post(address, data=fields)

    with ThreadPoolExecutor(len(ballots)) as phones:
        return list(phones.map(send, ballots))


def test_a_hundred_finishes_of_one_code_give_one_ballot_and_polite_refusals(
    app_on_any_database, fieldwork
):
    address = f"/P/{fieldwork.slip()}"
    client = app_on_any_database.test_client()
    ballots = [fieldwork.opened(client, address) for _ in range(PHONES)]

    replies = at_once(app_on_any_database, address, ballots)

    assert Counter(r.status_code for r in replies) == {303: 1, 409: PHONES - 1}
    assert all(
        "Phiếu này đã được ghi nhận" in r.text for r in replies if r.status_code == 409
    )
    assert len(fieldwork.responses()) == 1
    assert [i.spent for i in fieldwork.invitations()] == [True]


@pytest.mark.parametrize("kind", ["slip", "poster"])
def test_a_double_tap_at_the_same_moment_sees_the_same_thanks(
    app_on_any_database, fieldwork, kind
):
    code = getattr(fieldwork, kind)()
    address = f"/{'P' if kind == 'slip' else 'Q'}/{code}"
    fields = fieldwork.opened(app_on_any_database.test_client(), address)

    replies = at_once(app_on_any_database, address, [fields] * 20)

    assert {r.status_code for r in replies} == {303}
    assert len({r.location for r in replies}) == 1
    assert len(fieldwork.responses()) == 1


def test_a_hundred_slips_at_once_are_all_kept(app_on_any_database, fieldwork):
    client = app_on_any_database.test_client()
    ready = threading.Barrier(PHONES)

    def answer(code):
        fields = fieldwork.opened(client, f"/P/{code}")
        ready.wait(timeout=30)
        return app_on_any_database.test_client().post(f"/P/{code}", data=fields)

    with ThreadPoolExecutor(PHONES) as phones:
        replies = list(phones.map(answer, fieldwork.slips(PHONES)))

    assert {r.status_code for r in replies} == {303}
    assert len(fieldwork.responses()) == PHONES
    assert all(i.spent for i in fieldwork.invitations())
