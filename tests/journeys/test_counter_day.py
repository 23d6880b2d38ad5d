"""A day at a counter: results handed over, slips printed, answered, and watched."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.fieldwork import waves
from survey_app.models import HandOver, Response, Role, Selection, Wave
from tests.survey_app.fieldwork.making import build_province, build_wave
from tests.survey_app.hand_over.making import CODE, counter_id

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ"


@pytest.fixture
def site(make_app, sqlite_url, now, live):
    """A site in earnest with a wave in preparation, and three people."""
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    app.config["SESSION_COOKIE_SECURE"] = False  # the test has no certificate
    with app.app_context():
        build_province()
        build_wave(CODE)
        people = (
            ("lan", Role.PLANNER, None),
            ("quay", Role.COUNTER_OFFICER, counter_id()),
            ("sep", Role.ADMINISTRATOR, None),
        )
        with db.begin() as session:
            for username, role, counter in people:
                operations.add(
                    session,
                    None,
                    username=username,
                    name=f"Nguyễn Thị {username.capitalize()}",
                    role=role,
                    counter_id=counter,
                    password_hash=passwords.hashed(PASSWORD),
                    now=clock.now(),
                ).one_time_until = None
        yield live(app)


def sign_in(page, site, username):
    page.goto(f"{site}/accounts/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main button")
    return page


def plan_and_open(page, site):
    page.goto(f"{site}/counter/{CODE}/plan")
    page.check(f"#quay-{counter_id()}")
    page.fill("#every", "1")
    page.fill("#fields", "Hộ tịch\nChứng thực\nLý lịch tư pháp")
    page.click("text=Đặt cho các quầy đã chọn")
    page.goto(f"{site}/fieldwork/waves/{CODE}/open")
    page.click("main button")


def opened():
    with db.begin() as session:
        wave = session.scalars(select(Wave)).one()
        return waves.facts(session, wave).status == "open"


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def code_on(page):
    """The code that a phone's camera reads off the printed slip."""
    page.emulate_media(media="print")
    picture = Image.open(io.BytesIO(page.locator(".slip").screenshot())).convert("L")
    page.emulate_media(media="screen")
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text.rpartition("/")[2] == page.inner_text(".code").replace("-", "")
    return found.text.rpartition("/")[2]


def answer(phone, site, code):
    phone.goto(f"{site}/P/{code}")
    phone.check("[name=dong-y]")
    for group in phone.locator("fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check()
    for field in phone.locator("input[inputmode=numeric]").all():
        field.fill("1")
    phone.click("button:visible:has-text('Gửi')")


def test_a_day_at_a_counter(site, desktop, open_page, phone_without_script, violations):
    plan_and_open(sign_in(desktop, site, "lan"), site)
    assert opened()
    counter = open_page(viewport={"width": 1024, "height": 768}, locale="vi-VN")
    sign_in(counter, site, "quay")

    counter.click("nav >> text=In phiếu cho lượt này")
    assert violations(counter) == []
    codes = []
    for field in ("Hộ tịch", "Chứng thực", "Hộ tịch"):
        counter.click(f".fields button:has-text('{field}')")
        counter.wait_for_selector(".slip")
        codes.append(code_on(counter))
        assert violations(counter) == []
        counter.click("#printed button")
        counter.wait_for_selector(".fields")

    assert counter.locator(".totals dd").all_inner_texts() == ["3", "3", "3", "100 %"]
    assert counter.evaluate("document.activeElement.value") == "Hộ tịch"
    assert not overflows(counter)

    answer(phone_without_script, site, codes[0])
    assert "Cảm ơn" in phone_without_script.inner_text("h1")
    with db.read() as session:
        response = session.scalars(select(Response)).one()
    assert response.selection is Selection.AT_HAND_OVER

    desktop.goto(f"{site}/counter/{CODE}/shifts")
    assert violations(desktop) == []
    assert "Nguyễn Thị Quay" in desktop.inner_text("main")
    assert "không quầy nào cần xem lại" in desktop.inner_text("main")


def test_a_tap_is_taken_back_before_it_is_printed(site, desktop, phone_without_script):
    plan_and_open(sign_in(desktop, site, "lan"), site)
    counter = sign_in(phone_without_script, site, "quay")
    counter.goto(f"{site}/counter/")
    counter.click(".fields button >> nth=0")

    counter.click("text=Chưa in: hoàn tác lượt này")

    assert "Đã hoàn tác lượt vừa rồi" in counter.inner_text("main")
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(HandOver)) == 0


@pytest.mark.parametrize(("paper", "size"), [("80", (80, 165)), ("a6", (105, 148))])
def test_a_slip_is_one_sheet_of_its_paper(site, desktop, open_page, paper, size):
    plan_and_open(sign_in(desktop, site, "lan"), site)
    counter = sign_in(open_page(locale="vi-VN"), site, "quay")
    counter.goto(f"{site}/counter/")
    counter.click(".fields button >> nth=2")
    counter.wait_for_selector(".slip")

    counter.goto(f"{counter.url.partition('?')[0]}?paper={paper}")
    pdf = counter.pdf(prefer_css_page_size=True)

    width, height = map(
        float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
    )
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx(size, abs=0.5)
    assert code_on(counter)


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_page_of_hand_over_is_accessible_and_fits(
    request, screen, site, open_page, violations
):
    page = request.getfixturevalue(screen)
    found = {}

    def look(name):
        found[name] = violations(page) + (["too wide"] if overflows(page) else [])

    sign_in(page, site, "lan")
    page.goto(f"{site}/counter/{CODE}/plan")
    page.fill("#fields", "")
    page.click("text=Đặt cho các quầy đã chọn")
    look("plan-refused")
    plan_and_open(page, site)
    page.goto(f"{site}/counter/{CODE}/plan")
    look("plan-fixed")
    page.goto(f"{site}/fieldwork/waves/{CODE}")
    look("wave")
    page.goto(f"{site}/counter/{CODE}/shifts")
    look("shifts-empty")
    page.click("text=Đăng xuất")
    sign_in(page, site, "quay")
    page.goto(f"{site}/counter/")
    look("screen")
    page.click(".fields button >> nth=1")
    page.wait_for_selector(".slip")
    look("slip")
    page.goto(f"{site}/counter/{CODE}")
    look("screen-after")
    page.click("text=Ghi thêm mã hồ sơ")
    page.fill("#dossier", "12")
    page.click(".fields button >> nth=1")
    look("screen-refused")
    page.goto(f"{site}/accounts/own")
    page.click("text=Đăng xuất")
    sign_in(page, site, "sep")
    page.goto(f"{site}/accounts/api-keys/")
    look("keys-empty")
    page.click("main button:has-text('Tạo khóa')")
    look("key-refused")
    page.fill("#name", "Hệ thống thông tin giải quyết thủ tục hành chính tỉnh")
    page.click("main button:has-text('Tạo khóa')")
    look("key")
    page.goto(f"{site}/accounts/api-keys/")
    look("keys")
    page.goto(f"{site}/counter/{CODE}/shifts")
    look("shifts")
    page.goto(f"{site}/api/v1/")
    look("about")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
