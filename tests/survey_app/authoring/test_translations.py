"""A translator's workbook: taken out, filled in, judged, published."""

import io
import re

import openpyxl
import pytest

import questionnaires
from questionnaires.translations import texts_of
from survey_app import db, languages
from survey_app.authoring import translation_workbook
from survey_app.models import AuditEntry

PAGE = "/questionnaires/sipas_2640/translations"


@pytest.fixture
def form(texts):
    return questionnaires.parse(texts.published)


@pytest.fixture
def workbook(planner):
    """The Khmer workbook as downloaded; ``change`` spoils cells by key."""

    def workbook(language="km", **changes):
        got = planner.get(f"/questionnaires/sipas_2640/translation-{language}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(got.data))
        sheet = book[translation_workbook.TEXTS]
        for row in sheet.iter_rows(min_row=2):
            if row[0].value in changes:
                row[2].value = changes[row[0].value]
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return workbook


def khmer():
    with db.read() as session:
        return next(
            each
            for each in languages.languages_of(session, "sipas_2640")
            if each.code == "km"
        )


def test_a_workbook_of_a_new_language_has_every_text_and_an_empty_cell(planner, form):
    got = planner.get("/questionnaires/sipas_2640/translation-cjm.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(got.data))[translation_workbook.TEXTS]
    rows = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=2)]

    assert {key: text for key, text, _ in rows} == texts_of(form)
    assert all(not translated for *_, translated in rows)


def test_a_filled_workbook_comes_back_as_the_translation_it_was(
    planner, workbook, upload
):
    page = planner.post(PAGE, data=upload(workbook(), "km.xlsx"))

    assert page.status_code == 200
    assert "Bản dịch đầy đủ" in page.text
    assert "កន្លែងរង់ចាំ" in page.text


def test_every_gap_and_fault_is_told_with_its_row_and_all_is_kept(
    planner, workbook, upload
):
    content = workbook(**{"a1.text": "", "a2.text": "<b>x</b>"})
    page = planner.post(PAGE, data=upload(content, "km.xlsx"))
    found = re.findall(r"<strong>([^<]*)</strong>: [^<]*<code", page.text)

    assert page.status_code == 422
    assert [place.split(" (")[0] for place in found] == ["a1.text", "a2.text"]
    assert all(re.search(r"\(dòng \d+\)$", place) for place in found)
    assert "កន្លែង" in page.text


def test_two_levels_that_a_translation_no_longer_tells_apart_are_refused(
    planner, workbook, upload
):
    same = {f"scale.satisfaction.{level}": "ពេញចិត្ត" for level in (4, 5)}
    page = planner.post(PAGE, data=upload(workbook(**same), "km.xlsx"))

    assert page.status_code == 422
    assert "repeated_label" in page.text


def test_a_reviewed_translation_is_published_as_the_next_version(
    planner, workbook, upload
):
    sent = upload(workbook(), "km.xlsx") | {"reviewed": "1"}
    done = planner.post(f"{PAGE}/publish", data=sent)

    assert done.location == "/questionnaires/sipas_2640/?language=km"
    assert (khmer().version, khmer().reviewed) == (2, True)
    with db.read() as session:
        entry = session.query(AuditEntry).one()
        assert entry.detail == {"language": "km", "version": 2, "reviewed": True}


def test_the_same_translation_again_changes_nothing(planner, texts):
    page = planner.post(
        f"{PAGE}/publish", data={"text": texts.khmer}, follow_redirects=True
    )

    assert "đã được công bố từ trước" in page.text
    assert khmer().version == 1


def test_what_has_gaps_is_not_published_even_when_asked(planner, texts):
    gap = re.sub(r'"a1.text".*\n', "", texts.khmer)
    page = planner.post(f"{PAGE}/publish", data={"text": gap})

    assert page.status_code == 422
    assert khmer().version == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("sipas_2640", "sipas_1001_service"), "thuộc phiếu “sipas_1001_service”"),
        (('language = "km"', 'language = "vi"'), "không cần bản dịch"),
        (('language = "km"', 'language = "../km"'), "không hợp lệ"),
    ],
)
def test_a_translation_of_something_else_is_refused(planner, texts, change, told):
    page = planner.post(PAGE, data={"text": texts.khmer.replace(*change)})

    assert page.status_code == 422
    assert told in page.text


def test_any_other_workbook_is_refused_with_its_place(planner, upload):
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    page = planner.post(PAGE, data=upload(out.getvalue(), "x.xlsx"))

    assert page.status_code == 422
    assert "Thiếu mục “ban dich”" in page.text


def test_no_file_chosen_is_told(planner):
    page = planner.post(PAGE, data={})

    assert page.status_code == 422
    assert "Chưa chọn tệp bản dịch nào." in page.text


def test_a_translators_cell_can_never_become_a_formula(form, texts):
    content = translation_workbook.write(form, "km", {"a1.text": "=HYPERLINK(1)"})
    sheet = openpyxl.load_workbook(io.BytesIO(content))[translation_workbook.TEXTS]
    cells = {row[0].value: row[2] for row in sheet.iter_rows(min_row=2)}

    assert cells["a1.text"].data_type == "s"


def test_a_strange_language_in_the_address_is_not_found(planner):
    page = planner.get("/questionnaires/sipas_2640/translation-KM1.xlsx")

    assert page.status_code == 404
    assert (
        planner.get("/questionnaires/sipas_2640/translation-fr.toml").status_code == 404
    )
