import csv
import io
import json
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from survey_app import db
from survey_app.cli import main
from survey_app.models import Office, Role, Wave
from survey_app.results import downloads, reading
from survey_app.results.manifest import read_manifest, to_bytes
from survey_app.results.sheets import Sheet

FORMULA = '=HYPERLINK("http://example.com")'


@pytest.fixture
def analyst(signed_in):
    return signed_in(Role.ANALYST)


@pytest.fixture
def simulated(wave, freeze):
    with db.begin() as session:
        session.get_one(Wave, wave.id).simulated = True
    return reading.frozen_root() / freeze(wave).folder


@pytest.fixture
def sipas(app):
    def sipas(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return sipas


def test_the_csv_opens_in_excel_and_has_a_row_for_every_office(analyst, frozen_wave):
    reply = analyst.get("/results/2026-q1/offices.csv")
    rows = _csv(reply)

    assert reply.data.startswith("\ufeff".encode())
    assert "2026-q1-v1-don-vi.csv" in reply.headers["Content-Disposition"]
    assert len(rows) == 1 + 9
    assert rows[1][:2] == ["SNV", "Sở Nội vụ"]


def test_a_withheld_figure_is_an_empty_cell_and_never_a_zero(analyst, frozen_wave):
    header, *rows = _csv(analyst.get("/results/2026-q1/offices.csv"))
    row = dict(zip(header, next(r for r in rows if r[0] == "STC"), strict=True))

    assert row["Chỉ số: Giá trị (%)"] == row["Điểm"] == ""
    assert row["Chỉ số: Lưu ý"] == "chưa có dữ liệu"


def test_every_format_gives_the_same_figure(analyst, frozen_wave, folder):
    office = reading.results_of(reading.read(folder)).report.office("SNV")
    header, row, *_ = _csv(analyst.get("/results/2026-q1/offices.csv"))
    in_csv = float(row[header.index("Chỉ số: Giá trị (%)")])
    sheet = _workbook(analyst.get("/results/2026-q1/offices.xlsx"))["Đơn vị"]
    table = list(sheet.iter_rows(values_only=True))
    in_xlsx = table[1][table[0].index("Chỉ số: Giá trị (%)")]

    assert in_csv == in_xlsx == round(office.index.value * 100, 4)


def test_the_workbook_has_a_sheet_a_table_and_says_how_it_was_made(
    analyst, frozen_wave
):
    book = _workbook(analyst.get("/results/2026-q1/offices.xlsx"))

    assert book.sheetnames == [
        "Đơn vị",
        "Yếu tố và tiêu chí",
        "Các mức trả lời",
        "Áp phích",
        "Cách tính",
    ]
    pairs = dict(book["Cách tính"].iter_rows(values_only=True))
    assert pairs["Căn cứ"] == "demonstration, not law"


def test_an_office_has_its_own_workbook_and_no_other_office_in_it(analyst, frozen_wave):
    book = _workbook(analyst.get("/results/2026-q1/offices/SYT/figures.xlsx"))
    cells = {cell for sheet in book for row in sheet.values for cell in row}

    assert "Sở Y tế" in cells
    assert "Sở Nội vụ" not in cells


def test_a_name_that_begins_a_formula_is_harmless_in_every_file(analyst, wave, freeze):
    with db.begin() as session:
        office = session.query(Office).filter_by(code="SNV").one()
        office.name = FORMULA
    freeze(wave)

    rows = _csv(analyst.get("/results/2026-q1/offices.csv"))
    sheet = _workbook(analyst.get("/results/2026-q1/offices.xlsx"))["Đơn vị"]
    cell = sheet.cell(2, 2)
    assert rows[1][1] == "'" + FORMULA
    assert (cell.value, cell.data_type) == (FORMULA, "s")


def test_simulated_data_say_so_first_in_every_download(analyst, simulated):
    first_cell = _csv(analyst.get("/results/2026-q1/offices.csv"))[0][0]
    book = _workbook(analyst.get("/results/2026-q1/offices.xlsx"))
    archive = _archive(analyst)

    assert first_cell.startswith("DỮ LIỆU MÔ PHỎNG")
    assert all(sheet["A1"].value.startswith("DỮ LIỆU MÔ PHỎNG") for sheet in book)
    assert "DỮ LIỆU MÔ PHỎNG" in book["Đơn vị"].oddFooter.center.text
    assert "DU-LIEU-MO-PHONG.txt" in archive.namelist()


def test_the_archive_holds_the_frozen_files_byte_for_byte(analyst, folder):
    archive = _archive(analyst)

    assert {
        name.partition("/")[2]: archive.read(name) for name in archive.namelist()
    } == {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("role", [Role.PLANNER, Role.SUPERVISOR])
def test_the_frozen_files_are_for_analysts(signed_in, folder, role):
    assert signed_in(role).get("/results/2026-q1/frozen.zip").status_code == 403


def test_a_preliminary_table_says_so(analyst, wave):
    first = _csv(analyst.get("/results/2026-q1/offices.csv"))[0][0]

    assert first.startswith("Số liệu tạm")


def test_a_whole_number_stays_whole_in_the_workbook():
    sheet = Sheet("T", ("a", "b"), ((3, 0.5), (None, "-1")))
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook([sheet], [])))

    assert list(book["T"].values) == [("a", "b"), (3, 0.5), (None, "-1")]


def test_the_index_is_printed_for_every_office_with_its_interval(sipas, folder):
    result = sipas("index", folder)
    line = next(line for line in result.output.splitlines() if line.startswith("SNV"))

    assert result.exit_code == 0
    assert "72,5 %" in line
    assert " – " in line
    assert "chưa đủ căn cứ" in result.output
    assert "không đại diện" in result.output


def test_the_points_are_printed_with_the_marks_of_the_rule_set(sipas, folder):
    result = sipas("score", folder)

    assert result.exit_code == 0
    assert "quy tắc trình diễn" in result.output
    assert "24,00" in next(
        line for line in result.output.splitlines() if line.startswith("STP")
    )


@pytest.mark.parametrize("command", ["index", "score"])
def test_figures_can_be_read_by_programs(sipas, folder, command):
    printed = json.loads(sipas(command, folder, "--json").output)
    report = reading.results_of(reading.read(folder)).report

    assert printed["offices"][0]["index"]["value"] == report.offices[0].index.value
    assert printed["header"]["wave_id"] == "2026-q1"
    assert "notice" not in printed


@pytest.mark.parametrize("command", ["index", "score"])
def test_simulated_figures_say_so_in_the_first_line(sipas, simulated, command):
    first = sipas(command, simulated).output.splitlines()[0]

    assert first.startswith("DỮ LIỆU MÔ PHỎNG")
    assert json.loads(sipas(command, simulated, "--json").output)["notice"]


def test_points_are_refused_while_nobody_has_said_how_to_give_them(sipas, folder):
    _forget_points_rule(folder)

    result = sipas("score", folder)

    assert result.exit_code == 1
    assert "chưa quy định cách quy đổi chỉ số thành điểm" in result.stderr
    assert sipas("index", folder).exit_code == 0


def test_a_folder_that_was_touched_is_refused_with_every_reason(sipas, folder):
    (folder / "frame.parquet").unlink()
    (folder / "responses.parquet").write_bytes(b"other")

    result = sipas("index", folder)

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2


def _forget_points_rule(folder):
    manifest = read_manifest(folder)
    text = manifest["rule_set"]["text"]
    manifest["rule_set"]["text"] = text[: text.index("[points]")]
    (folder / "manifest.json").write_bytes(to_bytes(manifest))


def _csv(reply):
    assert reply.status_code == 200
    return list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))


def _workbook(reply):
    assert reply.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(reply.data))


def _archive(client):
    reply = client.get("/results/2026-q1/frozen.zip")
    assert reply.status_code == 200
    return zipfile.ZipFile(io.BytesIO(reply.data))
