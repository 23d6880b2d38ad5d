"""The one script of the citizen pages: answers survive, and go out when they can."""

import pytest

from tests.journeys.test_collect_accessibility import answer, send
from tests.survey_app.collect.making import Fieldwork

pytestmark = pytest.mark.browser


@pytest.fixture
def fieldwork(app, noon):
    return Fieldwork(app, noon)


@pytest.fixture
def site(app, fieldwork, live):
    return live(app)


def left_on(page):
    return page.evaluate("Object.keys(localStorage)")


def test_answers_survive_a_closed_page_and_vanish_once_they_are_sent(
    phone, site, fieldwork
):
    address = f"{site}/P/{fieldwork.slip()}"
    phone.goto(address)
    phone.locator("#cau-a1 label").nth(1).click()
    phone.goto("about:blank")
    phone.goto(address)

    assert phone.locator('[name="a1"][value="2"]').is_checked()
    assert "đã được giữ lại" in phone.inner_text(".box")
    answer(phone, fieldwork.questionnaire)
    send(phone)
    phone.wait_for_url("**/cam-on/*")
    assert left_on(phone) == []


def test_kept_answers_can_be_thrown_away(phone, site, fieldwork):
    phone.goto(f"{site}/Q/{fieldwork.poster()}")
    phone.locator("#cau-a1 label").nth(1).click()
    phone.reload()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Xóa hết, điền lại từ đầu").click()

    assert phone.locator(":checked").count() == 1  # the size of letters
    assert left_on(phone) == []


def test_a_ballot_waits_for_the_network_and_goes_out_by_itself(phone, site, fieldwork):
    phone.goto(f"{site}/P/{fieldwork.slip()}")
    answer(phone, fieldwork.questionnaire)
    phone.context.set_offline(True)
    send(phone)
    phone.wait_for_selector("text=Chưa có mạng.")
    assert fieldwork.responses() == []
    phone.context.set_offline(False)

    phone.wait_for_url("**/cam-on/*")
    assert len(fieldwork.responses()) == 1


def test_a_lost_acknowledgement_does_not_count_a_ballot_twice(phone, site, fieldwork):
    """The ballot arrives, the answer does not; the page is opened again and sent."""
    address = f"{site}/Q/{fieldwork.poster()}"
    phone.goto(address)
    answer(phone, fieldwork.questionnaire)

    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    phone.route("**/Q/*", lose_the_answer)
    send(phone)
    phone.wait_for_selector("text=Chưa có mạng.")
    assert len(fieldwork.responses()) == 1
    phone.unroute("**/Q/*")
    phone.goto(address)
    phone.locator("[data-last]").wait_for()
    send(phone)

    phone.wait_for_url("**/cam-on/*")
    assert len(fieldwork.responses()) == 1


def test_a_page_of_another_network_is_not_taken_for_thanks(phone, site, fieldwork):
    """The Wi-Fi of a café answers everything with its own page."""
    phone.goto(f"{site}/P/{fieldwork.slip()}")
    answer(phone, fieldwork.questionnaire)
    phone.route("**/P/*", lambda route: route.fulfill(body="<h1>Wi-Fi</h1>"))
    send(phone)
    phone.wait_for_selector("text=Chưa có mạng.")
    phone.unroute("**/P/*")

    phone.wait_for_url("**/cam-on/*")
    assert len(fieldwork.responses()) == 1


def test_a_used_code_leaves_nothing_on_the_phone(phone, site, fieldwork, app):
    address = f"/P/{fieldwork.slip()}"
    phone.goto(site + address)
    answer(phone, fieldwork.questionnaire)
    client = app.test_client()
    client.post(address, data=fieldwork.opened(client, address))
    send(phone)

    phone.wait_for_selector("text=Phiếu này đã được ghi nhận")
    assert left_on(phone) == []
