"""Citizens' pages in a real browser: for everybody, with and without script."""

import pytest

from survey_app.models import WaveStatus
from tests.survey_app.collect.making import Fieldwork, complete

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def site(app, noon, live):
    class Site:
        fieldwork = Fieldwork(app, noon)
        url = live(app)

        def slip(self):
            return f"{self.url}/P/{self.fieldwork.slip()}"

        def poster(self):
            return f"{self.url}/Q/{self.fieldwork.poster()}"

    return Site()


def answer(page, questionnaire, leave_out=()):
    """Fill the form as a person does, by pressing the words beside the buttons.

    Where the script runs, this goes from step to step up to the last.
    """
    has_steps = page.locator(".steps").count() > 0
    for name, value in complete(questionnaire).items():
        field = page.locator(f'[name="{name}"]').first
        if name == "dong-y":
            continue
        if has_steps:
            go_to(page, name)
        if name in leave_out:
            continue
        if not field.is_visible():
            continue
        if field.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
        else:
            field.fill(value)
    if has_steps:
        go_to(page, "dong-y")
    if "dong-y" not in leave_out:
        page.locator("#dong-y label").click()


def go_to(page, name):
    """Press on until a question is there, or has been left out by its rule."""
    following = page.get_by_role("button", name="Tiếp tục")
    for _ in range(60):
        if page.locator(f'[name="{name}"]').first.is_visible() or is_past(page, name):
            return
        following.click()


def is_past(page, name):
    """Whether the step on screen comes after a question; the last one always does."""
    return page.evaluate(
        """(name) => {
             const step = document.querySelector("fieldset[data-kind]:not([hidden])");
             const field = document.getElementsByName(name)[0];
             return !step || (step.compareDocumentPosition(field)
               & Node.DOCUMENT_POSITION_PRECEDING) > 0;
           }""",
        name,
    )


def send(page):
    page.get_by_role("button", name="Gửi phiếu").click()


def send_unfinished(page):
    """Send what the script would not let go, to see what the server says."""
    page.evaluate("document.querySelector('#phieu').submit()")
    page.wait_for_selector("#can-xem-lai")


def fits(page):
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def small_targets(page):
    """Things to press that are lower or narrower than 48 pixels."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
             'main > label, fieldset label:not(.text), button, .button, header a')]
           .filter((e) => e.getClientRects().length > 0)
           .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
           .filter(([, box]) => box.height < 47.9 || box.width < 47.9)
           .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""
    )


def check(page, violations):
    assert violations(page) == []
    assert fits(page)
    assert small_targets(page) == []


def test_every_page_of_an_answer_is_accessible(phone, site, violations):
    address = site.slip()
    phone.goto(site.url)
    check(phone, violations)
    phone.goto(address)
    check(phone, violations)
    send_unfinished(phone)
    check(phone, violations)
    answer(phone, site.fieldwork.questionnaire)
    send(phone)
    phone.wait_for_url("**/cam-on/*")
    check(phone, violations)
    receipt = phone.inner_text(".receipt")
    phone.goto(address)
    check(phone, violations)
    phone.goto(f"{site.url}/rut-phieu")
    check(phone, violations)
    phone.fill("#bien-nhan", "1234")
    phone.get_by_role("button", name="Tìm phiếu").click()
    phone.wait_for_selector("#bien-nhan-sai")
    check(phone, violations)
    phone.fill("#bien-nhan", receipt)
    phone.get_by_role("button", name="Tìm phiếu").click()
    phone.wait_for_selector("text=Rút lại phiếu này?")
    check(phone, violations)
    phone.get_by_role("button", name="Rút phiếu").click()
    phone.wait_for_url("**/rut-phieu/xong")
    check(phone, violations)


@pytest.mark.parametrize(
    "path", ["/P/0000000000", "/P/12", "/Q/00000000", "/cam-on/000000000000"]
)
def test_every_page_of_a_mishap_is_accessible(phone, site, violations, path):
    phone.goto(site.url + path)

    check(phone, violations)


@pytest.mark.parametrize("status", [WaveStatus.DRAFT, WaveStatus.CLOSED])
def test_the_page_of_a_wave_that_is_not_open_is_accessible(
    phone, site, violations, status
):
    address = site.slip()
    site.fieldwork.change_wave(status=status)
    phone.goto(address)

    check(phone, violations)


@pytest.mark.parametrize("letters", ["co-nho", "co-to"])
def test_letters_of_another_size_and_strong_contrast_need_no_script(
    open_page, site, violations, letters
):
    """At 320 pixels, which is also what 640 show at a zoom of 200 %."""
    page = open_page(**NARROW, java_script_enabled=False)
    page.goto(site.slip())
    size = page.locator("legend").first
    usual = size.bounding_box()["height"]
    page.click(f"label[for={letters}]")
    page.click("label[for=tuong-phan]")

    assert (size.bounding_box()["height"] > usual) == (letters == "co-to")
    assert page.locator("main").bounding_box()["width"] == 320


def test_contrast_and_size_stay_accessible(open_page, site, violations):
    page = open_page(**NARROW)
    page.goto(site.slip())
    page.click("label[for=co-to]")
    page.click("label[for=tuong-phan]")
    send_unfinished(page)
    page.click("label[for=co-to]")
    page.click("label[for=tuong-phan]")

    check(page, violations)


def test_letters_follow_the_size_set_on_the_phone(open_page, site):
    page = open_page(**NARROW)
    page.goto(site.slip())
    letters = "getComputedStyle(document.querySelector('legend')).fontSize"
    assert page.evaluate(letters) == "18px"

    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")

    assert page.evaluate(letters) == "36px"
    assert fits(page)


@pytest.mark.parametrize("kind", ["slip", "poster"])
def test_without_script_a_form_comes_back_whole_and_is_sent(
    phone_without_script, site, kind
):
    page, address = phone_without_script, getattr(site, kind)()
    page.goto(address)
    answer(page, site.fieldwork.questionnaire, leave_out=["b2"])
    send(page)
    page.get_by_role("link", name="Câu 6: Xin chọn một phương án.").click()
    assert page.url.endswith("#cau-b2")
    page.locator("#cau-b2 label").nth(3).click()
    page.get_by_role("button", name="Gửi phiếu").click(click_count=2)

    page.wait_for_url("**/cam-on/*")
    assert len(site.fieldwork.responses()) == 1


def test_the_problems_are_what_the_returned_page_begins_with(phone, site):
    phone.goto(site.slip())
    send_unfinished(phone)

    assert phone.evaluate("document.activeElement.id") == "can-xem-lai"
    assert phone.title().startswith("Cần xem lại:")
