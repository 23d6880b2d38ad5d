"""What comes out of the printer: numbers, codes, routes in words, other languages."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import questionnaires
from questionnaires.translations import parse_translation, translated
from survey_app.models import Role
from survey_app.paper import printing, serials
from survey_app.paper.jumps import END, jumps
from survey_app.paper.layout import layout

SHIPPED = Path(questionnaires.__file__).parent
FORMS = Path(__file__).parents[2] / "questionnaires" / "forms" / "valid"
ISSUED = printing.Issued("Sở Xây dựng", "Quý I năm 2026", "khaosat.example.gov.vn")


def shipped(name):
    text = (SHIPPED / "definitions" / f"{name}.toml").read_text(encoding="utf-8")
    return questionnaires.parse(text)


def in_khmer(form):
    words = SHIPPED / "translations" / f"{form.id}.km.toml"
    text = words.read_text(encoding="utf-8")
    return translated(form, parse_translation(text, form))


def _need(tool):
    """A missing reader of PDF skips at home and fails where everything is tested."""
    if shutil.which(tool) is None:
        missing = f"{tool} is not there: apt-get install poppler-utils"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)


@pytest.fixture
def pages(tmp_path):
    """Text of each page of a PDF, and the codes that a reader sees on it."""
    _need("pdftotext")

    def pages(content):
        path = tmp_path / "form.pdf"
        path.write_bytes(content)
        ran = subprocess.run(
            ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
        )
        return ran.stdout.decode("utf-8").split("\f")[:-1]

    return pages


@pytest.fixture
def codes_on(tmp_path):
    """What a scanner reads from the pages of a PDF, in order."""
    _need("pdftoppm")

    def codes_on(content):
        import zxingcpp
        from PIL import Image

        path = tmp_path / "codes.pdf"
        path.write_bytes(content)
        subprocess.run(
            ["pdftoppm", "-r", "110", "-png", path, tmp_path / "page"], check=True
        )
        found = []
        for page in sorted(tmp_path.glob("page*.png")):
            with Image.open(page) as image:
                found += [code.text for code in zxingcpp.read_barcodes(image)]
        return found

    return codes_on


@pytest.fixture
def ward(app):
    return shipped("sipas_ward_9")


@pytest.fixture
def copies(issued, paper):
    def copies(count):
        return [
            printing.Copy(serial, paper.form(serial).response_id)
            for serial in issued(count)
        ]

    return copies


@pytest.mark.parametrize("name", ["sipas_2640", "sipas_1001_service", "sipas_ward_9"])
def test_every_question_of_every_shipped_form_is_printed(app, pages, name):
    form = shipped(name)
    text = re.sub(r"\s+", " ", " ".join(pages(printing.specimen(form))))

    for number, question in enumerate(form.questions, start=1):
        start = " ".join(question.text.split()[:3])
        assert f"{number}. {start}" in text, question.id


def test_every_copy_has_its_own_number_code_and_receipt(ward, copies, pages, codes_on):
    three = copies(3)
    content = printing.copies_of(ward, ISSUED, three)
    text = pages(content)
    per_copy = len(text) // 3

    assert codes_on(content) == [serials.scanned(copy.serial) for copy in three]
    for number, copy in enumerate(three):
        own = text[number * per_copy : (number + 1) * per_copy]
        assert all(copy.stamp.number in page for page in own)
        assert copy.stamp.receipt in " ".join(own)
        assert f"Trang 1/{per_copy}" in own[0]


def test_the_stub_says_where_the_ballot_can_be_withdrawn(ward, copies, pages):
    text = " ".join(pages(printing.copies_of(ward, ISSUED, copies(1))))

    assert "khaosat.example.gov.vn/rut-phieu" in text
    assert "Sở Xây dựng" in text


def test_a_specimen_has_no_number_and_says_what_it_is(ward, pages, codes_on):
    content = printing.specimen(ward)

    assert "BẢN MẪU" in pages(content)[0]
    assert codes_on(content) == []


def test_copies_of_a_simulated_wave_say_so(ward, copies, pages):
    issued = printing.Issued("Sở Xây dựng", "Thử", "x.example", is_simulated=True)

    assert "DỮ LIỆU MÔ PHỎNG" in pages(printing.copies_of(ward, issued, copies(1)))[0]


def test_many_copies_cost_hardly_more_than_one(ward, copies):
    hundred = copies(100)
    one = printing.copies_of(ward, ISSUED, hundred[:1])
    all_of_them = printing.copies_of(ward, ISSUED, hundred)

    assert len(all_of_them) < len(one) + 100 * 2_000


def test_a_khmer_form_is_set_in_a_khmer_font_with_khmer_words_around(
    app, pages, tmp_path
):
    form = in_khmer(shipped("sipas_2640"))
    text = " ".join(pages(printing.specimen(form)))
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "form.pdf"], capture_output=True, check=True, text=True
    )

    assert "Khmer" in fonts.stdout
    assert layout(form).words["jump"] == "សូមទៅសំណួរទី {n}"
    for vietnamese in ("chuyển sang", "Chỉ trả lời", "Trang", "không bắt buộc"):
        assert vietnamese not in text


def test_khmer_is_shaped_and_not_set_letter_by_letter(app):
    """A vowel written before its consonant is drawn there: the font's work."""
    from weasyprint import HTML

    def width(text):
        style = "font: 100px 'Noto Sans Khmer'; display: inline-block"
        page = HTML(string=f'<span style="{style}">{text}</span>').render().pages[0]
        return next(
            box.width
            for box in page._page_box.descendants()
            if box.element_tag == "span"
        )

    joined = width("ក្រុម")
    apart = width("ក\u200c្\u200cរ\u200cុ\u200cម")

    assert joined < apart


def test_answers_that_skip_questions_say_where_to_go(app, pages):
    form = shipped("sipas_2640")
    numbers = {q.id: n for n, q in enumerate(form.questions, start=1)}
    after = numbers["late_apology"] + 1
    text = " ".join(pages(printing.specimen(form)))

    assert re.search(rf"Sớm hẹn\s+→ chuyển sang câu {after}", text)
    assert not re.search(r"Trễ hẹn\s+→", text)
    assert f"Chỉ trả lời nếu ở câu {numbers['promptness']}" in text


def test_jumps_lead_to_the_next_question_that_may_be_asked():
    form = shipped("sipas_2640")

    assert {
        value: target
        for (asked, value), target in jumps(form).items()
        if asked == "promptness"
    } == {"early": "wishes", "on_time": "wishes", "dk": "wishes"}


def test_a_question_that_depends_on_a_skipped_one_is_skipped_too():
    form = questionnaires.parse((FORMS / "every_kind.toml").read_text("utf-8"))
    found = jumps(form)
    numbers = [q.id for q in form.questions]

    assert found
    for (asked, _), target in found.items():
        assert target == END or numbers.index(target) > numbers.index(asked) + 1


def test_a_jump_past_the_last_question_leads_to_the_end():
    text = (FORMS / "every_kind.toml").read_text("utf-8")
    source = tomllib.loads(text)
    last = questionnaires.parse(text).questions[-1].id
    assert source["profile"][-1]["id"] == last
    first = source["fact"][0]["id"]
    option = questionnaires.parse(text).question(first).options[0].id
    alone = text + f'\nshow_if = ["==", {{ answer = "{first}" }}, "{option}"]\n'
    form = questionnaires.parse(alone)

    assert form.questions[-1].show_if is not None
    assert END not in jumps(form).values()  # others come between and stay asked


def test_boxes_are_numbered_in_the_order_of_the_page():
    form = shipped("sipas_2640")
    items = [
        item
        for section in layout(form).sections
        for block in section.blocks
        for item in block.items
    ]

    assert [item.number for item in items] == list(range(1, len(items) + 1))
    for item in items:
        keys = [choice.key.lstrip("*") for choice in item.choices]
        assert keys == [str(n) for n in range(1, len(keys) + 1)]


def test_copies_are_printed_from_the_page_again_and_again(planner, wave, issued):
    first, *_, last = issued(3)
    address = (
        f"/paper/2026-q1/copies.pdf?office={wave.office_id}&language=vi"
        f"&first={first}&last={last}"
    )
    replies = [planner.get(address) for _ in range(2)]

    assert [reply.mimetype for reply in replies] == ["application/pdf"] * 2
    assert all(reply.data.startswith(b"%PDF") for reply in replies)


def test_without_an_address_for_phones_nothing_is_printed(app, planner, wave, issued):
    serial = issued()[0]
    app.config["PUBLIC_URL"] = ""
    reply = planner.get(
        f"/paper/2026-q1/copies.pdf?office={wave.office_id}&language=vi&first={serial}"
    )

    assert reply.status_code == 409
    assert "SIPAS_PUBLIC_URL" in reply.text


def test_nothing_to_print_is_told(planner, wave):
    reply = planner.get("/paper/2026-q1/copies.pdf?office=1&language=vi&first=1")

    assert reply.status_code == 409
    assert "Không có phiếu nào đang ở ngoài" in reply.text


def test_a_specimen_is_there_in_each_language_and_no_other(signed_in, app):
    analyst = signed_in(Role.ANALYST)

    assert analyst.get("/paper/specimen/sipas_2640-km.pdf").data.startswith(b"%PDF")
    assert analyst.get("/paper/specimen/sipas_2640-fr.pdf").status_code == 404
    assert analyst.get("/paper/specimen/khong-co-vi.pdf").status_code == 404
