"""Authors of forms and people who type paper in, in a real browser."""

from pathlib import Path

import pytest
from sqlalchemy import select

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.models import PaperForm, Response, Role, Wave, WaveOffice
from survey_app.paper import copies, serials
from tests.survey_app.collect.making import Fieldwork

pytestmark = pytest.mark.browser

PASSWORD = "một câu dễ nhớ"
FAULTY = Path(__file__).parents[1] / "questionnaires/forms/invalid/html.toml"


@pytest.fixture
def site(make_app, sqlite_url, now, live):
    """A site with a planner, two typists and three copies on paper."""
    app = make_app(sqlite_url, WTF_CSRF_ENABLED=True)
    wave = Fieldwork(app, clock.now(), code="2026-q1", name="Quý I năm 2026")
    with app.app_context(), db.begin() as session:
        for username, role in (
            ("ke", Role.PLANNER),
            ("mot", Role.INTERVIEWER),
            ("hai", Role.INTERVIEWER),
        ):
            account = operations.add(
                session,
                None,
                username=username,
                name=f"Nguyễn Văn {username.title()}",
                role=role,
                password_hash=passwords.hashed(PASSWORD),
                now=clock.now(),
            )
            account.one_time_until = None
        session.add(WaveOffice(wave_id=wave.wave_id, office_id=wave.office_id))
        session.flush()
        found = session.get_one(Wave, wave.wave_id)
        copies.issue(
            session, found, wave.office_id, count=3, language="vi", now=clock.now()
        )
    with app.app_context():
        yield live(app)


@pytest.fixture
def signed_in(open_page, site):
    def signed_in(username, **screen):
        page = open_page(**screen)
        page.goto(f"{site}/accounts/sign-in")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        with page.expect_navigation(url="**/accounts/"):
            page.click("main button")
        return page

    return signed_in


def serial_numbers():
    with db.read() as session:
        return list(session.scalars(select(PaperForm.serial).order_by("serial")))


def type_in(page, site, serial, first="4"):
    """Type a whole copy as from a keypad: digits and Enter, never the mouse."""
    page.goto(f"{site}/paper/2026-q1/entry")
    wait_for_the_cursor(page)
    page.keyboard.type(serials.printed(serial))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-entry]")
    wait_for_the_cursor(page)
    names = page.evaluate(
        "[...document.querySelectorAll('[data-entry] input[type=text]')]"
        ".map(field => field.name)"
    )
    others = {"visits": "2", "co-nguoi-giup": "2", "ma-phieu": ""}
    for place, name in enumerate(names[:-1]):
        page.keyboard.type(first if place == 0 else others.get(name, "1"))
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def wait_for_the_cursor(page):
    """The browser sets it with the first picture, which may come after loading."""
    page.locator("main input:focus").wait_for()


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def looked_at(page, violations):
    return violations(page) + (["too wide"] if overflows(page) else [])


def test_a_copy_is_typed_twice_with_digits_and_enter_alone(signed_in, site):
    serial = serial_numbers()[0]
    one, two = signed_in("mot"), signed_in("hai")
    type_in(one, site, serial)
    type_in(two, site, serial)

    assert "hai lần nhập khớp nhau" in two.inner_text("main")
    with db.read() as session:
        assert session.scalars(select(Response)).one().answers["a1"] == 4


def test_what_two_read_differently_is_settled_by_the_keyboard(signed_in, site):
    serial = serial_numbers()[0]
    type_in(signed_in("mot"), site, serial)
    type_in(signed_in("hai"), site, serial, first="5")
    page = signed_in("ke")
    page.goto(f"{site}/paper/2026-q1/disagreements/{serial}")
    wait_for_the_cursor(page)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "Đã giải quyết phiếu" in page.inner_text("main")
    with db.read() as session:
        assert session.scalars(select(Response)).one().answers["a1"] == 5


def test_without_script_enter_leads_to_the_first_field_still_empty(signed_in, site):
    page = signed_in("mot", java_script_enabled=False)
    page.goto(f"{site}/paper/2026-q1/entry/{serial_numbers()[0]}")
    page.focus("[name=a1]")
    page.keyboard.type("4")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.input_value("[name=a1]") == "4"
    assert page.locator("[autofocus]").get_attribute("name") == "a2"


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_forms_and_paper_is_accessible_and_fits(
    signed_in, site, violations, width
):
    first, second, third = serial_numbers()
    type_in(signed_in("mot"), site, second)
    type_in(signed_in("hai"), site, second, first="5")
    page = signed_in("ke", viewport={"width": width, "height": 800})
    found = {}
    for path in (
        "/questionnaires/",
        "/questionnaires/?q=khong-co",
        "/questionnaires/sipas_2640/",
        "/questionnaires/sipas_2640/?language=km",
        "/questionnaires/new",
        "/questionnaires/sipas_2640/translations",
        "/questionnaires/sipas_1001_service/compare/sipas_2640",
        "/paper/",
        "/paper/2026-q1/",
        "/paper/2026-q1/entry?serial=12",
        f"/paper/2026-q1/entry/{first}",
        "/paper/2026-q1/disagreements",
        f"/paper/2026-q1/disagreements/{second}",
    ):
        page.goto(site + path)
        found[path] = looked_at(page, violations)
    page.goto(f"{site}/questionnaires/new")
    page.set_input_files("#file", FAULTY)
    page.click("text=Kiểm tra")
    found["a faulty form"] = looked_at(page, violations)
    page.goto(f"{site}/paper/2026-q1/entry/{third}")
    page.fill("[name=a1]", "9")
    page.click("text=Ghi phiếu")
    found["a copy half typed"] = looked_at(page, violations)
    page.goto(f"{site}/paper/2026-q1/disagreements/{second}")
    page.click("text=Ghi phiếu")
    found["a disagreement left open"] = looked_at(page, violations)
    page.goto(f"{site}/paper/2026-q1/")
    page.click("text=Cấp phiếu >> nth=-1")
    found["copies without a number"] = looked_at(page, violations)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_preview_is_as_wide_as_a_phone_and_sends_nothing(signed_in, site):
    page = signed_in("ke", viewport={"width": 1280, "height": 800})
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(f"{site}/questionnaires/sipas_2640/")
    page.click(".phone label >> nth=0")
    page.keyboard.press("Enter")
    width = page.evaluate("document.querySelector('.phone').offsetWidth")

    assert width == 360
    assert page.is_checked(".phone input >> nth=0")
    assert "POST" not in sent
