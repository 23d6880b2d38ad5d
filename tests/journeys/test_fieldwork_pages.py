"""Those who plan, at a desk and on a phone; and what comes out of the printer."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.models import Poster, Role
from tests.survey_app.fieldwork.making import (
    FRAME,
    as_csv,
    build_province,
    build_wave,
    finished,
)

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ"
DRAFT, OPEN = "/fieldwork/waves/2026-Q1", "/fieldwork/waves/2026-Q2"
PLAN = "size_by=total&at_least=4&margin=5&expected=50&response=100&gain=1"
PAGES = (
    "/fieldwork/offices",
    "/fieldwork/offices?q=khong-co",
    "/fieldwork/offices?on=hom-qua",
    "/fieldwork/offices/1",
    "/fieldwork/offices/999",
    "/fieldwork/offices/import",
    "/fieldwork/waves",
    "/fieldwork/waves/new",
    DRAFT,
    OPEN,
    f"{DRAFT}/offices",
    f"{DRAFT}/offices?q=khong-co",
    f"{DRAFT}/transactions",
    f"{DRAFT}/plan",
    f"{DRAFT}/plan?{PLAN}&total=40",
    f"{DRAFT}/plan?{PLAN}&total=4000",
    f"{DRAFT}/plan?{PLAN}&total=x",
    f"{DRAFT}/open",
    f"{DRAFT}/posters",
    f"{DRAFT}/posters?q=khong-co",
    f"{DRAFT}/posters/print",
    f"{DRAFT}/hand-out",
    f"{OPEN}/transactions",
    f"{OPEN}/hand-out",
    f"{OPEN}/reissue",
    f"{OPEN}/posters",
    f"{OPEN}/posters/1/revoke",
    f"{OPEN}/posters/print",
    f"{OPEN}/close",
)


@pytest.fixture
def site(make_app, sqlite_url, now, live):
    """A site in earnest with a wave in preparation and one that is open."""
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    app.config["SESSION_COOKIE_SECURE"] = False  # the test has no certificate
    with app.app_context():
        build_province()
        build_wave("2026-Q2", frame=FRAME, total=30, hung=True, opened=True)
        build_wave("2026-Q1", frame=FRAME)
        with db.begin() as session:
            operations.add(
                session,
                None,
                username="lan",
                name="Lê Thị Lan",
                role=Role.PLANNER,
                password_hash=passwords.hashed(PASSWORD),
                now=clock.now(),
            ).one_time_until = None
        yield live(app)


@pytest.fixture
def sign_in(site):
    def sign_in(page):
        page.goto(f"{site}/accounts/sign-in")
        page.fill("#username", "lan")
        page.fill("#password", PASSWORD)
        page.click("main button")
        return page

    return sign_in


def hand_in(page, address, rows, button, name="ho-so.csv"):
    page.goto(address)
    file = {"name": name, "mimeType": "text/csv", "buffer": as_csv(rows).read()}
    page.set_input_files("input[type=file]", file)
    with page.expect_navigation(wait_until="load"):
        page.click(f"button:has-text('{button}')")


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_fieldwork_page_is_accessible_and_fits(
    request, screen, site, sign_in, violations
):
    page = sign_in(request.getfixturevalue(screen))
    found = {}
    for path in PAGES:
        page.goto(site + path)
        found[path] = violations(page) + (["too wide"] if overflows(page) else [])
    page.goto(f"{site}/fieldwork/waves/new")
    page.click("main button")
    found["wave refused"] = violations(page)
    rows = [finished(i, office="?" * 40, field="") for i in range(300)]
    hand_in(page, f"{site}{DRAFT}/transactions", rows, "Nhập hồ sơ")
    found["rows refused"] = violations(page) + (["too wide"] if overflows(page) else [])
    hand_in(page, f"{site}{OPEN}/hand-out", FRAME, "Lấy mã")
    found["slips"] = violations(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_page_has_one_heading_and_no_id_twice(desktop, site, sign_in):
    sign_in(desktop)
    for path in PAGES:
        if "print" in path:
            continue
        desktop.goto(site + path)
        ids = desktop.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")

        assert desktop.locator("h1").count() == 1, path
        assert len(ids) == len(set(ids)), path


def test_bad_rows_are_saved_from_the_page(desktop, site, sign_in):
    rows = [finished(201), finished(202, office="?")]
    hand_in(sign_in(desktop), f"{site}{DRAFT}/transactions", rows, "Nhập hồ sơ")

    with desktop.expect_download() as saved:
        desktop.click("a[download]")

    text = saved.value.path().read_text(encoding="utf-8-sig")
    assert saved.value.suggested_filename == "ho-so-dong-sai.csv"
    assert text.splitlines()[1].startswith("3,")


def pictures(page, selector):
    page.emulate_media(media="print")
    for part in page.locator(selector).all():
        yield Image.open(io.BytesIO(part.screenshot())).convert("L")


def read(picture, width):
    height = round(picture.height * width / picture.width)
    small = picture.resize((width, height), Image.Resampling.LANCZOS)
    return [code.text for code in zxingcpp.read_barcodes(small)]


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("width", [794, 220])
def test_the_picture_of_every_poster_reads_back_as_its_address(
    desktop, site, sign_in, width
):
    with db.read() as session:
        codes = {
            f"HTTPS://KHAOSAT.EXAMPLE.GOV.VN/Q/{code}"
            for code in session.scalars(select(Poster.code))
        }
    sign_in(desktop).goto(f"{site}{OPEN}/posters/print")

    found = [read(picture, width) for picture in pictures(desktop, ".poster")]

    assert [len(texts) for texts in found] == [1] * 4
    assert {text for (text,) in found} == codes


@pytest.mark.parametrize("width", [397, 260])
def test_the_picture_of_every_slip_reads_back_as_the_code_printed_beside_it(
    desktop, site, sign_in, width
):
    hand_in(sign_in(desktop), f"{site}{OPEN}/hand-out", FRAME, "Lấy mã")
    printed = [
        "HTTPS://KHAOSAT.EXAMPLE.GOV.VN/P/" + text.replace("-", "")
        for text in desktop.locator(".slip .code").all_inner_texts()
    ]

    found = [read(picture, width) for picture in pictures(desktop, ".slip")]

    assert len(printed) == 30
    assert found == [[text] for text in printed]


def test_four_slips_go_on_a_sheet_and_one_poster(desktop, site, sign_in):
    hand_in(sign_in(desktop), f"{site}{OPEN}/hand-out", FRAME, "Lấy mã")
    slips = desktop.pdf(prefer_css_page_size=True)
    desktop.goto(f"{site}{OPEN}/posters/print")
    posters = desktop.pdf(prefer_css_page_size=True)

    assert pages_of(slips) == 8
    assert pages_of(posters) == 4
