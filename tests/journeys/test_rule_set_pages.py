"""An analyst enters what a decision leaves open, at a desk and on a phone."""

import pytest

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.models import Role

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ"
PAGES = (
    "/rule-sets/",
    "/rule-sets/?q=khong-co",
    "/rule-sets/an_giang_2021/",
    "/rule-sets/demo_2025/",
    "/rule-sets/demo_an_giang/",
    "/rule-sets/an_giang_2021/new-version",
    "/rule-sets/demo_2025/new-version",
    "/rule-sets/an_giang_2021/compare/demo_an_giang",
    "/rule-sets/demo_2025/compare/demo_2025",
)


@pytest.fixture
def site(make_app, sqlite_url, now, live):
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True, PUBLIC_URL="")
    with app.app_context(), db.begin() as session:
        operations.add(
            session,
            None,
            username="anh",
            name="Nguyễn Thị Ánh",
            role=Role.ANALYST,
            password_hash=passwords.hashed(PASSWORD),
            now=clock.now(),
        ).one_time_until = None
    return live(app)


def sign_in(page, site):
    page.goto(f"{site}/accounts/sign-in")
    page.fill("#username", "anh")
    page.fill("#password", PASSWORD)
    page.click("main button")


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_page_of_rule_sets_is_accessible_and_fits(
    request, screen, site, violations
):
    page = request.getfixturevalue(screen)
    sign_in(page, site)
    found = {}
    for path in PAGES:
        page.goto(site + path)
        found[path] = violations(page) + (["too wide"] if overflows(page) else [])
    page.goto(f"{site}/rule-sets/demo_an_giang/new-version")
    page.fill("[id='scorecard.domain.3.staff_points']", "ba")
    page.fill("[id='scorecard.class.1.low']", "60")
    page.click("main button")
    found["refused"] = violations(page) + (["too wide"] if overflows(page) else [])

    assert page.locator("#can-sua li").count() == 4
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_fault_leads_to_its_field_and_mending_it_saves(desktop, site):
    page = desktop
    sign_in(page, site)
    page.goto(f"{site}/rule-sets/demo_an_giang/new-version")
    page.fill("#id", "an_giang_2026")
    page.fill("#citation", "Quyết định 99/QĐ-UBND")
    page.fill("[id='scorecard.domain.7.staff_points']", "2")
    page.click("main form.entry button")
    page.click("#can-sua a")
    there = page.evaluate("location.hash")
    page.fill("[id='scorecard.domain.7.staff_points']", "1")
    page.click("main form.entry button")

    assert there == "#scorecard.domain.0.staff_points"
    assert page.url.startswith(f"{site}/rule-sets/an_giang_2026/")
    assert "Đã lưu bộ quy tắc" in page.inner_text("main")
