"""A plan in ten minutes: from a frame to a signed page, by desk and by phone."""

import pytest
from sqlalchemy import select

from survey_app import db
from survey_app.accounts import passwords
from survey_app.fieldwork import reserve
from survey_app.models import Account, Role, Wave
from tests.survey_app.fieldwork.making import FRAME, build_province, build_wave

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ của người lập kế hoạch"
WAVE = "/fieldwork/waves/2026-Q1"


@pytest.fixture
def site(make_app, sqlite_url, now, noon, live):
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    app.config["SESSION_COOKIE_SECURE"] = False  # the test has no certificate
    with app.app_context():
        build_province()
        build_wave(frame=FRAME)
        with db.begin() as session:
            session.add(
                Account(
                    username="lan",
                    name="Lê Thị Lan",
                    role=Role.PLANNER,
                    password_hash=passwords.hashed(PASSWORD),
                    created_at=noon,
                )
            )
        yield live(app)


def sign_in(page, site):
    page.goto(f"{site}/accounts/sign-in")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Đăng xuất").wait_for()


def fits(page):
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("kind", ["desktop", "phone"])
def test_a_plan_is_tried_compared_fixed_read_and_replaced_from(
    request, site, kind, violations
):
    page = request.getfixturevalue(kind)

    def looked_at():
        assert violations(page) == []
        assert fits(page)

    sign_in(page, site)
    page.goto(f"{site}{WAVE}/plan")
    looked_at()
    page.get_by_label("Tổng số phiếu", exact=True).fill("4000")
    page.get_by_role("button", name="Xem phân bổ thử").click()
    assert "lớn hơn số hồ sơ" in page.inner_text("#can-sua")

    page.get_by_label("Tổng số phiếu", exact=True).fill("45")
    page.get_by_label("Tối thiểu mỗi đơn vị").fill("10")
    page.get_by_text("Kinh phí, phân bổ, tầng").click()
    page.get_by_label("Dự phòng").fill("20")
    page.get_by_label("Số lần liên hệ").fill("1")
    page.get_by_role("button", name="Xem phân bổ thử").click()
    assert page.inner_text("ul.figures li >> nth=0").split()[:2] == ["45", "phiếu"]
    assert page.locator("svg.margin").count() == 3
    looked_at()

    page.get_by_role("link", name="So sánh với một phương án khác").click()
    page.locator("#b-total").fill("90")
    page.get_by_role("button", name="So sánh").click()
    assert page.locator("ul.figures").count() == 2
    looked_at()
    page.get_by_role("link", name="Dùng phương án A").click()

    page.get_by_label("Số khởi tạo").fill("2026")
    page.get_by_role("button", name="Chốt kế hoạch và chọn mẫu").click()
    page.wait_for_url(f"**{WAVE}")
    page.get_by_role("link", name="Xem và in").click()
    assert "Chọn 45 hồ sơ, thêm 10 hồ sơ dự phòng" in page.inner_text("main")
    looked_at()

    page.goto(f"{site}{WAVE}/open")
    page.get_by_role("button", name="Mở đợt khảo sát").click()
    page.goto(f"{site}{WAVE}/units")
    looked_at()
    page.locator("table a").first.click()
    page.get_by_label("Từ chối").check()
    page.get_by_label("Số lần đã liên hệ").fill("1")
    page.get_by_role("button", name="Ghi kết quả").click()
    page.get_by_label("Lý do thay thế").fill("Bận việc")
    looked_at()
    page.get_by_role("button", name="Đưa hồ sơ dự phòng tiếp theo vào mẫu").click()

    assert "Hồ sơ số 46" in page.inner_text("h1")
    with db.read() as session:
        wave = session.scalar(select(Wave))
        assert sum(r.released for r in reserve.reserves(session, wave)) == 1
    page.goto(f"{site}/fieldwork/calculator")
    looked_at()
