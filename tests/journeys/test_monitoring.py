"""The morning after: who has no ballots, who is behind, whom to remind, by browser."""

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from survey_app import db
from survey_app.accounts import passwords
from survey_app.models import Account, Invitation, Office, Outcome, Poster, Role
from tests.survey_app.fieldwork.making import FRAME, build_province, build_wave

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ của người theo dõi"
WAVE = "/fieldwork/waves/2026-Q1"
BEFORE = {"30307": 0, "30316": 3, "STP": 30}  # ballots that came in on the first day


@pytest.fixture
def site(make_app, sqlite_url, now, noon, live):
    """A wave opened yesterday at noon; it is eight in the morning."""
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    app.config["SESSION_COOKIE_SECURE"] = False  # the test has no certificate
    with app.app_context():
        build_province()
        build_wave(frame=FRAME, total=60, hung=True, opened=True)
        with db.begin() as session:
            for office, count in BEFORE.items():
                answered(session, office, count)
            session.add(
                Account(
                    username="lan",
                    name="Lê Thị Lan",
                    role=Role.PLANNER,
                    password_hash=passwords.hashed(PASSWORD),
                    created_at=noon,
                )
            )
        now.moment += timedelta(hours=20)
        yield live(app)


def answered(session, office, count):
    """All slips of the office went out, so many came back."""
    drawn = session.scalars(
        select(Invitation)
        .join(Office, Office.id == Invitation.office_id)
        .where(Office.code == office)
    ).all()
    for invitation in drawn:
        invitation.issued_at = invitation.wave.opened_at
    for invitation in drawn[:count]:
        invitation.outcome, invitation.spent = Outcome.COMPLETED, True


def sign_in(page, site):
    page.goto(f"{site}/accounts/sign-in")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Đăng xuất").wait_for()


def statuses(page):
    """What the table says of each office, from the top."""
    rows = page.get_by_role("region", name="Tiến độ từng đơn vị").locator("tbody tr")
    return [
        (row.locator("th a").inner_text(), row.locator("td").first.inner_text())
        for row in rows.all()
    ]


def hanging():
    with db.read() as session:
        rows = session.scalars(select(Poster).where(Poster.revoked_at.is_(None)))
        return {poster.counter_id: poster.code for poster in rows}


@pytest.mark.parametrize("kind", ["desktop", "phone"])
def test_the_next_morning_those_behind_are_found_reminded_and_a_poster_renewed(
    request, site, kind, violations
):
    page = request.getfixturevalue(kind)

    def looked_at():
        assert violations(page) == []
        assert page.evaluate(
            "document.documentElement.scrollWidth"
            " <= document.documentElement.clientWidth"
        )

    sign_in(page, site)
    page.goto(f"{site}{WAVE}")
    page.get_by_role("link", name="Tiến độ").first.click()
    assert page.inner_text("h1") == "Tiến độ đến ngày 03/03/2026"
    assert statuses(page) == [
        ("Phường Long Xuyên", "Chưa có phiếu"),
        ("Phường Châu Đốc", "Dưới mục tiêu"),
        ("Sở Tư pháp", "Đã đạt"),
    ]
    looked_at()

    page.get_by_label("Ngày dự kiến đóng đợt").fill("2026-03-12")
    page.get_by_role("button", name="Lưu ngày").click()
    assert "Dự kiến đóng đợt ngày 12/03/2026." in page.inner_text("main")
    assert ("Phường Châu Đốc", "Dưới mục tiêu") in statuses(page)

    page.get_by_label("Tình trạng").select_option(label="Chưa có phiếu")
    page.get_by_role("button", name="Lọc").click()
    assert statuses(page) == [("Phường Long Xuyên", "Chưa có phiếu")]
    looked_at()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng này (Excel)").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    head, *rows = book.active.iter_rows(values_only=True)
    (row,) = (dict(zip(head, cells, strict=True)) for cells in rows)
    assert (row["Mã"], row["Tình trạng"]) == ("30307", "Chưa có phiếu")
    assert (row["Phiếu theo mẫu đã về"], row["Còn lại (ngày)"]) == (0, 9)

    page.get_by_label("Tìm đơn vị theo tên hoặc mã").fill("không có đơn vị này")
    page.get_by_role("button", name="Lọc").click()
    assert "Không có đơn vị nào phù hợp." in page.inner_text("main")
    looked_at()
    page.get_by_role("link", name="Xem mọi đơn vị").click()
    assert len(statuses(page)) == 3

    before = hanging()
    page.goto(f"{site}{WAVE}/posters?q=long+xuyen")
    looked_at()
    page.get_by_role("link", name="Thu hồi").click()
    looked_at()
    page.locator("main form button").click()
    page.goto(f"{site}{WAVE}/posters?q=long+xuyen")
    page.get_by_role("button", name="Lập áp phích cho 1 quầy chưa có").click()
    looked_at()

    after = hanging()
    assert after.keys() == before.keys()
    assert sum(after[counter] != before[counter] for counter in before) == 1
    (old,) = (before[c] for c in before if after[c] != before[c])
    page.goto(f"{site}/Q/{old}")
    assert "Ông/Bà" in page.inner_text("main")
    assert page.locator("fieldset").count() == 0
