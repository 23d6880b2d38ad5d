"""An administrator at a desk and on a phone: every account page, wrong input too."""

import pytest

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.models import Role

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ"
PAGES = (
    "/accounts/",
    "/accounts/own",
    "/accounts/people",
    "/accounts/people?q=khong-ai",
    "/accounts/people/new",
    "/accounts/people/1",
    "/accounts/audit",
    "/accounts/audit?first_day=2026-02-31",
    "/accounts/audit/check",
    "/accounts/people/999",
)


@pytest.fixture
def site(make_app, sqlite_url, now, live):
    """The address of a site as it is in earnest: forms protected, guesses counted."""
    app = make_app(
        sqlite_url, WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True, PUBLIC_URL=""
    )
    with app.app_context(), db.begin() as session:
        operations.add(
            session,
            None,
            username="lan",
            name="Công Tằng Tôn Nữ Thị Lan Hương " * 5,
            role=Role.ADMINISTRATOR,
            password_hash=passwords.hashed(PASSWORD),
            now=clock.now(),
        ).one_time_until = None
    return live(app)


def sign_in(page, site, password=PASSWORD):
    page.goto(f"{site}/accounts/sign-in")
    page.fill("#username", "lan")
    page.fill("#password", password)
    page.click("main button")


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_account_page_is_accessible_and_fits(request, screen, site, violations):
    page = request.getfixturevalue(screen)
    sign_in(page, site, "sai mật khẩu")
    found = {"sign in refused": violations(page)}
    sign_in(page, site)
    for path in PAGES:
        page.goto(site + path)
        found[path] = violations(page) + (["too wide"] if overflows(page) else [])
    page.goto(f"{site}/accounts/people/new")
    page.click("main button")
    found["new person refused"] = violations(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_page_has_one_heading_a_title_and_no_id_twice(desktop, site):
    sign_in(desktop, site)
    for path in PAGES:
        desktop.goto(site + path)
        ids = desktop.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")

        assert desktop.locator("h1").count() == 1, path
        assert " – SIPAS" in desktop.title(), path
        assert len(ids) == len(set(ids)), path


def test_a_new_official_gets_a_password_and_must_choose_another(desktop, phone, site):
    sign_in(desktop, site)
    desktop.goto(f"{site}/accounts/people/new")
    desktop.fill("#username", "binh")
    desktop.fill("#name", "Trần Văn Bình")
    desktop.select_option("#role", "analyst")
    desktop.click("main button")
    handed_over = desktop.inner_text("code.secret")

    phone.goto(f"{site}/accounts/own")
    phone.fill("#username", "Binh")
    phone.fill("#password", handed_over)
    phone.click("main button")
    phone.goto(f"{site}/accounts/")
    must_choose = phone.inner_text("h1")
    phone.fill("#current", handed_over)
    phone.fill("#new", "con đường làng xưa")
    phone.fill("#again", "con đường làng xưa")
    phone.click("text=Đổi mật khẩu >> nth=-1")

    assert must_choose == "Trang cá nhân"
    assert phone.inner_text("h1") == "Chào Ông/Bà Trần Văn Bình"


def test_a_problem_is_reached_from_the_list_at_the_top(desktop, site):
    sign_in(desktop, site)
    desktop.goto(f"{site}/accounts/people/new")
    desktop.click("main button")

    desktop.click(".problems a >> nth=0")

    assert desktop.evaluate("document.activeElement.id") == "username"


def test_everything_can_be_done_without_a_mouse(desktop, site):
    desktop.goto(f"{site}/accounts/sign-in")
    desktop.keyboard.press("Tab")
    first = desktop.evaluate("document.activeElement.textContent")
    desktop.focus("#username")
    desktop.keyboard.type("lan")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type(PASSWORD)
    with desktop.expect_navigation():
        desktop.keyboard.press("Enter")

    assert first == "Đến nội dung chính"
    assert desktop.inner_text("h1").startswith("Chào Ông/Bà")
