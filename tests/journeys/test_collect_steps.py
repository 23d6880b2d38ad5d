"""A form one question at a time: the way through it, back, in another language."""

import re
from pathlib import Path

import pytest

from tests.survey_app.collect.making import Fieldwork

pytestmark = pytest.mark.browser

FORMS = Path(__file__).parents[1] / "questionnaires" / "forms" / "valid"
ZALO = (
    "Mozilla/5.0 (Linux; Android 11; SM-A125F Build/RP1A.200720.012; wv)"
    " AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.210"
    " Mobile Safari/537.36 Zalo android/12110563 ZaloTheme/light ZaloLanguage/vi"
)
SMALL = {"viewport": {"width": 360, "height": 640}, "is_mobile": True}


@pytest.fixture
def fieldwork(app, noon):
    from survey_app import db, upgrade
    from survey_app.models import Definition

    with db.begin() as session:
        for name in ("every_kind", "careful"):
            text = (FORMS / f"{name}.toml").read_text(encoding="utf-8")
            upgrade.publish(session, Definition, text, now=noon)
    return Fieldwork(app, noon)


@pytest.fixture
def opened(app, fieldwork, live):
    """Opens a form on a page, by the questionnaire's name."""
    url = live(app)

    def opened(page, questionnaire):
        fieldwork.change_wave(questionnaire_id=questionnaire)
        page.goto(f"{url}/P/{fieldwork.slip()}")

    return opened


def progress(page):
    return page.inner_text(".progress")


def question(page):
    """The question on screen, without its number."""
    legend = page.locator("fieldset[data-kind]:visible legend")
    return re.sub(r"^\d+\. ", "", legend.inner_text())


def choose(page, label):
    page.locator("fieldset:visible label").get_by_text(label, exact=True).click()


def write(page, text):
    page.locator("fieldset:visible :is(input:not([type]), textarea):visible").fill(text)


def go_on(page, expected=None):
    page.get_by_role("button", name="Tiếp tục").click()
    if expected:
        assert question(page) == expected


def answer_every_kind(page, *, late):
    choose(page, "Hài lòng")
    go_on(page)
    go_on(page, "Cơ quan trả kết quả khi nào?")
    choose(page, "Trễ hẹn" if late else "Đúng hẹn")


def finish_every_kind(page):
    go_on(page)
    assert question(page).startswith("Ông/Bà mong muốn")
    choose(page, "Nhanh hơn")
    go_on(page)
    go_on(page)


def send(page):
    page.get_by_text("Tôi đã đọc và đồng ý").click()
    page.get_by_role("button", name="Gửi phiếu").click()
    page.wait_for_url("**/cam-on/*")


def test_after_a_changed_route_only_answers_on_the_route_are_kept(
    phone, fieldwork, opened
):
    opened(phone, "every_kind")
    answer_every_kind(phone, late=True)
    go_on(phone, "Trễ bao nhiêu ngày?")
    write(phone, "9")
    go_on(phone, "Trễ hơn một tuần, cơ quan có xin lỗi không?")
    choose(phone, "Không")
    for expected in ("Trễ bao nhiêu ngày?", "Cơ quan trả kết quả khi nào?"):
        phone.get_by_role("button", name="Quay lại").click()
        phone.wait_for_selector(f"legend:visible >> text={expected}")
    choose(phone, "Đúng hẹn")
    go_on(phone)
    assert question(phone).startswith("Ngày nhận kết quả")
    finish_every_kind(phone)
    send(phone)

    (kept,) = fieldwork.responses()
    assert kept.answers["promptness"] == 1
    assert kept.answers["days_late"] == kept.answers["apology"] == -4


def test_without_a_script_the_same_answers_give_the_same_ballot(
    phone, phone_without_script, fieldwork, opened
):
    opened(phone, "every_kind")
    answer_every_kind(phone, late=False)
    go_on(phone)
    finish_every_kind(phone)
    send(phone)
    page = phone_without_script
    opened(page, "every_kind")
    choose_in = {"seats": "4", "promptness": "on_time", "apology": "no"}
    for name, value in choose_in.items():
        page.click(f'label:has([name="{name}"][value="{value}"])')
    page.fill('[name="days_late"]', "9")
    page.click('label:has([name="wishes"][value="faster"])')
    send(page)

    one, other = fieldwork.responses()
    assert one.answers == other.answers


def test_the_phones_own_back_button_goes_one_question_back(phone, opened):
    opened(phone, "every_kind")
    choose(phone, "Hài lòng")
    go_on(phone)
    phone.go_back()
    phone.wait_for_selector("legend:visible >> text=Nơi ngồi chờ")

    assert progress(phone) == "Câu 1/8"
    assert phone.locator('[name="seats"][value="4"]').is_checked()


def steps_of(page, level):
    """Answers with one level throughout: what each step shows and asks for."""
    seen = []
    while page.get_by_role("button", name="Tiếp tục").is_visible():
        fieldset = page.locator("fieldset[data-kind]:visible")
        required = fieldset.get_attribute("data-required") is not None
        seen.append((progress(page), required))
        if fieldset.get_attribute("data-kind") == "scale":
            fieldset.locator(f'label:has([value="{level}"])').click()
        elif fieldset.locator("input:not([type])").count():
            write(page, "2")
        elif required:
            fieldset.locator("label").first.click()
        go_on(page)
    return seen


def test_praise_and_blame_take_the_same_steps(phone, fieldwork, opened):
    opened(phone, "sipas_2640")
    praise = steps_of(phone, 5)
    opened(phone, "sipas_2640")
    blame = steps_of(phone, 1)

    assert praise == blame
    assert len(praise) > 22


def test_a_missing_answer_is_told_on_its_step_and_the_focus_goes_there(
    phone, opened, violations
):
    opened(phone, "every_kind")
    go_on(phone)

    assert progress(phone) == "Câu 1/8"
    assert phone.inner_text(".problem") == "Xin chọn một phương án."
    assert phone.evaluate("document.activeElement.name") == "seats"
    assert violations(phone) == []


def test_each_step_is_accessible_and_gets_the_focus_on_its_heading(
    open_page, opened, violations
):
    page = open_page(viewport={"width": 320, "height": 640})
    opened(page, "every_kind")
    answer_every_kind(page, late=True)
    go_on(page, "Trễ bao nhiêu ngày?")

    assert page.evaluate("document.activeElement.tagName") == "LEGEND"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_form_is_walked_with_the_keyboard_alone(desktop, fieldwork, opened):
    opened(desktop, "sipas_ward_9")
    focused = "[document.activeElement.type || '', document.activeElement.textContent]"
    for _ in range(300):
        desktop.keyboard.press("Tab")
        kind, text = desktop.evaluate(focused)
        is_last = desktop.locator("[data-last]").is_visible()
        if is_last and text == "Gửi phiếu":
            break
        if kind == "text":
            desktop.keyboard.type("2")
        elif kind == "radio" or (is_last and kind == "checkbox"):
            desktop.keyboard.press("Space")
        elif text == "Tiếp tục":
            desktop.keyboard.press("Enter")
    desktop.keyboard.press("Enter")

    desktop.wait_for_url("**/cam-on/*")
    assert len(fieldwork.responses()) == 1


def test_the_enter_key_in_a_box_goes_to_the_next_step(desktop, opened):
    opened(desktop, "every_kind")
    answer_every_kind(desktop, late=True)
    go_on(desktop)
    write(desktop, "9")
    desktop.keyboard.press("Enter")

    assert question(desktop) == "Trễ hơn một tuần, cơ quan có xin lỗi không?"


def careful_as_far_as_the_dates(page):
    for _ in range(5):
        choose(page, "Hài lòng")
        go_on(page)


def test_a_doubt_is_confirmed_on_the_same_step_and_an_impossible_answer_stops(
    phone, fieldwork, opened
):
    opened(phone, "careful")
    careful_as_far_as_the_dates(phone)
    write(phone, "05/03/2026")
    go_on(phone)
    write(phone, "04/03/2026")
    go_on(phone)
    assert "không thể trước" in phone.inner_text(".problem")
    write(phone, "06/03/2026")
    go_on(phone, "Số lần đi lại để làm thủ tục")
    write(phone, "30")
    at = progress(phone)
    go_on(phone)
    assert progress(phone) == at
    assert "đi lại 30 lần" in phone.inner_text(".problem")
    choose(phone, "Câu trả lời của tôi là đúng")
    go_on(phone, "Cả 30 lần đi lại có cần thiết không?")
    choose(phone, "Có")
    go_on(phone)
    choose(phone, "Không")
    go_on(phone)
    send(phone)

    (kept,) = fieldwork.responses()
    assert kept.answers["visits"] == 30
    assert 0 <= kept.answers["__order"] < 1000


@pytest.mark.parametrize("has_script", [True, False])
def test_the_language_is_changed_midway_and_every_answer_stays(
    open_page, fieldwork, opened, has_script
):
    page = open_page(**SMALL, java_script_enabled=has_script)
    opened(page, "sipas_2640")
    page.locator("#cau-a1 label").nth(1).click()
    if has_script:
        go_on(page)
        page.locator("#cau-a2 label").nth(0).click()
    page.get_by_role("button", name="ភាសាខ្មែរ").click()
    page.wait_for_selector("html[lang=km]")

    assert page.locator('[name="a1"][value="2"]').is_checked()
    assert page.locator("#cau-a2").is_visible()
    assert "អក្សរ" in page.locator("#co-to").get_attribute("aria-label")
    assert fieldwork.responses() == []
    if has_script:
        assert page.locator('[name="a2"][value="1"]').is_checked()
        assert progress(page) == "សំណួរ 2/38"


def test_a_ballot_sent_in_khmer_is_kept_as_such(open_page, fieldwork, opened):
    page = open_page(**SMALL)
    opened(page, "sipas_2640")
    page.get_by_role("button", name="ភាសាខ្មែរ").click()
    page.wait_for_selector("html[lang=km].steps")
    while (following := page.get_by_role("button", name="បន្ត")).is_visible():
        fieldset = page.locator("fieldset[data-kind]:visible")
        if fieldset.locator("input:not([type]):visible").count():
            write(page, "2")
        elif fieldset.get_attribute("data-required") is not None:
            fieldset.locator("label").first.click()
        following.click()
    page.get_by_text("ខ្ញុំបានអាន").click()
    page.get_by_role("button", name="ផ្ញើប័ណ្ណ").click()
    page.wait_for_url("**/cam-on/*")

    assert page.locator("html").get_attribute("lang") == "km"
    assert fieldwork.responses()[0].language == "km"


def test_it_works_inside_the_browser_of_zalo(open_page, fieldwork, opened):
    page = open_page(**SMALL, user_agent=ZALO)
    opened(page, "sipas_ward_9")
    steps_of(page, 4)
    send(page)

    assert len(fieldwork.responses()) == 1


def test_problems_the_server_finds_lead_to_their_step(phone, opened, violations):
    opened(phone, "every_kind")
    phone.evaluate("document.querySelector('#phieu').submit()")
    phone.wait_for_selector("#can-xem-lai")
    assert violations(phone) == []
    phone.get_by_role("link", name=re.compile("^Câu 3: ")).click()

    assert question(phone) == "Cơ quan trả kết quả khi nào?"
