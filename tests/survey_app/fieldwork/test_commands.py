"""``sipas import``, ``sample`` and ``wave`` as an operator types them."""

import csv
import json

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from tests.survey_app.fieldwork.making import FRAME, OFFICES, as_csv, finished

CREATE = (
    *("wave", "create", "W1", "--name", "Đợt một", "--questionnaire", "sipas_2640"),
    *("--rule-set", "demo_2025", "--from", "2026-01-01", "--to", "31/03/2026"),
    *("--level", "xa", "--level", "so_ban_nganh"),
)


@pytest.fixture
def sipas(now, sqlite_url, tmp_path, monkeypatch):
    """Runs a command on a database of its own; answers with code and output."""
    monkeypatch.setenv("SIPAS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SIPAS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.chdir(tmp_path)

    def sipas(*words, code=0):
        said = CliRunner().invoke(main, [str(word) for word in words])
        assert said.exit_code == code, (said.output, said.exception)
        return said.output

    return sipas


@pytest.fixture
def offices_file(tmp_path):
    path = tmp_path / "offices.csv"
    path.write_text(OFFICES, encoding="utf-8")
    return path


@pytest.fixture
def frame_file(tmp_path):
    path = tmp_path / "frame.csv"
    path.write_bytes(as_csv(FRAME).read())
    return path


@pytest.fixture
def wave(sipas, offices_file):
    sipas("import", "offices", offices_file)
    sipas(*CREATE)


def test_offices_come_from_a_file_or_with_the_program(sipas, offices_file):
    assert "3 mới" in sipas("import", "offices", offices_file)
    assert "3 không đổi" in sipas("import", "offices", offices_file)


def test_a_shipped_province_is_imported_by_name(sipas):
    said = json.loads(
        sipas("import", "offices", "--shipped", "an_giang_2025", "--json")
    )

    assert (said["new"], said["counters"]) == (120, 119)


@pytest.mark.parametrize(
    "words",
    [
        ("import", "offices"),
        ("import", "offices", "nowhere.csv"),
        ("import", "offices", "--shipped", "hue"),
        ("import", "transactions", "x.csv"),
        ("sample", "size"),
        ("sample", "draw", "--total", "5"),
        ("wave", "create", "W1"),
        ("wave", "melt", "W1"),
    ],
)
def test_a_wrong_call_ends_with_2(sipas, words):
    sipas(*words, code=2)


def test_bad_offices_are_all_listed_and_the_command_ends_with_1(sipas, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("Mã đơn vị,Tên đơn vị,Cấp,Hiệu lực từ ngày\nA,,làng,\n")

    said = sipas("import", "offices", path, code=1)

    assert said.count("Dòng 2") == 3


def test_a_wave_goes_from_nothing_to_closed(sipas, wave, frame_file):
    refused = sipas("wave", "open", "W1", code=1)
    sipas("import", "transactions", frame_file, "--wave", "W1")
    sipas("sample", "draw", "--wave", "W1", "--total", 30, "--seed", 7)
    opened = json.loads(sipas("wave", "open", "W1", "--json"))
    closed = json.loads(sipas("wave", "close", "W1", "--json"))

    assert "khung mẫu còn trống" in refused
    assert "Chưa chốt kế hoạch" in refused
    assert (opened["status"], opened["sample_size"]) == ("open", 30)
    assert closed["status"] == "closed"


def test_the_frame_is_printed_by_stratum(sipas, wave, frame_file):
    sipas("import", "transactions", frame_file, "--wave", "W1")

    shown = json.loads(sipas("wave", "show", "W1", "--json"))

    assert {s["stratum"]: s["frame_size"] for s in shown["strata"]} == {
        "30307": 60,
        "30316": 40,
        "STP": 20,
    }
    assert "Phường Long Xuyên" in sipas("wave", "show", "W1")


def test_waves_are_listed(sipas, wave):
    assert [w["code"] for w in json.loads(sipas("wave", "list", "--json"))] == ["W1"]
    assert "Đợt một" in sipas("wave", "list")


def test_without_a_wave_the_list_says_what_to_do(sipas):
    assert "sipas wave create" in sipas("wave", "list")


def test_bad_transactions_keep_all_out_and_are_written_to_a_file(sipas, wave, tmp_path):
    path, out = tmp_path / "bad.csv", tmp_path / "bad-rows.csv"
    path.write_bytes(as_csv([finished(1), finished(2, office="?", field="")]).read())

    said = sipas(
        "import", "transactions", path, "--wave", "W1", "--bad-rows", out, code=1
    )

    assert "Dòng 3, cột “Mã đơn vị”: ? –" in said
    assert "Dòng 3, cột “Lĩnh vực”: (trống) –" in said
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["Dòng", "3"]
    assert json.loads(sipas("wave", "show", "W1", "--json"))["frame_size"] == 0


def test_good_rows_alone_are_imported_by_choice(sipas, wave, tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_bytes(as_csv([finished(1), finished(2, office="?")]).read())

    said = sipas(
        *("import", "transactions", path, "--wave", "W1", "--only-good-rows", "--json")
    )

    assert json.loads(said) == {"rows": 1, "left_out": 1, "frame_size": 1}


def test_an_unknown_wave_is_refused(sipas, frame_file):
    assert "Không tìm thấy" in sipas("wave", "open", "W9", code=1)
    sipas("import", "transactions", frame_file, "--wave", "W9", code=1)


def test_a_daily_task_forgets_what_ties_ballots_to_codes(sipas, wave, frame_file):
    assert "0 đợt" in sipas("wave", "unlink")

    sipas("import", "transactions", frame_file, "--wave", "W1")
    sipas("sample", "draw", "--wave", "W1", "--total", 30, "--seed", 7)
    sipas("wave", "open", "W1")

    assert "1 đợt" in sipas("wave", "unlink")


def test_a_wave_can_be_closed_only_when_open(sipas, wave):
    assert "Chỉ đóng được" in sipas("wave", "close", "W1", code=1)


def test_freezing_is_reached_by_its_name(sipas, wave):
    assert "freeze" in sipas("wave", "--help")
    sipas("wave", "freeze", "W1", code=1)


def test_a_size_for_one_number(sipas):
    said = json.loads(sipas("sample", "size", "--frame-size", 2500, "--json"))
    slovin = json.loads(
        sipas("sample", "size", "--frame-size", 2500, "--slovin", "--json")
    )

    assert (said["n"], slovin["n"]) == (334, 345)


def test_a_size_that_cannot_be_is_refused(sipas):
    said = sipas("sample", "size", "--frame-size", 10, "--margin-of-error", 0, code=1)

    assert "Không tính được cỡ mẫu" in said


@pytest.fixture
def strata_file(tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text("Tầng;Số hồ sơ\nđất đai;700\nhộ tịch;250\ny tế;50\n")
    return path


def test_a_plain_file_is_allocated(sipas, strata_file):
    said = json.loads(
        sipas(
            *("sample", "allocate", strata_file, "--total", 100),
            *("--at-least", 10, "--json"),
        )
    )

    assert [row["n"] for row in said["strata"]] == [66, 24, 10]
    assert (said["frame_size"], said["n"]) == (1000, 100)


def test_a_plain_file_of_strata_with_mistakes_is_refused(sipas, tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text("Tầng,N\na,5\na,6\n,7\nb,nhiều\n")

    said = sipas("sample", "allocate", path, "--total", 5, code=1)

    assert said.splitlines() == [
        "Dòng 3: tầng “a” có hai lần.",
        "Dòng 4: thiếu tên tầng.",
        "Dòng 5: “nhiều” không phải số hồ sơ.",
    ]


def test_a_plain_list_is_drawn_with_probabilities_and_again_the_same(
    sipas, frame_file, tmp_path
):
    outs = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for out in outs:
        sipas(
            *("sample", "draw", frame_file, "--stratum", "Mã đơn vị", "--total", 24),
            *("--seed", 5, "--out", out),
        )

    header, *rows = csv.reader(outs[0].read_text(encoding="utf-8-sig").splitlines())

    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert header[-1] == "inclusion_probability"
    assert len(rows) == 24
    assert {float(row[-1]) for row in rows} == {0.2}


def test_a_list_without_strata_is_one_stratum(sipas, frame_file, tmp_path):
    said = json.loads(
        sipas(
            *("sample", "draw", frame_file, "--total", 12, "--seed", 1),
            *("--out", tmp_path / "o.csv", "--json"),
        )
    )

    assert said["strata"] == [{"stratum": "", "frame_size": 120, "n": 12}]


def test_a_list_with_empty_strata_is_refused(sipas, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Tầng,x\na,1\n,2\n")

    said = sipas(
        *("sample", "draw", path, "--stratum", "Tầng", "--total", 1),
        *("--out", tmp_path / "o.csv"),
        code=1,
    )

    assert "Dòng 3" in said


def test_every_command_speaks_in_the_log(sipas, wave, frame_file):
    sipas("import", "transactions", frame_file, "--wave", "W1")

    assert json.loads(sipas("audit", "verify", "--json"))["entries"] == 3
