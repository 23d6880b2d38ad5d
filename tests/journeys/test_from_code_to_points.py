"""The main job from end to end, by what people see: planner, citizens, analyst.

A planner loads the offices, begins a wave, brings the list of finished dossiers, lets
the sample be drawn, prints poster and slips and opens the wave. Phones read the printed
codes from the picture. Citizens answer with and without script, one forgets a question
first, one presses twice. Others send theirs. The planner closes, the analyst freezes,
and the office's page shows the index and the points that the ballots come to.
"""

import csv
import io
import re
from datetime import timedelta

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from survey_app import db
from survey_app.accounts import passwords
from survey_app.models import Account, Role

pytestmark = pytest.mark.browser

PASSWORD = "sông Hậu chảy qua Long Xuyên"
PUBLIC = "https://khaosat.example.gov.vn"
OFFICE = "Sở Tư pháp"
DRAWN = 40
HEADER = (
    "Mã hồ sơ",
    "Mã đơn vị",
    "Lĩnh vực",
    "Ngày tiếp nhận",
    "Ngày trả kết quả",
    "Hình thức nộp",
)
PROBLEMS = "#can-xem-lai a"


@pytest.fixture
def app(now, make_app, sqlite_url):
    """As in real life: forms of staff need their token."""
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    with app.app_context():
        yield app


@pytest.fixture
def people(app, noon):
    """A planner and an analyst who chose their passwords before."""
    with db.begin() as session:
        for role in (Role.PLANNER, Role.ANALYST):
            session.add(
                Account(
                    username=role,
                    name=f"Cán bộ {role}",
                    role=role,
                    password_hash=passwords.hashed(PASSWORD),
                    created_at=noon,
                )
            )


@pytest.fixture
def site(app, live, people):
    return live(app)


def test_from_a_scanned_code_to_points_with_an_interval(
    site, desktop, phone, phone_without_script, client, now
):
    sign_in(desktop, site, Role.PLANNER)
    load_offices(desktop, site)
    begin_wave(desktop, site)
    import_transactions(desktop, site, transactions())
    fix_plan(desktop, site)
    poster_path = print_poster(desktop, site)
    slip_paths = print_slips(desktop, site)
    open_wave(desktop, site)

    answer_by_steps(phone, site, slip_paths[0], forgotten="c3")
    send_twice(phone)
    assert "Cảm ơn" in phone.inner_text("h1")
    answer_forgetting_one(phone_without_script, site, slip_paths[1], forgotten="a1")
    phone_without_script.get_by_role("button", name="Gửi phiếu").click()
    assert "Cảm ơn" in phone_without_script.inner_text("h1")
    answer_by_steps(phone, site, poster_path, forgotten="d1")
    phone.get_by_role("button", name="Gửi phiếu").click()
    phone.wait_for_url("**/cam-on/**")
    for place, path in enumerate(slip_paths[2:]):
        send_ballot(client, path, satisfied=place % 4 != 0)

    close_wave(desktop, site)
    now.moment += timedelta(hours=2, minutes=1)
    sign_in(desktop, site, Role.ANALYST)
    freeze(desktop, site)
    read_points(desktop, site)


# --- what the planner does ---


def sign_in(page, site, role):
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/sign-in")
    page.get_by_label("Tên đăng nhập").fill(role)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Đăng xuất").wait_for()


def load_offices(page, site):
    page.goto(f"{site}/fieldwork/offices/import")
    page.get_by_role("button", name="Nhập An Giang đến 30/06/2025").click()
    page.wait_for_url("**/fieldwork/offices*")

    page.goto(f"{site}/fieldwork/offices?q=so noi vu&on=2021-03-01")
    assert "Sở Nội vụ" in page.inner_text("main")


def begin_wave(page, site):
    page.goto(f"{site}/fieldwork/waves/new")
    page.get_by_label("Mã đợt").fill("AG-2021")
    page.get_by_label("Tên đợt khảo sát").fill("Khảo sát mức độ hài lòng năm 2021")
    page.get_by_label("Mẫu phiếu").select_option("sipas_2640")
    page.get_by_label("Cách tính điểm").select_option("demo_2025")
    page.get_by_label("từ ngày").fill("2021-01-01")
    page.get_by_label("đến ngày").fill("2021-06-30")
    page.get_by_label(re.compile("^Sở, ban")).check()
    page.locator("main form button").last.click()
    page.wait_for_url("**/waves/AG-2021")


def transactions():
    """Eighty finished dossiers of one office, as its software would export them."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(HEADER)
    for number in range(1, 81):
        day = f"{number % 28 + 1:02d}"
        dossier = f"H01.30-2103{day}-{number:04d}"
        dates = (f"{day}/03/2021", f"{day}/04/2021")
        rows.writerow([dossier, "STP", "Hộ tịch", *dates, "Trực tiếp"])
    return file.getvalue().encode("utf-8-sig")


def import_transactions(page, site, content):
    page.goto(f"{site}/fieldwork/waves/AG-2021/transactions")
    page.set_input_files("input[type=file]", _file(content))
    page.get_by_role("button", name="Nhập hồ sơ").click()

    assert "80" in page.inner_text("main")


def fix_plan(page, site):
    page.goto(f"{site}/fieldwork/waves/AG-2021/plan")
    page.locator("#total").fill(str(DRAWN))
    page.locator("#at_least").fill("30")
    page.get_by_role("button", name="Xem phân bổ thử").click()
    page.get_by_label("Số khởi tạo").fill("20210401")
    page.get_by_role("button", name="Chốt kế hoạch và chọn mẫu").click()
    page.wait_for_url("**/waves/AG-2021")

    assert f"Mẫu được chọn\n{DRAWN}" in page.inner_text("dl.facts")


def print_poster(page, site):
    page.goto(f"{site}/fieldwork/waves/AG-2021/posters?q=STP")
    page.get_by_role("button", name=re.compile("Lập áp phích")).click()
    page.goto(f"{site}/fieldwork/waves/AG-2021/posters?q=STP")
    page.get_by_role("link", name=re.compile("^In áp phích")).first.click()
    page.emulate_media(media="print")
    decoded = codes_in_picture(page)
    page.emulate_media(media="screen")

    assert OFFICE in page.inner_text("article.poster")
    assert len(decoded) == 1
    path = _path(decoded[0])
    assert path.startswith("/Q/")
    return path


def print_slips(page, site):
    page.goto(f"{site}/fieldwork/waves/AG-2021/hand-out")
    page.set_input_files("input[type=file]", _file(transactions()))
    page.get_by_role("button", name="Lấy mã").click()
    page.emulate_media(media="print")
    decoded = codes_in_picture(page)
    page.emulate_media(media="screen")

    assert len(set(decoded)) == DRAWN
    paths = [_path(address) for address in decoded]
    assert all(path.startswith("/P/") for path in paths)
    return paths


def open_wave(page, site):
    page.goto(f"{site}/fieldwork/waves/AG-2021/open")
    page.get_by_role("button", name="Mở đợt khảo sát").click()
    page.wait_for_url("**/waves/AG-2021")


def close_wave(page, site):
    page.goto(f"{site}/fieldwork/waves/AG-2021/close")
    page.get_by_role("button", name="Đóng đợt khảo sát").click()
    page.wait_for_url("**/waves/AG-2021")


# --- what citizens do ---


def answer_forgetting_one(page, site, path, *, forgotten):
    """Open the printed path, answer all but one, send, and mend what is shown."""
    page.goto(site + path)
    assert OFFICE in page.inner_text("dl")
    names = page.eval_on_selector_all(
        "fieldset[id^=cau-]", "all => all.map(f => f.id.slice(4))"
    )
    assert len([n for n in names if re.fullmatch("[a-e][0-9]", n)]) == 22
    for name in names:
        if name != forgotten and name in ANSWERS:
            choose(page, name, ANSWERS[name])
    page.locator("#dong-y input").check()
    page.get_by_role("button", name="Gửi phiếu").click()

    page.wait_for_selector(PROBLEMS)
    assert page.locator(PROBLEMS).count() == 1
    page.locator(PROBLEMS).click()
    assert page.url.endswith(f"#cau-{forgotten}")
    for name, value in ANSWERS.items():
        if name != forgotten:
            assert kept(page, name) == value
    choose(page, forgotten, ANSWERS[forgotten])


def choose(page, name, value):
    if (typed := page.locator(f"#o-{name}")).count():
        typed.fill(value)
    else:
        page.locator(f"[name={name}][value='{value}']").check()


def kept(page, name):
    if (typed := page.locator(f"#o-{name}")).count():
        return typed.input_value()
    return page.locator(f"[name={name}]:checked").get_attribute("value")


def answer_by_steps(page, site, path, *, forgotten):
    """Answer question by question where the script runs; one is forgotten at first."""
    page.goto(site + path)
    assert OFFICE in page.inner_text("dl")
    following = page.get_by_role("button", name="Tiếp tục")
    while following.is_visible():
        fieldset = page.locator("fieldset[data-kind]:visible")
        name = fieldset.get_attribute("id").removeprefix("cau-")
        if name == forgotten:
            following.click()
            assert "Xin chọn một phương án." in fieldset.inner_text()
        if name in ANSWERS:
            choose(page, name, ANSWERS[name])
        following.click()
    page.locator("#dong-y input").check()


def send_twice(page):
    """Two taps on the button, faster than the server answers."""
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    page.wait_for_url("**/cam-on/**")


def send_ballot(client, path, *, satisfied):
    page = client.get(path).text
    hidden = re.findall(r'name="(so-phieu|dong-y)" value="([^"]+)"', page)
    data = ANSWERS | dict(hidden)
    for criterion in CRITERIA:
        data[criterion] = "5" if satisfied else "2"

    assert client.post(path, data=data).status_code == 303


CRITERIA = [
    f"{factor}{number}"
    for factor, count in zip("abcde", (4, 5, 6, 3, 4), strict=True)
    for number in range(1, count + 1)
]
ANSWERS = dict.fromkeys(CRITERIA, "4") | {
    "general": "4",
    "visits": "1",
    "harassed": "no",
    "extra_money": "no",
    "promptness": "on_time",
}


# --- what the analyst does ---


def freeze(page, site):
    page.goto(f"{site}/results/AG-2021/freeze")
    page.get_by_role("button", name=re.compile("Chốt số liệu")).click()
    page.wait_for_url("**/results/AG-2021/**")


def read_points(page, site):
    """40 ballots of 40 drawn from 80: 30 satisfied everywhere, 10 nowhere."""
    page.goto(f"{site}/results/AG-2021/")
    page.get_by_role("link", name=OFFICE).click()
    shown = page.inner_text("main")

    assert "75,00 %" in shown
    assert re.search(r"18,00 / 24", shown)
    assert "Khoảng tin cậy 95 %" in shown
    assert "Trên 40 mã đã phát; tỷ lệ trả lời 100,0 %" in shown
    assert "1 phiếu" in shown
    assert "không đại diện" in shown


def codes_in_picture(page):
    """Every QR code that a camera would find in the page as printed."""
    page.set_viewport_size({"width": 1280, "height": 1800})
    found = []
    for part in page.locator("article").all():
        picture = Image.open(io.BytesIO(part.screenshot())).convert("L")
        found += [code.text for code in zxingcpp.read_barcodes(np.asarray(picture))]
    return found


def _path(address):
    """What of a printed address reaches the server; its name is the proxy's matter."""
    assert address.startswith(PUBLIC.upper() + "/")
    return address.removeprefix(PUBLIC.upper())


def _file(content):
    return {"name": "ho-so.csv", "mimeType": "text/csv", "buffer": content}
