"""``sipas questionnaire`` as a person at the shell meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import questionnaires
from questionnaires.xlsform import write_sheets
from survey_app.authoring.commands import questionnaire

FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
SHIPPED = Path(questionnaires.__file__).parent
FORM = SHIPPED / "definitions" / "sipas_2640.toml"
KHMER = SHIPPED / "translations" / "sipas_2640.km.toml"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command of the group in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(questionnaire, [str(w) for w in words])


def parsed(path):
    return questionnaires.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.toml")), ids=lambda p: p.name)
def test_what_the_program_ships_passes_its_own_judge(run, path):
    ran = run("check", path)

    assert (ran.exit_code, "đạt" in ran.output) == (0, True)


def test_every_problem_of_every_file_is_told_with_line_code_and_remedy(run):
    files = FORMS / "invalid" / "loop.toml", FORMS / "invalid" / "html.toml"
    ran = run("check", *files)

    assert ran.exit_code == 1
    assert f"{files[0]}:20: self: [loop]" in ran.output
    assert f"{files[0]}:26: visits: [loop]" in ran.output
    assert f"{files[1]}:19: visits: [html] Lời văn có thẻ HTML (<b>)." in ran.output


def test_problems_can_be_read_by_a_program(run):
    ran = run("check", "--json", FORMS / "invalid" / "html.toml")

    assert json.loads(ran.output) == [
        {
            "file": str(FORMS / "invalid" / "html.toml"),
            "line": 19,
            "where": "visits",
            "code": "html",
            "detail": "<b>",
            "sentence": "Lời văn có thẻ HTML (<b>). Xin chỉ dùng chữ thường.",
        }
    ]


def test_a_good_file_as_json_is_an_empty_list(run):
    ran = run("check", "--json", FORM)

    assert (ran.exit_code, json.loads(ran.output)) == (0, [])


@pytest.mark.parametrize(
    "path",
    sorted((FORMS / "invalid").glob("*.toml")),
    ids=lambda p: p.stem,
)
def test_no_example_of_a_bad_form_passes_or_crashes(run, path):
    earlier = [("--earlier", p) for p in (FORMS / "valid").glob("*.toml")]
    ran = run("check", *(word for pair in earlier for word in pair), path)

    assert ran.exit_code == 1
    assert not isinstance(ran.exception, Exception) or ran.exception.code == 1


def test_a_faulty_line_of_toml_is_named(run, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('id = "x"\ntitle = \n', encoding="utf-8")

    assert "x.toml:2: [not_toml]" in run("check", path).output


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("form.toml", b"\xff\xfe\x00b", "not_utf8"),
        ("form.xls", b"\xd0\xcf\x11\xe0", "not_utf8"),
        ("form.xlsx", b"no workbook", "not_xlsx"),
        ("form.toml", b"PK\x03\x04 broken", "not_xlsx"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_advice(
    run, tmp_path, name, content, code
):
    path = tmp_path / name
    path.write_bytes(content)
    ran = run("check", path)

    assert (ran.exit_code, f"[{code}]" in ran.output) == (1, True)


def test_a_translation_with_a_gap_is_told_by_language_and_text(run, tmp_path):
    lines = KHMER.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "km.toml"
    kept = [line for line in lines if not line.startswith('"a1.text"')]
    path.write_text("\n".join(kept), encoding="utf-8")
    ran = run("check", path)

    assert ran.exit_code == 1
    assert "km: a1.text: [missing_translation]" in ran.output


def test_a_translation_of_an_unknown_form_says_which_file_is_needed(run, tmp_path):
    path = tmp_path / "km.toml"
    words = KHMER.read_text(encoding="utf-8")
    path.write_text(words.replace("sipas_2640", "elsewhere"), encoding="utf-8")

    assert "[unknown_form]" in run("check", path).output


def test_a_form_goes_out_as_xlsform_and_comes_back_the_same(run, tmp_path):
    out = run("export-xlsform", FORM, "-o", "form.xlsx")
    back = run("import-xlsform", "form.xlsx", "-o", "here")

    assert (out.exit_code, back.exit_code) == (0, 0)
    assert parsed(tmp_path / "here" / "sipas_2640.toml") == parsed(FORM)
    assert {p.name for p in (tmp_path / "here").iterdir()} == {
        "sipas_2640.toml",
        "sipas_2640.en.toml",
        "sipas_2640.km.toml",
    }


def test_a_workbook_that_cannot_be_taken_names_sheet_and_row(run, tmp_path):
    survey = [["type", "name", "label"], ["begin_repeat", "r", "R"], ["end_repeat"]]
    (tmp_path / "x.xlsx").write_bytes(write_sheets({"survey": survey}))
    ran = run("import-xlsform", "x.xlsx")

    assert ran.exit_code == 1
    assert "trang tính survey, dòng 2" in ran.output
    assert not list(tmp_path.glob("*.toml"))


def test_what_an_imported_form_lacks_is_told_by_sheet_and_row_and_kept(run, tmp_path):
    survey = [["type", "name", "label"], ["text", "why", "Vì <b>sao</b>"]]
    (tmp_path / "x.xlsx").write_bytes(write_sheets({"survey": survey}))
    ran = run("import-xlsform", "x.xlsx")

    assert ran.exit_code == 1
    assert "why (trang tính survey, dòng 2): [html]" in ran.output
    assert (tmp_path / "x.toml").is_file()
