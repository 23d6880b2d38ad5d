"""Workbooks out and in again; each of our own is also given to pyxform."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from questionnaires import Problem, check, parse
from questionnaires.check_messages import sentence, spoken_place
from questionnaires.translations import parse_translation
from questionnaires.xlsform import WorkbookRejected, write_sheets
from questionnaires.xlsform_export import export_xlsform
from questionnaires.xlsform_import import import_xlsform
from questionnaires.xlsform_messages import NOTICES, REFUSALS

PACKAGE = Path(str(files("questionnaires")))
SHIPPED = sorted((PACKAGE / "definitions").glob("*.toml"))
TRIED = sorted((Path(__file__).parent / "forms" / "valid").glob("*.toml"))
YES_NO = [["list_name", "name", "label"], ["yn", "yes", "Có"], ["yn", "no", "Không"]]
SURVEY = ["type", "name", "label", "relevant", "constraint", "required", "hint"]


def form_of(path):
    """The form and its translations."""
    form = parse(path.read_text(encoding="utf-8"))
    found = sorted((PACKAGE / "translations").glob(f"{form.id}.*.toml"))
    return form, [parse_translation(t.read_text(encoding="utf-8"), form) for t in found]


def workbook(survey, choices=YES_NO, header=SURVEY, **sheets):
    settings = [["form_title", "form_id"], ["Phiếu thử", "thu"]]
    others = {"choices": choices, "settings": settings} | sheets
    return write_sheets({"survey": [header, *survey], **others})


def problems_of(content):
    with pytest.raises(WorkbookRejected) as rejected:
        import_xlsform(content)
    return rejected.value.problems


def facts_of(survey):
    """The questions of an imported workbook that lacks nothing, by id."""
    particulars = [
        ["key", "value"],
        ["consent.version", "thu-1"],
        ["source.decision", "Phiếu thử"],
        ["source.status", "seen"],
    ]
    consent = ["note", "consent", "Việc trả lời là tự nguyện."]
    content = workbook([consent, *survey], sipas=particulars)
    return {q.id: q for q in parse(import_xlsform(content).text).questions}


@pytest.mark.parametrize("path", [*SHIPPED, *TRIED], ids=lambda path: path.stem)
def test_pyxform_takes_every_export_without_a_warning(path):
    pyxform = pytest.importorskip("pyxform.xls2xform")
    warnings = []
    pyxform.convert(BytesIO(export_xlsform(*form_of(path))), warnings=warnings)

    assert warnings == []


@pytest.mark.parametrize(
    "path", [p for p in (*SHIPPED, *TRIED) if p.stem != "careful"], ids=lambda p: p.stem
)
def test_an_export_comes_back_as_the_same_questionnaire(path):
    form, translations = form_of(path)
    imported = import_xlsform(export_xlsform(form, translations))

    assert check(imported.text) == []
    assert parse(imported.text) == form
    assert imported.notices == ()


def test_only_the_stand_in_of_a_placeholder_is_lost_on_the_way(careful):
    """XLSForm has no place for what is shown while there is no answer."""
    imported = import_xlsform(export_xlsform(careful))
    back = imported.text.replace("Cả {answer:visits|…}", "Cả {answer:visits|những}")
    back = back.replace("{answer:visits|…}", "{answer:visits|hơn 20}")

    assert parse(back) == careful


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_translations_come_back_not_reviewed(path):
    form, translations = form_of(path)
    imported = import_xlsform(export_xlsform(form, translations))
    back = [parse_translation(text, form) for _, text in imported.translations]

    assert [dict(t.texts) for t in back] == [dict(t.texts) for t in translations]
    assert not any(t.reviewed for t in back)


def test_every_row_is_accounted_for_with_its_place():
    content = workbook(
        [
            ["begin_group", "g", "Nhóm"],
            ["note", "hello", "Xin chào"],
            ["select_one yn", "Late?", "Có trễ hẹn không?"],
            ["select_multiple yn or_other", "b", "Chọn"],
            ["end_group"],
            ["decimal", "c", "Số"],
            ["text", "d", "Góp ý"],
        ]
    )
    imported = import_xlsform(content)

    assert [(i.where, i.path, i.type, i.id) for i in imported.items] == [
        ("survey, row 3", "g/hello", "note", ""),
        ("survey, row 4", "g/Late?", "select_one", "late"),
        ("survey, row 5", "g/b", "select_multiple", "b"),
        ("survey, row 5", "g/b_other", "text", "b__text"),
        ("survey, row 7", "c", "decimal", "c"),
        ("survey, row 8", "d", "text", "d"),
    ]
    assert [(n.where, n.code, n.detail) for n in imported.notices] == [
        ("survey, row 4", "renamed", "Late? → late"),
        ("survey, row 3", "note_in_hint", "Late?"),
        ("survey, row 5", "other_added", "Khác (ghi rõ)"),
        ("survey, row 7", "whole_numbers_only", ""),
        ("survey, row 8", "length_set", "1000"),
        ("survey, row 2", "heading_left_out", "g"),
    ]


def test_what_the_judge_finds_can_be_shown_beside_the_row():
    content = workbook([["integer", "a", "Số <b>lần</b>"]])
    imported = import_xlsform(content)
    (problem,) = [p for p in check(imported.text) if p.code == "html"]

    assert imported.places[problem.where] == "survey, row 2"


def test_no_consent_is_invented():
    found = check(import_xlsform(workbook([["integer", "a", "Số"]])).text)

    assert Problem("missing", "consent", "text") in found


@pytest.mark.parametrize(
    ("constraint", "bounds"),
    [
        (". >= 1 and . <= 9", (1, 9)),
        (".>0 and .<10", (1, 9)),
        (". <= 9", (None, 9)),
    ],
)
def test_ranges_are_read_from_constraints(constraint, bounds):
    row = ["integer", "a", "Số", "", constraint]
    question = facts_of([row])["a"]

    assert (question.minimum, question.maximum) == bounds


def test_a_length_is_read_from_a_constraint():
    row = ["text", "a", "Góp ý", "", "string-length(.) < 51"]

    assert facts_of([row])["a"].max_length == 50


def test_the_condition_of_a_group_holds_for_each_question_in_it():
    content = workbook(
        [
            ["select_one yn", "late", "Trễ?"],
            ["integer", "visits", "Số lần"],
            ["begin_group", "g", "Nhóm", "${late} = 'yes'"],
            ["integer", "a", "Số ngày", "${visits} > 2"],
            ["integer", "b", "Số giờ"],
            ["end_group"],
        ]
    )
    imported = import_xlsform(content).text

    assert 'show_if = ["and", ["==", { answer = "late" }, "yes"], ' in imported
    assert 'show_if = ["==", { answer = "late" }, "yes"]\n' in imported


def rows(*more):
    return [["select_one yn", "late", "Trễ?"], ["integer", "visits", "Lần"], *more]


@pytest.mark.parametrize(
    ("survey", "problem"),
    [
        ([["gps", "a", "Ở đâu"]], Problem("unsupported_type", "survey, row 2", "gps")),
        ([["start", "a"]], Problem("unsupported_type", "survey, row 2", "start")),
        (
            [["begin repeat", "a", "Lặp"]],
            Problem("unsupported_type", "survey, row 2", "begin repeat"),
        ),
        (
            [["select_one nowhere", "a", "Chọn"]],
            Problem("unknown_list", "survey, row 2", "nowhere"),
        ),
        ([["", "a", "Số"]], Problem("missing", "survey, row 2", "type")),
        ([["integer", "", "Số"]], Problem("missing", "survey, row 2", "name")),
        (
            [["integer", "a", "Số"], ["integer", "A", "Số"]],
            Problem("duplicate_id", "survey, row 3", "A"),
        ),
        (
            [["begin_group", "g", "Nhóm"], ["integer", "a", "Số"]],
            Problem("group_not_closed", "survey, row 2", "g"),
        ),
        (
            [["integer", "a", "Số"], ["end_group"]],
            Problem("group_not_opened", "survey, row 3"),
        ),
        ([], Problem("no_survey", "survey, row 1")),
        (
            rows(["integer", "a", "Số", "regex(${late}, 'x')"]),
            Problem("unsupported_expression", "survey, row 4", "relevant: regex("),
        ),
        (
            rows(["integer", "a", "Số", "${late} = 'maybe'"]),
            Problem("unsupported_expression", "survey, row 4", "relevant: 'maybe'"),
        ),
        (
            rows(["integer", "a", "Số", "${visits} + 1 > 2"]),
            Problem("unsupported_expression", "survey, row 4", "relevant: + 1 > 2"),
        ),
        (
            rows(["integer", "a", "Số", "${nobody} = 1"]),
            Problem("unsupported_expression", "survey, row 4", "relevant: ${nobody}"),
        ),
        (
            rows(["integer", "a", "Số", "", "", "maybe"]),
            Problem("unsupported_expression", "survey, row 4", "required: maybe"),
        ),
        (
            rows(["text", "late__text", "Ghi rõ", "${visits} > 1"]),
            Problem("bad_specify", "survey, row 4", "late__text"),
        ),
        (
            rows(["select_one yn", "visits__special", "Hoặc"]),
            Problem("bad_special", "survey, row 4", "yes"),
        ),
        (
            rows(["integer", "late__special", "Hoặc"]),
            Problem("bad_companion", "survey, row 4", "late__special"),
        ),
    ],
)
def test_what_has_no_place_is_refused_with_its_row(survey, problem):
    assert problem in problems_of(workbook(survey))


FIVE = [
    ["list_name", "name", "label", "sipas_satisfied"],
    *(["five", n, f"Mức {n}", "yes" if n > 3 else ""] for n in range(1, 6)),
    ["six", 1, "Mức 1"],
    ["six", 3, "Mức 3", "yes"],
    ["five__na", 1, "Khác hẳn"],
    *(["five__na", n, f"Mức {n}", "yes" if n > 3 else ""] for n in range(2, 6)),
    ["dk_a", "dk", "Không biết"],
    ["dk_a", "x", "X"],
    ["dk_b", "dk", "Không rõ"],
    ["dk_b", "y", "Y"],
    ["dk_b", "y", "Y"],
]


def test_faults_of_lists_are_all_named():
    survey = [
        ["begin_group", "g", "Nhóm"],
        ["select_one five", "a", "Một"],
        ["select_one five__na", "b", "Hai"],
        ["end_group"],
    ]

    assert problems_of(workbook(survey, FIVE)) == [
        Problem("duplicate_option", "choices, row 18", "y"),
        Problem("bad_level", "choices, row 8", "3"),
    ]


def lists(*names):
    """The header and the rows of some lists."""
    return [FIVE[0], *(row for row in FIVE[1:-1] if row[0] in names)]


@pytest.mark.parametrize(
    ("survey", "used", "problem"),
    [
        (
            [
                ["begin_group", "g", "Nhóm"],
                ["select_one five", "a", "Một"],
                ["select_one five__na", "b", "Hai"],
                ["end_group"],
            ],
            ("five", "five__na"),
            Problem("lists_differ", "choices, row 7", "five__na"),
        ),
        (
            [["select_one dk_a", "a", "Một"], ["select_one dk_b", "b", "Hai"]],
            ("dk_a", "dk_b"),
            Problem("special_labels_differ", "choices, row 4", "dk"),
        ),
        (
            [["select_one five", "a", "Một"]],
            ("five",),
            Problem("scale_outside_factor", "survey, row 2"),
        ),
        (
            [
                ["integer", "n", "Số"],
                ["begin_group", "g", "Nhóm"],
                ["select_one five", "a", "Một"],
                ["end_group"],
            ],
            ("five",),
            Problem("out_of_order", "survey, row 4", "factor"),
        ),
    ],
)
def test_scales_and_special_answers_must_agree(survey, used, problem):
    assert problem in problems_of(workbook(survey, lists(*used)))


@pytest.mark.parametrize(
    ("header", "row", "problem"),
    [
        ("calculation", "1 + 1", Problem("unsupported_column", "survey, row 2", "x")),
        ("default", "5", Problem("unsupported_column", "survey, row 2", "x")),
        ("media::image", "a.jpg", Problem("unsupported_column", "survey, row 2", "x")),
        ("label", "Lại", Problem("duplicate_column", "survey, row 1", "label")),
        ("", "Lạc", Problem("cell_without_column", "survey, row 2", "Lạc")),
    ],
)
def test_cells_that_matter_are_not_passed_over(header, row, problem):
    content = workbook(
        [["integer", "a", "Số", row]], header=["type", "name", "label", header]
    )
    expected = [problem.code, problem.where]

    assert [[p.code, p.where] for p in problems_of(content)] == [expected]


@pytest.mark.parametrize(
    ("header", "code", "detail"),
    [
        ("appearance", "column_left_out", "appearance"),
        ("comment", "column_left_out", "comment"),
    ],
)
def test_columns_without_effect_are_left_out_with_a_notice(header, code, detail):
    content = workbook(
        [["integer", "a", "Số", "minimal"]], header=["type", "name", "label", header]
    )
    notices = import_xlsform(content).notices

    assert [(n.code, n.where, n.detail) for n in notices] == [
        (code, "survey, row 2", detail)
    ]


def test_rows_switched_off_and_last_notes_are_named():
    content = workbook(
        [
            ["integer", "a", "Số", "yes"],
            ["integer", "b", "Số"],
            ["note", "n", "Cảm ơn"],
        ],
        header=["type", "name", "label", "disabled"],
    )
    notices = import_xlsform(content).notices

    assert [(n.code, n.where) for n in notices] == [
        ("row_disabled", "survey, row 2"),
        ("note_left_out", "survey, row 4"),
    ]


def test_labels_in_two_languages_become_a_translation():
    content = workbook(
        [["integer", "visits", "Số lần", "Visits"]],
        header=["type", "name", "label::Tiếng Việt (vi)", "label::English (en)"],
    )
    ((language, text),) = import_xlsform(content).translations

    assert language == "en"
    assert '"visits.text" = "Visits"' in text


def test_a_script_in_a_label_is_found_by_the_judge():
    text = import_xlsform(workbook([["integer", "a", "<script>x</script>"]])).text

    assert "html" in [problem.code for problem in check(text)]


def test_texts_like_formulas_are_exported_as_text(every_kind):
    content = write_sheets({"survey": [["=1+1", "@SUM(A1)", "+1", "-1"]]})
    sheet = openpyxl.load_workbook(BytesIO(content))["survey"]

    assert [cell.data_type for cell in sheet[1]] == ["s"] * 4


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", [*REFUSALS, *NOTICES])
def test_everything_said_about_a_workbook_has_a_sentence(code, language):
    text = sentence(Problem(code, "survey, row 2", "chi tiết"), language)

    assert text.endswith(".")


def test_a_place_is_spoken():
    assert spoken_place(Problem("x", "survey, row 5")) == "trang tính survey, dòng 5"
    assert spoken_place(Problem("x", "a1", line=40)) == "a1 (dòng 40)"
    assert spoken_place(Problem("x", "a1", line=40), "en") == "a1 (line 40)"
