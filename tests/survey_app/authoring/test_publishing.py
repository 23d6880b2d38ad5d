"""Bringing a new questionnaire: what its author sees at each step."""

import re
from html import unescape

import pytest
from sqlalchemy import select

import questionnaires
from questionnaires.xlsform_export import export_xlsform
from survey_app import db, languages
from survey_app.models import AuditEntry, Definition, Response

NEW = "/questionnaires/new"
PUBLISH = "/questionnaires/publish"


def box(page):
    """What stands in the box of the definition."""
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page.text, re.S)
    return unescape(found[1])


def acts():
    with db.read() as session:
        return session.scalars(select(AuditEntry.action)).all()


def test_what_is_published_is_listed_with_source_languages_and_use(planner):
    page = planner.get("/questionnaires/")

    assert page.status_code == 200
    assert "Quyết định 2640/QĐ-BNV" in page.text
    assert "ភាសាខ្មែរ" in page.text
    assert "chưa rà soát" in page.text


@pytest.mark.parametrize("words", ["2640", "quyet dinh 2640", "QUYẾT ĐỊNH 2640"])
def test_the_list_is_searched_without_minding_tone_marks(planner, words):
    page = planner.get("/questionnaires/", query_string={"q": words})

    assert "sipas_2640" in page.text
    assert "sipas_1001_service" not in page.text


def test_a_search_without_a_hit_leads_back_to_all(planner):
    page = planner.get("/questionnaires/?q=khong-co-phieu-nay")

    assert "Không có phiếu nào phù hợp" in page.text


@pytest.mark.parametrize("role", ["administrator", "analyst", "supervisor"])
def test_who_may_only_look_sees_no_way_to_publish(signed_in, role):
    client = signed_in(role)

    assert NEW not in client.get("/questionnaires/").text
    assert NEW not in client.get("/questionnaires/sipas_2640/").text


def test_a_file_without_faults_is_previewed_and_offered_for_publishing(
    planner, texts, upload
):
    page = planner.post(NEW, data=upload(texts.new, "phieu.toml"))

    assert page.status_code == 200
    assert "Phiếu không có lỗi" in page.text
    assert "Công bố phiếu" in page.text
    assert 'id="cau-' in page.text


def test_looking_at_a_file_stores_nothing(planner, texts, upload):
    planner.post(NEW, data=upload(texts.new, "phieu.toml"))

    with db.read() as session:
        assert session.get(Definition, questionnaires.parse(texts.new).id) is None
    assert acts() == []


def test_every_fault_is_told_with_its_line_and_everything_typed_is_kept(planner, texts):
    page = planner.post(NEW, data={"text": texts.faulty})
    problems = questionnaires.check(texts.faulty)

    assert page.status_code == 422
    assert page.text.count('<code class="soft">') == len(problems) > 5
    assert "seats (dòng 27)" in page.text
    assert box(page) == texts.faulty
    assert "Công bố phiếu" not in page.text


def test_a_fault_stands_at_its_question_in_the_preview(planner, texts, upload):
    criterion = questionnaires.parse(texts.new).criteria[0].text
    html = texts.new.replace(criterion, f"<b>x</b> {criterion}")
    page = planner.post(NEW, data=upload(html, "phieu.toml"))

    assert page.status_code == 422
    assert re.search(r'class="problem" id="loi-c\d+">Lời văn có thẻ HTML', page.text)


def test_what_is_not_even_toml_is_refused_without_a_preview(planner):
    page = planner.post(NEW, data={"text": "đây không phải phiếu"})

    assert page.status_code == 422
    assert "Tệp không đọc được theo cú pháp TOML" in page.text
    assert "Phần xem trước hiện ở đây" in page.text


def test_nothing_chosen_is_told(planner):
    page = planner.post(NEW, data={"text": "  "})

    assert page.status_code == 422
    assert "Chưa chọn tệp và ô định nghĩa còn trống." in page.text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.xlsx", b"junk", "không phải là bảng tính .xlsx"),
        ("x.toml", b"\xff\xfe\xfa", "không phải văn bản UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_advice(
    planner, upload, name, content, told
):
    page = planner.post(NEW, data=upload(content, name))

    assert page.status_code == 422
    assert told in page.text


def test_markup_in_a_hostile_file_is_shown_as_text(planner, texts):
    hostile = texts.new.replace('title = "', 'title = "<script>alert(1)</script>', 1)
    page = planner.post(NEW, data={"text": hostile})

    assert page.status_code == 422
    assert "<script>alert" not in page.text


def test_a_workbook_is_judged_previewed_and_published_with_its_translations(
    planner, texts, upload
):
    form = questionnaires.parse(texts.published.replace("sipas_2640", "sipas_moi"))
    khmer = texts.khmer.replace("sipas_2640", "sipas_moi")
    words = questionnaires.translations.parse_translation(khmer, form)
    workbook = export_xlsform(form, [words])
    page = planner.post(NEW, data=upload(workbook, "phieu.xlsx"))
    translation = re.search(
        r'name="translation" hidden[^>]*>\n(.*?)</textarea>', page.text, re.S
    )
    sent = {"text": box(page), "translation": unescape(translation[1])}
    shown = planner.post(NEW, data=sent | {"shown": "km"})
    done = planner.post(PUBLISH, data=sent)

    assert (page.status_code, shown.status_code) == (200, 200)
    assert 'class="phone" tabindex="0" role="region" aria-label="Xem trước trên' in (
        shown.text
    )
    assert 'lang="km"' in shown.text
    assert done.location == "/questionnaires/sipas_moi/"
    with db.read() as session:
        there = questionnaires.parse(session.get_one(Definition, "sipas_moi").text)
        offered = languages.languages_of(session, "sipas_moi")
    assert there == form
    assert [each.code for each in offered] == ["vi", "km"]


def test_a_faulty_translation_hinders_publishing_and_is_kept(planner, texts):
    text = texts.published.replace("sipas_2640", "sipas_moi")
    gap = re.sub(r'"a1.text".*\n', "", texts.khmer.replace("sipas_2640", "sipas_moi"))
    page = planner.post(PUBLISH, data={"text": text, "translation": gap})

    assert page.status_code == 422
    assert "km: a1.text" in page.text
    assert unescape(page.text).count("ប័ណ្ណស្ទង់មតិ") >= 1


def test_publishing_is_written_into_the_log_and_cannot_be_undone(planner, texts):
    page = planner.post(PUBLISH, data={"text": texts.new}, follow_redirects=True)

    assert "Từ nay phiếu này không sửa được nữa" in page.text
    assert acts() == ["questionnaire.published"]


def test_a_published_text_is_given_back_byte_for_byte(planner, texts):
    id_ = questionnaires.parse(texts.new).id
    planner.post(PUBLISH, data={"text": texts.new})
    file = planner.get(f"/questionnaires/{id_}/definition.toml")

    assert file.data.decode("utf-8") == texts.new


def test_what_has_faults_is_not_published_even_when_asked(planner, texts):
    page = planner.post(PUBLISH, data={"text": texts.faulty})

    assert page.status_code == 422
    assert acts() == []


@pytest.mark.parametrize("change", [("", ""), ("5 phút", "6 phút")])
def test_a_published_id_is_taken_for_good(planner, texts, change):
    page = planner.post(PUBLISH, data={"text": texts.published.replace(*change)})

    assert page.status_code == 422
    assert "đã công bố" in page.text or "đã được công bố" in page.text


def test_a_new_form_can_begin_from_a_published_one(planner, texts):
    page = planner.get(NEW, query_string={"from": "sipas_2640"})

    assert box(page) == texts.published


def test_a_preview_has_no_form_no_nonce_and_leaves_no_ballot(planner):
    page = planner.get("/questionnaires/sipas_2640/")
    phone = page.text[page.text.index('class="phone"') :]

    assert "<form" not in phone
    assert "so-phieu" not in page.text
    assert "<button" not in phone
    with db.read() as session:
        assert session.query(Response).count() == 0


def test_a_preview_speaks_each_language_and_says_so_to_machines(planner):
    page = planner.get("/questionnaires/sipas_2640/?language=km")

    assert 'aria-label="Xem trước trên điện thoại" lang="km"' in page.text
    assert "កន្លែងរង់ចាំ" in page.text


def test_a_language_or_form_that_is_not_there_is_not_found(planner):
    assert planner.get("/questionnaires/sipas_2640/?language=fr").status_code == 404
    assert planner.get("/questionnaires/khong-co/").status_code == 404


def test_the_xlsform_of_a_published_form_holds_all_its_languages(planner):
    file = planner.get("/questionnaires/sipas_2640/xlsform.xlsx")

    from questionnaires.xlsform_import import import_xlsform

    imported = import_xlsform(file.data)
    assert [language for language, _ in imported.translations] == ["en", "km"]


def test_the_preview_wears_the_clothes_of_the_citizens_page(planner):
    style = planner.get("/questionnaires/preview.css")

    assert style.mimetype == "text/css"
    assert style.text.startswith(".phone{")
    assert "body{" not in style.text
